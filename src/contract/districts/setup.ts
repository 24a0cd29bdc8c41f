/** Connecting a district to Skyward: its setup request, the steps of technicians, and mail to support. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint, technicianRole } from '../endpoint.ts';
import { Day, Instant, RecordId, RecordIdInPath, VersionNumber } from '../values.ts';
import { code, exact, lines, text } from '../text.ts';

export const SetupState = z
  .enum(['requested', 'waiting', 'verified', 'secret-generated', 'connected', 'declined'])
  .meta({ id: 'SetupState', description: 'waiting: for the district to fix what Verify found.' });

const SetupStep = z
  .enum([
    'verify',
    'confirm-manually',
    'generate-secret',
    'enter-credentials',
    'discard-secret',
    'complete',
    'decline',
    'reopen',
    'resend-confirmation',
  ])
  .meta({ id: 'SetupStep' });

const Finding = z
  .strictObject({
    code: z.string(),
    blocks: z
      .boolean()
      .meta({ description: 'Must be fixed before the district can be connected.' }),
    message: z.string(),
    advice: z.string(),
  })
  .meta({ id: 'SetupFinding' });

const Verification = z.strictObject({
  access: z
    .strictObject({
      accessId: z.int(),
      name: z.string(),
      key: z.string(),
      authenticationType: z.string(),
      isActive: z.boolean(),
      effectiveDate: Day,
      expirationDate: Day.nullable(),
      entities: z.array(z.strictObject({ entityId: z.int(), name: z.string() })),
    })
    .nullable(),
  findings: z.array(Finding),
});

const SetupRequest = z
  .strictObject({
    districtId: RecordId,
    id: RecordId,
    domain: z.string(),
    districtName: z.string(),
    state: SetupState,
    channel: z.enum(['mail', 'button']),
    requestedBy: z.string(),
    requestedAt: Instant,
    customerId: z.string().nullable(),
    expectedKey: z.string().nullable(),
    verification: Verification.nullable(),
    verifiedAt: Instant.nullable(),
    baseUrl: z.string().nullable(),
    clientKey: z.string().nullable(),
    secretAt: Instant.nullable(),
    note: z.string().nullable(),
    connectedAt: Instant.nullable(),
    confirmationSentAt: Instant.nullable().meta({ description: 'When the confirmation was sent.' }),
    closedAt: Instant.nullable(),
    version: z.int().positive(),
    steps: z.array(SetupStep).meta({ description: 'The steps that are possible now.' }),
  })
  .meta({ id: 'SetupRequest' });
export type SetupRequest = z.infer<typeof SetupRequest>;

const getSetup = {
  method: 'GET',
  path: `${districtPath}/setup`,
  summary: "The district's setup request; null: there is none",
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({ request: SetupRequest.nullable() }),
} as const satisfies Endpoint;

const requestSetup = {
  method: 'POST',
  path: `${districtPath}/setup`,
  summary: 'Request activation of the integration, like the mail to support',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['setup-requested'] },
  limit: 'outside',
  response: z.strictObject({ request: SetupRequest, isNew: z.boolean() }),
} as const satisfies Endpoint;

const listSetupRequests = {
  method: 'GET',
  path: '/api/support/requests',
  summary: 'Setup requests of all districts: open ones by age, or closed ones',
  access: technicianRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  query: z.strictObject({ which: z.enum(['open', 'closed']).optional() }),
  response: z.strictObject({ requests: z.array(SetupRequest) }),
} as const satisfies Endpoint;

const requestPath = '/api/support/districts/{districtId}/requests/{id}';
const requestParams = z.strictObject({ districtId: RecordIdInPath, id: RecordIdInPath });

const getSetupRequest = {
  method: 'GET',
  path: requestPath,
  summary: 'One request with what Verify found',
  access: technicianRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  params: requestParams,
  response: z.strictObject({ request: SetupRequest }),
} as const satisfies Endpoint;

const listSkywardDistricts = {
  method: 'GET',
  path: '/api/support/skyward-districts',
  summary: "Districts of Skyward's partner interface that may add integration accesses",
  access: technicianRole,
  audit: { kind: 'nothing' },
  limit: 'outside',
  response: z.strictObject({
    skywardDistricts: z.array(z.strictObject({ customerId: z.string(), name: z.string() })),
  }),
  errors: ['conflict'],
} as const satisfies Endpoint;

const version = VersionNumber.meta({
  description: 'The version of the request that you have seen.',
});
const note = lines(1000).trim().min(1, 'must not be empty');
const plain = <Step extends string>(step: Step) =>
  z.strictObject({ step: z.literal(step), version });
const noSpaces = /^\S+$/;

const StepBody = z.discriminatedUnion('step', [
  z.strictObject({
    step: z.literal('verify'),
    version,
    customerId: code(200).min(1),
    expectedKey: text(500).regex(noSpaces, 'must not contain spaces').nullable(),
  }),
  z.strictObject({ step: z.literal('confirm-manually'), version, note }),
  plain('generate-secret'),
  z.strictObject({
    step: z.literal('enter-credentials'),
    version,
    baseUrl: text(2000).min(1),
    clientKey: text(500).regex(noSpaces, 'must not contain spaces'),
    clientSecret: exact(2000).min(1),
    entityId: RecordId.nullable(),
  }),
  plain('discard-secret'),
  plain('complete'),
  z.strictObject({ step: z.literal('decline'), version, note }),
  plain('reopen'),
  plain('resend-confirmation'),
]);
export type SetupStepBody = z.output<typeof StepBody>;

const takeSetupStep = {
  method: 'POST',
  path: `${requestPath}/steps`,
  summary: 'Take a step: verify, generate the secret, complete, or undo one',
  access: technicianRole,
  audit: { kind: 'change', actions: ['setup-step-taken'] },
  limit: 'outside',
  params: requestParams,
  body: StepBody,
  response: z.strictObject({
    request: SetupRequest,
    mailProblem: z.string().nullable().meta({
      description: 'Why the confirmation could not be sent; null if it was sent or not due.',
    }),
  }),
  errors: ['conflict'],
} as const satisfies Endpoint;

const SupportMail = z
  .strictObject({
    districtId: z.int().nonnegative(),
    id: RecordId,
    receivedAt: Instant,
    from: z.array(z.string()),
    subject: z.string(),
    body: z.string(),
    sender: z.strictObject({
      verdict: z.enum(['confirmed', 'unknown', 'contradicted']),
      spf: z.string(),
      dkim: z.string(),
      dmarc: z.string(),
    }),
    outcome: z.enum(['request', 'joined', 'inbox', 'ignored']),
    reason: z.string().nullable(),
    requestId: RecordId.nullable(),
    handledAt: Instant.nullable(),
    handledBy: z.string().nullable(),
  })
  .meta({ id: 'SupportMail' });

const listSupportMails = {
  method: 'GET',
  path: '/api/support/mails',
  summary: 'Mail to the support address: what needs review, or all recent mail',
  access: technicianRole,
  audit: { kind: 'search', action: 'support-mails-listed' },
  limit: 'read',
  query: z.strictObject({ which: z.enum(['waiting', 'all']).optional() }),
  response: z.strictObject({ mails: z.array(SupportMail) }),
} as const satisfies Endpoint;

const MailParams = z.strictObject({
  districtId: code(15)
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number),
  id: RecordIdInPath,
});

const setMailHandled = {
  method: 'PUT',
  path: '/api/support/districts/{districtId}/mails/{id}',
  summary: 'Mark a mail as done, or as needing review again',
  access: technicianRole,
  audit: { kind: 'nothing' },
  limit: 'write',
  params: MailParams,
  body: z.strictObject({ isHandled: z.boolean() }),
  response: z.strictObject({ isHandled: z.boolean() }),
} as const satisfies Endpoint;

const openRequestFromMail = {
  method: 'POST',
  path: '/api/support/districts/{districtId}/mails/{id}/request',
  summary: 'Open the setup request of a district for a mail that was checked to be genuine',
  access: technicianRole,
  audit: { kind: 'change', actions: ['setup-requested'] },
  limit: 'write',
  params: MailParams,
  body: z.strictObject({
    domain: text(253).nullable().meta({
      description: "The district; null: the one with the domain of the sender's address.",
    }),
  }),
  response: z.strictObject({ request: SetupRequest, isNew: z.boolean() }),
  errors: ['not-possible'],
} as const satisfies Endpoint;

const replyToMail = {
  method: 'POST',
  path: '/api/support/districts/{districtId}/mails/{id}/reply',
  summary: 'Reply to the sender of a mail by e-mail, and mark the mail as done',
  access: technicianRole,
  audit: { kind: 'change', actions: ['support-mail-replied'] },
  limit: 'outside',
  params: MailParams,
  body: z.strictObject({ text: lines(5000).trim().min(1, 'must not be empty') }),
  response: z.strictObject({ to: z.string() }),
  errors: ['not-possible'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const setupApi = {
  getSetup,
  requestSetup,
  listSetupRequests,
  getSetupRequest,
  listSkywardDistricts,
  takeSetupStep,
  listSupportMails,
  openRequestFromMail,
  replyToMail,
  setMailHandled,
};
