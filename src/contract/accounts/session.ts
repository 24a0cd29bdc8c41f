/** Signing in, signing out, and who one is. */
import { z } from 'zod';

import { DistrictName } from '../districts/districts.ts';
import { type Endpoint, everyRole, Role } from '../endpoint.ts';
import { code, email, exact, text } from '../text.ts';

/** The signed-in person and the district that he belongs to. */
export const Session = z
  .strictObject({
    product: z.string().meta({ description: 'Name of the product as people know it.' }),
    account: z.strictObject({
      name: z.string(),
      email: z.string(),
      role: Role,
      needsTwoFactor: z.boolean().meta({
        description:
          'A second factor is wanted of this person; only their own account can be used before it is set up.',
      }),
    }),
    district: DistrictName.nullable().meta({
      description: 'The one district that this person works in; null: every district.',
    }),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

const getSession = {
  method: 'GET',
  path: '/api/session',
  summary: 'Who is signed in, and to which district',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: Session,
} as const satisfies Endpoint;

export const Email = email('must be an e-mail address');

/** What a new password has to be; longer rules than a length only lead to notes on the screen. */
export const NewPassword = exact(128, 'must have at most 128 characters').min(
  12,
  'must have 12 characters or more',
);

/** As it is typed to sign in, or to show once more who it is. */
const Password = exact(128).min(1);
const SignIn = z.strictObject({ email: Email, password: Password });

const Code = text(40).min(1);
const CodeKind = z
  .enum(['app', 'backup'])
  .meta({ description: 'From the app of codes, or one of the backup codes.' });

/** The password was right; POST /api/session/two-factor takes the code. */
const TwoFactorRequired = z
  .strictObject({ twoFactor: z.literal(true) })
  .meta({ id: 'SecondStepWanted' });

const signIn = {
  method: 'POST',
  path: '/api/session',
  summary: 'Sign in by e-mail and password; the answer sets the session cookie',
  access: 'public',
  audit: { kind: 'change', actions: ['signed-in', 'sign-in-failed'] },
  limit: 'sign-in',
  body: SignIn,
  response: z.union([Session, TwoFactorRequired]),
  errors: ['sign-in-failed', 'too-many-attempts'],
} as const satisfies Endpoint;

const verifyTwoFactor = {
  method: 'POST',
  path: '/api/session/two-factor',
  summary: 'The code of the second step; the answer sets the session cookie',
  access: 'public',
  audit: { kind: 'change', actions: ['signed-in', 'sign-in-failed'] },
  limit: 'sign-in',
  body: z.strictObject({
    code: Code,
    kind: CodeKind,
    trustDevice: z
      .boolean()
      .meta({ description: 'Not to be asked again on this device for 30 days.' }),
  }),
  response: Session,
  errors: ['sign-in-failed', 'too-many-attempts'],
} as const satisfies Endpoint;

const reauthenticate = {
  method: 'POST',
  path: '/api/session/reauthentication',
  summary:
    'Show by password and code who it is, for what decides who gets in; it counts for five minutes',
  access: everyRole,
  audit: { kind: 'change', actions: ['reauthenticated', 'reauthentication-failed'] },
  limit: 'sign-in',
  body: z.strictObject({
    password: Password,
    code: z
      .strictObject({ kind: CodeKind, text: Code })
      .optional()
      .meta({ description: 'Wanted of who has a second factor.' }),
  }),
  response: z.strictObject({ done: z.literal(true) }),
  errors: ['too-many-attempts', 'not-possible'],
} as const satisfies Endpoint;

const signOut = {
  method: 'DELETE',
  path: '/api/session',
  summary: 'Sign out: the session ends on the server, the cookie is removed',
  access: everyRole,
  audit: { kind: 'change', actions: ['signed-out'] },
  limit: 'write',
  response: z.strictObject({ signedOut: z.literal(true) }),
} as const satisfies Endpoint;

const requestPasswordReset = {
  method: 'POST',
  path: '/api/password-resets',
  summary: 'Mail a link to a new password; the answer is the same whether there is such an account',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'outside',
  body: z.strictObject({ email: Email }),
  response: z.strictObject({
    accepted: z.literal(true),
    canMail: z.boolean().meta({ description: 'False: this server sends no mail at all.' }),
  }),
  errors: ['too-many-attempts'],
} as const satisfies Endpoint;

const resetPassword = {
  method: 'POST',
  path: '/api/new-password',
  summary: 'Set a new password by the link that was mailed; every session of the account ends',
  access: 'public',
  audit: { kind: 'change', actions: ['password-reset'] },
  limit: 'sign-in',
  body: z.strictObject({ token: code(200).min(1), password: NewPassword }),
  response: z.strictObject({ changed: z.literal(true) }),
  errors: ['link-not-valid', 'too-many-attempts'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const sessionApi = {
  getSession,
  signIn,
  verifyTwoFactor,
  reauthenticate,
  signOut,
  requestPasswordReset,
  resetPassword,
};
