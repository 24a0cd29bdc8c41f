/** Options of better-auth: passwords and codes, our tables and column names, strict cookies. */
import type { BetterAuthOptions } from 'better-auth';
import { twoFactor } from 'better-auth/plugins';
import { PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { Logger } from 'pino';

import { authPool } from './auth-pool.ts';
import { hostCookie } from './sign-in/host-cookie.ts';
import type { PasswordHashing } from './sign-in/password-hashing.ts';
import { createTwoFactorPlugin, type TwoFactorKeys } from './sign-in/two-factor.ts';
import { sessionOpening } from './sign-in/session-opening.ts';
import { defaultProductName } from '../contract/product-name.ts';

/** The header with the caller's address for better-auth; one from the caller is dropped. */
export const clientAddressHeader = 'x-daybreak-client-address';

/** Shorter passwords can be guessed; rules beyond a length lead to notes on the screen. */
export const minPasswordLength = 12;
export const maxPasswordLength = 128;

/** Covers a school day; use extends the session. */
export const sessionSeconds = 12 * 60 * 60;
export const renewalSeconds = 60 * 60;

/** Even if it is used: a stolen cookie works for a week at most. */
export const maxSessionDays = 7;

/** How long an authentication is recent enough for sensitive actions. */
export const reauthenticationMinutes = 5;

const stamps = { createdAt: 'created_at', updatedAt: 'updated_at' };

const tables = {
  user: {
    modelName: 'accounts',
    fields: { emailVerified: 'email_verified', ...stamps },
    additionalFields: {
      districtId: { type: 'number', required: false, input: false, fieldName: 'district_id' },
      role: { type: 'string', required: true, input: false },
    },
  },
  session: {
    modelName: 'account_sessions',
    fields: {
      userId: 'account_id',
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      ...stamps,
    },
    additionalFields: {
      signedInBy: { type: 'string', required: false, input: false, fieldName: 'signed_in_by' },
      provenAt: { type: 'date', required: false, input: false, fieldName: 'proven_at' },
    },
    expiresIn: sessionSeconds,
    updateAge: renewalSeconds,
  },
  account: {
    modelName: 'account_credentials',
    fields: {
      userId: 'account_id',
      providerId: 'provider_id',
      accountId: 'provider_account_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      ...stamps,
    },
  },
  verification: {
    modelName: 'account_verifications',
    fields: { expiresAt: 'expires_at', ...stamps },
    // Stored hashed, so that password links and sign-in steps cannot be used by anyone who reads the table.
    storeIdentifier: 'hashed',
  },
} as const satisfies Partial<BetterAuthOptions>;

/** Two-factor authentication with an authenticator app and ten backup codes; devices are trusted for 30 days. */
const twoFactorPlugin = () =>
  twoFactor({
    issuer: defaultProductName,
    twoFactorTable: 'account_two_factors',
    schema: {
      user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
      twoFactor: {
        fields: {
          userId: 'account_id',
          backupCodes: 'backup_codes',
          failedVerificationCount: 'failed_verification_count',
          lockedUntil: 'locked_until',
        },
      },
    },
  });

/** A requested link to reset a password. */
export interface PasswordReset {
  readonly accountId: string;
  readonly email: string;
  readonly token: string;
}

/** How long a password link is valid. */
const passwordResetSeconds = 60 * 60;

/**
 * Returns the options of better-auth. `publicUrl` is the public address (https in production); without it the
 * server is local and uses plain http. Sign-up over HTTP is off, since our code creates accounts.
 */
export function authOptions(options: {
  readonly pool: pg.Pool;
  readonly secret: string;
  readonly publicUrl: string | undefined;
  readonly passwordHashing: PasswordHashing;
  readonly twoFactorKeys: TwoFactorKeys;
  readonly log: Logger;
  /** Called with a password link that was requested for an existing account. */
  readonly sendPasswordReset: (link: PasswordReset) => Promise<void>;
  /** Runs work after the response, so that responses take as long for unknown addresses as for known ones. */
  readonly inBackground: (task: Promise<unknown>) => void;
}) {
  const { pool, secret, publicUrl, log } = options;
  const isHttps = publicUrl?.startsWith('https:') ?? false;
  return {
    ...tables,
    appName: defaultProductName,
    basePath: '/api/auth',
    baseURL: publicUrl ?? 'http://localhost',
    secret,
    database: { dialect: new PostgresDialect({ pool: authPool(pool) }), type: 'postgres' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength,
      maxPasswordLength,
      password: options.passwordHashing,
      resetPasswordTokenExpiresIn: passwordResetSeconds,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }) =>
        options.sendPasswordReset({ accountId: user.id, email: user.email, token }),
    },
    plugins: [
      twoFactorPlugin(),
      createTwoFactorPlugin(pool, options.twoFactorKeys),
      sessionOpening(),
    ],
    // Our endpoints have rate limits already (src/api/server/rate-limits.ts).
    rateLimit: { enabled: false },
    trustedOrigins: (request) =>
      publicUrl === undefined && request !== undefined ? [new URL(request.url).origin] : [],
    advanced: {
      // The library's own prefix for https is weaker.
      cookiePrefix: hostCookie(publicUrl ?? '', 'daybreak'),
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps },
      database: { generateId: 'uuid' },
      // The list of sessions shows the whole address.
      ipAddress: { ipAddressHeaders: [clientAddressHeader], ipv6Subnet: 128 },
      backgroundTasks: { handler: options.inBackground },
    },
    telemetry: { enabled: false },
    logger: {
      // Further arguments may contain an e-mail address or a header, so they are not logged.
      log: (level, message) => log[level]({ part: 'sign-in' }, message),
    },
  } satisfies BetterAuthOptions;
}
