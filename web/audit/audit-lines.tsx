/** The lines of the audit trail by day, each a sentence, with everything else that was kept on demand. */
import { Link } from '@tanstack/react-router';
import { Fragment, useId, useState } from 'react';

import { type AuditEvent, sentenceOf } from '../../src/contract/audit.ts';
import { roleWords } from '../accounts/role-words.ts';
import { dayIn } from '../shell/dates.ts';
import { ChevronIcon } from '../shell/icons.tsx';
import type { AuditSearch } from './audit-queries.ts';

interface AuditLinesProps {
  readonly domain: string | null;
  readonly timeZone: string;
  readonly events: readonly AuditEvent[];
  readonly asked: AuditSearch;
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

function AuditLine({ event, domain, timeZone, asked }: AuditLineProps) {
  const [isOpen, setOpen] = useState(false);
  const detailsId = useId();
  return (
    <li className="audit-line" data-refused={event.action.endsWith('refused') || undefined}>
      <time dateTime={event.happenedAt}>{clockTime(event.happenedAt, timeZone)}</time>
      <p className="audit-sentence">
        <strong>{event.person?.name ?? 'Somebody'}</strong>{' '}
        {sentenceOf(event).map(({ text, student }, index) =>
          student === undefined || domain === null ? (
            // The parts of a sentence have no other name than their place.
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
        {isOpen && <LineDetails event={event} domain={domain} asked={asked} />}
      </div>
    </li>
  );
}

function LineDetails({ event, domain, asked }: Pick<AuditLineProps, 'event' | 'domain' | 'asked'>) {
  const { person, student } = event;
  const facts = [
    ['E-mail', person?.email],
    ['Role then', person?.role ? roleWords[person.role] : undefined],
    ['Network address', event.address],
    ['Student number here', student?.id],
    ...Object.entries(event.detail).map(([name, value]) => [wordsOf(name), textOf(value)] as const),
    ['Request id', event.requestId],
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
      <p className="audit-more-links">
        {person?.accountId && (
          <Narrow domain={domain} search={{ ...asked, person: person.accountId }}>
            Everything by {person.name}
          </Narrow>
        )}
        {student !== null && (
          <Narrow domain={domain} search={{ student: String(student.id) }}>
            Everything about this student
          </Narrow>
        )}
      </p>
    </>
  );
}

function Narrow({
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

/** `Monday, November 23, 2026`. */
const dayHeading = (day: string): string =>
  new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

const clockTime = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', timeZone }).format(
    new Date(instant),
  );

/** `isRequired` as `Is required`. */
const wordsOf = (name: string): string => {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
};
