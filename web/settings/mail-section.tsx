/** E-mail notifications: who gets which, and the messages that were sent. */
import { Checkbox, Skeleton } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import {
  type MailRecipient,
  type SentMail,
  districtMailApi,
} from '../../src/contract/districts/district-mail.ts';
import { callApi } from '../api/api-client.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';

const mailQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'mail'],
    queryFn: ({ signal }) => callApi(districtMailApi.getDistrictMail, { domain }, signal),
  });

export function MailSection() {
  const { data, error, refetch } = useQuery(mailQuery(useDomain()));
  if (error && data === undefined) {
    return (
      <ProblemNotice
        title="Couldn’t load e-mail notifications"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (data === undefined) return <Skeleton height={120} radius="md" />;
  const { recipients, sent, total, isMailConfigured } = data;
  return (
    <>
      {!isMailConfigured && (
        <p className="quiet">E-mail isn’t set up on this server. Ask your administrator.</p>
      )}
      {recipients.length === 0 ? (
        <p className="quiet">The district has no users yet. Invite them under Users.</p>
      ) : (
        <div className="mail-table">
          <table>
            <thead>
              <tr>
                <th scope="col">User</th>
                <th scope="col">Import and connection alerts</th>
                <th scope="col">Weekly summary</th>
              </tr>
            </thead>
            <tbody>
              {recipients.map((recipient) => (
                <RecipientRow key={recipient.id} recipient={recipient} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="quiet">
        Alerts are sent when the access to Skyward expires, an import fails or is on hold, imports
        find no changes for days, or a webhook is turned off. The summary is sent on Monday
        mornings.
      </p>
      <details className="sent-mails">
        <summary>
          Sent messages ({total.toLocaleString('en-US')}
          {total > sent.length && `, the last ${sent.length} are shown`})
        </summary>
        <SentMails sent={sent} />
      </details>
    </>
  );
}

function RecipientRow({ recipient }: { readonly recipient: MailRecipient }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const { queryKey } = mailQuery(domain);
  const choose = useMutation({
    mutationFn: (choice: Pick<MailRecipient, 'notices' | 'weekly'>) =>
      callApi(districtMailApi.chooseMail, { domain, params: { id: recipient.id }, body: choice }),
    onSuccess: (chosen) =>
      queries.setQueryData(
        queryKey,
        (before) =>
          before && {
            ...before,
            recipients: before.recipients.map((one) => (one.id === chosen.id ? chosen : one)),
          },
      ),
    onError: (error) => notify({ message: error.message, tone: 'problem' }),
  });
  const { notices, weekly } = choose.isPending ? { ...recipient, ...choose.variables } : recipient;
  return (
    <tr>
      <th scope="row">
        {recipient.name}
        <span className="quiet block">{recipient.email}</span>
      </th>
      <td>
        <Checkbox
          aria-label={`${recipient.name} gets import and connection alerts`}
          checked={notices}
          disabled={choose.isPending}
          onChange={(event) => choose.mutate({ notices: event.currentTarget.checked, weekly })}
        />
      </td>
      <td>
        <Checkbox
          aria-label={`${recipient.name} gets the weekly summary`}
          checked={weekly}
          disabled={choose.isPending}
          onChange={(event) => choose.mutate({ notices, weekly: event.currentTarget.checked })}
        />
      </td>
    </tr>
  );
}

function SentMails({ sent }: { readonly sent: readonly SentMail[] }) {
  const { timeZone } = useDistrict();
  if (sent.length === 0) return <p className="quiet">None yet.</p>;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="mail-table" aria-label="Sent messages" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Sent</th>
            <th scope="col">To</th>
            <th scope="col">Subject</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {sent.map(({ id, sentAt, to, subject, state, response }) => (
            <tr key={id}>
              <td>
                <time dateTime={sentAt}>{formatInstant(sentAt, timeZone)}</time>
              </td>
              <td>{to}</td>
              <td>{subject}</td>
              <td>{state === 'sent' ? 'Sent' : `Failed: ${response ?? 'no reason given'}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
