/** Users of a district: accounts, invitations, and the rule for two-step verification. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { PersonalName } from '../students/personal-name.ts';
import { Email, NewPassword, Session } from './session.ts';
import { Instant } from '../values.ts';
import { code } from '../text.ts';

/** The roles of a district's users; technicians work for the vendor. */
export const DistrictRole = z.enum(['administrator', 'staff', 'read-only']).meta({
  id: 'DistrictRole',
  description: "A role of a district's user.",
});
export type DistrictRole = z.infer<typeof DistrictRole>;

const Schools = z
  .array(z.int().positive())
  .max(500)
  .nullable()
  .meta({ description: 'Entities whose students the user sees; null: all of the district.' });

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
    isSuspended: z.boolean().meta({ description: 'Suspended by an administrator.' }),
    lockedOutUntil: Instant.nullable().meta({
      description: 'Locked out until then, after too many wrong passwords or codes.',
    }),
    lastSignedInAt: Instant.nullable(),
    version: z
      .string()
      .meta({ description: 'The version of the account, which a change must send.' }),
    isYou: z.boolean(),
  })
  .meta({ id: 'ListedPerson' });
export type ListedUser = z.infer<typeof ListedUser>;

const Invitation = z
  .strictObject({
    id: z.uuid(),
    name: z.string().nullable(),
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
  summary: 'Users of the district and pending invitations',
  access: administeringRoles,
  audit: { kind: 'search', action: 'users-listed' },
  limit: 'read',
  response: z.strictObject({
    users: z.array(ListedUser),
    invitations: z.array(Invitation),
    requiresTwoFactor: z.boolean().meta({
      description: 'Administrators need two-step verification to sign in with a password.',
    }),
  }),
} as const satisfies Endpoint;

const updateUser = {
  method: 'PUT',
  path: `${districtPath}/users/{id}`,
  summary: "Change a user's role and schools; their sessions end",
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
  summary: 'Suspend an account, which ends its sessions, or reactivate it',
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
  summary: 'Turn off two-step verification of a user who lost access to it',
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
  summary: 'Remove an account; its events stay in the audit trail',
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
  summary: 'Set whether administrators need two-step verification',
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
    description: 'To be handed over privately if no mail was sent. It is shown only this time.',
  }),
});

const invite = {
  method: 'POST',
  path: `${districtPath}/invitations`,
  summary: 'Invite a user by mail; the link is valid for seven days',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['user-invited'] },
  limit: 'outside',
  requiresReauthentication: true,
  body: z.strictObject({
    email: Email,
    name: PersonalName.nullable().default(null).meta({
      description: "The user's name, which they can change when they accept.",
    }),
    role: DistrictRole,
    schools: Schools,
  }),
  response: Invited,
  errors: ['not-possible'],
} as const satisfies Endpoint;

const resendInvitation = {
  method: 'POST',
  path: `${districtPath}/invitations/{id}/resend`,
  summary: 'Resend an invitation with a new link for seven days; the old one no longer works',
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
  summary: 'Cancel an invitation; its link no longer works',
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
  summary: 'The invitation of a link',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'public',
  params: TokenParams,
  response: z
    .strictObject({
      email: z.string(),
      name: z.string().nullable(),
      role: DistrictRole,
      invitedBy: z.string(),
      districtName: z.string(),
      singleSignOn: z.strictObject({ domain: z.string() }).nullable().meta({
        description:
          'The district does not use passwords, so the invitation is accepted by single sign-on.',
      }),
      expiresAt: Instant,
    })
    .meta({ id: 'OpenInvitation' }),
  errors: ['link-not-valid'],
} as const satisfies Endpoint;

const acceptInvitation = {
  method: 'POST',
  path: '/api/invitations/{token}',
  summary: 'Accept an invitation: creates the account and signs the user in',
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
