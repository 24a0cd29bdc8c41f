/** Seals secrets, so that a copy of the database opens neither Skyward nor a receiver of webhooks. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Length of the key in bytes: AES-256. */
const sealingKeyLength = 32;

const nonceLength = 12;
const tagLength = 16;

/** A key with the id that sealed values name it by, so that keys can be changed. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Buffer;
  /** Earlier keys, which open values but seal none, while the key is being changed. */
  readonly former?: readonly SealingKey[];
}

/** A sealed value cannot be opened: the key or the record differs, or the value was changed. */
export class SealError extends Error {
  override readonly name = 'SealError';
  readonly code = 'secret-not-readable';
  readonly advice =
    'The sealing key differs from the one the secret was stored with. Contact support: the key is restored on the server, or the secret is stored again.';
}

/** Parses a key of 32 bytes in base64; undefined for anything else. */
export function parseSealingKey(text: string): SealingKey | undefined {
  const bytes = Buffer.from(text.trim(), 'base64');
  return bytes.length === sealingKeyLength ? sealingKey(bytes) : undefined;
}

/** The id is a short digest, which reveals nothing about the key. */
function sealingKey(bytes: Buffer): SealingKey {
  const id = createHash('sha256').update('daybreak sealing key').update(bytes).digest('hex');
  return { id: id.slice(0, 12), bytes };
}

/** Returns a new random key. */
export function newSealingKey(): SealingKey {
  return sealingKey(randomBytes(sealingKeyLength));
}

/**
 * Seals `secret` with AES-256-GCM. `purpose` names the row (its district, and its id where a district has several)
 * as associated data, so that a value copied to another row does not open. Returns `v1:<key id>:<base64>`.
 */
export function sealSecret(secret: string, purpose: string, key: SealingKey): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce);
  cipher.setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return `v1:${key.id}:${Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64')}`;
}

/**
 * Opens a value of `sealSecret`. `formerPurpose` opens values sealed by an earlier version with a wider purpose;
 * `daybreak reseal` seals them again. Throws `SealError`, which contains nothing of the value.
 */
export function openSecret(
  sealed: string,
  purpose: string,
  key: SealingKey,
  formerPurpose?: string,
): string {
  const [, keyId, content = ''] = /^v1:([0-9a-f]{12}):([A-Za-z0-9+/]+={0,2})$/.exec(sealed) ?? [];
  const matchingKey = [key, ...(key.former ?? [])].find(({ id }) => id === keyId);
  const bytes = Buffer.from(content, 'base64');
  const isWhole = bytes.length >= nonceLength + tagLength && bytes.toString('base64') === content;
  if (matchingKey === undefined || !isWhole) {
    throw new SealError('A stored secret cannot be opened with this sealing key.');
  }
  try {
    return decipher(bytes, purpose, matchingKey);
  } catch (error) {
    if (formerPurpose !== undefined) return openSecret(sealed, formerPurpose, key);
    throw new SealError('A stored secret was changed or belongs to another record.', {
      cause: error,
    });
  }
}

function decipher(bytes: Buffer, purpose: string, key: SealingKey): string {
  const nonce = bytes.subarray(0, nonceLength);
  const opening = createDecipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: tagLength });
  opening.setAAD(Buffer.from(purpose));
  opening.setAuthTag(bytes.subarray(-tagLength));
  const opened = opening.update(bytes.subarray(nonceLength, -tagLength));
  return Buffer.concat([opened, opening.final()]).toString('utf8');
}

/** Returns whether this value was sealed with `key` itself, not with a former one. */
export const isSealedWith = (sealed: string, key: SealingKey): boolean =>
  sealed.startsWith(`v1:${key.id}:`);
