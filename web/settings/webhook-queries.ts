/** What the screen asks the API about webhooks, and how it says what became of a delivery. */
import { queryOptions } from '@tanstack/react-query';

import { type WebhookDelivery, webhooksApi } from '../../src/contract/districts/webhooks.ts';
import { callApi } from '../api/api-client.ts';

export const webhooksQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'webhooks'],
    queryFn: ({ signal }) => callApi(webhooksApi.listWebhooks, { domain }, signal),
  });

/** While something is on its way, it is asked again. */
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

/** In a sentence, such as `Arrived (200)`. `when` puts a moment into words. */
export function formatOutcome(
  { event, state, status, problem, attempts, nextAttemptAt }: WebhookDelivery,
  when: (instant: string) => string,
): string {
  if (state === 'delivered') return `Arrived (${status})`;
  if (attempts === 0 || problem === null) return 'On its way';
  if (event === 'webhook.test') return `Did not arrive. ${problem}`;
  const more = attempts === 1 ? '' : ` ${attempts} attempts.`;
  return state === 'failed'
    ? `Given up. ${problem}${more}`
    : `${problem}${more} Next attempt: ${nextAttemptAt === null ? 'soon' : when(nextAttemptAt)}`;
}
