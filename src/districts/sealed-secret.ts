/** Seals a district's client secret, so that a copy of the database does not give Skyward away. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Length of the key in bytes: AES-256. */
const sealingKeyLength = 32;

const nonceLength = 12;
const tagLength = 16;

/** A key with the name under which sealed values remember it, so that keys can be changed later. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Buffer;
  /** Keys that seal nothing any more but still open what they once sealed, while a key is being changed. */
  readonly former?: readonly SealingKey[];
}

/** A sealed value cannot be opened: another key, another district, or a changed value. */
export class SealFault extends Error {
  override readonly name = 'SealFault';
  readonly code = 'secret-not-readable';
  readonly advice =
    'The sealing key differs from the one the secret was stored with. Restore the key (DAYBREAK_SEALING_KEY or sealing.key in the data folder), or store the secret again with `daybreak district set`.';
}

/** The key of 32 bytes given as base64; undefined when it is anything else. */
export function parseSealingKey(text: string): SealingKey | undefined {
  const bytes = Buffer.from(text.trim(), 'base64');
  return bytes.length === sealingKeyLength ? sealingKey(bytes) : undefined;
}

/** A key as used here; its id is a short digest that gives nothing of it away. */
function sealingKey(bytes: Buffer): SealingKey {
  const id = createHash('sha256').update('daybreak sealing key').update(bytes).digest('hex');
  return { id: id.slice(0, 12), bytes };
}

/** A new random key. */
export function newSealingKey(): SealingKey {
  return sealingKey(randomBytes(sealingKeyLength));
}

/**
 * Seals `secret` with AES-256-GCM. `purpose` (the district) is bound in: a sealed value moved to another
 * district's row does not open. The result is text: `v1:<key id>:<base64>`.
 */
export function sealSecret(secret: string, purpose: string, key: SealingKey): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce);
  cipher.setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return `v1:${key.id}:${Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64')}`;
}

/** Opens what `sealSecret` gave. Throws `SealFault`; the fault holds nothing of the value. */
export function openSecret(sealed: string, purpose: string, key: SealingKey): string {
  const [version, keyId, content] = sealed.split(':');
  const fitting = [key, ...(key.former ?? [])].find(({ id }) => id === keyId);
  if (version !== 'v1' || fitting === undefined || content === undefined) {
    throw new SealFault('A stored client secret cannot be opened with this sealing key.');
  }
  const bytes = Buffer.from(content, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', fitting.bytes, bytes.subarray(0, nonceLength));
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes.subarray(-tagLength));
    const opened = decipher.update(bytes.subarray(nonceLength, -tagLength));
    return Buffer.concat([opened, decipher.final()]).toString('utf8');
  } catch (error) {
    throw new SealFault('A stored client secret was changed or belongs to another district.', {
      cause: error,
    });
  }
}

/** Whether this value was sealed with the key of today, not with a former one. */
export const isSealedWith = (sealed: string, key: SealingKey): boolean =>
  sealed.startsWith(`v1:${key.id}:`);
