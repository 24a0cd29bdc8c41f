/** Windows about a webhook: adding one, changing what it hears of, and its secret, shown once. */
import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import {
  type Webhook,
  type WebhookEvent,
  webhookEvents,
  webhooksApi,
} from '../../src/contract/districts/webhooks.ts';
import { ErrorMessage } from '../accounts/entry-card.tsx';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { Dialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { webhooksQuery } from './webhook-queries.ts';

const everyEvent = Object.keys(webhookEvents) as WebhookEvent[];

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function AddWebhookDialog({ isOpen, onClose }: DialogProps) {
  const [secret, setSecret] = useState<string>();
  const close = () => {
    setSecret(undefined);
    onClose();
  };
  if (secret !== undefined) return <SecretDialog secret={secret} onClose={close} />;
  return (
    <Dialog isOpen={isOpen} title="Add a webhook" onClose={close}>
      <AddForm onAdded={setSecret} onClose={close} />
    </Dialog>
  );
}

function AddForm(props: {
  readonly onAdded: (secret: string) => void;
  readonly onClose: () => void;
}) {
  const domain = useDomain();
  const queries = useQueryClient();
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<readonly WebhookEvent[]>(everyEvent);
  const add = useMutation({
    mutationFn: () =>
      callApi(webhooksApi.addWebhook, { domain, body: { url, events: [...events] } }),
    onSuccess: async ({ secret }) => {
      props.onAdded(secret);
      await queries.invalidateQueries({ queryKey: webhooksQuery(domain).queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form onSubmit={submit} className="dialog-form" autoComplete="off">
      {add.error && <ErrorMessage error={add.error} />}
      <TextInput
        label="Address"
        description="Where the other program takes messages; it begins with https://"
        type="url"
        required
        withAsterisk={false}
        maxLength={2000}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <EventChoice value={events} onChange={setEvents} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={events.length === 0} loading={add.isPending}>
          Add it
        </Button>
      </Group>
    </form>
  );
}

interface EventChoiceProps {
  readonly value: readonly WebhookEvent[];
  readonly onChange: (events: readonly WebhookEvent[]) => void;
}

function EventChoice({ value, onChange }: EventChoiceProps) {
  return (
    <fieldset className="webhook-events">
      <legend>What it hears of</legend>
      {everyEvent.map((event) => (
        <Checkbox
          key={event}
          label={webhookEvents[event]}
          description={event}
          checked={value.includes(event)}
          onChange={({ currentTarget }) =>
            onChange(
              everyEvent.filter((one) =>
                one === event ? currentTarget.checked : value.includes(one),
              ),
            )
          }
        />
      ))}
    </fieldset>
  );
}

interface ChangeWebhookProps extends DialogProps {
  readonly webhook: Webhook;
}

export function ChangeWebhookDialog({ isOpen, webhook, onClose }: ChangeWebhookProps) {
  return (
    <Dialog isOpen={isOpen} title="What the webhook hears of" onClose={onClose}>
      <ChangeForm webhook={webhook} onClose={onClose} />
    </Dialog>
  );
}

function ChangeForm({ webhook, onClose }: Omit<ChangeWebhookProps, 'isOpen'>) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const [events, setEvents] = useState<readonly WebhookEvent[]>(webhook.events);
  const { id, isActive } = webhook;
  const change = useMutation({
    mutationFn: () =>
      callApi(webhooksApi.changeWebhook, {
        domain,
        params: { id: `${id}` },
        body: { events: [...events], isActive },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: webhooksQuery(domain).queryKey });
      notify({ message: 'Saved. It holds for what happens from now on.' });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form onSubmit={submit} className="dialog-form">
      {change.error && <ErrorMessage error={change.error} />}
      <EventChoice value={events} onChange={setEvents} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={events.length === 0} loading={change.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}

interface SecretDialogProps {
  readonly secret: string;
  readonly onClose: () => void;
}

/** Stays until its own button closes it: the secret is nowhere to be seen afterwards. */
export function SecretDialog({ secret, onClose }: SecretDialogProps) {
  const clipboard = useClipboard();
  return (
    <Dialog isOpen title="The secret of the webhook">
      <div className="dialog-form">
        <p className="dialog-text">
          Store it at the program that is called: it tells by it that messages are ours. It is shown
          this once; if it gets lost, make a new one.
        </p>
        <TextInput
          label="Secret"
          readOnly
          value={secret}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => clipboard.copy(secret)}>
            {clipboard.copied ? 'Copied' : 'Copy the secret'}
          </Button>
          <Button onClick={onClose}>Done</Button>
        </Group>
      </div>
    </Dialog>
  );
}
