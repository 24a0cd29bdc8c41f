/** Two-factor codes: how their secrets are sealed in the database, and that each code works once. */
import { hkdfSync } from 'node:crypto';

import { createAuthMiddleware, getAuthoritativeSessionFromCtx } from 'better-auth/api';
import {
  generateRandomString,
  type SecretConfig,
  symmetricDecrypt,
  symmetricEncrypt,
} from 'better-auth/crypto';
import type { BetterAuthPlugin } from 'better-auth/types';
import { createOTP } from '@better-auth/utils/otp';
import type pg from 'pg';

import type { SealingKey } from '../../districts/sealed-secret.ts';

/** The keys that open the secrets of two-factor authentication, and the one that seals new ones. */
export type TwoFactorKeys = string | SecretConfig;

/**
 * Uses the sealing key (former ones can open, too), so that changing the session secret locks nobody out. The
 * session secret opens what it sealed before, until `resealFactors` has run; without a sealing key it also seals.
 */
export function twoFactorKeys(
  sessionSecret: string,
  sealingKey: SealingKey | undefined,
): TwoFactorKeys {
  if (sealingKey === undefined) return sessionSecret;
  const keys = [sealingKey, ...(sealingKey.former ?? [])].map((key): [number, string] => [
    toVersion(key),
    deriveSecret(key),
  ]);
  return {
    keys: new Map(keys),
    currentVersion: toVersion(sealingKey),
    legacySecret: sessionSecret,
  };
}

/** Returns the id of a sealing key as the number that better-auth puts in front of sealed values. */
const toVersion = ({ id }: SealingKey): number => Number.parseInt(id, 16);

const deriveSecret = ({ bytes }: SealingKey): string =>
  Buffer.from(hkdfSync('sha256', bytes, '', 'daybreak second factors', 32)).toString('base64');

const periodSeconds = 30;
const backupCodeCount = 10;

/** Returns a new secret for an authenticator app, plain and sealed. */
export async function createAuthenticatorSecret(
  keys: TwoFactorKeys,
  { product, email }: { readonly product: string; readonly email: string },
): Promise<{ readonly uri: string; readonly sealed: string }> {
  const secret = generateRandomString(32);
  return {
    uri: createOTP(secret, { period: periodSeconds }).url(product, email),
    sealed: await symmetricEncrypt({ key: keys, data: secret }),
  };
}

const halfCode = () => generateRandomString(5, 'a-z', 'A-Z', '0-9');

/** Returns ten backup codes that work once each, plain and sealed. */
export async function createBackupCodes(
  keys: TwoFactorKeys,
): Promise<{ readonly codes: readonly string[]; readonly sealed: string }> {
  const codes = Array.from({ length: backupCodeCount }, () => `${halfCode()}-${halfCode()}`);
  return { codes, sealed: await symmetricEncrypt({ key: keys, data: JSON.stringify(codes) }) };
}

/** How many values were resealed (or need to be), and how many no key opens. */
export interface ResealCounts {
  readonly resealed: number;
  readonly unreadableResponse: number;
}

/** Reseals with the current key everything that another key sealed; `isDryRun`: only counts it. */
export async function resealTwoFactors(
  pool: pg.Pool,
  keys: TwoFactorKeys,
  isDryRun = false,
): Promise<ResealCounts> {
  const count = { resealed: 0, unreadableResponse: 0 };
  if (typeof keys === 'string') return count;
  const { rows } = await pool.query<{
    id: string;
    column: 'secret' | 'backup_codes';
    sealed: string;
  }>(
    `select id, "column", sealed from account_two_factors
     cross join lateral (values ('secret', secret), ('backup_codes', backup_codes)) v ("column", sealed)
     where not starts_with(sealed, $1)`,
    [`$ba$${keys.currentVersion}$`],
  );
  for (const { id, column, sealed } of rows) {
    const opened = await symmetricDecrypt({ key: keys, data: sealed }).catch(() => undefined);
    if (opened === undefined) {
      count.unreadableResponse += 1;
      continue;
    }
    if (isDryRun) {
      count.resealed += 1;
      continue;
    }
    // A code used in the meantime has changed the row and sealed it.
    const { rowCount } = await pool.query(
      `update account_two_factors set ${column} = $3 where id = $1 and ${column} = $2`,
      [id, sealed, await symmetricEncrypt({ key: keys, data: opened })],
    );
    count.resealed += rowCount ?? 0;
  }
  return count;
}

const verifyPath = '/two-factor/verify-totp';

/**
 * Returns a plugin that gives better-auth these keys, and lets it check an app code only if neither it nor a later
 * one was used before (RFC 6238, 5.2): the library itself accepts a code several times.
 */
export const createTwoFactorPlugin = (pool: pg.Pool, keys: TwoFactorKeys) =>
  ({
    id: 'codes-once',
    init: () => ({ context: { secretConfig: keys } }),
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === verifyPath,
          handler: createAuthMiddleware(async (context) => {
            const accountId = await findAccountId(context);
            const code: unknown = context.body?.code;
            if (accountId === undefined || typeof code !== 'string') return undefined;
            if (await useCode(pool, keys, accountId, code)) return undefined;
            // An invalid code, so that a used one is counted like a wrong one.
            return { context: { body: { ...context.body, code: '' } } };
          }),
        },
      ],
    },
  }) satisfies BetterAuthPlugin;

type HookContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/** Returns the signed-in user or, during sign-in, the user whose password was correct, as better-auth finds them. */
async function findAccountId(context: HookContext): Promise<string | undefined> {
  const session = await getAuthoritativeSessionFromCtx(context);
  if (session !== null) return session.user.id;
  const { name } = context.context.createAuthCookie('two_factor');
  const step = await context.getSignedCookie(name, context.context.secret);
  if (!step) return undefined;
  return (await context.context.internalAdapter.findVerificationValue(step))?.value;
}

/**
 * Returns whether the code is correct and unused, and marks it as used. One update, so that only one of two
 * requests succeeds.
 */
async function useCode(
  pool: pg.Pool,
  keys: TwoFactorKeys,
  accountId: string,
  code: string,
): Promise<boolean> {
  const { rows } = await pool.query<{ secret: string }>(
    'select secret from account_two_factors where account_id = $1',
    [accountId],
  );
  const [factor] = rows;
  if (factor === undefined) return false;
  const app = createOTP(await symmetricDecrypt({ key: keys, data: factor.secret }));
  const now = Math.floor(Temporal.Now.instant().epochMilliseconds / 1000 / periodSeconds);
  for (const step of [now - 1, now, now + 1]) {
    if ((await app.hotp(step)) !== code) continue;
    const { rowCount } = await pool.query(
      `update account_two_factors set last_step = $2
       where account_id = $1 and (last_step is null or last_step < $2)`,
      [accountId, step],
    );
    return rowCount === 1;
  }
  return false;
}
