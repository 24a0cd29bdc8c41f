/** Signing in and out, the current session, password reset. */
import { z } from 'zod';

import { DistrictName } from '../districts/districts.ts';
import { type Endpoint, everyRole, Role } from '../endpoint.ts';
import { code, email, exact, text } from '../text.ts';

/** The signed-in user and their district. */
export const Session = z
  .strictObject({
    product: z.string().meta({ description: 'Name of the product on screens.' }),
    account: z.strictObject({
      name: z.string(),
      email: z.string(),
      role: Role,
      needsTwoFactor: z.boolean().meta({
        description:
          'Two-step verification is required; until it is set up, only the own account can be used.',
      }),
    }),
    district: DistrictName.nullable().meta({
      description: "The user's district; null: all districts.",
    }),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

const getSession = {
  method: 'GET',
  path: '/api/session',
  summary: 'The signed-in user and their district',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: Session,
} as const satisfies Endpoint;

export const Email = email('must be an e-mail address');

/** The rule for new passwords: a minimum length only, since stricter rules lead to notes on the screen. */
export const NewPassword = exact(128, 'must have at most 128 characters').min(
  12,
  'must have 12 characters or more',
);

/** A password as typed. */
const Password = exact(128).min(1);
const SignIn = z.strictObject({ email: Email, password: Password });

const Code = text(40).min(1);
const CodeKind = z
  .enum(['app', 'backup'])
  .meta({ description: 'A code of the authenticator app, or a backup code.' });

/** The password was right; POST /api/session/two-factor takes the code. */
const TwoFactorRequired = z
  .strictObject({ twoFactor: z.literal(true) })
  .meta({ id: 'TwoFactorRequired' });

const signIn = {
  method: 'POST',
  path: '/api/session',
  summary: 'Sign in with e-mail and password; the response sets the session cookie',
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
  summary: 'Send the code of two-step verification; the response sets the session cookie',
  access: 'public',
  audit: { kind: 'change', actions: ['signed-in', 'sign-in-failed'] },
  limit: 'sign-in',
  body: z.strictObject({
    code: Code,
    kind: CodeKind,
    trustDevice: z
      .boolean()
      .meta({ description: 'Do not ask for a code on this device for 30 days.' }),
  }),
  response: Session,
  errors: ['sign-in-failed', 'too-many-attempts'],
} as const satisfies Endpoint;

const reauthenticate = {
  method: 'POST',
  path: '/api/session/reauthentication',
  summary:
    'Confirm the identity with password and code, which sensitive endpoints require; valid for five minutes',
  access: everyRole,
  audit: { kind: 'change', actions: ['reauthenticated', 'reauthentication-failed'] },
  limit: 'sign-in',
  body: z.strictObject({
    password: Password,
    code: z
      .strictObject({ kind: CodeKind, text: Code })
      .optional()
      .meta({ description: 'Required with two-step verification.' }),
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
  summary:
    'Send a link to reset the password by mail; the response is the same whether or not the account exists',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'outside',
  body: z.strictObject({ email: Email }),
  response: z.strictObject({
    accepted: z.literal(true),
    canMail: z.boolean().meta({ description: 'False: this server sends no mail.' }),
  }),
  errors: ['too-many-attempts'],
} as const satisfies Endpoint;

const resetPassword = {
  method: 'POST',
  path: '/api/new-password',
  summary: 'Set a new password with the link from the mail; all sessions of the account end',
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
