/** Integration accesses: who may call, what it may see, and the tokens it holds. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Catalogue, ObjectDefinition } from './catalogue.ts';
import { Refusal } from './refusal.ts';

/** One Integration Access. Its members may be changed at any time through `Accesses.change`. */
export interface Access {
  readonly name: string;
  readonly key: string;
  readonly secret: string;
  readonly authenticationType: 'Any' | 'OAuth 2.0' | 'OAuth 1.0a';
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
export function grantedFields(
  catalogue: Catalogue,
  which: 'usual' | 'all',
): Map<string, ReadonlySet<string>> {
  const granted = new Map<string, ReadonlySet<string>>();
  for (const { path, fields } of catalogue.values()) {
    const names = Array.from(fields.values())
      .filter((field) => which === 'all' || field.isUsuallyGranted)
      .map((field) => field.name);
    if (names.length > 0) granted.set(path, new Set(names));
  }
  return granted;
}

interface Token {
  readonly key: string;
  readonly expiresAt: number;
}

/** All accesses and live tokens of one practice system. */
export class Accesses {
  readonly #accesses = new Map<string, Access>();
  readonly #tokens = new Map<string, Token>();
  readonly #now: () => number;
  readonly #today: () => string;
  readonly #changed: () => void;
  /** How long a new token lives, in seconds. */
  tokenLifetimeSeconds: number;

  /** `now` gives milliseconds since 1970, `today` the district's date as `YYYY-MM-DD`. */
  constructor(options: {
    tokenLifetimeSeconds: number;
    now: () => number;
    today: () => string;
    changed: () => void;
  }) {
    this.tokenLifetimeSeconds = options.tokenLifetimeSeconds;
    this.#now = options.now;
    this.#today = options.today;
    this.#changed = options.changed;
  }

  add(access: Access): void {
    this.#accesses.set(access.key, access);
    this.#changed();
  }

  find(key: string): Access | undefined {
    return this.#accesses.get(key);
  }

  list(): Access[] {
    return [...this.#accesses.values()];
  }

  /** Changes an access, for example its dates; throws when the key is unknown. */
  change(key: string, changes: Partial<Omit<Access, 'key'>>): void {
    const access = this.#accesses.get(key);
    if (access === undefined) throw new Error(`There is no integration access '${key}'.`);
    this.#accesses.set(key, { ...access, ...changes });
    this.#changed();
  }

  /** Takes fields of one object away from an access; without fields, the whole object. */
  dropFields(key: string, path: string, names?: readonly string[]): void {
    const fields = new Map(this.find(key)?.fields);
    const left = new Set(names === undefined ? [] : fields.get(path));
    for (const name of names ?? []) left.delete(name);
    if (left.size === 0) fields.delete(path);
    else fields.set(path, left);
    this.change(key, { fields });
  }

  /** Takes one entity away from an access; `every` lists the entities that `all` stood for. */
  dropEntity(key: string, entityId: number, every: readonly number[]): void {
    const entities = this.find(key)?.entities ?? 'all';
    const left = new Set(entities === 'all' ? every : entities);
    left.delete(entityId);
    this.change(key, { entities: left });
  }

  remove(key: string): void {
    this.#accesses.delete(key);
    this.#changed();
  }

  /** A new token for a right pair of key and secret. Earlier tokens go on living. */
  issueToken(key: string, secret: string): { token: string; expiresInSeconds: number } {
    const access = this.#accesses.get(key);
    if (access === undefined || !isSame(access.secret, secret)) {
      throw new Refusal(401, 'invalid_client', {
        error_description: 'The client key or the client secret is wrong.',
      });
    }
    this.#checkUsable(access);
    if (access.authenticationType === 'OAuth 1.0a') {
      throw new Refusal(403, `Integration Access '${access.name}' does not allow OAuth 2.0.`);
    }
    const token = randomBytes(24).toString('base64url');
    this.#tokens.set(token, { key, expiresAt: this.#now() + this.tokenLifetimeSeconds * 1000 });
    return { token, expiresInSeconds: this.tokenLifetimeSeconds };
  }

  /** The access a bearer token belongs to. */
  withToken(token: string): Access {
    const found = this.#tokens.get(token);
    if (found === undefined) throw new Refusal(401, 'The access token is not valid.');
    if (found.expiresAt <= this.#now()) throw new Refusal(403, 'Token has expired');
    return this.usable(found.key);
  }

  /** The access with this key, if it may be used today. */
  usable(key: string): Access {
    const access = this.#accesses.get(key);
    if (access === undefined) throw new Refusal(401, 'The client key is not known.');
    this.#checkUsable(access);
    return access;
  }

  #checkUsable(access: Access): void {
    const today = this.#today();
    const name = `Integration Access '${access.name}'`;
    if (!access.isActive) throw new Refusal(403, `${name} is not active.`);
    if (today < access.effectiveDate) {
      throw new Refusal(403, `${name} is not effective before ${access.effectiveDate}.`);
    }
    if (access.expirationDate !== null && today > access.expirationDate) {
      throw new Refusal(403, `${name} expired on ${access.expirationDate}.`);
    }
  }

  /** Makes every live token (of one access, or all) unknown, as a revocation does. */
  revokeTokens(key?: string): void {
    for (const [token, { key: owner }] of this.#tokens) {
      if (key === undefined || owner === key) this.#tokens.delete(token);
    }
  }

  /** Makes every live token answer that it has expired. */
  expireTokens(): void {
    for (const [token, { key }] of this.#tokens) {
      this.#tokens.set(token, { key, expiresAt: this.#now() });
    }
  }
}

function isSame(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Refuses fields an access was not granted, naming the object and every one of them. */
export function checkFields(
  access: Access,
  definition: ObjectDefinition,
  names: Iterable<string>,
): void {
  const granted = access.fields.get(definition.path);
  const denied = Array.from(new Set(names)).filter((name) => granted?.has(name) !== true);
  if (denied.length === 0) return;
  throw new Refusal(
    403,
    `The Integration Access was not granted ${denied.length === 1 ? 'the field' : 'the fields'} ` +
      `${denied.join(', ')} of ${definition.path}.`,
    { object: definition.path, fields: denied },
  );
}

/** Refuses an object of which an access was granted no field at all. */
export function checkObject(access: Access, definition: ObjectDefinition): void {
  if (access.fields.has(definition.path)) return;
  throw new Refusal(403, `The Integration Access was not granted the object ${definition.path}.`, {
    object: definition.path,
  });
}
