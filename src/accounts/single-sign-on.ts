/** Single sign-on: to the district's OpenID provider and back, as a person with an account here. */
import { randomBytes } from 'node:crypto';

import { parse as parseCookies, serialize as serializeCookie } from 'hono/utils/cookie';
import { z } from 'zod';

import { AppPage } from '../contract/app-page.ts';
import { isPersonalName } from '../contract/personal-name.ts';
import type { SingleSignOnProblem } from '../contract/single-sign-on.ts';
import { transaction } from '../database/transaction.ts';
import type { AuthCore, CallOrigin } from './auth-core.ts';
import { freshProofMinutes } from './auth-options.ts';
import { hostCookie } from './host-cookie.ts';
import type { PersonClaims, TokenClaims } from './id-token.ts';
import { takeInvitationOf } from './invitations.ts';
import { rememberDevice } from './known-device.ts';
import { insertAccountOn } from './new-account.ts';
import {
  authorizationAddress,
  claimsOfCode,
  type KnownProviders,
  openKnownProviders,
} from './openid-provider.ts';
import type { OwnSession } from './own-account.ts';
import { findAccountByEmail, type Person } from './person.ts';
import {
  readSingleSignOnAccess,
  readSingleSignOnSettings,
  type SingleSignOnAccess,
  type SingleSignOnSettings,
  type SingleSignOnSettingsGiven,
  storeSingleSignOnSettings,
  type StoreOutcome,
} from './single-sign-on-settings.ts';

import {
  keepStart,
  type SingleSignOnStart,
  startMinutes,
  takeStart,
} from './single-sign-on-starts.ts';

export type StartOutcome =
  | { readonly kind: 'started'; readonly address: string; readonly cookies: readonly string[] }
  | { readonly kind: 'refused'; readonly problem: SingleSignOnProblem };

export type FinishOutcome =
  | {
      readonly kind: 'signed-in';
      readonly person: Person;
      readonly isNew: boolean;
      readonly next: string;
      readonly cookies: readonly string[];
    }
  /** A fresh sign-in showed who it is in the session that is open. */
  | {
      readonly kind: 'proven';
      readonly person: Person;
      readonly next: string;
      readonly cookies: readonly string[];
    }
  /** `districtId` and `person` for the audit trail, `reason` for the log. */
  | {
      readonly kind: 'refused';
      readonly problem: SingleSignOnProblem;
      readonly districtId?: number;
      readonly person?: Person;
      readonly reason?: string;
      /** What it was for, and the page that was wanted: there unless no start was found. */
      readonly started?: { readonly isProof: boolean; readonly next: string };
    };

/** A single sign-on that somebody asks for. */
export interface SingleSignOnWanted {
  readonly domain: string;
  /** The page that they want. */
  readonly next: string;
  /** Whose session it is to show anew who they are, in place of opening one. */
  readonly proofFor?: OwnSession | undefined;
}

/** A district that people can sign in with. */
export interface SingleSignOnOffer {
  readonly name: string;
  readonly domain: string;
  /** Passwords of its users are not taken. */
  readonly isRequired: boolean;
}

/** What the provider sends people back with. */
export interface SingleSignOnReturn {
  /** District of the redirect address that was called. */
  readonly districtId: number;
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  /** The issuer of the answer (RFC 9207). */
  readonly iss?: string | undefined;
}

export interface SingleSignOn {
  readSettings(districtId: number): Promise<SingleSignOnSettings | undefined>;
  storeSettings(districtId: number, given: SingleSignOnSettingsGiven): Promise<StoreOutcome>;
  /** The district, if people of this e-mail domain can sign in with it. */
  offerFor(domain: string): Promise<SingleSignOnOffer | undefined>;
  /** Where to send the person. */
  start(wanted: SingleSignOnWanted, origin: CallOrigin): Promise<StartOutcome>;
  finish(returned: SingleSignOnReturn, origin: CallOrigin): Promise<FinishOutcome>;
  /** Where the district's provider sends people back to; it has to be registered there. */
  redirectAddress(districtId: number, request: Request): string;
}

interface Context {
  readonly core: AuthCore;
  readonly providers: KnownProviders;
}

export function createSingleSignOn(core: AuthCore): SingleSignOn {
  const { pool } = core;
  const providers = openKnownProviders(rulesOf(core), core.now);
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
    finish: async (returned, origin) => finish(context, returned, origin),
    redirectAddress: (districtId, request) => redirectUri(core, districtId, request),
  };
}

async function start(
  { core, providers }: Context,
  { domain, next, proofFor }: SingleSignOnWanted,
  { request, address }: CallOrigin,
): Promise<StartOutcome> {
  const { rows } = await core.pool.query<{ id: number }>(
    'select id from districts where domain = lower($1)',
    [domain],
  );
  const access = rows[0] && (await readSingleSignOnAccess(core, rows[0].id));
  // A technician belongs to no district: no provider of one speaks for them.
  const isTheirs = proofFor === undefined || proofFor.person.districtId === access?.districtId;
  if (access === undefined || !isTheirs) return { kind: 'refused', problem: 'not-available' };
  const found = await providers.find(access.issuer);
  if (found.kind === 'trouble') {
    core.log.warn({ part: 'single-sign-on', domain: access.domain }, found.sentence);
    return { kind: 'refused', problem: 'provider-trouble' };
  }
  const { districtId, issuer, clientId } = access;
  const [state, secret, nonce, verifier] = [random(), random(), random(), random()];
  await keepStart(
    core.pool,
    { state, secret },
    {
      districtId,
      issuer,
      nonce,
      verifier,
      next: pageHere(core, request, next),
      proofFor: proofFor
        ? { accountId: proofFor.person.accountId, sessionId: proofFor.sessionId }
        : null,
    },
    address,
  );
  const redirectAddress = redirectUri(core, districtId, request);
  return {
    kind: 'started',
    address: authorizationAddress(
      found.provider,
      clientId,
      redirectAddress,
      state,
      { nonce, verifier },
      proofFor !== undefined,
    ),
    cookies: [
      ...surplusCookies(core, request).map((name) => startCookie(core, request, name, '', 0)),
      startCookie(core, request, cookieNameOf(core, request, state), secret, startMinutes * 60),
    ],
  };
}

async function finish(
  context: Context,
  returned: SingleSignOnReturn,
  origin: CallOrigin,
): Promise<FinishOutcome> {
  const { core } = context;
  const { request } = origin;
  const { state = '' } = returned;
  // The browser that comes back has to be the one that left: nobody is signed in by another's link.
  const secret = cookiesOf(request)[cookieNameOf(core, request, state)];
  const started = secret === undefined ? undefined : await takeStart(core.pool, { state, secret });
  if (started === undefined) return { kind: 'refused', problem: 'outdated' };
  const outcome = await complete(context, started, returned, origin);
  const { districtId, next, proofFor } = started;
  if (outcome.kind === 'refused') {
    return { ...outcome, districtId, started: { isProof: proofFor !== null, next } };
  }
  const used = startCookie(core, request, cookieNameOf(core, request, state), '', 0);
  return { ...outcome, cookies: [...outcome.cookies, used] };
}

async function complete(
  context: Context,
  started: SingleSignOnStart,
  returned: SingleSignOnReturn,
  origin: CallOrigin,
): Promise<FinishOutcome> {
  const { core } = context;
  const { next, proofFor } = started;
  const proven = await provenClaims(context, started, returned, origin.request);
  if (proven.kind === 'refused') return proven;
  const isProof = proofFor !== null;
  const admitted = await admit(core, proven.access, proven.claims, !isProof);
  if (admitted.kind === 'refused') return admitted;
  const { person } = admitted;
  const { accountId } = person;
  if (isProof) {
    if (accountId !== proofFor.accountId) return refused('other-account');
    const signedInAt = freshSignIn(proven.claims, core.now());
    if (signedInAt === undefined) return refused('not-fresh');
    if (!(await markProven(core, proofFor, signedInAt))) return refused('outdated');
    return { kind: 'proven', person, next, cookies: [] };
  }
  await core.pool.query('update accounts set last_signed_in_at = now() where id = $1', [accountId]);
  const opened = { signedInBy: 'single-sign-on', isProven: false } as const;
  const cookies = await core.openSession(accountId, opened, origin);
  return {
    ...admitted,
    next,
    cookies: [...cookies, rememberDevice(core, origin.request, accountId)],
  };
}

/** When the person signed in at the provider, if that was within the last minutes. */
function freshSignIn(
  { auth_time: seconds }: TokenClaims,
  now: Temporal.Instant,
): Temporal.Instant | undefined {
  const age = seconds === undefined ? Infinity : now.epochMilliseconds / 1000 - seconds;
  // Clocks differ; a sign-in in the future proves nothing.
  if (seconds === undefined || age < -60 || age > freshProofMinutes * 60) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(Math.round(seconds * 1000));
}

/** Notes the proof in the session that asked for it; false when that has ended. */
async function markProven(
  core: AuthCore,
  { accountId, sessionId }: NonNullable<SingleSignOnStart['proofFor']>,
  signedInAt: Temporal.Instant,
): Promise<boolean> {
  const { rowCount } = await core.pool.query(
    `update account_sessions set proven_at = least($3::timestamptz, now())
     where id = $1 and account_id = $2 and expires_at > now()`,
    [sessionId, accountId, signedInAt.toString()],
  );
  return rowCount === 1;
}

type Proven =
  | { readonly kind: 'proven'; readonly access: SingleSignOnAccess; readonly claims: TokenClaims }
  | Refused;
type Refused = Extract<FinishOutcome, { kind: 'refused' }>;

/** Who the provider says it is. An answer that is not this provider's reaches no token endpoint (RFC 9700, 4.4). */
async function provenClaims(
  { core, providers }: Context,
  started: SingleSignOnStart,
  returned: SingleSignOnReturn,
  request: Request,
): Promise<Proven> {
  const { districtId, issuer } = started;
  const { code, error, iss } = returned;
  if (returned.districtId !== districtId) {
    return refused('other-provider', 'The redirect address of another district was called.');
  }
  if (iss !== undefined && iss !== issuer) {
    return refused('other-provider', 'The answer names another issuer.');
  }
  if (error !== undefined || code === undefined) {
    return refused(error === 'access_denied' ? 'cancelled' : 'provider-trouble', error);
  }
  const access = await readSingleSignOnAccess(core, districtId);
  if (access === undefined) return refused('not-available');
  if (access.issuer !== issuer) return refused('outdated', 'The issuer was changed meanwhile.');
  const found = await providers.find(issuer);
  if (found.kind === 'trouble') return refused('provider-trouble', found.sentence);
  if (iss === undefined && found.provider.authorization_response_iss_parameter_supported) {
    return refused('other-provider', 'The answer lacks the issuer that the provider promises.');
  }
  const given = { code, redirectUri: redirectUri(core, districtId, request), proof: started };
  const outcome = await claimsOfCode(found.provider, access, given, rulesOf(core), core.now());
  if (outcome.kind === 'trouble') return refused('provider-trouble', outcome.sentence);
  return { kind: 'proven', access, claims: outcome.claims };
}

const refused = (problem: SingleSignOnProblem, reason?: string): Refused => ({
  kind: 'refused',
  problem,
  ...(reason !== undefined && { reason }),
});

type Admitted =
  | { readonly kind: 'signed-in'; readonly person: Person; readonly isNew: boolean }
  | { readonly kind: 'refused'; readonly problem: SingleSignOnProblem; readonly person?: Person };

/**
 * ASCII with one at sign. Letters of other scripts may become ASCII in small letters (the Kelvin sign a k),
 * so that somebody's own address would open another person's account.
 */
const PlainAddress = z
  .string()
  .regex(/^[!-?A-~]+@[!-?A-~]+$/)
  .toLowerCase();

/** Whose account it is: by an address of the district's own domain that the provider has verified. */
async function admit(
  core: AuthCore,
  access: SingleSignOnAccess,
  claims: PersonClaims,
  mayMakeAccount: boolean,
): Promise<Admitted> {
  const email = PlainAddress.safeParse(claims.email).data ?? '';
  if (!email.endsWith(`@${access.domain}`)) return { kind: 'refused', problem: 'wrong-domain' };
  const isVerified =
    claims.email_verified === true ||
    (claims.email_verified === undefined && access.trustsAddresses);
  if (!isVerified) return { kind: 'refused', problem: 'not-verified' };
  const { person, isNew } = await personOf(core, access, email, claims, mayMakeAccount);
  if (person === undefined) return { kind: 'refused', problem: 'unknown-person' };
  const account = await findAccountByEmail(core.pool, email);
  if (account === undefined || account.isLocked) {
    return { kind: 'refused', problem: 'account-locked', person };
  }
  if (!(await rememberSubject(core, access, person, claims.sub))) {
    return { kind: 'refused', problem: 'other-person', person };
  }
  return { kind: 'signed-in', person, isNew };
}

async function personOf(
  core: AuthCore,
  { districtId, newAccounts }: SingleSignOnAccess,
  email: string,
  claims: PersonClaims,
  mayMakeAccount: boolean,
): Promise<{ readonly person: Person | undefined; readonly isNew: boolean }> {
  const known = await findAccountByEmail(core.pool, email);
  // An account of another district is none here.
  if (known !== undefined) {
    return {
      person: known.person.districtId === districtId ? known.person : undefined,
      isNew: false,
    };
  }
  if (!mayMakeAccount) return { person: undefined, isNew: false };
  const name = nameOf(claims, email);
  const isMade = await transaction(core.pool, async (client) => {
    const invitation = await takeInvitationOf(client, districtId, email, core.now());
    const given = invitation ?? newAccounts;
    if (given === null) return false;
    const { role, schools } = given;
    await insertAccountOn(client, { email, name, districtId, role, schools });
    return true;
  });
  if (!isMade) return { person: undefined, isNew: false };
  return { person: (await findAccountByEmail(core.pool, email))?.person, isNew: true };
}

/** As the provider calls the person, where that is a name; else what stands before the @. */
function nameOf({ name = '' }: PersonClaims, email: string): string {
  if (isPersonalName(name)) return name.trim();
  return email.slice(0, email.indexOf('@')).replaceAll('.', ' ').slice(0, 100);
}

/**
 * Binds the account to the provider's person at the first sign-in. False when the account belongs to another
 * person of the provider: an address that was given to somebody new must not open the old one's account.
 */
async function rememberSubject(
  { pool }: AuthCore,
  { issuer, districtId }: SingleSignOnAccess,
  { accountId }: Person,
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

const rulesOf = (core: AuthCore) => ({ allowPrivateAddresses: core.allowPrivateIssuers });
/** The page as a browser reads it, in ASCII; the first one of the app if that is no page of ours. */
function pageHere(core: AuthCore, request: Request, next: string): string {
  const home = new URL(core.linkTo('/', request));
  const url = new URL(next, home);
  const page = `${url.pathname}${url.search}${url.hash}`;
  const isOurs = url.origin === home.origin && isAppPath(url.pathname);
  return isOurs && AppPage.safeParse(page).success ? page : '/';
}

/** The router of the API reads `/%61pi` as `/api`. */
function isAppPath(pathname: string): boolean {
  try {
    return AppPage.safeParse(decodeURI(pathname)).success;
  } catch {
    return false;
  }
}

const random = () => randomBytes(32).toString('base64url');

/** One address for each district, so that the answers of two providers can't be mixed up. */
const redirectUri = (core: AuthCore, districtId: number, request: Request) =>
  core.linkTo(`/api/single-sign-on/callback/${districtId}`, request);

/** Each start has a cookie of its own, so that two tabs of a browser are not in each other's way. */
const cookiePrefix = (core: AuthCore, request: Request): string =>
  hostCookie(core.linkTo('/', request), 'daybreak_single_sign_on_');
const cookieNameOf = (core: AuthCore, request: Request, state: string): string =>
  `${cookiePrefix(core, request)}${state.slice(0, 12)}`;
/** Starts of one browser at the same time; the oldest beyond are given up. */
const mostCookies = 5;

const cookiesOf = (request: Request): Readonly<Record<string, string>> =>
  parseCookies(request.headers.get('cookie') ?? '');

/** The cookies to be given up for one more; browsers send the oldest first. */
const surplusCookies = (core: AuthCore, request: Request): readonly string[] =>
  Object.keys(cookiesOf(request))
    .filter((name) => name.startsWith(cookiePrefix(core, request)))
    .slice(0, -(mostCookies - 1));

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
    secure: core.linkTo('/', request).startsWith('https:'),
  });
}
