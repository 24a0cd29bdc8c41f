/**
 * The user's own account: name, password, two-step verification, sessions.
 *
 * This folder has the handlers of the endpoints, one file per area.
 */
import type { Context } from 'hono';

import type { OpenSession } from '../../accounts/users/own-account.ts';
import { accountApi } from '../../contract/accounts/account.ts';
import { notFound } from '../api-error.ts';
import type { ApiEnvironment } from '../server/api-environment.ts';
import { clientAddress } from '../district-call.ts';
import { describeDevice } from '../server/device-name.ts';
import type { RouteContext } from '../route.ts';
import { auditSignIn, doneOrError } from './session-routes.ts';

type ApiContext = Context<ApiEnvironment>;
const done = { done: true } as const;

/** Adds everything below /api/account. */
export function addAccountRoutes(routes: RouteContext): void {
  const { route, options } = routes;
  const { own } = options.accounts;

  route(accountApi.getAccount, async ({ user }) => own.read(user));

  route(accountApi.changeName, async ({ user, body, context }) => {
    await own.rename(user, body.name);
    await auditSignIn(options, context, 'name-changed', user);
    return done;
  });

  route(accountApi.changePassword, async ({ user, body, context }) => {
    const outcome = await own.changePassword(user, body.newPassword, toOrigin(context));
    doneOrError(context, outcome, 'password');
    await auditSignIn(options, context, 'password-changed', user);
    return done;
  });

  addTwoFactorRoutes(routes);

  route(accountApi.listSessions, async ({ user, context }) => {
    const sessions = await own.listSessions(user);
    return { sessions: sessions.map((one) => listed(one, context.var.caller.sessionId)) };
  });

  route(accountApi.endSession, async ({ user, params, context }) => {
    if (!(await own.endSession(user, params.id))) throw notFound();
    await auditSignIn(options, context, 'session-ended', user);
    return done;
  });

  route(accountApi.endAllSessions, async ({ user, context }) => {
    await own.endAllSessions(user);
    await auditSignIn(options, context, 'all-sessions-ended', user);
    return done;
  });
}

function addTwoFactorRoutes({ route, options }: RouteContext): void {
  const { own } = options.accounts;

  route(accountApi.startTwoFactor, async ({ user, context }) => {
    const outcome = await own.startTwoFactor(user);
    const { uri, backupCodes } = doneOrError(context, outcome, 'password');
    return { uri, backupCodes: [...backupCodes] };
  });

  route(accountApi.confirmTwoFactor, async ({ user, body, context }) => {
    doneOrError(context, await own.confirmTwoFactor(body.code, toOrigin(context)), 'code');
    await auditSignIn(options, context, 'two-factor-on', user);
    return done;
  });

  route(accountApi.disableTwoFactor, async ({ user, context }) => {
    const outcome = await own.disableTwoFactor(user);
    doneOrError(context, outcome, 'password');
    await auditSignIn(options, context, 'two-factor-off', user);
    return done;
  });

  route(accountApi.replaceBackupCodes, async ({ user, context }) => {
    const outcome = await own.replaceBackupCodes(user);
    const { backupCodes } = doneOrError(context, outcome, 'password');
    await auditSignIn(options, context, 'backup-codes-replaced', user);
    return { backupCodes: [...backupCodes] };
  });
}

const toOrigin = (context: ApiContext) => ({
  request: context.req.raw,
  address: clientAddress(context),
});

const listed = (session: OpenSession, ownId: string) => ({
  id: session.id,
  device: describeDevice(session.userAgent),
  address: session.address,
  signedInBy:
    session.signedInBy === 'single-sign-on' ? ('single-sign-on' as const) : ('password' as const),
  openedAt: session.openedAt.toString(),
  lastUsedAt: session.lastUsedAt.toString(),
  isCurrent: session.id === ownId,
});
