/**
 * The home page for administrators and technicians: the import, what is on hold, what else needs attention.
 *
 * This folder has the home page of a district, by role.
 */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import type { AdministratorHome as Home } from '../../src/contract/home.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import {
  assessImports,
  describeLastImport,
  describeTrouble,
  formatUpcoming,
  getStateTone,
  importStateLabels,
} from '../imports/import-state.ts';
import { DateHold } from '../imports/date-hold.tsx';
import { useImportStatus } from '../imports/import-status-query.ts';
import { formatCount } from '../imports/run-labels.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { AttentionCard } from './attention-card.tsx';
import { HeldCard } from './held-card.tsx';
import { HomeCard } from './home-card.tsx';
import { administratorHomeQuery } from './home-queries.ts';
import { MassChangeCard } from './mass-change-card.tsx';
import { SetupCard } from './setup-card.tsx';

export function AdministratorHome() {
  const { data, error, refetch } = useQuery(administratorHomeQuery(useDomain()));
  if (data === undefined) {
    return error ? (
      <ProblemNotice
        title="Couldn’t load the home page"
        error={error}
        onRetry={() => void refetch()}
      />
    ) : (
      <div className="home-grid" aria-busy>
        <Skeleton height={230} radius="md" />
        <Skeleton height={230} radius="md" />
      </div>
    );
  }
  const isSetUp = data.status.lastCompleted !== null;
  return (
    <div className="home-grid">
      <div className="home-column">
        <DateHold />
        <MassChangeCard />
        {data.held && <HeldCard held={data.held} />}
        {isSetUp ? <ImportCard home={data} /> : <SetupCard status={data.status} />}
      </div>
      {isSetUp && <AttentionCard home={data} />}
    </div>
  );
}

function ImportCard({ home }: { readonly home: Home }) {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  const { now } = useImportStatus(domain);
  const { status, lastCompleted } = home;
  if (lastCompleted === null) return null;
  const reader = { timeZone, now, isAdministrator: true };
  const state = assessImports(status, now);
  // What is on hold has a card of its own, and is no missed import.
  const note = describeTrouble(
    status.heldRunId === null
      ? status
      : { ...status, heldRunId: null, lateAt: null, overdueAt: null },
    reader,
  );
  return (
    <HomeCard
      title="Student data"
      tone={getStateTone(status, now)}
      aside={
        <span className="state-mark" data-tone={getStateTone(status, now)}>
          {importStateLabels[state]}
        </span>
      }
    >
      <p className="home-lead">{describeLastImport(status, reader)}</p>
      {note && (
        <p className="home-note">
          {note.text}{' '}
          {note.link &&
            (note.link.runId === null ? (
              <Link to="/a/$domain/imports" params={{ domain }}>
                {note.link.label}
              </Link>
            ) : (
              <RunLink runId={note.link.runId}>{note.link.label}</RunLink>
            ))}
        </p>
      )}
      <dl className="home-numbers">
        <Count label="Added" value={lastCompleted.added} />
        <Count label="Updated" value={lastCompleted.changed} />
        <Count label="Withdrawn" value={lastCompleted.withdrawn} />
        <Count label="Import issues" value={lastCompleted.issues} />
      </dl>
      <p className="home-links">
        <RunLink runId={lastCompleted.runId}>View import report</RunLink>
        <Link to="/a/$domain/imports" params={{ domain }}>
          Import history
        </Link>
        {status.nextAt !== null && (
          <span className="quiet">Next import: {formatUpcoming(status.nextAt, timeZone, now)}</span>
        )}
      </p>
    </HomeCard>
  );
}

const Count = ({ label, value }: { readonly label: string; readonly value: number }) => (
  <div>
    <dt>{label}</dt>
    <dd>{formatCount(value)}</dd>
  </div>
);

function RunLink({ runId, children }: { readonly runId: number; readonly children: string }) {
  const domain = useDomain();
  return (
    <Link to="/a/$domain/imports/$runId" params={{ domain, runId: `${runId}` }}>
      {children}
    </Link>
  );
}
