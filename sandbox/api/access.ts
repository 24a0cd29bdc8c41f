/** Integration accesses: who may call, what it may see, and the tokens it holds. */
import { randomBytes } from 'node:crypto';
import {
  isSameText,
  matchesStoredSecret,
  storeSecret,
  addSecret,
  type StoredSecret,
} from './access-secret.ts';
import type { Catalog, ObjectDefinition } from '../district/catalog.ts';
import type { SwitchValues } from './contract-switches.ts';
import { ApiError } from './api-error.ts';
import type { Switches } from './switches.ts';

export const authenticationTypes = ['Any', 'OAuth 1.0a', 'OAuth 2.0'] as const;
export type AuthenticationType = (typeof authenticationTypes)[number];

/** One Integration Access. Its members may be changed at any time through `Accesses.change`. */
export interface Access {
  /** Stays the same when name and key are changed. */
  readonly id: number;
  /** The integration (product) it belongs to. */
  readonly integrationId: number;
  readonly name: string;
  readonly description: string;
  readonly key: string;
  /** A secret that is known as it is, as OAuth 1.0a needs it; null for an access without one. */
  readonly secret: string | null;
  /** Secrets that were generated; only their hashes are kept. */
  readonly secrets: readonly StoredSecret[];
  readonly authenticationType: AuthenticationType;
  readonly isActive: boolean;
  /** First day on which it works, `YYYY-MM-DD`. */
  readonly effectiveDate: string;
  /** Last day on which it works; null means it never expires. */
  readonly expirationDate: string | null;
  /** EntityIDs of the Custom API Entities; `all` for every one. */
  readonly entities: ReadonlySet<number> | 'all';
  /** Readable (and, where the field is writable, writable) fields by `Module/Object`. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  /** False for an access that may only read. */
  readonly allowsWriting: boolean;
}

/** What the public access files usually grant, or every field there is. */
export function listPermittedFields(
  catalog: Catalog,
  which: 'usual' | 'all',
): Map<string, ReadonlySet<string>> {
  const permitted = new Map<string, ReadonlySet<string>>();
  for (const { path, fields } of catalog.values()) {
    const names = Array.from(fields.values())
      .filter((field) => which === 'all' || field.isGrantedByDefault)
      .map((field) => field.name);
    if (names.length > 0) permitted.set(path, new Set(names));
  }
  return permitted;
}

interface Token {
  readonly key: string;
  readonly expiresAt: number;
  /** Requests that it may still be used for. */
  requestsLeft: number;
}

/** How often a token is good where it dies young. */
const shortTokenRequests = 20;

/** All accesses and live tokens of one practice system. */
export class Accesses {
  readonly #accesses = new Map<string, Access>();
  readonly #tokens = new Map<string, Token>();
  readonly #now: () => number;
  readonly #today: () => string;
  readonly #onChange: () => void;
  readonly #switches: Switches;
  #lastId = 0;
  /** How long a new token lives, in seconds. */
  tokenLifetimeSeconds: number;

  /** `now` gives milliseconds since 1970, `today` the district's date as `YYYY-MM-DD`. */
  constructor(options: {
    tokenLifetimeSeconds: number;
    now: () => number;
    today: () => string;
    onChange: () => void;
    switches: Switches;
  }) {
    this.tokenLifetimeSeconds = options.tokenLifetimeSeconds;
    this.#now = options.now;
    this.#today = options.today;
    this.#onChange = options.onChange;
    this.#switches = options.switches;
  }

  /** Adds an access and gives it its id; throws when the key is taken. */
  add(access: Omit<Access, 'id'>): Access {
    if (this.#accesses.has(access.key)) {
      throw new Error(`There is an integration access '${access.key}' already.`);
    }
    this.#lastId += 1;
    const added = { ...access, id: this.#lastId };
    this.#accesses.set(access.key, added);
    this.#onChange();
    return added;
  }

  find(key: string): Access | undefined {
    return this.#accesses.get(key);
  }

  findById(id: number): Access | undefined {
    return this.list().find((access) => access.id === id);
  }

  /** All accesses, or those of one integration, oldest first. */
  list(integrationId?: number): Access[] {
    const all = Array.from(this.#accesses.values());
    return integrationId === undefined
      ? all
      : all.filter((access) => access.integrationId === integrationId);
  }

  /** Changes an access, for example its dates; throws when the key is unknown. */
  change(key: string, changes: Partial<Omit<Access, 'id' | 'key'>>): void {
    const access = this.#accesses.get(key);
    if (access === undefined) throw new Error(`There is no integration access '${key}'.`);
    this.#accesses.set(key, { ...access, ...changes, id: access.id, key });
    this.#onChange();
  }

  /** Gives an access another key. Its secrets were paired with the former one, so they end with it. */
  rename(key: string, newKey: string): void {
    const access = this.#accesses.get(key);
    if (access === undefined || key === newKey) return;
    this.remove(key);
    this.#accesses.set(newKey, { ...access, key: newKey, secret: null, secrets: [] });
    this.#onChange();
  }

  /**
   * A new secret for an access, which is told this once. Former ones work on for
   * `formerSeconds`; tokens that were got with them live on until they expire.
   */
  generateSecret(key: string, previousValidSeconds: number): string {
    const access = this.#accesses.get(key);
    if (access === undefined) throw new Error(`There is no integration access '${key}'.`);
    const now = this.#now();
    const secret = randomBytes(32).toString('base64url');
    const previous =
      access.secret === null
        ? access.secrets
        : [...access.secrets, storeSecret(access.secret, now)];
    this.change(key, {
      secret: null,
      secrets: addSecret(previous, secret, now, previousValidSeconds),
    });
    return secret;
  }

  /** True when the pair is right at this moment, whether or not the access may be used today. */
  isPair(key: string, secret: string): boolean {
    const access = this.#accesses.get(key);
    if (access === undefined) return false;
    if (access.secret !== null && isSameText(access.secret, secret)) return true;
    const now = this.#now();
    return access.secrets.some((stored) => matchesStoredSecret(stored, secret, now));
  }

  /** Takes fields of one object away from an access; without fields, the whole object. */
  dropFields(key: string, path: string, names?: readonly string[]): void {
    const fields = new Map(this.find(key)?.fields);
    const remaining = new Set(names === undefined ? [] : fields.get(path));
    for (const name of names ?? []) remaining.delete(name);
    if (remaining.size === 0) fields.delete(path);
    else fields.set(path, remaining);
    this.change(key, { fields });
  }

  /** Takes one entity away from an access; `every` lists the entities that `all` stood for. */
  dropEntity(key: string, entityId: number, allEntityIds: readonly number[]): void {
    const entities = this.find(key)?.entities ?? 'all';
    const remaining = new Set(entities === 'all' ? allEntityIds : entities);
    remaining.delete(entityId);
    this.change(key, { entities: remaining });
  }

  /** Deletes an access; its tokens end with it. */
  remove(key: string): void {
    this.#accesses.delete(key);
    this.revokeTokens(key);
    this.#onChange();
  }

  /** A new token for a right pair of key and secret. Earlier tokens go on living. */
  issueToken(key: string, secret: string): { token: string; expiresInSeconds: number } {
    const access = this.#accesses.get(key);
    if (access === undefined || !this.isPair(key, secret)) {
      throw new ApiError(401, 'invalid_client', {
        error_description: 'The client key or the client secret is wrong.',
      });
    }
    this.#checkUsable(access);
    if (access.authenticationType === 'OAuth 1.0a') {
      throw new ApiError(403, `Integration Access '${access.name}' does not allow OAuth 2.0.`);
    }
    const { 'token-lifetime': lifetime, 'live-tokens': liveTokens } = this.#switches.values;
    if (liveTokens === 'newest-only') this.expireTokens(key);
    const token = randomBytes(24).toString('base64url');
    this.#tokens.set(token, {
      key,
      expiresAt: this.#now() + this.tokenLifetimeSeconds * 1000,
      requestsLeft: lifetime === 'twenty-requests' ? shortTokenRequests : Infinity,
    });
    return { token, expiresInSeconds: this.tokenLifetimeSeconds };
  }

  /** The access a bearer token belongs to. */
  findByToken(token: string): Access {
    const stored = this.#tokens.get(token);
    if (stored === undefined) throw new ApiError(401, 'The access token is not valid.');
    if (stored.expiresAt <= this.#now() || stored.requestsLeft <= 0) {
      throw expiredTokenErrors[this.#switches.values['expired-token-response']]();
    }
    stored.requestsLeft -= 1;
    return this.findUsable(stored.key);
  }

  /** The access with this key, if it may be used today. */
  findUsable(key: string): Access {
    const access = this.#accesses.get(key);
    if (access === undefined) throw new ApiError(401, 'The client key is not known.');
    this.#checkUsable(access);
    return access;
  }

  #checkUsable(access: Access): void {
    const today = this.#today();
    const name = `Integration Access '${access.name}'`;
    if (!access.isActive) throw new ApiError(403, `${name} is not active.`);
    if (today < access.effectiveDate) {
      throw new ApiError(403, `${name} is not effective before ${access.effectiveDate}.`);
    }
    if (access.expirationDate !== null && today > access.expirationDate) {
      throw new ApiError(403, `${name} expired on ${access.expirationDate}.`);
    }
  }

  /** Makes every live token (of one access, or all) unknown, as a revocation does. */
  revokeTokens(key?: string): void {
    for (const [token, { key: owner }] of this.#tokens) {
      if (key === undefined || owner === key) this.#tokens.delete(token);
    }
  }

  /** Makes every live token (of one access, or all) answer that it has expired. */
  expireTokens(key?: string): void {
    for (const token of this.#tokens.values()) {
      if (key === undefined || token.key === key) token.requestsLeft = 0;
    }
  }
}

/** How an expired token is refused; a refusal without a message has no body. */
const expiredTokenErrors = {
  '403-token-has-expired': () => new ApiError(403, 'Token has expired'),
  '401-unauthorized': () => new ApiError(401, 'Unauthorized'),
  '401-empty': () => new ApiError(401, ''),
  '400-access-token-has-expired': () => new ApiError(400, 'The access token provided has expired.'),
  '403-your-token-expired': () => new ApiError(403, 'Your token expired.'),
  '200-token-expired': () => new ApiError(200, 'Token expired'),
} as const satisfies Record<SwitchValues['expired-token-response'], () => ApiError>;

/** Refuses fields an access was not granted, naming the object and every one of them. */
export function checkFields(
  access: Access,
  definition: ObjectDefinition,
  names: Iterable<string>,
): void {
  const permitted = access.fields.get(definition.path);
  const denied = Array.from(new Set(names)).filter((name) => permitted?.has(name) !== true);
  if (denied.length === 0) return;
  throw new ApiError(
    403,
    `The Integration Access was not granted ${denied.length === 1 ? 'the field' : 'the fields'} ` +
      `${denied.join(', ')} of ${definition.path}.`,
    { object: definition.path, fields: denied },
  );
}

/** Refuses an object of which an access was granted no field at all. */
export function checkObject(access: Access, definition: ObjectDefinition): void {
  if (access.fields.has(definition.path)) return;
  throw new ApiError(403, `The Integration Access was not granted the object ${definition.path}.`, {
    object: definition.path,
  });
}
