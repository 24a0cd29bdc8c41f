/** One's own account: name, password, second factor, sessions. */
import type { Context, Hono } from 'hono';

import type { OpenSession } from '../accounts/own-account.ts';
import {
  changeName,
  changePassword,
  confirmTwoFactor,
  endEverySession,
  endSession,
  getAccount,
  listSessions,
  renewBackupCodes,
  startTwoFactor,
  turnTwoFactorOff,
} from '../contract/account.ts';
import type { ApiEnvironment, ApiOptions } from './api-environment.ts';
import { addressOf, nothingHere } from './district-call.ts';
import { deviceOf } from './device-name.ts';
import { addRoute } from './route.ts';
import { auditSignIn, doneOrRefuse } from './session-routes.ts';

type ApiContext = Context<ApiEnvironment>;
const done = { done: true } as const;

/** Adds everything below /api/account. */
export function addAccountRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  const { own } = options.accounts;

  addRoute(app, options, getAccount, async ({ person }) => own.read(person));

  addRoute(app, options, changeName, async ({ person, body, context }) => {
    await own.rename(person, body.name);
    await auditSignIn(options, context, 'name-changed', person);
    return done;
  });

  addRoute(app, options, changePassword, async ({ person, body, context }) => {
    const outcome = await own.changePassword(person, body.newPassword, originOf(context));
    doneOrRefuse(context, outcome, 'password');
    await auditSignIn(options, context, 'password-changed', person);
    return done;
  });

  addTwoFactorRoutes(app, options);

  addRoute(app, options, listSessions, async ({ person, context }) => {
    const sessions = await own.listSessions(person);
    return { sessions: sessions.map((one) => listed(one, context.var.caller.sessionId)) };
  });

  addRoute(app, options, endSession, async ({ person, params, context }) => {
    if (!(await own.endSession(person, params.id))) throw nothingHere();
    await auditSignIn(options, context, 'session-ended', person);
    return done;
  });

  addRoute(app, options, endEverySession, async ({ person, context }) => {
    await own.endEverySession(person);
    await auditSignIn(options, context, 'every-session-ended', person);
    return done;
  });
}

function addTwoFactorRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  const { own } = options.accounts;

  addRoute(app, options, startTwoFactor, async ({ person, context }) => {
    const outcome = await own.startTwoFactor(person);
    const { uri, backupCodes } = doneOrRefuse(context, outcome, 'password');
    return { uri, backupCodes: [...backupCodes] };
  });

  addRoute(app, options, confirmTwoFactor, async ({ person, body, context }) => {
    doneOrRefuse(context, await own.confirmTwoFactor(body.code, originOf(context)), 'code');
    await auditSignIn(options, context, 'two-factor-on', person);
    return done;
  });

  addRoute(app, options, turnTwoFactorOff, async ({ person, context }) => {
    const outcome = await own.turnTwoFactorOff(person);
    doneOrRefuse(context, outcome, 'password');
    await auditSignIn(options, context, 'two-factor-off', person);
    return done;
  });

  addRoute(app, options, renewBackupCodes, async ({ person, context }) => {
    const outcome = await own.renewBackupCodes(person);
    const { backupCodes } = doneOrRefuse(context, outcome, 'password');
    await auditSignIn(options, context, 'backup-codes-renewed', person);
    return { backupCodes: [...backupCodes] };
  });
}

const originOf = (context: ApiContext) => ({
  request: context.req.raw,
  address: addressOf(context),
});

const listed = (session: OpenSession, ownId: string) => ({
  id: session.id,
  device: deviceOf(session.userAgent),
  address: session.address,
  signedInBy:
    session.signedInBy === 'single-sign-on' ? ('single-sign-on' as const) : ('password' as const),
  openedAt: session.openedAt.toString(),
  lastUsedAt: session.lastUsedAt.toString(),
  isThisOne: session.id === ownId,
});
