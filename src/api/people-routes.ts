/** The people of a district: accounts, invitations, and the page where an invitation is accepted. */
import type { Hono } from 'hono';

import type { InviteOutcome } from '../accounts/invitations.ts';
import type { PersonOutcome } from '../accounts/people.ts';
import {
  acceptInvitation,
  changePerson,
  getInvitation,
  invite,
  listPeople,
  removePerson,
  resendInvitation,
  setLock,
  setTwoFactorRule,
  turnPersonsTwoFactorOff,
  withdrawInvitation,
} from '../contract/people.ts';
import type { ApiEnvironment, ApiOptions } from './api-environment.ts';
import { ApiRefusal } from './api-refusal.ts';
import { addressOf, nothingHere } from './district-call.ts';
import { addRoute } from './route.ts';
import { addCookies, auditSignIn, sessionOf } from './session-routes.ts';

const done = { done: true } as const;

/** Adds everything about people and invitations. */
export function addPeopleRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  addPersonRoutes(app, options);
  addInvitationRoutes(app, options);
  addAcceptRoutes(app, options);
}

function addPersonRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  const { people, invitations } = options.accounts;

  addRoute(app, options, listPeople, async ({ district, person }) => {
    const [listed, waiting, requiresTwoFactor] = await Promise.all([
      people.list(district.id),
      invitations.list(district.id),
      people.requiresTwoFactor(district.id),
    ]);
    return {
      requiresTwoFactor,
      people: listed.map((one) => ({
        ...one,
        schools: one.schools && [...one.schools],
        lockedOutUntil: one.lockedOutUntil?.toString() ?? null,
        lastSignedInAt: one.lastSignedInAt?.toString() ?? null,
        isYou: one.id === person.accountId,
      })),
      invitations: waiting.map((one) => ({
        ...one,
        schools: one.schools && [...one.schools],
        createdAt: one.createdAt.toString(),
        expiresAt: one.expiresAt.toString(),
      })),
    };
  });

  addRoute(app, options, changePerson, async ({ district, params, body }) => {
    const { email } = doneOrRefuse(await people.change(district.id, params.id, body));
    const { role, schools } = body;
    await district.audit({ action: 'person-changed', detail: { email, role, schools } });
    return done;
  });

  addRoute(app, options, setLock, async ({ district, person, params, body }) => {
    if (body.isLocked) refuseForOneself(params.id, person.accountId, 'lock');
    const { email } = doneOrRefuse(await people.setLock(district.id, params.id, body.isLocked));
    const action = body.isLocked ? 'person-locked' : 'person-unlocked';
    await district.audit({ action, detail: { email } });
    return done;
  });

  addRoute(app, options, turnPersonsTwoFactorOff, async ({ district, params }) => {
    const { email } = doneOrRefuse(await people.turnTwoFactorOff(district.id, params.id));
    await district.audit({ action: 'person-two-factor-off', detail: { email } });
    return done;
  });

  addRoute(app, options, removePerson, async ({ district, person, params }) => {
    refuseForOneself(params.id, person.accountId, 'remove');
    const { email } = doneOrRefuse(await people.remove(district.id, params.id));
    await district.audit({ action: 'person-removed', detail: { email } });
    return done;
  });

  addRoute(app, options, setTwoFactorRule, async ({ district, body }) => {
    await people.setRequiresTwoFactor(district.id, body.isRequired);
    await district.audit({ action: 'two-factor-rule-changed', detail: body });
    return done;
  });
}

function addInvitationRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  const { invitations } = options.accounts;

  addRoute(app, options, invite, async ({ district, person, body, context }) => {
    const outcome = await invitations.invite(district.id, body, person, context.req.raw);
    const { email, role, schools } = body;
    const detail = { email: email.toLowerCase(), role, schools };
    if (outcome.kind === 'invited') await district.audit({ action: 'person-invited', detail });
    return invitedOrRefuse(outcome);
  });

  addRoute(app, options, resendInvitation, async ({ district, person, params, context }) => {
    const { id } = params;
    const known = (await invitations.list(district.id)).find((one) => one.id === id);
    if (known === undefined) throw nothingHere();
    const outcome = await invitations.resend(district.id, id, person, context.req.raw);
    const { email, role, schools } = known;
    if (outcome.kind === 'invited') {
      await district.audit({ action: 'person-invited', detail: { email, role, schools } });
    }
    return invitedOrRefuse(outcome);
  });

  addRoute(app, options, withdrawInvitation, async ({ district, params }) => {
    const known = (await invitations.list(district.id)).find((one) => one.id === params.id);
    if (known === undefined || !(await invitations.withdraw(district.id, params.id))) {
      throw nothingHere();
    }
    await district.audit({ action: 'invitation-withdrawn', detail: { email: known.email } });
    return done;
  });
}

function addAcceptRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  const { invitations } = options.accounts;

  addRoute(app, options, getInvitation, async ({ params }) => {
    const invitation = await invitations.find(params.token);
    if (invitation === undefined) throw invitationNotValid();
    return { ...invitation, expiresAt: invitation.expiresAt.toString() };
  });

  addRoute(app, options, acceptInvitation, async ({ params, body, context }) => {
    const origin = { request: context.req.raw, address: addressOf(context) };
    const outcome = await invitations.accept(params.token, body, origin);
    if (outcome.kind === 'link-not-valid') throw invitationNotValid();
    if (outcome.kind === 'single-sign-on-only') {
      throw new ApiRefusal('not-possible', 'Your district does not use passwords here.', {
        advice: 'Open the link of the invitation again and sign in with your district.',
      });
    }
    addCookies(context, outcome.cookies);
    await auditSignIn(options, context, 'invitation-accepted', outcome.person);
    return sessionOf(options, outcome.person, outcome.needsTwoFactor);
  });
}

const invitationNotValid = (): ApiRefusal =>
  new ApiRefusal('link-not-valid', 'This invitation was used or withdrawn, or it is too old.', {
    advice:
      'Ask the administrator who invited you for a new one, or sign in if you have an account.',
  });

/** Nobody locks themselves out by a slip; another administrator can do it. */
function refuseForOneself(id: string, own: string, what: 'lock' | 'remove'): void {
  if (id !== own) return;
  throw new ApiRefusal('not-possible', `You can't ${what} your own account.`, {
    advice: 'Ask another administrator of the district to do it.',
  });
}

function doneOrRefuse(outcome: PersonOutcome): Extract<PersonOutcome, { kind: 'done' }> {
  if (outcome.kind === 'done') return outcome;
  if (outcome.kind === 'unknown') throw nothingHere();
  if (outcome.kind === 'changed-meanwhile') {
    throw new ApiRefusal('conflict', 'Somebody else has changed this account since.', {
      advice: 'Look at it as it is now, then change it again.',
    });
  }
  throw new ApiRefusal(
    'not-possible',
    'This is the last administrator of the district who can sign in.',
    { advice: 'Make somebody else an administrator first.' },
  );
}

function invitedOrRefuse(outcome: InviteOutcome) {
  if (outcome.kind === 'unknown') throw nothingHere();
  if (outcome.kind === 'has-account') {
    throw new ApiRefusal('not-possible', 'This e-mail can’t be invited: it has an account.', {
      field: 'email',
      advice: 'Look for the person in the list, or use another e-mail.',
    });
  }
  return { mailState: outcome.mailState, link: outcome.link ?? null };
}
