/** Generated secrets of integration accesses, of which only hashes are kept. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** What is left of a secret after it was told once. Times are milliseconds since 1970. */
export interface StoredSecret {
  /** SHA-256; enough, since a generated secret holds 256 random bits. */
  readonly hash: string;
  readonly generatedAtMs: number;
  /** From this moment on it is refused; null while it is the newest. */
  readonly validUntilMs: number | null;
}

/** The longest time that former secrets may work on after a new one was generated: a week. */
export const maxPreviousSecretSeconds = 604_800;

export function storeSecret(secret: string, generatedAtMs: number): StoredSecret {
  return { hash: hashSecret(secret), generatedAtMs, validUntilMs: null };
}

export function matchesStoredSecret(stored: StoredSecret, secret: string, nowMs: number): boolean {
  if (stored.validUntilMs !== null && stored.validUntilMs <= nowMs) return false;
  return isSameText(stored.hash, hashSecret(secret));
}

/** The former secrets that still work `formerSeconds` longer, and after them the new one. */
export function addSecret(
  previous: readonly StoredSecret[],
  secret: string,
  nowMs: number,
  previousValidSeconds: number,
): StoredSecret[] {
  const until = nowMs + previousValidSeconds * 1000;
  const stillValid = previous
    // A secret that was already on its way out is not given more time.
    .map((stored) => ({ ...stored, validUntilMs: Math.min(stored.validUntilMs ?? until, until) }))
    .filter((stored) => stored.validUntilMs > nowMs);
  return [...stillValid, storeSecret(secret, nowMs)];
}

/** Compares without telling by its time how much was right. */
export function isSameText(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
