/** Signing in and out, who one is, and the way to a forgotten password. */
import type { Context, Hono } from 'hono';

import type { Person } from '../accounts/accounts.ts';
import { type AuditEvent, recordAudit } from '../accounts/audit-trail.ts';
import type { ConfirmedOutcome } from '../accounts/own-account.ts';
import type { SecondStepOutcome, SignInOutcome } from '../accounts/sign-in.ts';
import {
  getSession,
  proveIdentity,
  requestNewPassword,
  type Session,
  setNewPassword,
  signIn,
  signOut,
  takeSecondStep,
} from '../contract/session.ts';
import { getDistrictName } from '../districts/district.ts';
import type { ApiEnvironment, ApiOptions } from './api-environment.ts';
import { ApiRefusal } from './api-refusal.ts';
import { addressOf, refuseUndeclared } from './district-call.ts';
import { addRoute } from './route.ts';

type ApiContext = Context<ApiEnvironment>;

/** Adds GET, POST and DELETE /api/session, the second step, and the links to a new password. */
export function addSessionRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  const { accounts } = options;

  addRoute(app, options, getSession, async ({ person, context }) =>
    sessionOf(options, person, context.var.caller.needsTwoFactor),
  );

  addRoute(app, options, signIn, async ({ body, context }) => {
    const outcome = await accounts.signIn(body, context.req.raw, addressOf(context));
    if (outcome.kind === 'second-step') {
      addCookies(context, outcome.cookies);
      return { secondStep: true as const };
    }
    if (outcome.kind === 'signed-in') return signedIn(options, context, outcome, 'password');
    if (outcome.kind !== 'too-many-attempts') {
      await auditSignIn(options, context, 'sign-in-refused', outcome.person, {
        reason: outcome.kind,
      });
    }
    throw refusalOf(outcome);
  });

  addRoute(app, options, takeSecondStep, async ({ body, context }) => {
    const outcome = await accounts.takeSecondStep(body, context.req.raw, addressOf(context));
    if (outcome.kind === 'signed-in') return signedIn(options, context, outcome, body.kind);
    if (outcome.kind === 'start-over') addCookies(context, outcome.cookies);
    if (outcome.kind === 'wrong-code') {
      await auditSignIn(options, context, 'sign-in-refused', undefined, { reason: outcome.kind });
    }
    throw secondStepRefusalOf(outcome);
  });

  addRoute(app, options, proveIdentity, async ({ person, body, context }) => {
    const { sessionId } = context.var.caller;
    const origin = { request: context.req.raw, address: addressOf(context) };
    const outcome = await accounts.own.prove({ person, sessionId }, body, origin);
    const action = outcome.kind === 'done' ? 'proof-given' : 'proof-refused';
    const detail = outcome.kind === 'done' ? {} : { reason: outcome.kind };
    await auditSignIn(options, context, action, person, detail);
    doneOrRefuse(context, outcome, outcome.kind === 'wrong-password' ? 'password' : 'code');
    return { done: true as const };
  });

  addRoute(app, options, signOut, async ({ person, context }) => {
    addCookies(context, await accounts.signOut(context.req.raw, addressOf(context)));
    await auditSignIn(options, context, 'signed-out', person);
    return { signedOut: true as const };
  });

  addRoute(app, options, requestNewPassword, async ({ body, context }) => {
    await accounts.requestPasswordLink(body.email, context.req.raw, addressOf(context));
    return { accepted: true as const, canMail: accounts.canMail };
  });

  addRoute(app, options, setNewPassword, async ({ body, context }) => {
    const outcome = await accounts.setPasswordByLink(body, context.req.raw, addressOf(context));
    if (outcome.kind === 'too-many-attempts') throw tooMany(outcome.retryAfterSeconds);
    if (outcome.kind === 'link-not-valid') {
      throw new ApiRefusal('link-not-valid', 'This link was used already, or it is too old.', {
        advice: 'Ask for a new one on the sign-in page.',
      });
    }
    await auditSignIn(options, context, 'password-reset', outcome.person);
    return { changed: true as const };
  });
}

/** Cookies that sign-in gives, for the answer. */
export function addCookies(context: ApiContext, cookies: readonly string[]): void {
  for (const cookie of cookies) context.header('set-cookie', cookie, { append: true });
}

/** Sends the session on its way and keeps that it was opened. */
async function signedIn(
  options: ApiOptions,
  context: ApiContext,
  outcome: Extract<SignInOutcome, { kind: 'signed-in' }>,
  by: string,
): Promise<Session> {
  addCookies(context, outcome.cookies);
  await auditSignIn(options, context, 'signed-in', outcome.person, { by });
  return sessionOf(options, outcome.person, outcome.needsTwoFactor);
}

/** Keeps what happened at the door in the person's district unless told; of nobody known, in none. */
export async function auditSignIn(
  { database }: ApiOptions,
  context: ApiContext,
  action: AuditEvent['action'],
  person: Person | undefined,
  detail: NonNullable<AuditEvent['detail']> = {},
  districtId: number = person?.districtId ?? 0,
): Promise<void> {
  const { endpoint, requestId, trail } = context.var;
  refuseUndeclared(endpoint, action);
  const address = addressOf(context);
  const event = { districtId, person, action, detail, address, requestId };
  if (!action.endsWith('-refused')) {
    await recordAudit(database.pool, event);
    return;
  }
  // Wrong passwords and codes, and answers of a provider that let nobody in, can be sent again and again.
  const countedBy = JSON.stringify([person?.accountId, address, detail]);
  await trail.count({ ...event, countedBy });
}

function refusalOf(
  outcome: Exclude<SignInOutcome, { kind: 'signed-in' | 'second-step' }>,
): ApiRefusal {
  if (outcome.kind === 'account-locked') return accountLocked();
  if (outcome.kind === 'locked-out') return lockedOut(outcome.retryAfterSeconds);
  if (outcome.kind === 'too-many-attempts') return tooMany(outcome.retryAfterSeconds);
  return new ApiRefusal('sign-in-refused', 'E-mail or password is wrong.', {
    advice: 'Check both, or ask for a new password below.',
  });
}

function secondStepRefusalOf(
  outcome: Exclude<SecondStepOutcome, { kind: 'signed-in' }>,
): ApiRefusal {
  if (outcome.kind === 'account-locked') return accountLocked();
  if (outcome.kind === 'too-many-attempts') return tooMany(outcome.retryAfterSeconds);
  if (outcome.kind === 'start-over') {
    return new ApiRefusal('sign-in-refused', 'This sign-in took too long, or too many tries.', {
      advice: 'Begin again with your e-mail and password.',
    });
  }
  return new ApiRefusal('sign-in-refused', 'This code is not right.', {
    field: 'code',
    advice:
      'Codes of an app change every 30 seconds, and each works once: type the one that is shown now, or wait for the next.',
  });
}

const accountLocked = (): ApiRefusal =>
  new ApiRefusal('sign-in-refused', 'This account is locked.', {
    advice: 'An administrator of your district can unlock it.',
  });

/** The same words for an e-mail that nobody has. */
const lockedOut = (seconds: number): ApiRefusal =>
  new ApiRefusal(
    'too-many-attempts',
    'There were too many wrong passwords for this e-mail.',
    {
      advice: `Wait ${inWords(seconds)}, then try again. An administrator of your district can unlock an account sooner.`,
    },
    { 'retry-after': String(seconds) },
  );

/** Of one network address, whoever it was. */
const tooMany = (seconds: number): ApiRefusal =>
  new ApiRefusal(
    'too-many-attempts',
    'Too many attempts to sign in from this place.',
    { advice: `Wait ${inWords(seconds)}, then try again.` },
    { 'retry-after': String(seconds) },
  );

const inWords = (seconds: number): string => {
  if (seconds <= 90) return `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
};

/** The person as every screen knows them. */
export async function sessionOf(
  { database, productName = 'SameGoal' }: ApiOptions,
  person: Person,
  needsTwoFactor: boolean,
): Promise<Session> {
  const { name, email, role, districtId } = person;
  return {
    product: productName,
    account: { name, email, role, needsTwoFactor },
    district: districtId === null ? null : await getDistrictName(database.pool, districtId),
  };
}

/** The result of what a password or code was asked for; renews the cookie on the way. */
export function doneOrRefuse<Result>(
  context: ApiContext,
  outcome: ConfirmedOutcome<Result>,
  field: 'password' | 'code',
): Extract<ConfirmedOutcome<Result>, { kind: 'done' }> {
  if (outcome.kind === 'done') {
    addCookies(context, outcome.cookies);
    return outcome;
  }
  if (outcome.kind === 'too-many-attempts') throw tooMany(outcome.retryAfterSeconds);
  if (outcome.kind === 'wrong-password') {
    throw new ApiRefusal('bad-request', 'This is not your password.', {
      field,
      advice: 'Type the password that you sign in with.',
    });
  }
  if (outcome.kind === 'wrong-code') {
    throw new ApiRefusal('bad-request', 'This code is not right.', {
      field,
      advice:
        'A code works once: wait until the app shows the next one. Check the clock of your phone, too.',
    });
  }
  if (outcome.kind === 'code-missing') {
    throw new ApiRefusal('bad-request', 'The code of your second factor is missing.', {
      field,
      advice: 'Type the code that the app shows now, or one of your backup codes.',
    });
  }
  throw new ApiRefusal('not-possible', 'This can’t be done with your account as it is.', {
    advice: 'Load the page again to see how your account stands.',
  });
}
