/** The lines of the audit trail by day, each a sentence with expandable details. */
import { Link } from '@tanstack/react-router';
import { Fragment, useId, useState } from 'react';

import { commandLine } from '../../src/contract/accounts/audit-actions.ts';
import type { AuditEvent } from '../../src/contract/accounts/audit.ts';
import { formatAuditDetail, toWords } from '../../src/contract/accounts/audit-details.ts';
import { toAuditSentence } from '../../src/contract/accounts/audit-sentences.ts';
import { roleLabels } from '../accounts/users/role-labels.ts';
import { SupportDetails } from '../shell/support-details.tsx';
import { dayIn } from '../shell/dates.ts';
import { ChevronIcon } from '../shell/icons.tsx';
import type { AuditSearch } from './audit-queries.ts';

interface AuditLinesProps {
  readonly domain: string | null;
  readonly timeZone: string;
  readonly events: readonly AuditEvent[];
  readonly query: AuditSearch;
}

export function AuditLines({ events, timeZone, ...place }: AuditLinesProps) {
  const days = Map.groupBy(events, ({ happenedAt }) => dayIn(new Date(happenedAt), timeZone));
  return (
    <div className="audit-days">
      {[...days].map(([day, ofDay]) => (
        <section key={day} aria-label={dayHeading(day)}>
          <h2 className="audit-day">{dayHeading(day)}</h2>
          <ol className="audit-lines">
            {ofDay.map((event) => (
              <AuditLine key={event.id} event={event} timeZone={timeZone} {...place} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

interface AuditLineProps extends Omit<AuditLinesProps, 'events'> {
  readonly event: AuditEvent;
}

function AuditLine({ event, domain, timeZone, query }: AuditLineProps) {
  const [isOpen, setOpen] = useState(false);
  const detailsId = useId();
  return (
    <li className="audit-line" data-denied={/-(?:denied|failed)$/.test(event.action) || undefined}>
      <time dateTime={event.happenedAt}>{clockTime(event.happenedAt, timeZone)}</time>
      <p className="audit-sentence">
        <strong>
          {event.user?.name ?? (event.detail['by'] === commandLine ? commandLine : 'Unknown user')}
        </strong>{' '}
        {toAuditSentence(event).map(({ text, student }, index) =>
          student === undefined || domain === null ? (
            // The index is the only key of a sentence's parts.
            // oxlint-disable-next-line react/no-array-index-key
            <Fragment key={index}>{text}</Fragment>
          ) : (
            <Link
              key={student}
              to="/a/$domain/students/$studentId"
              params={{ domain, studentId: String(student) }}
            >
              {text}
            </Link>
          ),
        )}
      </p>
      <button
        type="button"
        className="audit-more"
        aria-expanded={isOpen}
        aria-controls={detailsId}
        onClick={() => setOpen(!isOpen)}
      >
        Details <ChevronIcon />
      </button>
      <div id={detailsId} hidden={!isOpen} className="audit-details">
        {isOpen && <LineDetails event={event} domain={domain} query={query} />}
      </div>
    </li>
  );
}

/** Shown as details for support. */
const technicalDetails: ReadonlySet<string> = new Set(['method', 'path', 'pair', 'runId']);

const toHeading = (name: string): string => {
  const words = toWords(name);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function LineDetails({ event, domain, query }: Pick<AuditLineProps, 'event' | 'domain' | 'query'>) {
  const { user, student } = event;
  const facts = [
    ['E-mail', user?.email],
    ['Role at that time', user?.role ? roleLabels[user.role] : undefined],
    ['Network address', event.address],
    ['Internal ID of the student', student?.id],
    ...Object.entries(event.detail)
      .filter(([name]) => !technicalDetails.has(name))
      .map(([name, value]) => [toHeading(name), formatAuditDetail(name, value)] as const),
  ] as const;
  return (
    <>
      <dl className="facts">
        {facts.map(
          ([name, value]) =>
            value !== undefined &&
            value !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <SupportDetails>
        {[event.detail['method'], event.detail['path']]
          .filter((part) => typeof part === 'string')
          .join(' ')}{' '}
        {event.requestId !== null && `Request ID ${event.requestId}`}
      </SupportDetails>
      <p className="audit-more-links">
        {user?.accountId && (
          <FilterLink domain={domain} search={{ ...query, user: user.accountId }}>
            All actions of {user.name}
          </FilterLink>
        )}
        {student !== null && (
          <FilterLink domain={domain} search={{ student: String(student.id) }}>
            All actions about this student
          </FilterLink>
        )}
      </p>
    </>
  );
}

function FilterLink({
  domain,
  search,
  children,
}: {
  readonly domain: string | null;
  readonly search: AuditSearch;
  readonly children: React.ReactNode;
}) {
  return domain === null ? (
    <Link to="/audit" search={search}>
      {children}
    </Link>
  ) : (
    <Link to="/a/$domain/audit" params={{ domain }} search={search}>
      {children}
    </Link>
  );
}

/** Such as `Monday, November 23, 2026`. */
const dayHeading = (day: string): string =>
  new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

const clockTime = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', timeZone }).format(
    new Date(instant),
  );
