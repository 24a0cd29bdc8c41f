/** Before the district is connected: the steps in Skyward, and the request to support with its state. */
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
export const subject = 'Complete SameGoal Demographics Integration';

/** R6 to R18, with the labels that Skyward shows. */
export function SetupChecklist({ supportAddress }: { readonly supportAddress: string | null }) {
  const { name } = useDistrict();
  return (
    <div className="checklist">
      <p>
        After these steps, students and parents of {name} are imported from Skyward every night. The
        first three steps are done in Skyward, by a user with administrative access.{' '}
        <Link to="/help/$page" params={{ page: 'setup' }}>
          See the guide with pictures
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
              <dd>Any name</dd>
            </div>
            <div>
              <dt>Key</dt>
              <dd>Any text without spaces. It becomes the Client Key here.</dd>
            </div>
            <div>
              <dt>Authentication Type</dt>
              <dd>OAuth 2.0</dd>
            </div>
            <div>
              <dt>Expiration Date</dt>
              <dd>
                One year from today by default. Extend it, or delete it so that it never expires.
              </dd>
            </div>
          </dl>
        </li>
        <li>
          Below <strong>Custom API Entities</strong>, select the <strong>District Entity</strong>{' '}
          and every school whose students should be imported. Save.
        </li>
        <li>
          Request activation
          {supportAddress === null ? (
            ':'
          ) : (
            <>
              : use the button below, or send an e-mail from your district address to{' '}
              <a href={`mailto:${supportAddress}?subject=${encodeURIComponent(subject)}`}>
                {supportAddress}
              </a>{' '}
              with the subject <strong>{subject}</strong>. The body can be empty.
            </>
          )}
          <RequestState />
        </li>
        <li>
          We check the record, generate the secret for your key, and reply. The credentials appear
          here, and the students the following morning.
        </li>
      </ol>
    </div>
  );
}

const stateLabels: Readonly<Record<SetupRequest['state'], string>> = {
  requested: 'Request sent. We’ll check it next.',
  waiting: 'Something is missing in Skyward. Please fix it in Skyward; we’ll check again.',
  verified: 'The record in Skyward is complete. Next, we generate the secret.',
  'secret-generated': 'The secret is generated. We’ll complete the last step.',
  connected: 'Connected.',
  declined: 'We couldn’t complete this request.',
};

/** Requests the activation of the integration. */
export function useActivationRequest() {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  return useMutation({
    mutationFn: () => callApi(setupApi.requestSetup, { domain }),
    onSuccess: ({ isNew }) =>
      notify({ message: isNew ? 'Request sent.' : 'Activation was already requested.' }),
    onSettled: async () => queries.invalidateQueries({ queryKey: setupQuery(domain).queryKey }),
  });
}

function RequestState() {
  const { timeZone } = useDistrict();
  const { data, error, refetch } = useQuery(setupQuery(useDomain()));
  const ask = useActivationRequest();
  if (error && data === undefined) {
    return (
      <ProblemNotice
        title="Couldn’t load the request"
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
        <strong>{request === null ? 'Not requested' : stateLabels[request.state]}</strong>{' '}
        {request !== null && (
          <span className="quiet">
            Requested by {request.requestedBy}, {formatInstant(request.requestedAt, timeZone)}
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
          {request === null ? 'Request activation' : 'Request again'}
        </Button>
      )}
      {ask.error && <ProblemNotice title="Couldn’t send the request" error={ask.error} />}
    </div>
  );
}
