/** One setup request: its details, what Verify found, and the possible steps. */
import './support.css';

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';

import { formatDay } from '../../src/contract/day-format.ts';
import type { SetupRequest } from '../../src/contract/districts/setup.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { RequestSteps } from './request-steps.tsx';
import { formatMoment, stateLabels } from './request-labels.ts';
import { requestQuery } from './support-queries.ts';

export function RequestScreen() {
  const { districtId, requestId } = useParams({
    from: '/signed-in/support/$districtId/$requestId',
  });
  const { data, error, refetch } = useQuery(requestQuery(districtId, requestId));
  return (
    <div className="screen">
      <nav className="breadcrumb" aria-label="Back">
        <Link to="/support">Support</Link>
      </nav>
      <ScreenTitle name={data?.request.districtName ?? 'Request'}>
        {data?.request.districtName ?? 'Request'}
      </ScreenTitle>
      {error && data === undefined && (
        <ProblemNotice
          title="Couldn’t load the request"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <Skeleton height={240} radius="md" />}
      {data && <Request request={data.request} />}
    </div>
  );
}

function Request({ request }: { readonly request: SetupRequest }) {
  return (
    <div className="request">
      <p>
        <span className="request-mark" data-state={request.state}>
          {stateLabels[request.state]}
        </span>
      </p>
      <RequestSteps key={request.id} request={request} />
      <dl className="facts">
        <Fact name="Requested">
          {request.channel === 'mail' ? 'By e-mail' : 'By the button on District Information'} from{' '}
          {request.requestedBy}, {formatMoment(request.requestedAt)}
        </Fact>
        <Fact name="District">
          <Link to="/a/$domain/settings" params={{ domain: request.domain }}>
            {request.domain}
          </Link>
        </Fact>
        <Fact name="API Base URL">{request.baseUrl ?? 'Not known yet'}</Fact>
        <Fact name="Client Key">
          {request.clientKey ??
            request.verification?.access?.key ??
            request.expectedKey ??
            'Not known yet'}
        </Fact>
        <Fact name="Client Secret">
          {request.secretAt === null ? 'None yet' : `Stored ${formatMoment(request.secretAt)}`}
        </Fact>
        {request.connectedAt !== null && (
          <Fact name="Connected">{formatMoment(request.connectedAt)}</Fact>
        )}
        {request.state === 'connected' && (
          <Fact name="Confirmation">
            {request.confirmationSentAt === null
              ? 'Not sent. Tell the district yourself, or send it again.'
              : `Sent ${formatMoment(request.confirmationSentAt)}`}
          </Fact>
        )}
        {request.note !== null && <Fact name="Note">{request.note}</Fact>}
      </dl>
      <Verification request={request} />
    </div>
  );
}

const Fact = ({
  name,
  children,
}: {
  readonly name: string;
  readonly children: React.ReactNode;
}) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** Everything that is missing, and the record that was found (R19). */
function Verification({ request }: { readonly request: SetupRequest }) {
  const { verification, verifiedAt } = request;
  if (verification === null) return null;
  const { access, findings } = verification;
  const blocking = findings.filter(({ blocks }) => blocks).length;
  return (
    <section aria-labelledby="verification-title" className="verification">
      <h2 className="section-title" id="verification-title">
        Verification
      </h2>
      <p>
        {blocking === 0
          ? 'Everything an import needs is in place.'
          : `${blocking} ${blocking === 1 ? 'problem' : 'problems'} to fix.`}{' '}
        {verifiedAt !== null && <span className="quiet">{formatMoment(verifiedAt)}</span>}
      </p>
      {findings.length > 0 && (
        <ul className="findings">
          {findings.map(({ code, blocks, message, advice }) => (
            <li key={`${code} ${message}`} data-blocks={blocks || undefined}>
              <strong>{message}</strong> {advice}
            </li>
          ))}
        </ul>
      )}
      {access !== null && (
        <dl className="facts">
          <Fact name="Name">{access.name}</Fact>
          <Fact name="Key">{access.key}</Fact>
          <Fact name="Authentication Type">{access.authenticationType}</Fact>
          <Fact name="Is Active">{access.isActive ? 'Yes' : 'No'}</Fact>
          <Fact name="Effective Date">{formatDay(access.effectiveDate)}</Fact>
          <Fact name="Expiration Date">
            {access.expirationDate === null ? 'Never' : formatDay(access.expirationDate)}
          </Fact>
          <Fact name="Custom API Entities">
            {access.entities.map(({ name }) => name).join(', ') || 'None'}
          </Fact>
        </dl>
      )}
    </section>
  );
}
