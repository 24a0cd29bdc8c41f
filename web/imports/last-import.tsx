/** The last import in the frame of every screen: how old the data is, and for administrators what needs attention. */
import './tones.css';
import './last-import.css';

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { administers } from '../../src/contract/endpoint.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { districtQuery } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import {
  describeLastImport,
  describeTrouble,
  getStateTone,
  type StatusNote,
} from './import-state.ts';
import { useImportStatus } from './import-status-query.ts';

/** `Last import: today 2:05 AM`. */
export function LastImport({ domain }: { readonly domain: string }) {
  const { data: status, now, isError, refetch } = useImportStatus(domain);
  const { data: district } = useQuery(districtQuery(domain));
  const { data: session } = useQuery(sessionQuery);
  if (status === undefined) {
    return (
      <p className="last-import">
        {isError ? (
          <>
            Last import: unknown.{' '}
            <button type="button" className="text-button" onClick={() => void refetch()}>
              Try again
            </button>
          </>
        ) : (
          'Last import: …'
        )}
      </p>
    );
  }
  const timeZone = district?.timeZone ?? 'UTC';
  const isAdministrator = session ? administers(session.account.role) : false;
  const reader = { timeZone, now, isAdministrator };
  const note = describeTrouble(status, reader);
  return (
    <div className="last-import" data-tone={getStateTone(status, now)}>
      <StatusLink
        domain={domain}
        runId={isAdministrator ? (status.lastCompleted?.runId ?? null) : null}
        title={status.lastCompleted ? formatInstant(status.lastCompleted.at, timeZone) : undefined}
        className="last-import-state"
      >
        {describeLastImport(status, reader)}
      </StatusLink>
      {note && <TroubleNote domain={domain} note={note} />}
    </div>
  );
}

function TroubleNote({ domain, note }: { readonly domain: string; readonly note: StatusNote }) {
  return (
    <p className="last-import-note">
      {note.brief}{' '}
      {note.link && (
        <StatusLink domain={domain} runId={note.link.runId} className="last-import-more">
          {note.link.label}
        </StatusLink>
      )}
    </p>
  );
}

interface StatusLinkProps {
  readonly domain: string;
  /** The run to open; null: the list of imports. */
  readonly runId: number | null;
  readonly title?: string | undefined;
  readonly className: string;
  readonly children: string;
}

function StatusLink({ domain, runId, children, ...rest }: StatusLinkProps) {
  return runId === null ? (
    <Link to="/a/$domain/imports" params={{ domain }} {...rest}>
      {children}
    </Link>
  ) : (
    <Link to="/a/$domain/imports/$runId" params={{ domain, runId: `${runId}` }} {...rest}>
      {children}
    </Link>
  );
}
