/** The last deliveries of a webhook with their results; loaded when the section is opened. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import {
  type Webhook,
  type WebhookDelivery,
  webhooksApi,
} from '../../src/contract/districts/webhooks.ts';
import { callApi } from '../api/api-client.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { LoadingRows } from '../shell/list-state.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { deliveriesQuery, formatOutcome } from './webhook-queries.ts';

interface WebhookDeliveriesProps {
  readonly webhook: Webhook;
}

export function WebhookDeliveries({ webhook }: WebhookDeliveriesProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="sent-mails" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Deliveries</summary>
      {isOpen && <DeliveryTable webhook={webhook} />}
    </details>
  );
}

function DeliveryTable({ webhook }: WebhookDeliveriesProps) {
  const query = deliveriesQuery(useDomain(), webhook.id);
  const { data, error, refetch } = useQuery(query);
  if (error && data === undefined) {
    return (
      <ProblemNotice
        title="Couldn’t load the deliveries"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (data === undefined) return <LoadingRows label="Loading the deliveries" rows={3} />;
  if (data.deliveries.length === 0) {
    return <p className="quiet">None in the last 30 days.</p>;
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="mail-table" aria-label="Deliveries" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Event</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {data.deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} webhook={webhook} delivery={delivery} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function DeliveryRow({
  webhook,
  delivery,
}: WebhookDeliveriesProps & { readonly delivery: WebhookDelivery }) {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  const queries = useQueryClient();
  const notify = useNotice();
  const { id, createdAt, event, documentId, state } = delivery;
  const retry = useMutation({
    mutationFn: () =>
      callApi(webhooksApi.retryWebhookDelivery, {
        domain,
        params: { id: `${webhook.id}`, delivery: id },
      }),
    onError: (error) => notify({ message: error.message, tone: 'problem' }),
    onSettled: () => queries.invalidateQueries(deliveriesQuery(domain, webhook.id)),
  });
  const canRetry = state === 'failed' && event !== 'webhook.test' && webhook.isActive;
  return (
    <tr>
      <td>
        <time dateTime={createdAt}>{formatInstant(createdAt, timeZone)}</time>
      </td>
      <td>
        <code>{event}</code>
        {documentId !== null && (
          <Link
            to="/a/$domain/documents/$documentId"
            params={{ domain, documentId: `${documentId}` }}
            className="block"
          >
            Document {documentId}
          </Link>
        )}
      </td>
      <td>
        {state === 'waiting' && !webhook.isActive
          ? 'Waiting until the webhook is turned on'
          : formatOutcome(delivery, (instant) => formatInstant(instant, timeZone))}
        {canRetry && (
          <Button
            size="compact-sm"
            variant="default"
            className="webhook-retry"
            aria-label={`Resend ${event} of document ${documentId}`}
            loading={retry.isPending}
            onClick={() => retry.mutate()}
          >
            Resend
          </Button>
        )}
      </td>
    </tr>
  );
}
