/** Signing in, signing out, and who one is. */
import { z } from 'zod';

import { DistrictName } from './districts.ts';
import { type Endpoint, everyRole, Role } from './endpoint.ts';

/** The signed-in person and the district that he belongs to. */
export const Session = z
  .strictObject({
    product: z.string().meta({ description: 'Name of the product as people know it.' }),
    account: z.strictObject({ name: z.string(), email: z.string(), role: Role }),
    district: DistrictName.nullable().meta({
      description: 'The one district that this person works in; null: every district.',
    }),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const getSession = {
  method: 'GET',
  path: '/api/session',
  summary: 'Who is signed in, and to which district',
  access: everyRole,
  response: Session,
} as const satisfies Endpoint;

const SignIn = z.strictObject({
  email: z.email('must be an e-mail address').max(254),
  password: z.string().min(1).max(128),
});

export const signIn = {
  method: 'POST',
  path: '/api/session',
  summary: 'Sign in by e-mail and password; the answer sets the session cookie',
  access: 'public',
  body: SignIn,
  response: Session,
  errors: ['sign-in-refused', 'too-many-attempts'],
} as const satisfies Endpoint;

export const signOut = {
  method: 'DELETE',
  path: '/api/session',
  summary: 'Sign out: the session ends on the server, the cookie is removed',
  access: everyRole,
  response: z.strictObject({ signedOut: z.literal(true) }),
} as const satisfies Endpoint;
