/** The support console of technicians: setup requests of districts, and mail that needs review. */
import '@mantine/core/styles/FloatingIndicator.css';
import '@mantine/core/styles/SegmentedControl.css';
import './support.css';

import { SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import type { SetupRequest } from '../../src/contract/districts/setup.ts';
import { formatAgo } from '../shell/dates.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { MailList } from './mail-list.tsx';
import { formatMoment, stateLabels } from './request-labels.ts';
import { requestsQuery, type WhichRequests } from './support-queries.ts';

export function SupportScreen() {
  const [which, setWhich] = useState<WhichRequests>('open');
  const { data, error, refetch, dataUpdatedAt } = useQuery(requestsQuery(which));
  return (
    <div className="screen">
      <ScreenTitle name="Support">Support</ScreenTitle>
      <section aria-labelledby="requests-title">
        <div className="support-head">
          <h2 className="section-title" id="requests-title">
            Setup requests
          </h2>
          <SegmentedControl
            aria-label="Which requests"
            value={which}
            onChange={(value) => setWhich(value)}
            data={[
              { value: 'open', label: 'Open' },
              { value: 'closed', label: 'Closed' },
            ]}
          />
        </div>
        {error && data === undefined && (
          <ProblemNotice
            title="Couldn’t load the requests"
            error={error}
            onRetry={() => void refetch()}
          />
        )}
        {!error && data === undefined && <Skeleton height={120} radius="md" />}
        {data?.requests.length === 0 && (
          <div className="empty">
            <strong>{which === 'open' ? 'No open requests' : 'No closed requests'}</strong>
            <p className="quiet">
              Districts send requests by e-mail to the support address, or from District
              Information.
            </p>
          </div>
        )}
        {data !== undefined && data.requests.length > 0 && (
          <RequestList requests={data.requests} now={dataUpdatedAt} />
        )}
      </section>
      <MailList />
    </div>
  );
}

interface RequestListProps {
  readonly requests: readonly SetupRequest[];
  /** When the list was fetched, in milliseconds; ages are relative to it. */
  readonly now: number;
}

function RequestList({ requests, now }: RequestListProps) {
  return (
    <ul className="support-list">
      {requests.map((request) => (
        <li key={`${request.districtId}/${request.id}`}>
          <Link
            to="/support/$districtId/$requestId"
            params={{ districtId: `${request.districtId}`, requestId: `${request.id}` }}
            className="row-link"
          >
            {request.districtName}
          </Link>
          <span className="request-mark" data-state={request.state}>
            {stateLabels[request.state]}
          </span>
          <span className="quiet support-more">
            {request.domain} · {request.channel === 'mail' ? 'by e-mail' : 'by button'} from{' '}
            {request.requestedBy} ·{' '}
            <time dateTime={request.requestedAt}>{formatMoment(request.requestedAt)}</time>
            {request.closedAt === null && `, ${formatAgo(request.requestedAt, now)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
