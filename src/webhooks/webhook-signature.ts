/** Signs messages of webhooks by the Standard Webhooks convention (standardwebhooks.com, 1.0). */
import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';
const keyLength = 32;

/** Returns a new secret: `whsec_` and 32 random bytes in base64. */
export const newWebhookSecret = (): string =>
  `${prefix}${randomBytes(keyLength).toString('base64')}`;

/** One attempt to send a message: `id` and `body` are the same in every attempt, `at` is its time. */
export interface SignedMessage {
  readonly id: string;
  readonly at: Temporal.Instant;
  readonly body: string;
}

/**
 * Returns the three headers of a message. Each secret signs: while a secret is being changed there are two, and the
 * receiver accepts either signature.
 */
export function signatureHeaders(
  { id, at, body }: SignedMessage,
  secrets: readonly string[],
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const seconds = String(Math.floor(at.epochMilliseconds / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': signatures.join(' '),
  };
}
