/** Single sign-on through a district's own OpenID provider. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { AppPage } from '../app-page.ts';
import { RecordIdInPath } from '../values.ts';
import { code, exact, text } from '../text.ts';

const DomainQuery = text(253).toLowerCase().min(1);

/** Why single sign-on failed, for the sign-in page. */
export const SingleSignOnProblem = z
  .enum([
    'not-available',
    'provider-error',
    'cancelled',
    'expired',
    'other-provider',
    'wrong-domain',
    'not-verified',
    'unknown-user',
    'other-identity',
    'account-suspended',
    'other-account',
    'not-recent',
  ])
  .meta({ id: 'SingleSignOnProblem' });
export type SingleSignOnProblem = z.infer<typeof SingleSignOnProblem>;

const getSingleSignOnOffer = {
  method: 'GET',
  path: '/api/single-sign-on',
  summary: 'Whether users of an e-mail domain can sign in with their district',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'public',
  query: z.strictObject({ domain: DomainQuery }),
  response: z.strictObject({
    district: z
      .strictObject({
        name: z.string(),
        domain: z.string(),
        isRequired: z.boolean().meta({ description: 'Its users cannot use passwords.' }),
      })
      .nullable(),
  }),
} as const satisfies Endpoint;

const startSingleSignOn = {
  method: 'GET',
  path: '/api/single-sign-on/start',
  summary: "Redirects to the district's OpenID provider",
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'single-sign-on',
  query: z.strictObject({
    domain: DomainQuery,
    next: AppPage.optional(),
    fresh: z.literal('true').optional().meta({
      description: 'Asks the provider to authenticate the user again, to confirm the open session.',
    }),
  }),
  response: z.string(),
  responseKind: 'download',
} as const satisfies Endpoint;

const finishSingleSignOn = {
  method: 'GET',
  path: '/api/single-sign-on/callback/{districtId}',
  summary:
    "Where the district's provider sends people back to; sets the session cookie and leads on",
  access: 'public',
  audit: {
    kind: 'change',
    actions: ['signed-in', 'sign-in-failed', 'reauthenticated', 'reauthentication-failed'],
  },
  limit: 'single-sign-on',
  params: z.strictObject({ districtId: RecordIdInPath }),
  // Providers add their own parameters.
  query: z.looseObject({
    state: code(200).optional(),
    code: code(4000).optional(),
    error: code(200).optional(),
    iss: code(500).optional(),
  }),
  response: z.string(),
  responseKind: 'download',
} as const satisfies Endpoint;

const SingleSignOnSettings = z.strictObject({
  issuer: text(500).min(1, 'must not be empty'),
  clientId: text(500).min(1, 'must not be empty'),
  isEnabled: z.boolean(),
  isRequired: z.boolean().meta({
    description:
      'While it is turned on, users of the district can neither sign in by password nor set one. Can be set by a technician, or in a session by single sign-on.',
  }),
  trustsEmailAddresses: z.boolean().meta({
    description:
      "The provider does not say whether an address is verified; those of the district's domain count as verified.",
  }),
  newAccounts: z
    .strictObject({
      role: z.enum(['staff', 'read-only']),
      schools: z.array(z.int().positive()).max(500).nullable(),
    })
    .nullable()
    .meta({
      description: 'Role and schools of new users; null: accounts are not created automatically.',
    }),
});
export type SingleSignOnSettings = z.infer<typeof SingleSignOnSettings>;

const getSingleSignOnSettings = {
  method: 'GET',
  path: `${districtPath}/single-sign-on`,
  summary: 'Settings of single sign-on; the secret is never returned',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({
    settings: SingleSignOnSettings.nullable(),
    redirectAddress: z
      .string()
      .meta({ description: 'The redirect URI to register with the provider.' }),
  }),
} as const satisfies Endpoint;

const setSingleSignOnSettings = {
  method: 'PUT',
  path: `${districtPath}/single-sign-on`,
  summary: 'Change single sign-on; the provider is checked before it is turned on',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['single-sign-on-changed'] },
  limit: 'outside',
  requiresReauthentication: true,
  body: SingleSignOnSettings.extend({
    clientSecret: exact(2000).min(1).optional().meta({
      description: 'Absent: the stored one stays, unless the issuer changes.',
    }),
  }),
  response: z.strictObject({ done: z.literal(true) }),
  errors: ['not-possible'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const singleSignOnApi = {
  getSingleSignOnOffer,
  startSingleSignOn,
  finishSingleSignOn,
  getSingleSignOnSettings,
  setSingleSignOnSettings,
};
