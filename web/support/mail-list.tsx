/** Mail to support that needs review, each with the reason, and all recent mail on demand. */
import '@mantine/core/styles/FloatingIndicator.css';
import '@mantine/core/styles/SegmentedControl.css';

import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { setupApi } from '../../src/contract/districts/setup.ts';
import { callApi } from '../api/api-client.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { AssignMail, ReplyToMail } from './mail-actions.tsx';
import { formatMoment } from './request-labels.ts';
import { mailsQuery, type SupportMail, type WhichMails } from './support-queries.ts';

export function MailList() {
  const [which, setWhich] = useState<WhichMails>('waiting');
  const { data, error, refetch } = useQuery(mailsQuery(which));
  return (
    <section aria-labelledby="mails-title">
      <div className="support-head">
        <h2 className="section-title" id="mails-title">
          Mail
        </h2>
        <SegmentedControl
          aria-label="Which mails"
          value={which}
          onChange={(value) => setWhich(value)}
          data={[
            { value: 'waiting', label: 'Needs review' },
            { value: 'all', label: 'All recent' },
          ]}
        />
      </div>
      {error && data === undefined && (
        <ProblemNotice
          title="Couldn’t load the mail"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <Skeleton height={120} radius="md" />}
      {data?.mails.length === 0 && (
        <div className="empty">
          <strong>No mail needs review</strong>
          <p className="quiet">
            A mail from a district with the right subject opens a request automatically. Other mail
            is listed here.
          </p>
        </div>
      )}
      {data !== undefined && data.mails.length > 0 && (
        <ul className="support-list">
          {data.mails.map((mail) => (
            <MailRow key={`${mail.districtId}/${mail.id}`} mail={mail} />
          ))}
        </ul>
      )}
    </section>
  );
}

const outcomeLabels: Readonly<Record<SupportMail['outcome'], string>> = {
  request: 'Opened a request',
  joined: 'Added to an open request',
  inbox: 'Needs review',
  ignored: 'Ignored',
};

const verdictLabels: Readonly<Record<SupportMail['sender']['verdict'], string>> = {
  confirmed: 'sender confirmed',
  unknown: 'sender not confirmed',
  contradicted: 'sender check failed',
};

function MailRow({ mail }: { readonly mail: SupportMail }) {
  const queries = useQueryClient();
  const notify = useNotice();
  const { districtId, id, sender } = mail;
  const mark = useMutation({
    mutationFn: (isHandled: boolean) =>
      callApi(setupApi.setMailHandled, {
        params: { districtId: `${districtId}`, id: `${id}` },
        body: { isHandled },
      }),
    onSuccess: ({ isHandled }) => {
      if (isHandled) {
        notify({ message: 'Marked as done.', undo: () => mark.mutate(false) });
      }
    },
    onSettled: async () => queries.invalidateQueries({ queryKey: ['support', 'mails'] }),
  });
  const isHandled = mail.handledAt !== null;
  return (
    <li>
      <strong className="mail-subject">{mail.subject === '' ? 'No subject' : mail.subject}</strong>
      <span className="request-mark" data-state={mail.outcome}>
        {isHandled ? `Done by ${mail.handledBy}` : outcomeLabels[mail.outcome]}
      </span>
      <span className="quiet support-more">
        {mail.from.join(', ')} ·{' '}
        <time dateTime={mail.receivedAt}>{formatMoment(mail.receivedAt)}</time> ·{' '}
        <span title={`SPF ${sender.spf}, DKIM ${sender.dkim}, DMARC ${sender.dmarc}`}>
          {verdictLabels[sender.verdict]}
        </span>
      </span>
      {mail.reason !== null && <span className="support-more">{mail.reason}</span>}
      {mail.body !== '' && (
        <details className="support-more">
          <summary>Show mail</summary>
          <p className="mail-body">{mail.body}</p>
        </details>
      )}
      {mail.outcome === 'inbox' && (
        <div className="support-more mail-actions">
          {!isHandled && <ReplyToMail mail={mail} />}
          {!isHandled && <AssignMail mail={mail} />}
          <Button
            size="compact-sm"
            variant="default"
            loading={mark.isPending}
            onClick={() => mark.mutate(!isHandled)}
          >
            {isHandled ? 'Reopen' : 'Mark as done'}
          </Button>
        </div>
      )}
      {mark.error && <ProblemNotice title="Couldn’t mark the mail" error={mark.error} />}
    </li>
  );
}
