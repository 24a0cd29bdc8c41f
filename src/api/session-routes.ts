/** Signing in and out, and who one is. */
import type { Hono } from 'hono';

import type { Person, SignInOutcome } from '../accounts/accounts.ts';
import { getSession, type Session, signIn, signOut } from '../contract/session.ts';
import type { Database } from '../database/database.ts';
import { getDistrictName } from '../districts/district.ts';
import type { ApiEnvironment, ApiOptions } from './api-environment.ts';
import { ApiRefusal } from './api-refusal.ts';
import { addressOf } from './district-call.ts';
import { addRoute } from './route.ts';

/** Adds GET, POST and DELETE /api/session. */
export function addSessionRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  const { accounts, database, productName = 'SameGoal' } = options;

  addRoute(app, options, getSession, async ({ person }) =>
    sessionOf(database, productName, person),
  );

  addRoute(app, options, signIn, async ({ body, context }) => {
    const outcome = await accounts.signIn(body, context.req.raw, addressOf(context));
    if (outcome.kind !== 'signed-in') throw refusalOf(outcome);
    for (const cookie of outcome.cookies) context.header('set-cookie', cookie, { append: true });
    return sessionOf(database, productName, outcome.person);
  });

  addRoute(app, options, signOut, async ({ context }) => {
    for (const cookie of await accounts.signOut(context.req.raw, addressOf(context))) {
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

async function sessionOf(database: Database, product: string, person: Person): Promise<Session> {
  return {
    product,
    account: { name: person.name, email: person.email, role: person.role },
    district:
      person.districtId === null ? null : await getDistrictName(database.pool, person.districtId),
  };
}
