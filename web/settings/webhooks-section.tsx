/** The webhooks of the district: events, state, a test, the secret and deliveries of each. */
import './webhooks.css';

import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';

import { type Webhook, webhookEvents, webhooksApi } from '../../src/contract/districts/webhooks.ts';
import { callApi } from '../api/api-client.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { ConfirmDialog } from '../shell/dialog.tsx';
import { EmptyState } from '../shell/list-state.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { AddWebhookDialog, ChangeWebhookDialog, SecretDialog } from './webhook-dialogs.tsx';
import { WebhookDeliveries } from './webhook-deliveries.tsx';
import { deliveriesQuery, formatOutcome, webhooksQuery } from './webhook-queries.ts';

export function WebhooksSection() {
  const domain = useDomain();
  const { data, error, refetch } = useQuery(webhooksQuery(domain));
  const [isAdding, setAdding] = useState(false);
  if (error && data === undefined) {
    return (
      <ProblemNotice
        title="Couldn’t load the webhooks"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (data === undefined) return <Skeleton height={120} radius="md" />;
  const addButton = (
    <Button variant="default" className="webhook-add" onClick={() => setAdding(true)}>
      Add webhook …
    </Button>
  );
  return (
    <>
      <p className="quiet">
        Send document events to another system. Messages contain IDs only, never names or other data
        of students.{' '}
        <Link to="/help" hash="webhooks">
          Format and signature of messages
        </Link>
      </p>
      {data.webhooks.length === 0 ? (
        <EmptyState title="No webhooks yet" action={addButton}>
          Add the address of the system that should receive events.
        </EmptyState>
      ) : (
        <>
          {data.webhooks.map((webhook) => (
            <WebhookCard key={webhook.id} webhook={webhook} />
          ))}
          {addButton}
        </>
      )}
      <AddWebhookDialog isOpen={isAdding} onClose={() => setAdding(false)} />
    </>
  );
}

function WebhookCard({ webhook }: { readonly webhook: Webhook }) {
  const { timeZone } = useDistrict();
  const titleId = useId();
  const { url, events, createdAt, createdBy } = webhook;
  return (
    <article className="webhook" aria-labelledby={titleId}>
      <h2 id={titleId}>
        <code>{url}</code>
      </h2>
      <dl className="facts">
        <div>
          <dt>Status</dt>
          <dd>
            <WebhookState webhook={webhook} />
          </dd>
        </div>
        <div>
          <dt>Events</dt>
          <dd>
            <ul className="plain">
              {events.map((event) => (
                <li key={event}>{webhookEvents[event]}</li>
              ))}
            </ul>
          </dd>
        </div>
        <div>
          <dt>Added</dt>
          <dd>
            <time dateTime={createdAt}>{formatInstant(createdAt, timeZone)}</time> by {createdBy}
          </dd>
        </div>
      </dl>
      <WebhookActions webhook={webhook} />
      <WebhookDeliveries webhook={webhook} />
    </article>
  );
}

const disabledReasons = {
  gone: 'the receiver responded that it no longer exists',
  failing: 'all deliveries failed for five days',
};

function WebhookState({ webhook }: { readonly webhook: Webhook }) {
  const { timeZone } = useDistrict();
  const { isActive, disabled, failingSince } = webhook;
  if (disabled !== null) {
    return (
      <span data-tone="warning">
        Turned off automatically on {formatInstant(disabled.at, timeZone)}:{' '}
        {disabledReasons[disabled.reason]}
      </span>
    );
  }
  if (!isActive) return 'Off';
  if (failingSince === null) return 'On';
  return (
    <span data-tone="warning">
      On. Deliveries have been failing since {formatInstant(failingSince, timeZone)}
    </span>
  );
}

/** Which dialog of a webhook is open. */
type OpenDialog = 'change' | 'secret' | 'remove' | undefined;

function WebhookActions({ webhook }: { readonly webhook: Webhook }) {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  const queries = useQueryClient();
  const notify = useNotice();
  const [open, setOpen] = useState<OpenDialog>();
  const { id, url, events, isActive } = webhook;
  const params = { id: `${id}` };
  const { queryKey } = webhooksQuery(domain);
  const close = () => setOpen(undefined);
  const test = useMutation({
    mutationFn: () => callApi(webhooksApi.testWebhook, { domain, params }),
    onSuccess: () => queries.invalidateQueries(deliveriesQuery(domain, id)),
  });
  const toggle = useMutation({
    mutationFn: () =>
      callApi(webhooksApi.changeWebhook, { domain, params, body: { events, isActive: !isActive } }),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
    onError: (error) => notify({ message: error.message, tone: 'problem' }),
  });
  const replaceSecret = useMutation({
    mutationFn: () => callApi(webhooksApi.changeWebhookSecret, { domain, params }),
    onSuccess: close,
  });
  const remove = useMutation({
    mutationFn: () => callApi(webhooksApi.removeWebhook, { domain, params }),
    onSuccess: async () => {
      close();
      notify({ message: 'Webhook removed.' });
      await queries.invalidateQueries({ queryKey });
    },
  });
  return (
    <>
      <div className="webhook-actions">
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          Send test
        </Button>
        <Button variant="default" onClick={() => setOpen('change')}>
          Edit events …
        </Button>
        <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate()}>
          {isActive ? 'Turn off' : 'Turn on'}
        </Button>
        <Button variant="default" onClick={() => setOpen('secret')}>
          New secret …
        </Button>
        <Button variant="default" onClick={() => setOpen('remove')}>
          Remove …
        </Button>
      </div>
      <output>
        {test.data && (
          <span
            className="test-outcome"
            data-tone={test.data.state === 'delivered' ? 'works' : 'problem'}
          >
            {test.data.state === 'delivered'
              ? `Test delivered: the receiver responded ${test.data.status}.`
              : formatOutcome(test.data, (instant) => formatInstant(instant, timeZone))}
          </span>
        )}
      </output>
      {test.error && <ProblemNotice title="Couldn’t send the test" error={test.error} />}
      <ChangeWebhookDialog isOpen={open === 'change'} webhook={webhook} onClose={close} />
      <ConfirmDialog
        isOpen={open === 'secret'}
        title="Replace the secret of the webhook?"
        confirmLabel="Create new secret"
        isPending={replaceSecret.isPending}
        error={replaceSecret.error}
        onConfirm={() => replaceSecret.mutate()}
        onClose={close}
      >
        For 24 hours, messages are signed with both secrets, so that you can store the new one in
        the receiving system. After that, the old secret is no longer used.
      </ConfirmDialog>
      {replaceSecret.data && (
        <SecretDialog secret={replaceSecret.data.secret} onClose={() => replaceSecret.reset()} />
      )}
      <ConfirmDialog
        isOpen={open === 'remove'}
        title="Remove this webhook?"
        confirmLabel="Remove"
        isDestructive
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={close}
      >
        <span className="webhook-url">{url}</span> no longer receives events. Waiting messages and
        the list of deliveries are removed too. This can’t be undone.
      </ConfirmDialog>
    </>
  );
}
