/** Webhooks of a district: addresses that receive events of documents. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { Instant, RecordId, RecordIdInPath } from '../values.ts';
import { text } from '../text.ts';

/** Labels of events. */
export const webhookEvents = {
  'document.created': 'A document was created',
  'document.completed': 'A document was completed',
  'document.demographics-changed':
    'An import changed the record that an incomplete document was filled from',
} as const satisfies Readonly<Record<string, string>>;

const WebhookEvent = z
  .enum(Object.keys(webhookEvents) as [WebhookEvent, ...WebhookEvent[]])
  .meta({ id: 'WebhookEvent' });
export type WebhookEvent = keyof typeof webhookEvents;

const Events = z.array(WebhookEvent).min(1, 'choose at least one event').max(10);

const Webhook = z
  .strictObject({
    id: RecordId,
    url: z.string(),
    events: z.array(WebhookEvent),
    isActive: z.boolean(),
    createdAt: Instant,
    createdBy: z.string(),
    failingSince: Instant.nullable().meta({
      description: 'The first failure since the last success; null: it works, or was never called.',
    }),
    disabled: z
      .strictObject({ at: Instant, reason: z.enum(['gone', 'failing']) })
      .nullable()
      .meta({
        description:
          'Turned off automatically. gone: the receiver responded 410; failing: all deliveries of five days failed.',
      }),
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof Webhook>;

const Secret = z.string().meta({
  description: '`whsec_` and a key as base64. Shown once only; store it at the receiver.',
});

const WebhookDelivery = z
  .strictObject({
    id: z.uuid().meta({ description: 'In the header webhook-id, after `msg_`.' }),
    event: z.union([WebhookEvent, z.literal('webhook.test')]),
    documentId: RecordId.nullable(),
    createdAt: Instant,
    state: z.enum(['waiting', 'delivered', 'failed']),
    attempts: z.int().nonnegative(),
    lastAttemptAt: Instant.nullable(),
    nextAttemptAt: Instant.nullable(),
    status: z.int().nullable().meta({ description: 'The status of the last response.' }),
    problem: z.string().nullable().meta({ description: 'Why the last attempt failed.' }),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

const webhookPath = `${districtPath}/webhooks/{id}` as const;
const params = z.strictObject({ id: RecordIdInPath });
const Done = z.strictObject({ done: z.literal(true) });

const listWebhooks = {
  method: 'GET',
  path: `${districtPath}/webhooks`,
  summary: 'The webhooks of the district',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({ webhooks: z.array(Webhook) }),
} as const satisfies Endpoint;

const NewWebhook = z.strictObject({ url: text(2000).min(1), events: Events });
export type NewWebhook = z.infer<typeof NewWebhook>;

const addWebhook = {
  method: 'POST',
  path: `${districtPath}/webhooks`,
  summary: 'Add a webhook; only this response contains its secret',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['webhook-added'] },
  limit: 'write',
  requiresReauthentication: true,
  body: NewWebhook,
  response: z.strictObject({ webhook: Webhook, secret: Secret }),
  errors: ['not-possible'],
} as const satisfies Endpoint;

const WebhookUpdate = z.strictObject({ events: Events, isActive: z.boolean() });
export type WebhookUpdate = z.infer<typeof WebhookUpdate>;

const changeWebhook = {
  method: 'PUT',
  path: webhookPath,
  summary: 'Choose which events a webhook receives, and turn it on or off',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['webhook-changed'] },
  limit: 'write',
  requiresReauthentication: true,
  params,
  body: WebhookUpdate,
  response: Webhook,
} as const satisfies Endpoint;

const removeWebhook = {
  method: 'DELETE',
  path: webhookPath,
  summary: 'Remove a webhook and its waiting deliveries',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['webhook-removed'] },
  limit: 'write',
  params,
  response: Done,
} as const satisfies Endpoint;

const changeWebhookSecret = {
  method: 'POST',
  path: `${webhookPath}/secret`,
  summary: 'Replace the secret of a webhook; the former one also signs for 24 hours',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['webhook-secret-changed'] },
  limit: 'write',
  requiresReauthentication: true,
  params,
  response: z.strictObject({ secret: Secret }),
  errors: ['not-possible'],
} as const satisfies Endpoint;

const testWebhook = {
  method: 'POST',
  path: `${webhookPath}/test`,
  summary: 'Send the event webhook.test once and return the result',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['webhook-tested'] },
  limit: 'outside',
  params,
  response: WebhookDelivery,
  errors: ['not-possible'],
} as const satisfies Endpoint;

const listWebhookDeliveries = {
  method: 'GET',
  path: `${webhookPath}/deliveries`,
  summary: 'The last 50 deliveries of a webhook, newest first',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  params,
  response: z.strictObject({ deliveries: z.array(WebhookDelivery) }),
} as const satisfies Endpoint;

const retryWebhookDelivery = {
  method: 'POST',
  path: `${webhookPath}/deliveries/{delivery}/retry`,
  summary: 'Retry a failed delivery within seconds',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['webhook-delivery-retried'] },
  limit: 'write',
  params: z.strictObject({ id: RecordIdInPath, delivery: z.uuid() }),
  response: WebhookDelivery,
  errors: ['not-possible'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const webhooksApi = {
  listWebhooks,
  addWebhook,
  changeWebhook,
  removeWebhook,
  changeWebhookSecret,
  testWebhook,
  listWebhookDeliveries,
  retryWebhookDelivery,
};
