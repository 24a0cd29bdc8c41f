/** How better-auth is set up here: passwords and codes, our tables and column names, strict cookies. */
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

/** The header in which our server hands better-auth the caller's address; a caller's own is dropped. */
export const clientAddressHeader = 'x-daybreak-client-address';

/** Shorter ones are guessed; longer rules than a length only lead to notes on the screen. */
export const minPasswordLength = 12;
export const maxPasswordLength = 128;

/** A school day; whoever stays at work is kept signed in by working. */
export const sessionSeconds = 12 * 60 * 60;
export const renewalSeconds = 60 * 60;

/** However much it is used: a cookie that was stolen is good for a week at most. */
export const maxSessionDays = 7;

/** How long a password and code of the moment count before something that decides who gets in. */
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
    // Links to a new password and steps of a sign-in can't be used by who reads the table.
    storeIdentifier: 'hashed',
  },
} as const satisfies Partial<BetterAuthOptions>;

/** The second step by an app of codes, with ten backup codes; a trusted device is asked again after 30 days. */
const twoFactorPlugin = () =>
  twoFactor({
    issuer: 'Daybreak',
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

/** What a person asks to be sent when a password is forgotten. */
export interface PasswordReset {
  readonly accountId: string;
  readonly email: string;
  readonly token: string;
}

/** How long the link to a new password can be used. */
const passwordResetSeconds = 60 * 60;

/**
 * Options for better-auth. `publicUrl` is the address people type (https in earnest); without it
 * the server is taken to be local and plain http. Sign-up over HTTP is off: accounts are made by us.
 */
export function authOptions(options: {
  readonly pool: pg.Pool;
  readonly secret: string;
  readonly publicUrl: string | undefined;
  readonly passwordHashing: PasswordHashing;
  readonly twoFactorKeys: TwoFactorKeys;
  readonly log: Logger;
  /** Told of a link to a new password, which a known address asked for. */
  readonly sendPasswordReset: (link: PasswordReset) => Promise<void>;
  /** Takes what goes on after the answer, so that an answer takes as long for an unknown address as for a known. */
  readonly inBackground: (task: Promise<unknown>) => void;
}) {
  const { pool, secret, publicUrl, log } = options;
  const isHttps = publicUrl?.startsWith('https:') ?? false;
  return {
    ...tables,
    appName: 'Daybreak',
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
    // Every endpoint of ours has its limit before it comes here (src/api/server/rate-limits.ts).
    rateLimit: { enabled: false },
    trustedOrigins: (request) =>
      publicUrl === undefined && request !== undefined ? [new URL(request.url).origin] : [],
    advanced: {
      // The library's own prefix for https is a weaker one.
      cookiePrefix: hostCookie(publicUrl ?? '', 'daybreak'),
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps },
      database: { generateId: 'uuid' },
      // The list of one's own sessions shows the whole address.
      ipAddress: { ipAddressHeaders: [clientAddressHeader], ipv6Subnet: 128 },
      backgroundTasks: { handler: options.inBackground },
    },
    telemetry: { enabled: false },
    logger: {
      // Its further arguments may hold an e-mail address or a header: they stay out of the log.
      log: (level, message) => log[level]({ part: 'sign-in' }, message),
    },
  } satisfies BetterAuthOptions;
}
