/** The audit trail: who viewed or changed what, filtered by user, action, student and dates. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import type { AuditEvent } from '../../src/contract/accounts/audit.ts';
import { auditApi } from '../../src/contract/accounts/audit.ts';
import { apiAddress } from '../api/api-client.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { EmptyState, LoadingRows } from '../shell/list-state.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import './audit.css';
import { AuditFilters } from './audit-filters.tsx';
import { AuditLines } from './audit-lines.tsx';
import { auditQuery, type AuditSearch } from './audit-queries.ts';

/** The audit trail of the district in the address. */
export function AuditScreen() {
  const domain = useDomain();
  const query = useSearch({ from: '/signed-in/a/$domain/audit' });
  const { timeZone } = useDistrict();
  const navigate = useNavigate();
  const ask = (search: AuditSearch) =>
    void navigate({ to: '/a/$domain/audit', params: { domain }, search, replace: true });
  return (
    <div className="screen">
      <div className="screen-head">
        <div>
          <ScreenTitle name="Audit log">Audit log</ScreenTitle>
          <p className="quiet">
            Who viewed or changed what in this district. Entries can’t be changed or removed.
          </p>
        </div>
        <Button
          component="a"
          variant="default"
          href={apiAddress(auditApi.exportAudit.path, { domain }, { ...query })}
          download
        >
          Export as CSV
        </Button>
      </div>
      <Trail domain={domain} timeZone={timeZone} query={query} onQueryChange={ask} />
    </div>
  );
}

/** The audit trail outside of districts: sign-ins of technicians and denied requests. */
export function VendorAuditScreen() {
  const query = useSearch({ from: '/signed-in/audit' });
  const navigate = useNavigate();
  const ask = (search: AuditSearch) => void navigate({ to: '/audit', search, replace: true });
  return (
    <div className="screen">
      <ScreenTitle name="Support audit log">Support audit log</ScreenTitle>
      <p className="quiet">
        Sign-ins and denied requests of technicians. Their actions in a district are in the audit
        log of that district. Times are in UTC.
      </p>
      <Trail domain={null} timeZone="UTC" query={query} onQueryChange={ask} />
    </div>
  );
}

interface TrailProps {
  /** null: outside of districts. */
  readonly domain: string | null;
  readonly timeZone: string;
  readonly query: AuditSearch;
  readonly onQueryChange: (next: AuditSearch) => void;
}

function Trail({ domain, timeZone, query, onQueryChange }: TrailProps) {
  const trail = useInfiniteQuery(auditQuery(domain, query));
  const events: readonly AuditEvent[] = trail.data?.pages.flatMap((page) => page.events) ?? [];
  const selectedName = events[0]?.student?.name ?? undefined;
  return (
    <>
      <AuditFilters
        domain={domain}
        query={query}
        studentName={selectedName}
        onQueryChange={onQueryChange}
      />
      {trail.error && (
        <ProblemNotice
          title="Couldn’t load the audit log"
          error={trail.error}
          onRetry={() => void trail.refetch()}
        />
      )}
      {trail.isPending && <LoadingRows label="Loading the audit log" />}
      {trail.isSuccess && events.length === 0 && (
        <EmptyState
          title="No entries found"
          action={
            <Button variant="default" size="xs" onClick={() => onQueryChange({})}>
              Clear filters
            </Button>
          }
        >
          Select other dates, or another user, action or student.
        </EmptyState>
      )}
      {events.length > 0 && (
        <AuditLines domain={domain} timeZone={timeZone} events={events} query={query} />
      )}
      {trail.hasNextPage && (
        <div className="pages">
          <Button
            variant="default"
            loading={trail.isFetchingNextPage}
            onClick={() => void trail.fetchNextPage()}
          >
            Show older entries
          </Button>
        </div>
      )}
    </>
  );
}
