/** E-mail notifications of a district: recipients, sent messages, and unsubscribing from the weekly summary. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { Instant } from '../values.ts';
import { code } from '../text.ts';

const choice = {
  notices: z.boolean().meta({
    description:
      'Import and connection alerts: the access expires, an import failed or is on hold, no changes for days.',
  }),
  weekly: z.boolean().meta({ description: "A summary of the week's imports on Mondays." }),
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
    response: z.string().nullable().meta({ description: "The mail server's response." }),
  })
  .meta({ id: 'SentMail' });
export type SentMail = z.infer<typeof SentMail>;

const getDistrictMail = {
  method: 'GET',
  path: `${districtPath}/mail`,
  summary: 'Who gets which e-mail notifications, and the last 100 sent messages',
  access: administeringRoles,
  audit: { kind: 'search', action: 'users-listed' },
  limit: 'read',
  response: z.strictObject({
    recipients: z.array(Recipient),
    sent: z.array(SentMail),
    total: z.int().nonnegative().meta({ description: 'The number of all sent messages.' }),
    isMailConfigured: z.boolean().meta({ description: 'false: this server has no mail server.' }),
  }),
} as const satisfies Endpoint;

const chooseMail = {
  method: 'PUT',
  path: `${districtPath}/mail/recipients/{id}`,
  summary: 'Choose which e-mail notifications a user of the district gets',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['settings-changed'] },
  limit: 'write',
  params: z.strictObject({ id: z.uuid() }),
  body: z.strictObject(choice),
  response: Recipient,
  errors: ['still-needed'],
} as const satisfies Endpoint;

/** The link in the mail. Mail programs also call it automatically (RFC 8058), so it has no body. */
const leaveWeeklySummary = {
  method: 'POST',
  path: '/api/mail/unsubscribe/{token}',
  summary: 'Stop the weekly summary for the user whose mail contains this token',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'public',
  params: z.strictObject({ token: code(52).regex(/^\d{1,15}-[0-9a-f-]{36}$/, 'is not complete') }),
  response: z.strictObject({ done: z.literal(true) }),
  errors: ['link-not-valid'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const districtMailApi = { getDistrictMail, chooseMail, leaveWeeklySummary };
