/**
 * What a technician does with a mail to support: reply to it, or assign it to a district, whose setup request it opens.
 *
 * This folder has the screens of the vendor's support: setup requests and mail.
 */
import { Button, Group, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { setupApi } from '../../src/contract/districts/setup.ts';
import { callApi } from '../api/api-client.ts';
import { districtsQuery } from '../districts/district-query.ts';
import { Dialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { SearchSelect } from '../shell/fields/search-select.tsx';
import type { SupportMail } from './support-queries.ts';

interface MailProps {
  readonly mail: SupportMail;
}

const paramsOf = ({ districtId, id }: SupportMail) => ({
  districtId: `${districtId}`,
  id: `${id}`,
});

export function ReplyToMail({ mail }: MailProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" onClick={() => setOpen(true)}>
        Reply …
      </Button>
      {isOpen && <ReplyDialog mail={mail} onClose={() => setOpen(false)} />}
    </>
  );
}

function ReplyDialog({ mail, onClose }: MailProps & { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const notify = useNotice();
  const [text, setText] = useState('');
  const reply = useMutation({
    mutationFn: () => callApi(setupApi.replyToMail, { params: paramsOf(mail), body: { text } }),
    onSuccess: async ({ to }) => {
      onClose();
      notify({ message: `Reply sent to ${to}. The mail is marked as done.` });
      await queries.invalidateQueries({ queryKey: ['support', 'mails'] });
    },
  });
  return (
    <Dialog isOpen title={`Reply to ${mail.from[0] ?? 'the sender'}`} onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          reply.mutate();
        }}
      >
        <Textarea
          label="Text"
          description="Your name is added below. Never send a Client Secret by e-mail."
          required
          withAsterisk={false}
          rows={8}
          maxLength={5000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {reply.error && <ProblemNotice title="Couldn’t send the reply" error={reply.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={reply.isPending}>
            Send
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

/** For a mail that opened no request, because its sender is unknown or not confirmed. */
export function AssignMail({ mail }: MailProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
        Assign to district …
      </Button>
      {isOpen && <AssignDialog mail={mail} onClose={() => setOpen(false)} />}
    </>
  );
}

function AssignDialog({ mail, onClose }: MailProps & { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const notify = useNotice();
  const { data, error } = useQuery(districtsQuery);
  const districts = (data?.districts ?? []).map(({ domain, name }) => ({
    value: domain,
    label: name,
  }));
  const ofSender = districts.find(({ value }) => mail.from[0]?.endsWith(`@${value}`))?.value;
  const [chosen, setChosen] = useState<string | null>(null);
  const domain = chosen ?? ofSender ?? null;
  const open = useMutation({
    mutationFn: () =>
      callApi(setupApi.openRequestFromMail, { params: paramsOf(mail), body: { domain } }),
    onSuccess: async ({ request, isNew }) => {
      onClose();
      notify({
        message: isNew
          ? `The request of ${request.districtName} is open.`
          : `The mail was added to the open request of ${request.districtName}.`,
      });
      await queries.invalidateQueries({ queryKey: ['support'] });
    },
  });
  return (
    <Dialog isOpen title="Assign this mail to a district?" onClose={onClose}>
      <p>
        It opens the district’s setup request, or is added to it. The sender {mail.from.join(', ')}{' '}
        may be forged. Call the district at a number that you know, not one from the mail, and ask
        whether they sent it.
      </p>
      <SearchSelect
        label="District"
        placeholder="Select the district"
        data={districts}
        value={domain}
        onChange={setChosen}
        {...(error !== null && { error: 'The districts could not be loaded.' })}
      />
      {open.error && <ProblemNotice title="Couldn’t assign the mail" error={open.error} />}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={domain === null} loading={open.isPending} onClick={() => open.mutate()}>
          Assign
        </Button>
      </Group>
    </Dialog>
  );
}
