/** Before the district is connected: the steps in Skyward, the request to support and how far it is. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { type SetupRequest, setupApi } from '../../src/contract/districts/setup.ts';
import { callApi } from '../api/api-client.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { setupQuery } from './settings-queries.ts';

/** The subject that support looks for (R17). */
const subject = 'Complete SameGoal Demographics Integration';

/** R6 to R18, in the words that Skyward shows. */
export function SetupChecklist({ supportAddress }: { readonly supportAddress: string | null }) {
  const { name } = useDistrict();
  return (
    <div className="checklist">
      <p>
        Students and parents of {name} come from Skyward every night once these steps are done. The
        first three are taken in Skyward, by somebody with administrative access.{' '}
        <Link to="/help/$page" params={{ page: 'setup' }}>
          The guide shows them with pictures
        </Link>
        .
      </p>
      <ol>
        <li>
          In Skyward, go to <strong>Administrative Access &gt; API &gt; Integration</strong> and
          select the integration whose product name is <strong>SameGoal Demographics</strong>.
        </li>
        <li>
          Open the tab <strong>Integration Accesses</strong> and click{' '}
          <strong>Add Integration Access</strong>.
          <dl className="facts">
            <div>
              <dt>Name</dt>
              <dd>As you like</dd>
            </div>
            <div>
              <dt>Key</dt>
              <dd>As you like, without spaces; it becomes the Client Key here</dd>
            </div>
            <div>
              <dt>Authentication Type</dt>
              <dd>OAuth 2.0</dd>
            </div>
            <div>
              <dt>Expiration Date</dt>
              <dd>A year from today unless you extend it, or delete it so that it never expires</dd>
            </div>
          </dl>
        </li>
        <li>
          Below <strong>Custom API Entities</strong>, select the <strong>District Entity</strong>{' '}
          and every school whose students are to come. Save.
        </li>
        <li>
          Ask us to complete the integration
          {supportAddress === null ? (
            ':'
          ) : (
            <>
              : with the button below, or by a mail from your district address to{' '}
              <a href={`mailto:${supportAddress}?subject=${encodeURIComponent(subject)}`}>
                {supportAddress}
              </a>{' '}
              with the subject <strong>{subject}</strong>. It may be empty.
            </>
          )}
          <RequestState />
        </li>
        <li>
          We check the record, generate the secret that belongs to your key, and answer. The
          credentials appear here, and the students the morning after.
        </li>
      </ol>
    </div>
  );
}

const stateLabels: Readonly<Record<SetupRequest['state'], string>> = {
  requested: 'Asked for; we look at it next.',
  waiting: 'Something is missing in Skyward. Mend it there; we look again.',
  verified: 'The record in Skyward is right. The secret comes next.',
  'secret-generated': 'The secret is there. The last step is ours.',
  connected: 'Connected.',
  declined: 'We could not complete this request.',
};

function RequestState() {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  const queries = useQueryClient();
  const notify = useNotice();
  const { data, error, refetch } = useQuery(setupQuery(domain));
  const ask = useMutation({
    mutationFn: () => callApi(setupApi.requestSetup, { domain }),
    onSuccess: ({ isNew }) =>
      notify({ message: isNew ? 'Asked. We take it from here.' : 'It was asked for already.' }),
    onSettled: async () => queries.invalidateQueries({ queryKey: setupQuery(domain).queryKey }),
  });
  if (error && data === undefined) {
    return (
      <ProblemNotice
        title="The state of the request could not be loaded"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (data === undefined) return <output className="block">Loading …</output>;
  const { request } = data;
  const isOpen = request !== null && request.closedAt === null;
  const findings = isOpen ? (request.verification?.findings ?? []) : [];
  return (
    <div className="request-state" data-state={request?.state ?? 'none'}>
      <output className="block">
        <strong>{request === null ? 'Not asked for yet.' : stateLabels[request.state]}</strong>{' '}
        {request !== null && (
          <span className="quiet">
            Asked by {request.requestedBy}, {formatInstant(request.requestedAt, timeZone)}
          </span>
        )}
      </output>
      {request?.state === 'declined' && request.note !== null && <p>{request.note}</p>}
      {findings.length > 0 && (
        <ul>
          {findings.map(({ code, message, advice }) => (
            <li key={`${code} ${message}`}>
              {message} <span className="quiet">{advice}</span>
            </li>
          ))}
        </ul>
      )}
      {!isOpen && (
        <Button loading={ask.isPending} onClick={() => ask.mutate()}>
          {request === null ? 'Ask for completion' : 'Ask again'}
        </Button>
      )}
      {ask.error && <ProblemNotice title="Nothing was asked for" error={ask.error} />}
    </div>
  );
}
