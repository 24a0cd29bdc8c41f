/** The API queries about webhooks, and the result of a delivery as text. */
import { queryOptions } from '@tanstack/react-query';

import { type WebhookDelivery, webhooksApi } from '../../src/contract/districts/webhooks.ts';
import { callApi } from '../api/api-client.ts';

export const webhooksQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'webhooks'],
    queryFn: ({ signal }) => callApi(webhooksApi.listWebhooks, { domain }, signal),
  });

/** Fetched periodically while a delivery is waiting. */
export const deliveriesQuery = (domain: string, webhookId: number) =>
  queryOptions({
    queryKey: [domain, 'webhooks', webhookId, 'deliveries'],
    queryFn: ({ signal }) =>
      callApi(
        webhooksApi.listWebhookDeliveries,
        { domain, params: { id: `${webhookId}` } },
        signal,
      ),
    refetchInterval: ({ state: { data } }) =>
      data?.deliveries.some(({ state }) => state === 'waiting') ? 5_000 : false,
  });

/** Returns the result as a sentence, such as `Delivered (200)`. `when` formats an instant. */
export function formatOutcome(
  { event, state, status, problem, attempts, nextAttemptAt }: WebhookDelivery,
  when: (instant: string) => string,
): string {
  if (state === 'delivered') return `Delivered (${status})`;
  if (attempts === 0 || problem === null) return 'Sending';
  if (event === 'webhook.test') return `Not delivered. ${problem}`;
  const more = attempts === 1 ? '' : ` ${attempts} attempts.`;
  return state === 'failed'
    ? `Failed. ${problem}${more}`
    : `${problem}${more} Next attempt: ${nextAttemptAt === null ? 'soon' : when(nextAttemptAt)}`;
}
