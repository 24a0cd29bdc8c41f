/**
 * Generated secrets of integration accesses, stored as hashes.
 *
 * This folder serves Skyward's API: tokens, lists, search conditions, metadata, and a control API for tests.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** A stored secret. Times are milliseconds since 1970. */
export interface StoredSecret {
  /** SHA-256; enough, since a generated secret has 256 random bits. */
  readonly hash: string;
  readonly generatedAtMs: number;
  /** When it expires; null for the newest. */
  readonly validUntilMs: number | null;
}

/** Longest time that previous secrets can stay valid after a new one was generated: a week. */
export const maxPreviousSecretSeconds = 604_800;

export function storeSecret(secret: string, generatedAtMs: number): StoredSecret {
  return { hash: hashSecret(secret), generatedAtMs, validUntilMs: null };
}

export function matchesStoredSecret(stored: StoredSecret, secret: string, nowMs: number): boolean {
  if (stored.validUntilMs !== null && stored.validUntilMs <= nowMs) return false;
  return isSameText(stored.hash, hashSecret(secret));
}

/** Returns the previous secrets, valid for `previousValidSeconds`, followed by the new one. */
export function addSecret(
  previous: readonly StoredSecret[],
  secret: string,
  nowMs: number,
  previousValidSeconds: number,
): StoredSecret[] {
  const until = nowMs + previousValidSeconds * 1000;
  const stillValid = previous
    // A secret that already has an end keeps it.
    .map((stored) => ({ ...stored, validUntilMs: Math.min(stored.validUntilMs ?? until, until) }))
    .filter((stored) => stored.validUntilMs > nowMs);
  return [...stillValid, storeSecret(secret, nowMs)];
}

/** Compares in constant time. */
export function isSameText(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
