/** Signing in and out, and who one is. */
import type { Hono } from 'hono';

import type { Person, SignInOutcome } from '../accounts/accounts.ts';
import { getSession, type Session, signIn, signOut } from '../contract/session.ts';
import type { Database } from '../database/database.ts';
import { getDistrict } from '../students/student-district.ts';
import type { ApiEnvironment, ApiOptions } from './api-environment.ts';
import { ApiRefusal } from './api-refusal.ts';
import { addRoute } from './route.ts';

/** Adds GET, POST and DELETE /api/session. */
export function addSessionRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  const { accounts, database, productName = 'SameGoal' } = options;

  addRoute(app, accounts, getSession, async ({ person }) =>
    sessionOf(database, productName, person),
  );

  addRoute(app, accounts, signIn, async ({ body, context }) => {
    const outcome = await accounts.signIn(body, context.req.raw, addressOf(context.env));
    if (outcome.kind !== 'signed-in') throw refusalOf(outcome);
    for (const cookie of outcome.cookies) context.header('set-cookie', cookie, { append: true });
    return sessionOf(database, productName, outcome.person);
  });

  addRoute(app, accounts, signOut, async ({ context }) => {
    for (const cookie of await accounts.signOut(context.req.raw, addressOf(context.env))) {
      context.header('set-cookie', cookie, { append: true });
    }
    return { signedOut: true as const };
  });
}

function refusalOf(outcome: Exclude<SignInOutcome, { kind: 'signed-in' }>): ApiRefusal {
  if (outcome.kind === 'refused') {
    return new ApiRefusal('sign-in-refused', 'E-mail or password is wrong.', {
      advice: 'Check both. An administrator of your district can set a new password.',
    });
  }
  return new ApiRefusal(
    'too-many-attempts',
    'Too many attempts to sign in from this place.',
    { advice: `Wait ${outcome.retryAfterSeconds} seconds, then try again.` },
    { 'retry-after': String(outcome.retryAfterSeconds) },
  );
}

/** The caller's address as the socket has it; in a test without a socket, this machine. */
const addressOf = (bindings: ApiEnvironment['Bindings'] | undefined): string =>
  bindings?.incoming?.socket.remoteAddress ?? '127.0.0.1';

async function sessionOf(database: Database, product: string, person: Person): Promise<Session> {
  return {
    product,
    account: { name: person.name, email: person.email, role: person.role },
    district: await getDistrict(database, person.districtId),
  };
}
