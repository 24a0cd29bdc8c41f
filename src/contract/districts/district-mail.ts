/** Who of a district gets mail about its connection, what was sent, and leaving the weekly summary. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { Instant } from '../values.ts';
import { code } from '../text.ts';

const choice = {
  notices: z.boolean().meta({
    description: 'The access expires, a night failed or is held, nights without anything new.',
  }),
  weekly: z.boolean().meta({ description: 'On Mondays, how the nights of the week went.' }),
};

const Recipient = z
  .strictObject({ id: z.uuid(), name: z.string(), email: z.string(), ...choice })
  .meta({ id: 'MailRecipient' });
export type MailRecipient = z.infer<typeof Recipient>;

const SentMail = z
  .strictObject({
    id: z.int().positive(),
    sentAt: Instant,
    to: z.string(),
    subject: z.string(),
    state: z.enum(['sent', 'failed']),
    response: z.string().nullable().meta({ description: "The mail server's own words." }),
  })
  .meta({ id: 'SentMail' });
export type SentMail = z.infer<typeof SentMail>;

const getDistrictMail = {
  method: 'GET',
  path: `${districtPath}/mail`,
  summary: 'Who gets mail about the connection, and the last 100 mails that were sent',
  access: administeringRoles,
  audit: { kind: 'search', action: 'users-listed' },
  limit: 'read',
  response: z.strictObject({
    recipients: z.array(Recipient),
    sent: z.array(SentMail),
    total: z.int().nonnegative().meta({ description: 'How many mails were sent in all.' }),
    isMailConfigured: z.boolean().meta({ description: 'false: this server has no mail server.' }),
  }),
} as const satisfies Endpoint;

const chooseMail = {
  method: 'PUT',
  path: `${districtPath}/mail/recipients/{id}`,
  summary: 'Choose which mail a person of the district gets',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['settings-changed'] },
  limit: 'write',
  params: z.strictObject({ id: z.uuid() }),
  body: z.strictObject(choice),
  response: Recipient,
  errors: ['still-needed'],
} as const satisfies Endpoint;

/** The link in the mail, and what mail programs call by themselves (RFC 8058): hence no body of ours. */
const leaveWeeklySummary = {
  method: 'POST',
  path: '/api/mail/unsubscribe/{token}',
  summary: 'Stop the weekly summary for the person whose mail holds this token',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'public',
  params: z.strictObject({ token: code(52).regex(/^\d{1,15}-[0-9a-f-]{36}$/, 'is not whole') }),
  response: z.strictObject({ done: z.literal(true) }),
  errors: ['link-not-valid'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const districtMailApi = { getDistrictMail, chooseMail, leaveWeeklySummary };
