/** Dialogs for webhooks: adding one, choosing its events, and its secret, which is shown once. */
import { Button, Checkbox, TextInput } from '@mantine/core';
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
import { Dialog, DialogFooter } from '../shell/dialog.tsx';
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
    <Dialog isOpen={isOpen} title="Add webhook" onClose={close}>
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
        description="The address that receives messages. It must start with https://"
        type="url"
        required
        withAsterisk={false}
        maxLength={2000}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <EventChoice value={events} onChange={setEvents} />
      <DialogFooter>
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={events.length === 0} loading={add.isPending}>
          Add webhook
        </Button>
      </DialogFooter>
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
      <legend>Events</legend>
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
    <Dialog isOpen={isOpen} title="Events of the webhook" onClose={onClose}>
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
      notify({ message: 'Saved. It applies to events from now on.' });
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
      <DialogFooter>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={events.length === 0} loading={change.isPending}>
          Save
        </Button>
      </DialogFooter>
    </form>
  );
}

interface SecretDialogProps {
  readonly secret: string;
  readonly onClose: () => void;
}

/** Only its own button closes it, since the secret can’t be shown again. */
export function SecretDialog({ secret, onClose }: SecretDialogProps) {
  const clipboard = useClipboard();
  return (
    <Dialog isOpen title="Webhook secret">
      <div className="dialog-form">
        <p className="dialog-text">
          Store it in the receiving system, which needs it to verify our messages. It is shown only
          once. If it is lost, create a new one.
        </p>
        <TextInput
          label="Secret"
          readOnly
          value={secret}
          onFocus={(event) => event.currentTarget.select()}
        />
        <DialogFooter>
          <Button variant="default" onClick={() => clipboard.copy(secret)}>
            {clipboard.copied ? 'Copied' : 'Copy secret'}
          </Button>
          <Button onClick={onClose}>Done</Button>
        </DialogFooter>
      </div>
    </Dialog>
  );
}
