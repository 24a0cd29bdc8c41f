/**
 * Single sign-on: to the district's OpenID provider and back, and the user it belongs to.
 *
 * This folder signs users in through the district's OpenID provider.
 */
import { randomBytes } from 'node:crypto';

import { parse as parseCookies, serialize as serializeCookie } from 'hono/utils/cookie';
import { z } from 'zod';

import { AppPage } from '../../contract/app-page.ts';
import { isPersonalName } from '../../contract/students/personal-name.ts';
import type { SingleSignOnProblem } from '../../contract/accounts/single-sign-on.ts';
import { transaction } from '../../database/transaction.ts';
import type { AuthCore, CallOrigin } from '../auth-core.ts';
import { reauthenticationMinutes } from '../auth-options.ts';
import { hostCookie } from '../sign-in/host-cookie.ts';
import type { UserClaims, TokenClaims } from './id-token.ts';
import { takeInvitationForEmail } from '../users/invitations.ts';
import { rememberDevice } from '../sign-in/known-device.ts';
import { insertAccountOn } from '../users/new-account.ts';
import {
  buildAuthorizationUrl,
  exchangeCode,
  type ProviderCache,
  createProviderCache,
} from './openid-provider.ts';
import type { OwnSession } from '../users/own-account.ts';
import { findAccountByEmail, recordSignIn, type User } from '../users/user.ts';
import {
  readSingleSignOnConnection,
  readSingleSignOnSettings,
  type SingleSignOnConnection,
  type SingleSignOnSettings,
  type SingleSignOnSettingsInput,
  storeSingleSignOnSettings,
  type StoreOutcome,
} from './settings.ts';

import {
  savePendingSignIn,
  type PendingSignIn,
  pendingMinutes,
  takePendingSignIn,
} from './pending-sign-ins.ts';

export type StartOutcome =
  | { readonly kind: 'started'; readonly address: string; readonly cookies: readonly string[] }
  | { readonly kind: 'refused'; readonly problem: SingleSignOnProblem };

export type FinishOutcome =
  | {
      readonly kind: 'signed-in';
      readonly user: User;
      readonly isNew: boolean;
      readonly next: string;
      readonly cookies: readonly string[];
    }
  /** The user of the open session has confirmed their identity. */
  | {
      readonly kind: 'proven';
      readonly user: User;
      readonly next: string;
      readonly cookies: readonly string[];
    }
  /** `districtId` and `user` for the audit trail, `reason` for the log. */
  | {
      readonly kind: 'refused';
      readonly problem: SingleSignOnProblem;
      readonly districtId?: number;
      readonly user?: User;
      readonly reason?: string;
      /** Its purpose and the requested page, if the start was found. */
      readonly started?: { readonly isReauthentication: boolean; readonly next: string };
    };

/** A requested single sign-on. */
export interface SingleSignOnRequest {
  readonly domain: string;
  /** The requested page. */
  readonly next: string;
  /** The caller whose session is to be confirmed, instead of opening one. */
  readonly reauthenticates?: OwnSession | undefined;
}

/** A district with single sign-on. */
export interface SingleSignOnOffer {
  readonly name: string;
  readonly domain: string;
  /** Its users cannot use passwords. */
  readonly isRequired: boolean;
}

/** Query parameters of the redirect back from the provider. */
export interface SingleSignOnCallback {
  /** District of the redirect address. */
  readonly districtId: number;
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  /** The issuer of the response (RFC 9207). */
  readonly iss?: string | undefined;
}

export interface SingleSignOn {
  readSettings(districtId: number): Promise<SingleSignOnSettings | undefined>;
  storeSettings(districtId: number, given: SingleSignOnSettingsInput): Promise<StoreOutcome>;
  /** Returns the district of this e-mail domain if it has single sign-on. */
  offerFor(domain: string): Promise<SingleSignOnOffer | undefined>;
  /** Returns where to redirect the user. */
  start(wanted: SingleSignOnRequest, origin: CallOrigin): Promise<StartOutcome>;
  finish(callback: SingleSignOnCallback, origin: CallOrigin): Promise<FinishOutcome>;
  /** Returns the redirect URI, which must be registered with the district's provider. */
  redirectAddress(districtId: number, request: Request): string;
}

interface Context {
  readonly core: AuthCore;
  readonly providers: ProviderCache;
}

export function createSingleSignOn(core: AuthCore): SingleSignOn {
  const { pool } = core;
  const providers = createProviderCache(addressRules(core), core.now);
  const context = { core, providers };
  return {
    readSettings: async (districtId) => readSingleSignOnSettings(pool, districtId),
    storeSettings: async (districtId, given) =>
      storeSingleSignOnSettings(core, providers, districtId, given),
    async offerFor(domain) {
      const { rows } = await pool.query<SingleSignOnOffer>(
        `select d.name, d.domain, s.is_required as "isRequired" from districts d join district_sign_on s on s.district_id = d.id
         where d.domain = lower($1) and s.is_enabled`,
        [domain],
      );
      return rows[0];
    },
    start: async (wanted, origin) => start(context, wanted, origin),
    finish: async (callback, origin) => finish(context, callback, origin),
    redirectAddress: (districtId, request) => redirectUri(core, districtId, request),
  };
}

async function start(
  { core, providers }: Context,
  { domain, next, reauthenticates }: SingleSignOnRequest,
  { request, address }: CallOrigin,
): Promise<StartOutcome> {
  const { rows } = await core.pool.query<{ id: number }>(
    'select id from districts where domain = lower($1)',
    [domain],
  );
  const access = rows[0] && (await readSingleSignOnConnection(core, rows[0].id));
  // Technicians belong to no district, so no provider can authenticate them.
  const isAllowed =
    reauthenticates === undefined || reauthenticates.user.districtId === access?.districtId;
  if (access === undefined || !isAllowed) return { kind: 'refused', problem: 'not-available' };
  const found = await providers.find(access.issuer);
  if (found.kind === 'trouble') {
    core.log.warn({ part: 'single-sign-on', domain: access.domain }, found.message);
    return { kind: 'refused', problem: 'provider-error' };
  }
  const { districtId, issuer, clientId } = access;
  const [state, secret, nonce, verifier] = [
    randomToken(),
    randomToken(),
    randomToken(),
    randomToken(),
  ];
  await savePendingSignIn(
    core.pool,
    { state, secret },
    {
      districtId,
      issuer,
      nonce,
      verifier,
      next: toAppPage(core, request, next),
      reauthenticates: reauthenticates
        ? { accountId: reauthenticates.user.accountId, sessionId: reauthenticates.sessionId }
        : null,
    },
    address,
  );
  const redirectAddress = redirectUri(core, districtId, request);
  return {
    kind: 'started',
    address: buildAuthorizationUrl(
      found.provider,
      clientId,
      redirectAddress,
      state,
      { nonce, verifier },
      reauthenticates !== undefined,
    ),
    cookies: [
      ...surplusCookies(core, request).map((name) => startCookie(core, request, name, '', 0)),
      startCookie(core, request, toCookieName(core, request, state), secret, pendingMinutes * 60),
    ],
  };
}

async function finish(
  context: Context,
  callback: SingleSignOnCallback,
  origin: CallOrigin,
): Promise<FinishOutcome> {
  const { core } = context;
  const { request } = origin;
  const { state = '' } = callback;
  // The browser must be the one that started, so that nobody is signed in by someone else's link.
  const secret = readCookies(request)[toCookieName(core, request, state)];
  const started =
    secret === undefined ? undefined : await takePendingSignIn(core.pool, { state, secret });
  if (started === undefined) return { kind: 'refused', problem: 'expired' };
  const outcome = await complete(context, started, callback, origin);
  const { districtId, next, reauthenticates } = started;
  if (outcome.kind === 'refused') {
    return {
      ...outcome,
      districtId,
      started: { isReauthentication: reauthenticates !== null, next },
    };
  }
  const used = startCookie(core, request, toCookieName(core, request, state), '', 0);
  return { ...outcome, cookies: [...outcome.cookies, used] };
}

async function complete(
  context: Context,
  started: PendingSignIn,
  callback: SingleSignOnCallback,
  origin: CallOrigin,
): Promise<FinishOutcome> {
  const { core } = context;
  const { next, reauthenticates } = started;
  const verified = await readVerifiedClaims(context, started, callback, origin.request);
  if (verified.kind === 'refused') return verified;
  const isReauthentication = reauthenticates !== null;
  const identified = await identifyUser(
    core,
    verified.access,
    verified.claims,
    !isReauthentication,
  );
  if (identified.kind === 'refused') return identified;
  const { user } = identified;
  const { accountId } = user;
  if (isReauthentication) {
    if (accountId !== reauthenticates.accountId) return rejected('other-account');
    const signedInAt = readRecentSignIn(verified.claims, core.now());
    if (signedInAt === undefined) return rejected('not-recent');
    if (!(await recordReauthentication(core, reauthenticates, signedInAt)))
      return rejected('expired');
    return { kind: 'proven', user, next, cookies: [] };
  }
  await recordSignIn(core.pool, accountId, core.now());
  const opened = { signedInBy: 'single-sign-on', isRecentlyAuthenticated: false } as const;
  const cookies = await core.openSession(accountId, opened, origin);
  return {
    ...identified,
    next,
    cookies: [...cookies, rememberDevice(core, origin.request, accountId)],
  };
}

/** Returns when the user signed in at the provider, if that was within the last minutes. */
function readRecentSignIn(
  { auth_time: seconds }: TokenClaims,
  now: Temporal.Instant,
): Temporal.Instant | undefined {
  const age = seconds === undefined ? Infinity : now.epochMilliseconds / 1000 - seconds;
  // Clocks differ, but a sign-in in the future is not valid.
  if (seconds === undefined || age < -60 || age > reauthenticationMinutes * 60) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(Math.round(seconds * 1000));
}

/** Marks the session as recently authenticated; returns false if it has ended. */
async function recordReauthentication(
  core: AuthCore,
  { accountId, sessionId }: NonNullable<PendingSignIn['reauthenticates']>,
  signedInAt: Temporal.Instant,
): Promise<boolean> {
  const { rowCount } = await core.pool.query(
    `update account_sessions set proven_at = least($3::timestamptz, now())
     where id = $1 and account_id = $2 and expires_at > now()`,
    [sessionId, accountId, signedInAt.toString()],
  );
  return rowCount === 1;
}

type Verified =
  | {
      readonly kind: 'proven';
      readonly access: SingleSignOnConnection;
      readonly claims: TokenClaims;
    }
  | Rejected;
type Rejected = Extract<FinishOutcome, { kind: 'refused' }>;

/**
 * Returns the provider's claims. A response of another provider is rejected before the token endpoint is called
 * (RFC 9700, 4.4).
 */
async function readVerifiedClaims(
  { core, providers }: Context,
  started: PendingSignIn,
  callback: SingleSignOnCallback,
  request: Request,
): Promise<Verified> {
  const { districtId, issuer } = started;
  const { code, error, iss } = callback;
  if (callback.districtId !== districtId) {
    return rejected('other-provider', 'The redirect address of another district was used.');
  }
  if (iss !== undefined && iss !== issuer) {
    return rejected('other-provider', 'The response names another issuer.');
  }
  if (error !== undefined || code === undefined) {
    return rejected(error === 'access_denied' ? 'cancelled' : 'provider-error', error);
  }
  const access = await readSingleSignOnConnection(core, districtId);
  if (access === undefined) return rejected('not-available');
  if (access.issuer !== issuer)
    return rejected('expired', 'The issuer was changed in the meantime.');
  const found = await providers.find(issuer);
  if (found.kind === 'trouble') return rejected('provider-error', found.message);
  if (iss === undefined && found.provider.authorization_response_iss_parameter_supported) {
    return rejected('other-provider', 'The response lacks the issuer that the provider announces.');
  }
  const given = { code, redirectUri: redirectUri(core, districtId, request), proof: started };
  const outcome = await exchangeCode(found.provider, access, given, addressRules(core), core.now());
  if (outcome.kind === 'trouble') return rejected('provider-error', outcome.message);
  return { kind: 'proven', access, claims: outcome.claims };
}

const rejected = (problem: SingleSignOnProblem, reason?: string): Rejected => ({
  kind: 'refused',
  problem,
  ...(reason !== undefined && { reason }),
});

type Identified =
  | { readonly kind: 'signed-in'; readonly user: User; readonly isNew: boolean }
  | { readonly kind: 'refused'; readonly problem: SingleSignOnProblem; readonly user?: User };

/**
 * ASCII with one at sign. Other characters may become ASCII in lower case (the Kelvin sign becomes k), so that an
 * address could open another user's account.
 */
const PlainAddress = z
  .string()
  .regex(/^[!-?A-~]+@[!-?A-~]+$/)
  .toLowerCase();

/** Finds the account, by an address of the district's domain that the provider has verified. */
async function identifyUser(
  core: AuthCore,
  access: SingleSignOnConnection,
  claims: UserClaims,
  canCreateAccount: boolean,
): Promise<Identified> {
  const email = PlainAddress.safeParse(claims.email).data ?? '';
  if (!email.endsWith(`@${access.domain}`)) return { kind: 'refused', problem: 'wrong-domain' };
  const isVerified =
    claims.email_verified === true ||
    (claims.email_verified === undefined && access.trustsEmailAddresses);
  if (!isVerified) return { kind: 'refused', problem: 'not-verified' };
  const { user, isNew } = await findOrCreateUser(core, access, email, claims, canCreateAccount);
  if (user === undefined) return { kind: 'refused', problem: 'unknown-user' };
  const account = await findAccountByEmail(core.pool, email);
  if (account === undefined || account.isSuspended) {
    return { kind: 'refused', problem: 'account-suspended', user };
  }
  if (!(await bindSubject(core, access, user, claims.sub))) {
    return { kind: 'refused', problem: 'other-identity', user };
  }
  return { kind: 'signed-in', user, isNew };
}

async function findOrCreateUser(
  core: AuthCore,
  { districtId, newAccounts }: SingleSignOnConnection,
  email: string,
  claims: UserClaims,
  canCreateAccount: boolean,
): Promise<{ readonly user: User | undefined; readonly isNew: boolean }> {
  const known = await findAccountByEmail(core.pool, email);
  // Accounts of other districts do not count.
  if (known !== undefined) {
    return {
      user: known.user.districtId === districtId ? known.user : undefined,
      isNew: false,
    };
  }
  if (!canCreateAccount) return { user: undefined, isNew: false };
  const name = toName(claims, email);
  const isCreated = await transaction(core.pool, async (client) => {
    const invitation = await takeInvitationForEmail(client, districtId, email, core.now());
    const given = invitation ?? newAccounts;
    if (given === null) return false;
    const { role, schools } = given;
    await insertAccountOn(client, { email, name, districtId, role, schools });
    return true;
  });
  if (!isCreated) return { user: undefined, isNew: false };
  return { user: (await findAccountByEmail(core.pool, email))?.user, isNew: true };
}

/** Returns the provider's name of the user if it is valid, otherwise the part before the @. */
function toName({ name = '' }: UserClaims, email: string): string {
  if (isPersonalName(name)) return name.trim();
  return email.slice(0, email.indexOf('@')).replaceAll('.', ' ').slice(0, 100);
}

/**
 * Links the account to the provider's user at the first sign-in. Returns false if it is linked to another one: an
 * address that was reassigned must not open the former owner's account.
 */
async function bindSubject(
  { pool }: AuthCore,
  { issuer, districtId }: SingleSignOnConnection,
  { accountId }: User,
  subject: string,
): Promise<boolean> {
  const provider = `openid:${districtId}:${issuer}`;
  await pool.query(
    `insert into account_credentials (account_id, provider_id, provider_account_id)
     select $1, $2, $3 where not exists (
       select from account_credentials where account_id = $1 and provider_id = $2)
     on conflict (provider_id, provider_account_id) do nothing`,
    [accountId, provider, subject],
  );
  const { rows } = await pool.query(
    `select from account_credentials
     where account_id = $1 and provider_id = $2 and provider_account_id = $3`,
    [accountId, provider, subject],
  );
  return rows.length === 1;
}

const addressRules = (core: AuthCore) => ({ allowPrivateAddresses: core.allowPrivateIssuers });
/** Returns the page normalized as browsers do, or the start page if it is not one of ours. */
function toAppPage(core: AuthCore, request: Request, next: string): string {
  const home = new URL(core.buildLink('/', request));
  const url = new URL(next, home);
  const page = `${url.pathname}${url.search}${url.hash}`;
  const isOurs = url.origin === home.origin && isAppPath(url.pathname);
  return isOurs && AppPage.safeParse(page).success ? page : '/';
}

/** The router of the API decodes `/%61pi` to `/api`. */
function isAppPath(pathname: string): boolean {
  try {
    return AppPage.safeParse(decodeURI(pathname)).success;
  } catch {
    return false;
  }
}

const randomToken = () => randomBytes(32).toString('base64url');

/** One address per district, so that responses of two providers cannot be mixed up. */
const redirectUri = (core: AuthCore, districtId: number, request: Request) =>
  core.buildLink(`/api/single-sign-on/callback/${districtId}`, request);

/** Each start has its own cookie, so that two tabs do not interfere. */
const cookiePrefix = (core: AuthCore, request: Request): string =>
  hostCookie(core.buildLink('/', request), 'daybreak_single_sign_on_');
const toCookieName = (core: AuthCore, request: Request, state: string): string =>
  `${cookiePrefix(core, request)}${state.slice(0, 12)}`;
/** Maximum concurrent starts of one browser; the oldest are dropped. */
const maxCookies = 5;

const readCookies = (request: Request): Readonly<Record<string, string>> =>
  parseCookies(request.headers.get('cookie') ?? '');

/** Returns the cookies to drop for one more; browsers send the oldest first. */
const surplusCookies = (core: AuthCore, request: Request): readonly string[] =>
  Object.keys(readCookies(request))
    .filter((name) => name.startsWith(cookiePrefix(core, request)))
    .slice(0, -(maxCookies - 1));

function startCookie(
  core: AuthCore,
  request: Request,
  name: string,
  value: string,
  seconds: number,
): string {
  return serializeCookie(name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    maxAge: seconds,
    secure: core.buildLink('/', request).startsWith('https:'),
  });
}
