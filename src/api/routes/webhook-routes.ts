/** Webhooks of a district: add, change, remove, test, and their deliveries. */
import { randomUUID } from 'node:crypto';

import { webhooksApi } from '../../contract/districts/webhooks.ts';
import { checkWebhookUrl, createWebhookClient } from '../../webhooks/webhook-request.ts';
import { messageId } from '../../webhooks/webhook-sender.ts';
import {
  replaceSecret,
  updateWebhook,
  deleteWebhook,
  findTarget,
  findWebhook,
  insertTest,
  insertWebhook,
  listStoredDeliveries,
  listStoredWebhooks,
  maxWebhooks,
  openSecrets,
  retryDelivery,
} from '../../webhooks/webhook-store.ts';
import { ApiError, found, notFound } from '../api-error.ts';
import type { ApiOptions, WebhookOptions } from '../server/api-environment.ts';
import type { DistrictCall } from '../district-call.ts';
import type { RouteContext } from '../route.ts';

export function addWebhookRoutes(routes: RouteContext): void {
  addManagementRoutes(routes);
  addSendingRoutes(routes);
}

function addManagementRoutes({ route, options }: RouteContext): void {
  route(webhooksApi.listWebhooks, async ({ district }) => ({
    webhooks: await district.read(async (database) => listStoredWebhooks(database)),
  }));

  route(webhooksApi.addWebhook, async ({ district, user, body }) => {
    const { sealingKey, ...rules } = webhooksOf(options);
    const checked = checkWebhookUrl(body.url, rules);
    if (!checked.ok) throw new ApiError('bad-request', checked.sentence, { field: 'url' });
    const { url } = checked;
    const added = await district.write(async (database) => {
      const author = { accountId: user.accountId, name: user.name };
      const asked = { url, events: body.events };
      const stored = await insertWebhook(database, asked, author, sealingKey);
      if (stored === undefined) return undefined;
      const detail = { host: new URL(url).host, id: stored.webhook.id };
      await district.audit({ action: 'webhook-added', detail }, database);
      return stored;
    });
    if (added !== undefined) return added;
    throw new ApiError('not-possible', `A district can have at most ${maxWebhooks} webhooks.`, {
      advice: 'Remove one that is no longer needed.',
    });
  });

  route(webhooksApi.changeWebhook, async ({ district, params, body }) =>
    district.write(async (database) => {
      const webhook = found(await updateWebhook(database, params.id, body));
      const detail = { host: new URL(webhook.url).host, id: webhook.id, ...body };
      await district.audit({ action: 'webhook-changed', detail }, database);
      return webhook;
    }),
  );

  route(webhooksApi.removeWebhook, async ({ district, params }) =>
    district.write(async (database) => {
      const webhook = await findWebhook(database, params.id);
      if (webhook === undefined || !(await deleteWebhook(database, params.id))) {
        throw notFound();
      }
      const detail = { host: new URL(webhook.url).host, id: webhook.id };
      await district.audit({ action: 'webhook-removed', detail }, database);
      return { done: true as const };
    }),
  );

  route(webhooksApi.changeWebhookSecret, async ({ district, params }) => {
    const { sealingKey } = webhooksOf(options);
    const { host } = await toHost(district, params.id);
    const secret = found(
      await replaceSecret(options.database.pool, district.id, params.id, sealingKey),
    );
    await district.audit({ action: 'webhook-secret-changed', detail: { host, id: params.id } });
    return { secret };
  });
}

function addSendingRoutes({ route, options }: RouteContext): void {
  route(webhooksApi.testWebhook, async ({ district, params }) => {
    const { sealingKey, ...rules } = webhooksOf(options);
    const { host } = await toHost(district, params.id);
    const target = found(await findTarget(options.database.pool, district.id, params.id));
    const id = randomUUID();
    const at = options.now?.() ?? Temporal.Now.instant();
    const body = testBody(at, district.domain);
    const client = createWebhookClient(rules);
    try {
      const secrets = openSecrets(target, sealingKey);
      const call = { url: target.url, secrets, id: messageId(id), at, body };
      const outcome = await client.call(call);
      if (outcome.problem !== null) {
        const { status, reason } = outcome;
        const about = { part: 'webhooks', districtId: district.id, webhookId: params.id };
        options.log.warn({ ...about, status, reason }, 'test of a webhook failed');
      }
      return await district.write(async (database) => {
        const delivery = found(await insertTest(database, params.id, { id, body, outcome }));
        const detail = { host, id: params.id, outcome: outcome.problem ?? 'it arrived' };
        await district.audit({ action: 'webhook-tested', detail }, database);
        return delivery;
      });
    } finally {
      await client.close();
    }
  });

  route(webhooksApi.listWebhookDeliveries, async ({ district, params }) => ({
    deliveries: await district.read(async (database) => {
      found(await findWebhook(database, params.id));
      return listStoredDeliveries(database, params.id);
    }),
  }));

  route(webhooksApi.retryWebhookDelivery, async ({ district, params }) =>
    district.write(async (database) => {
      const webhook = found(await findWebhook(database, params.id));
      if (!webhook.isActive) {
        throw new ApiError('not-possible', 'This webhook is turned off.', {
          advice: 'Turn it on first.',
        });
      }
      const delivery = await retryDelivery(database, params.id, params.delivery);
      if (delivery === undefined) {
        throw new ApiError('not-possible', 'Only failed deliveries can be sent again.', {
          advice: 'Refresh the deliveries to see the state of this one.',
        });
      }
      const detail = { host: new URL(webhook.url).host, id: webhook.id, delivery: delivery.id };
      await district.audit({ action: 'webhook-delivery-retried', detail }, database);
      return delivery;
    }),
  );
}

const testBody = (at: Temporal.Instant, domain: string): string =>
  JSON.stringify({
    type: 'webhook.test',
    timestamp: at.round('millisecond').toString({ fractionalSecondDigits: 3 }),
    data: { district: domain },
  });

/** Returns the host only, since a URL may contain a key of the receiver. */
async function toHost(district: DistrictCall, webhookId: number): Promise<{ host: string }> {
  const webhook = found(await district.read(async (database) => findWebhook(database, webhookId)));
  return { host: new URL(webhook.url).host };
}

function webhooksOf({ webhooks }: ApiOptions): WebhookOptions {
  if (webhooks !== undefined) return webhooks;
  throw new ApiError('not-possible', 'This server has no access to secrets.', {
    advice: 'Start it with `daybreak serve`.',
  });
}
