/** Integration accesses: credentials, permissions and tokens. */
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

/** An Integration Access. `Accesses.change` changes its properties at any time. */
export interface Access {
  /** Stays the same if name and key change. */
  readonly id: number;
  /** The integration (product) it belongs to. */
  readonly integrationId: number;
  readonly name: string;
  readonly description: string;
  readonly key: string;
  /** The plain secret, which OAuth 1.0a needs; null if there is none. */
  readonly secret: string | null;
  /** Generated secrets, as hashes. */
  readonly secrets: readonly StoredSecret[];
  readonly authenticationType: AuthenticationType;
  readonly isActive: boolean;
  /** First valid day, `YYYY-MM-DD`. */
  readonly effectiveDate: string;
  /** Last valid day; null if it never expires. */
  readonly expirationDate: string | null;
  /** EntityIDs of the Custom API Entities; `all` for every one. */
  readonly entities: ReadonlySet<number> | 'all';
  /** Readable (and, where the field is writable, writable) fields by `Module/Object`. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  /** False for a read-only access. */
  readonly allowsWriting: boolean;
}

/** Returns the fields that public access files usually permit, or all fields. */
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
  /** Remaining requests. */
  requestsLeft: number;
}

/** Requests per token if tokens expire early. */
const shortTokenRequests = 20;

/** All accesses and live tokens of one sandbox. */
export class Accesses {
  readonly #accesses = new Map<string, Access>();
  readonly #tokens = new Map<string, Token>();
  readonly #now: () => number;
  readonly #today: () => string;
  readonly #onChange: () => void;
  readonly #switches: Switches;
  #lastId = 0;
  /** Lifetime of a new token in seconds. */
  tokenLifetimeSeconds: number;

  /** `now` returns milliseconds since 1970, `today` the district's date as `YYYY-MM-DD`. */
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

  /** Adds an access with a new id. Throws if the key is taken. */
  add(access: Omit<Access, 'id'>): Access {
    if (this.#accesses.has(access.key)) {
      throw new Error(`Integration access '${access.key}' already exists.`);
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

  /** Lists all accesses, or those of one integration, oldest first. */
  list(integrationId?: number): Access[] {
    const all = Array.from(this.#accesses.values());
    return integrationId === undefined
      ? all
      : all.filter((access) => access.integrationId === integrationId);
  }

  /** Changes an access, for example its dates. Throws if the key is unknown. */
  change(key: string, changes: Partial<Omit<Access, 'id' | 'key'>>): void {
    const access = this.#accesses.get(key);
    if (access === undefined) throw new Error(`Integration access '${key}' does not exist.`);
    this.#accesses.set(key, { ...access, ...changes, id: access.id, key });
    this.#onChange();
  }

  /** Changes the key of an access. Its secrets belong to the previous key, so they become invalid. */
  rename(key: string, newKey: string): void {
    const access = this.#accesses.get(key);
    if (access === undefined || key === newKey) return;
    this.remove(key);
    this.#accesses.set(newKey, { ...access, key: newKey, secret: null, secrets: [] });
    this.#onChange();
  }

  /**
   * Generates a secret for an access and returns it; only now. Previous ones stay valid for
   * `previousValidSeconds`; their tokens stay valid until they expire.
   */
  generateSecret(key: string, previousValidSeconds: number): string {
    const access = this.#accesses.get(key);
    if (access === undefined) throw new Error(`Integration access '${key}' does not exist.`);
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

  /** Returns whether key and secret are right, whether or not the access is valid today. */
  isPair(key: string, secret: string): boolean {
    const access = this.#accesses.get(key);
    if (access === undefined) return false;
    if (access.secret !== null && isSameText(access.secret, secret)) return true;
    const now = this.#now();
    return access.secrets.some((stored) => matchesStoredSecret(stored, secret, now));
  }

  /** Removes permissions for fields of an object from an access; without fields, for the object. */
  dropFields(key: string, path: string, names?: readonly string[]): void {
    const fields = new Map(this.find(key)?.fields);
    const remaining = new Set(names === undefined ? [] : fields.get(path));
    for (const name of names ?? []) remaining.delete(name);
    if (remaining.size === 0) fields.delete(path);
    else fields.set(path, remaining);
    this.change(key, { fields });
  }

  /** Removes an entity from an access; `allEntityIds` are the entities that `all` means. */
  dropEntity(key: string, entityId: number, allEntityIds: readonly number[]): void {
    const entities = this.find(key)?.entities ?? 'all';
    const remaining = new Set(entities === 'all' ? allEntityIds : entities);
    remaining.delete(entityId);
    this.change(key, { entities: remaining });
  }

  /** Deletes an access and its tokens. */
  remove(key: string): void {
    this.#accesses.delete(key);
    this.revokeTokens(key);
    this.#onChange();
  }

  /** Issues a token for a key and secret. Earlier tokens stay valid. */
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

  /** Returns the access of a bearer token. */
  findByToken(token: string): Access {
    const stored = this.#tokens.get(token);
    if (stored === undefined) throw new ApiError(401, 'The access token is not valid.');
    if (stored.expiresAt <= this.#now() || stored.requestsLeft <= 0) {
      throw expiredTokenErrors[this.#switches.values['expired-token-response']]();
    }
    stored.requestsLeft -= 1;
    return this.findUsable(stored.key);
  }

  /** Returns the access with this key, if it is valid today. */
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

  /** Revokes all live tokens, of one access or of all. */
  revokeTokens(key?: string): void {
    for (const [token, { key: owner }] of this.#tokens) {
      if (key === undefined || owner === key) this.#tokens.delete(token);
    }
  }

  /** Expires all live tokens, of one access or of all. */
  expireTokens(key?: string): void {
    for (const token of this.#tokens.values()) {
      if (key === undefined || token.key === key) token.requestsLeft = 0;
    }
  }
}

/** Error responses for an expired token; without a message there is no body. */
const expiredTokenErrors = {
  '403-token-has-expired': () => new ApiError(403, 'Token has expired'),
  '401-unauthorized': () => new ApiError(401, 'Unauthorized'),
  '401-empty': () => new ApiError(401, ''),
  '400-access-token-has-expired': () => new ApiError(400, 'The access token provided has expired.'),
  '403-your-token-expired': () => new ApiError(403, 'Your token expired.'),
  '200-token-expired': () => new ApiError(200, 'Token expired'),
} as const satisfies Record<SwitchValues['expired-token-response'], () => ApiError>;

/** Throws for fields without permission, naming the object and all of them. */
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

/** Throws for an object without permission for any field. */
export function checkObject(access: Access, definition: ObjectDefinition): void {
  if (access.fields.has(definition.path)) return;
  throw new ApiError(403, `The Integration Access was not granted the object ${definition.path}.`, {
    object: definition.path,
  });
}
