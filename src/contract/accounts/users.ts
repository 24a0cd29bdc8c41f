/** The people of a district: their accounts, invitations, and what sign-in asks of them. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { PersonalName } from '../students/personal-name.ts';
import { Email, NewPassword, Session } from './session.ts';
import { Instant } from '../values.ts';
import { code } from '../text.ts';

/** The roles that a district has; technicians work for the vendor. */
export const DistrictRole = z.enum(['administrator', 'staff', 'read-only']).meta({
  id: 'DistrictRole',
  description: 'A role that a person of a district may have.',
});
export type DistrictRole = z.infer<typeof DistrictRole>;

const Schools = z
  .array(z.int().positive())
  .max(500)
  .nullable()
  .meta({ description: 'Entities whose students the person sees; null: all of the district.' });

const Done = z.strictObject({ done: z.literal(true) });
const IdParams = z.strictObject({ id: z.uuid() });

const ListedUser = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    role: DistrictRole,
    schools: Schools,
    hasTwoFactor: z.boolean(),
    isSuspended: z.boolean().meta({ description: 'Locked by an administrator.' }),
    lockedOutUntil: Instant.nullable().meta({
      description: 'Locked after too many wrong passwords or codes, until then.',
    }),
    lastSignedInAt: Instant.nullable(),
    version: z.string().meta({ description: 'Names this state; a change has to give it.' }),
    isYou: z.boolean(),
  })
  .meta({ id: 'ListedPerson' });
export type ListedUser = z.infer<typeof ListedUser>;

const Invitation = z
  .strictObject({
    id: z.uuid(),
    email: z.string(),
    role: DistrictRole,
    schools: Schools,
    invitedBy: z.string(),
    createdAt: Instant,
    expiresAt: Instant,
    hasExpired: z.boolean(),
    mailState: z.enum(['sent', 'failed', 'no-mail']),
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof Invitation>;

const listUsers = {
  method: 'GET',
  path: `${districtPath}/users`,
  summary: 'Everybody with an account of the district, and the invitations that wait',
  access: administeringRoles,
  audit: { kind: 'search', action: 'users-listed' },
  limit: 'read',
  response: z.strictObject({
    users: z.array(ListedUser),
    invitations: z.array(Invitation),
    requiresTwoFactor: z
      .boolean()
      .meta({ description: 'Administrators need a second factor to sign in by password.' }),
  }),
} as const satisfies Endpoint;

const updateUser = {
  method: 'PUT',
  path: `${districtPath}/users/{id}`,
  summary: "Change a person's role and schools; their sessions end",
  access: administeringRoles,
  audit: { kind: 'change', actions: ['user-updated'] },
  limit: 'write',
  requiresReauthentication: true,
  params: IdParams,
  body: z.strictObject({
    role: DistrictRole,
    schools: Schools,
    version: code(40),
  }),
  response: Done,
  errors: ['conflict', 'not-possible'],
} as const satisfies Endpoint;

const setSuspended = {
  method: 'PUT',
  path: `${districtPath}/users/{id}/suspended`,
  summary: 'Lock an account, whose sessions end, or unlock it',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['user-suspended', 'user-reactivated'] },
  limit: 'write',
  requiresReauthentication: true,
  params: IdParams,
  body: z.strictObject({ isSuspended: z.boolean() }),
  response: Done,
  errors: ['not-possible'],
} as const satisfies Endpoint;

const disableUserTwoFactor = {
  method: 'DELETE',
  path: `${districtPath}/users/{id}/two-factor`,
  summary: 'Turn the second factor off for somebody who lost it',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['user-two-factor-off'] },
  limit: 'write',
  requiresReauthentication: true,
  params: IdParams,
  response: Done,
} as const satisfies Endpoint;

const removeUser = {
  method: 'DELETE',
  path: `${districtPath}/users/{id}`,
  summary: 'Remove an account; what the person did stays in the audit trail',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['user-removed'] },
  limit: 'write',
  requiresReauthentication: true,
  params: IdParams,
  response: Done,
  errors: ['not-possible'],
} as const satisfies Endpoint;

const setTwoFactorRule = {
  method: 'PUT',
  path: `${districtPath}/two-factor-rule`,
  summary: 'Whether administrators have to use a second factor',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['two-factor-rule-changed'] },
  limit: 'write',
  requiresReauthentication: true,
  body: z.strictObject({ isRequired: z.boolean() }),
  response: Done,
} as const satisfies Endpoint;

const Invited = z.strictObject({
  mailState: z.enum(['sent', 'failed', 'no-mail']),
  link: z.string().nullable().meta({
    description: 'To hand over by yourself, when no mail went out. It is shown this once.',
  }),
});

const invite = {
  method: 'POST',
  path: `${districtPath}/invitations`,
  summary: 'Invite somebody by mail; the link works for seven days',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['user-invited'] },
  limit: 'outside',
  requiresReauthentication: true,
  body: z.strictObject({ email: Email, role: DistrictRole, schools: Schools }),
  response: Invited,
  errors: ['not-possible'],
} as const satisfies Endpoint;

const resendInvitation = {
  method: 'POST',
  path: `${districtPath}/invitations/{id}/resend`,
  summary: 'Send a new link for seven more days; the old one no longer works',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['user-invited'] },
  limit: 'outside',
  requiresReauthentication: true,
  params: IdParams,
  response: Invited,
  errors: ['not-possible'],
} as const satisfies Endpoint;

const cancelInvitation = {
  method: 'DELETE',
  path: `${districtPath}/invitations/{id}`,
  summary: 'Withdraw an invitation; its link no longer works',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['invitation-canceled'] },
  limit: 'write',
  params: IdParams,
  response: Done,
} as const satisfies Endpoint;

const TokenParams = z.strictObject({ token: code(200).min(1) });

const getInvitation = {
  method: 'GET',
  path: '/api/invitations/{token}',
  summary: 'What the link of an invitation leads to',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'public',
  params: TokenParams,
  response: z
    .strictObject({
      email: z.string(),
      role: DistrictRole,
      invitedBy: z.string(),
      districtName: z.string(),
      singleSignOn: z.strictObject({ domain: z.string() }).nullable().meta({
        description: 'Where the district takes no passwords: accepted by single sign-on alone.',
      }),
      expiresAt: Instant,
    })
    .meta({ id: 'OpenInvitation' }),
  errors: ['link-not-valid'],
} as const satisfies Endpoint;

const acceptInvitation = {
  method: 'POST',
  path: '/api/invitations/{token}',
  summary: 'Accept an invitation: makes the account and signs the person in',
  access: 'public',
  audit: { kind: 'change', actions: ['invitation-accepted'] },
  limit: 'sign-in',
  params: TokenParams,
  body: z.strictObject({ name: PersonalName, password: NewPassword }),
  response: Session,
  errors: ['link-not-valid', 'not-possible'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const usersApi = {
  getInvitation,
  acceptInvitation,
  listUsers,
  updateUser,
  removeUser,
  setSuspended,
  disableUserTwoFactor,
  setTwoFactorRule,
  invite,
  resendInvitation,
  cancelInvitation,
};
