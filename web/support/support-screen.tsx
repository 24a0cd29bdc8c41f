/** The support console: districts that wait to be connected, and mail that nobody could place. */
import './support.css';

import { SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import type { SetupRequest } from '../../src/contract/districts/setup.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { MailList } from './mail-list.tsx';
import { formatAge, formatMoment, stateLabels } from './request-labels.ts';
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
            Requests to be connected
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
            title="The requests could not be loaded"
            error={error}
            onRetry={() => void refetch()}
          />
        )}
        {!error && data === undefined && <Skeleton height={120} radius="md" />}
        {data?.requests.length === 0 && (
          <div className="empty">
            <strong>{which === 'open' ? 'No district waits' : 'No request was closed yet'}</strong>
            <p className="quiet">
              Requests come by mail to the support address, or from District Information.
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
  /** When the list was asked for, in milliseconds: ages count to then. */
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
            {request.domain} · {request.channel === 'mail' ? 'by mail' : 'by button'} from{' '}
            {request.requestedBy} ·{' '}
            <time dateTime={request.requestedAt}>{formatMoment(request.requestedAt)}</time>
            {request.closedAt === null && `, ${formatAge(request.requestedAt, now)} ago`}
          </span>
        </li>
      ))}
    </ul>
  );
}
