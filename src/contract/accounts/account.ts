/**
 * The user's own account: name, password, two-step verification, sessions.
 *
 * This folder has the endpoints of users, sign-in and the audit trail.
 */
import { z } from 'zod';

import { type Endpoint, everyRole } from '../endpoint.ts';
import { PersonalName } from '../students/personal-name.ts';
import { NewPassword } from './session.ts';
import { Instant } from '../values.ts';
import { text } from '../text.ts';

const Done = z.strictObject({ done: z.literal(true) });
const BackupCodes = z
  .array(z.string())
  .meta({ description: 'Each works once instead of the app. They are shown only this time.' });

const getAccount = {
  method: 'GET',
  path: '/api/account',
  summary: 'How the user signs in',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z
    .strictObject({
      hasPassword: z.boolean().meta({ description: 'False: single sign-on only.' }),
      hasTwoFactor: z.boolean(),
      mustHaveTwoFactor: z
        .boolean()
        .meta({ description: 'Technicians, and administrators if the district requires it.' }),
    })
    .meta({ id: 'Account' }),
} as const satisfies Endpoint;

const changeName = {
  method: 'PUT',
  path: '/api/account/name',
  summary: "Change the user's name",
  access: everyRole,
  audit: { kind: 'change', actions: ['name-changed'] },
  limit: 'write',
  body: z.strictObject({ name: PersonalName }),
  response: Done,
} as const satisfies Endpoint;

const changePassword = {
  method: 'PUT',
  path: '/api/account/password',
  summary: 'Change the password; every other session ends',
  access: everyRole,
  audit: { kind: 'change', actions: ['password-changed'] },
  limit: 'sign-in',
  requiresReauthentication: true,
  body: z.strictObject({ newPassword: NewPassword }),
  response: Done,
  errors: ['too-many-attempts', 'not-possible'],
} as const satisfies Endpoint;

const startTwoFactor = {
  method: 'POST',
  path: '/api/account/two-factor',
  summary:
    'Start setting up an authenticator app; it is active after one of its codes is confirmed',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'write',
  requiresReauthentication: true,
  response: z.strictObject({
    uri: z.string().meta({ description: 'otpauth://… for the QR code that the app scans.' }),
    backupCodes: BackupCodes,
  }),
  errors: ['too-many-attempts', 'not-possible'],
} as const satisfies Endpoint;

const confirmTwoFactor = {
  method: 'PUT',
  path: '/api/account/two-factor',
  summary: 'Confirm the authenticator app with a code: from now on signing in requires one',
  access: everyRole,
  audit: { kind: 'change', actions: ['two-factor-on'] },
  limit: 'sign-in',
  body: z.strictObject({ code: text(10).min(1) }),
  response: Done,
  errors: ['too-many-attempts', 'not-possible'],
} as const satisfies Endpoint;

const disableTwoFactor = {
  method: 'DELETE',
  path: '/api/account/two-factor',
  summary: 'Turn off two-step verification; no device is trusted any longer',
  access: everyRole,
  audit: { kind: 'change', actions: ['two-factor-off'] },
  limit: 'write',
  requiresReauthentication: true,
  response: Done,
  errors: ['too-many-attempts', 'not-possible'],
} as const satisfies Endpoint;

const replaceBackupCodes = {
  method: 'POST',
  path: '/api/account/backup-codes',
  summary: 'Replace the backup codes with ten new ones; the old ones no longer work',
  access: everyRole,
  audit: { kind: 'change', actions: ['backup-codes-replaced'] },
  limit: 'write',
  requiresReauthentication: true,
  response: z.strictObject({ backupCodes: BackupCodes }),
  errors: ['too-many-attempts', 'not-possible'],
} as const satisfies Endpoint;

const OpenSession = z
  .strictObject({
    id: z.uuid(),
    device: z.string().meta({ description: 'Browser and system: Firefox on Windows.' }),
    address: z.string().meta({ description: 'Network address at the time of signing in.' }),
    signedInBy: z.enum(['password', 'single-sign-on']),
    openedAt: Instant,
    lastUsedAt: Instant.meta({ description: 'To the hour.' }),
    isCurrent: z.boolean(),
  })
  .meta({ id: 'OpenSession' });
export type OpenSession = z.infer<typeof OpenSession>;

const listSessions = {
  method: 'GET',
  path: '/api/account/sessions',
  summary: 'Open sessions of the user',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({ sessions: z.array(OpenSession) }),
} as const satisfies Endpoint;

const endSession = {
  method: 'DELETE',
  path: '/api/account/sessions/{id}',
  summary: 'Sign out of one session',
  access: everyRole,
  audit: { kind: 'change', actions: ['session-ended'] },
  limit: 'write',
  params: z.strictObject({ id: z.uuid() }),
  response: Done,
} as const satisfies Endpoint;

const endAllSessions = {
  method: 'DELETE',
  path: '/api/account/sessions',
  summary: 'Sign out of all sessions including this one; no device is trusted any longer',
  access: everyRole,
  audit: { kind: 'change', actions: ['all-sessions-ended'] },
  limit: 'write',
  response: Done,
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const accountApi = {
  getAccount,
  changeName,
  changePassword,
  startTwoFactor,
  confirmTwoFactor,
  disableTwoFactor,
  replaceBackupCodes,
  listSessions,
  endSession,
  endAllSessions,
};
