/** Users of a district: accounts, invitations, and accepting an invitation. */
import type { InviteOutcome } from '../../accounts/users/invitations.ts';
import type { UserOutcome } from '../../accounts/users/users.ts';
import { usersApi } from '../../contract/accounts/users.ts';
import { ApiError, found, notFound } from '../api-error.ts';
import { clientAddress } from '../district-call.ts';
import type { RouteContext } from '../route.ts';
import { addCookies, auditSignIn, toSession } from './session-routes.ts';

const done = { done: true } as const;

/** Adds the routes of users and invitations. */
export function addUserRoutes(routes: RouteContext): void {
  addListedUserRoutes(routes);
  addInvitationRoutes(routes);
  addAcceptRoutes(routes);
}

function addListedUserRoutes({ route, options }: RouteContext): void {
  const { users, invitations } = options.accounts;

  route(usersApi.listUsers, async ({ district, user }) => {
    const [listed, waiting, requiresTwoFactor] = await Promise.all([
      users.list(district.id),
      invitations.list(district.id),
      users.requiresTwoFactor(district.id),
    ]);
    return {
      requiresTwoFactor,
      users: listed.map((one) => ({
        ...one,
        schools: one.schools && [...one.schools],
        lockedOutUntil: one.lockedOutUntil?.toString() ?? null,
        lastSignedInAt: one.lastSignedInAt?.toString() ?? null,
        isYou: one.id === user.accountId,
      })),
      invitations: waiting.map((one) => ({
        ...one,
        schools: one.schools && [...one.schools],
        createdAt: one.createdAt.toString(),
        expiresAt: one.expiresAt.toString(),
      })),
    };
  });

  route(usersApi.updateUser, async ({ district, params, body }) => {
    const { email } = doneOrError(await users.change(district.id, params.id, body));
    const { role, schools } = body;
    await district.audit({ action: 'user-updated', detail: { email, role, schools } });
    return done;
  });

  route(usersApi.setSuspended, async ({ district, user, params, body }) => {
    if (body.isSuspended) rejectOwnAccount(params.id, user.accountId, 'suspend');
    const { email } = doneOrError(
      await users.setSuspended(district.id, params.id, body.isSuspended),
    );
    const action = body.isSuspended ? 'user-suspended' : 'user-reactivated';
    await district.audit({ action, detail: { email } });
    return done;
  });

  route(usersApi.disableUserTwoFactor, async ({ district, params }) => {
    const { email } = doneOrError(await users.disableTwoFactor(district.id, params.id));
    await district.audit({ action: 'user-two-factor-off', detail: { email } });
    return done;
  });

  route(usersApi.removeUser, async ({ district, user, params }) => {
    rejectOwnAccount(params.id, user.accountId, 'remove');
    const { email } = doneOrError(await users.remove(district.id, params.id));
    await district.audit({ action: 'user-removed', detail: { email } });
    return done;
  });

  route(usersApi.setTwoFactorRule, async ({ district, body }) => {
    await users.setRequiresTwoFactor(district.id, body.isRequired);
    await district.audit({ action: 'two-factor-rule-changed', detail: body });
    return done;
  });
}

function addInvitationRoutes({ route, options }: RouteContext): void {
  const { invitations } = options.accounts;

  route(usersApi.invite, async ({ district, user, body, context }) => {
    const outcome = await invitations.invite(district.id, body, user, context.req.raw);
    const { email, role, schools } = body;
    const detail = { email: email.toLowerCase(), role, schools };
    if (outcome.kind === 'invited') await district.audit({ action: 'user-invited', detail });
    return invitedOrError(outcome);
  });

  route(usersApi.resendInvitation, async ({ district, user, params, context }) => {
    const { id } = params;
    const known = found((await invitations.list(district.id)).find((one) => one.id === id));
    const outcome = await invitations.resend(district.id, id, user, context.req.raw);
    const { email, role, schools } = known;
    if (outcome.kind === 'invited') {
      await district.audit({ action: 'user-invited', detail: { email, role, schools } });
    }
    return invitedOrError(outcome);
  });

  route(usersApi.cancelInvitation, async ({ district, params }) => {
    const known = (await invitations.list(district.id)).find((one) => one.id === params.id);
    if (known === undefined || !(await invitations.cancel(district.id, params.id))) {
      throw notFound();
    }
    await district.audit({ action: 'invitation-canceled', detail: { email: known.email } });
    return done;
  });
}

function addAcceptRoutes({ route, options }: RouteContext): void {
  const { invitations } = options.accounts;

  route(usersApi.getInvitation, async ({ params }) => {
    const invitation = found(await invitations.find(params.token), invitationNotValid);
    return { ...invitation, expiresAt: invitation.expiresAt.toString() };
  });

  route(usersApi.acceptInvitation, async ({ params, body, context }) => {
    const origin = { request: context.req.raw, address: clientAddress(context) };
    const outcome = await invitations.accept(params.token, body, origin);
    if (outcome.kind === 'link-not-valid') throw invitationNotValid();
    if (outcome.kind === 'single-sign-on-only') {
      throw new ApiError('not-possible', 'Your district does not use passwords.', {
        advice: 'Open the invitation link again and sign in with your district.',
      });
    }
    addCookies(context, outcome.cookies);
    await auditSignIn(options, context, 'invitation-accepted', outcome.user);
    return toSession(options, outcome.user, outcome.needsTwoFactor);
  });
}

const invitationNotValid = (): ApiError =>
  new ApiError('link-not-valid', 'This invitation was used, was canceled, or has expired.', {
    advice:
      'Ask the administrator who invited you for a new one, or sign in if you have an account.',
  });

/** Keeps administrators from locking themselves out by mistake; another one can do it. */
function rejectOwnAccount(id: string, own: string, what: 'suspend' | 'remove'): void {
  if (id !== own) return;
  throw new ApiError('not-possible', `You can’t ${what} your own account.`, {
    advice: 'Ask another administrator of the district to do it.',
  });
}

function doneOrError(outcome: UserOutcome): Extract<UserOutcome, { kind: 'done' }> {
  if (outcome.kind === 'done') return outcome;
  if (outcome.kind === 'unknown') throw notFound();
  if (outcome.kind === 'changed-meanwhile') {
    throw new ApiError('conflict', 'Someone else has changed this account in the meantime.', {
      advice: 'Refresh the page, then change it again.',
    });
  }
  throw new ApiError('not-possible', 'This is the last active administrator of the district.', {
    advice: 'Make another user an administrator first.',
  });
}

function invitedOrError(outcome: InviteOutcome) {
  if (outcome.kind === 'unknown') throw notFound();
  if (outcome.kind === 'has-account') {
    throw new ApiError('not-possible', 'This e-mail address already has an account.', {
      field: 'email',
      advice: 'Look for the user in the list, or use another e-mail address.',
    });
  }
  return { mailState: outcome.mailState, link: outcome.link ?? null };
}
