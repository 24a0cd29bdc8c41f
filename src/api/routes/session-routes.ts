/** Signing in and out, the current session, and password reset. */
import type { Context } from 'hono';

import type { User } from '../../accounts/accounts.ts';
import { type AuditEvent, recordAudit } from '../../accounts/audit/audit-trail.ts';
import type { ConfirmedOutcome } from '../../accounts/users/own-account.ts';
import type { TwoFactorOutcome, SignInOutcome } from '../../accounts/sign-in/sign-in.ts';
import { type Session, sessionApi } from '../../contract/accounts/session.ts';
import { getDistrictName } from '../../districts/district.ts';
import { ApiError } from '../api-error.ts';
import type { ApiEnvironment, ApiOptions } from '../server/api-environment.ts';
import { clientAddress, rejectUndeclared } from '../district-call.ts';
import type { RouteContext } from '../route.ts';
import { defaultProductName } from '../../contract/product-name.ts';

type ApiContext = Context<ApiEnvironment>;

/** Adds GET, POST and DELETE /api/session, two-step verification, and password reset. */
export function addSessionRoutes({ route, options }: RouteContext): void {
  const { accounts } = options;

  route(sessionApi.getSession, async ({ user, context }) =>
    toSession(options, user, context.var.caller.needsTwoFactor),
  );

  route(sessionApi.signIn, async ({ body, context }) => {
    const outcome = await accounts.signIn(body, context.req.raw, clientAddress(context));
    if (outcome.kind === 'two-factor') {
      addCookies(context, outcome.cookies);
      return { twoFactor: true as const };
    }
    if (outcome.kind === 'signed-in') return newSession(options, context, outcome, 'password');
    if (outcome.kind !== 'too-many-attempts') {
      await auditSignIn(options, context, 'sign-in-failed', outcome.user, {
        reason: outcome.kind,
      });
    }
    throw toApiError(outcome);
  });

  route(sessionApi.verifyTwoFactor, async ({ body, context }) => {
    const outcome = await accounts.verifyTwoFactor(body, context.req.raw, clientAddress(context));
    if (outcome.kind === 'signed-in') return newSession(options, context, outcome, body.kind);
    if (outcome.kind === 'start-over') addCookies(context, outcome.cookies);
    if (outcome.kind === 'wrong-code') {
      await auditSignIn(options, context, 'sign-in-failed', undefined, { reason: outcome.kind });
    }
    throw toTwoFactorError(outcome);
  });

  route(sessionApi.reauthenticate, async ({ user, body, context }) => {
    const { sessionId } = context.var.caller;
    const origin = { request: context.req.raw, address: clientAddress(context) };
    const outcome = await accounts.own.reauthenticate({ user, sessionId }, body, origin);
    const action = outcome.kind === 'done' ? 'reauthenticated' : 'reauthentication-failed';
    const detail = outcome.kind === 'done' ? {} : { reason: outcome.kind };
    await auditSignIn(options, context, action, user, detail);
    doneOrError(context, outcome, outcome.kind === 'wrong-password' ? 'password' : 'code');
    return { done: true as const };
  });

  route(sessionApi.signOut, async ({ user, context }) => {
    addCookies(context, await accounts.signOut(context.req.raw, clientAddress(context)));
    await auditSignIn(options, context, 'signed-out', user);
    return { signedOut: true as const };
  });

  route(sessionApi.requestPasswordReset, async ({ body, context }) => {
    await accounts.requestPasswordReset(body.email, context.req.raw, clientAddress(context));
    return { accepted: true as const, canMail: accounts.canMail };
  });

  route(sessionApi.resetPassword, async ({ body, context }) => {
    const outcome = await accounts.resetPassword(body, context.req.raw, clientAddress(context));
    if (outcome.kind === 'too-many-attempts') throw tooManyAttempts(outcome.retryAfterSeconds);
    if (outcome.kind === 'link-not-valid') {
      throw new ApiError('link-not-valid', 'This link was used already, or it is too old.', {
        advice: 'Ask for a new one on the sign-in page.',
      });
    }
    await auditSignIn(options, context, 'password-reset', outcome.user);
    return { changed: true as const };
  });
}

/** Adds the cookies of a sign-in to the response. */
export function addCookies(context: ApiContext, cookies: readonly string[]): void {
  for (const cookie of cookies) context.header('set-cookie', cookie, { append: true });
}

/** Returns the new session and records it in the audit trail. */
async function newSession(
  options: ApiOptions,
  context: ApiContext,
  outcome: Extract<SignInOutcome, { kind: 'signed-in' }>,
  by: string,
): Promise<Session> {
  addCookies(context, outcome.cookies);
  await auditSignIn(options, context, 'signed-in', outcome.user, { by });
  return toSession(options, outcome.user, outcome.needsTwoFactor);
}

/** Failed sign-ins can be repeated without end, so the audit trail counts them instead of adding entries. */
const countedActions: readonly AuditEvent['action'][] = [
  'sign-in-failed',
  'reauthentication-failed',
];

/** Records a sign-in event in the user's district (by default), or in none if the user is unknown. */
export async function auditSignIn(
  { database }: ApiOptions,
  context: ApiContext,
  action: AuditEvent['action'],
  user: User | undefined,
  detail: NonNullable<AuditEvent['detail']> = {},
  districtId: number = user?.districtId ?? 0,
): Promise<void> {
  const { endpoint, requestId, trail } = context.var;
  rejectUndeclared(endpoint, action);
  const address = clientAddress(context);
  const event = { districtId, user, action, detail, address, requestId };
  if (!countedActions.includes(action)) {
    await recordAudit(database.pool, event);
    return;
  }
  // Wrong passwords and codes, and failed responses of a provider, can be sent again and again.
  const countedBy = JSON.stringify([user?.accountId, address, detail]);
  await trail.count({ ...event, countedBy });
}

function toApiError(
  outcome: Exclude<SignInOutcome, { kind: 'signed-in' | 'two-factor' }>,
): ApiError {
  if (outcome.kind === 'account-suspended') return accountLocked();
  if (outcome.kind === 'locked-out') return lockedOut(outcome.retryAfterSeconds);
  if (outcome.kind === 'too-many-attempts') return tooManyAttempts(outcome.retryAfterSeconds);
  return new ApiError('sign-in-failed', 'E-mail or password is wrong.', {
    advice: 'Check both, or ask for a new password below.',
  });
}

function toTwoFactorError(outcome: Exclude<TwoFactorOutcome, { kind: 'signed-in' }>): ApiError {
  if (outcome.kind === 'account-suspended') return accountLocked();
  if (outcome.kind === 'too-many-attempts') return tooManyAttempts(outcome.retryAfterSeconds);
  if (outcome.kind === 'start-over') {
    return new ApiError('sign-in-failed', 'This sign-in took too long or had too many attempts.', {
      advice: 'Start again with your e-mail and password.',
    });
  }
  return new ApiError('sign-in-failed', 'This code is wrong.', {
    field: 'code',
    advice:
      'App codes change every 30 seconds, and each works once: enter the current one, or wait for the next.',
  });
}

const accountLocked = (): ApiError =>
  new ApiError('sign-in-failed', 'This account is suspended.', {
    advice: 'An administrator of your district can reactivate it.',
  });

/** The same message for an e-mail without an account. */
const lockedOut = (seconds: number): ApiError =>
  new ApiError(
    'too-many-attempts',
    'There were too many wrong passwords for this e-mail address.',
    {
      advice: `Wait ${formatWait(seconds)}, then try again. An administrator of your district can unlock an account sooner.`,
    },
    { 'retry-after': String(seconds) },
  );

/** Counted by network address, for all accounts together. */
const tooManyAttempts = (seconds: number): ApiError =>
  new ApiError(
    'too-many-attempts',
    'There were too many sign-in attempts from your network.',
    { advice: `Wait ${formatWait(seconds)}, then try again.` },
    { 'retry-after': String(seconds) },
  );

const formatWait = (seconds: number): string => {
  if (seconds <= 90) return `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
};

/** Returns the session as the contract has it. */
export async function toSession(
  { database, productName = defaultProductName }: ApiOptions,
  user: User,
  needsTwoFactor: boolean,
): Promise<Session> {
  const { name, email, role, districtId } = user;
  return {
    product: productName,
    account: { name, email, role, needsTwoFactor },
    district: districtId === null ? null : await getDistrictName(database.pool, districtId),
  };
}

/** Returns the result of an action that needed a password or code, and renews the cookie; or throws the error. */
export function doneOrError<Result>(
  context: ApiContext,
  outcome: ConfirmedOutcome<Result>,
  field: 'password' | 'code',
): Extract<ConfirmedOutcome<Result>, { kind: 'done' }> {
  if (outcome.kind === 'done') {
    addCookies(context, outcome.cookies);
    return outcome;
  }
  if (outcome.kind === 'too-many-attempts') throw tooManyAttempts(outcome.retryAfterSeconds);
  if (outcome.kind === 'wrong-password') {
    throw new ApiError('bad-request', 'This is not your password.', {
      field,
      advice: 'Enter the password that you sign in with.',
    });
  }
  if (outcome.kind === 'wrong-code') {
    throw new ApiError('bad-request', 'This code is wrong.', {
      field,
      advice: 'Each code works once: wait for the next one. Also check the clock of your phone.',
    });
  }
  if (outcome.kind === 'code-missing') {
    throw new ApiError('bad-request', 'The code of your two-step verification is missing.', {
      field,
      advice: 'Enter the code that the app shows now, or one of your backup codes.',
    });
  }
  throw new ApiError('not-possible', 'This can’t be done with your account as it is.', {
    advice: 'Refresh the page to see your account.',
  });
}
