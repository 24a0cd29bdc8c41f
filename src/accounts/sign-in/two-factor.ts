/** The codes of the second factor: how their secrets are sealed in the database, and that each code counts once. */
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

/** What opens the secrets of the second factors, and what seals new ones. */
export type TwoFactorKeys = string | SecretConfig;

/**
 * The sealing key (its former ones open, too), so that another session secret locks nobody out. What the session
 * secret sealed before is opened by it until `resealFactors` has been there. Without a sealing key the session
 * secret seals.
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

/** The id of a sealing key as the number that better-auth writes before what it sealed. */
const toVersion = ({ id }: SealingKey): number => Number.parseInt(id, 16);

const deriveSecret = ({ bytes }: SealingKey): string =>
  Buffer.from(hkdfSync('sha256', bytes, '', 'daybreak second factors', 32)).toString('base64');

const periodSeconds = 30;
const backupCodeCount = 10;

/** A new secret for an app of codes, as the app and as the database get it. */
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

/** Ten codes that sign in once each, as the person and as the database get them. */
export async function createBackupCodes(
  keys: TwoFactorKeys,
): Promise<{ readonly codes: readonly string[]; readonly sealed: string }> {
  const codes = Array.from({ length: backupCodeCount }, () => `${halfCode()}-${halfCode()}`);
  return { codes, sealed: await symmetricEncrypt({ key: keys, data: JSON.stringify(codes) }) };
}

/** How many values were sealed anew (or have to be), and how many open with none of the keys. */
export interface ResealCounts {
  readonly resealed: number;
  readonly unreadableResponse: number;
}

/** Seals everything with the key of today that something else sealed; `isDryRun`: only counts it. */
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
    // A code that is used meanwhile has changed the row, and sealed it.
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
 * A plugin that gives better-auth these keys, and lets it look at a code of an app only if neither that code nor a
 * later one was used before (RFC 6238, 5.2): the library itself takes a code as often as it is shown.
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
            // No code at all: a used one is counted like any that is wrong.
            return { context: { body: { ...context.body, code: '' } } };
          }),
        },
      ],
    },
  }) satisfies BetterAuthPlugin;

type HookContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/** Who is signed in or, at the second step, whose password was right: as better-auth itself finds out. */
async function findAccountId(context: HookContext): Promise<string | undefined> {
  const session = await getAuthoritativeSessionFromCtx(context);
  if (session !== null) return session.user.id;
  const { name } = context.context.createAuthCookie('two_factor');
  const step = await context.getSignedCookie(name, context.context.secret);
  if (!step) return undefined;
  return (await context.context.internalAdapter.findVerificationValue(step))?.value;
}

/** True when the code is right and was not used before; it is used then. One update, so that of two one gets it. */
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
