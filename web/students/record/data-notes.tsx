/** What a reader has to know before trusting the record: how old it is, what is missing, what was wrong with it. */
import { useState } from 'react';

import type { Student } from '../../../src/contract/students/students.ts';
import { formatDay, formatInstant } from '../../shell/dates.ts';
import { WarningIcon } from '../../shell/icons.tsx';

interface DataNotesProps {
  readonly student: Student;
  readonly timeZone: string;
}

/** Data of a night before yesterday's: at least one night has failed since. */
const staleAfterMs = 36 * 3_600_000;

export function DataNotes({ student, timeZone }: DataNotesProps) {
  const { sisStudentId, lastImport, missingSince, problems } = student;
  const [now] = useState(() => Date.now());
  const age = lastImport === null ? 0 : now - Date.parse(lastImport.finishedAt);
  if (sisStudentId === null) return null;
  return (
    <div className="data-notes">
      {lastImport !== null && (
        <p className="quiet data-age">
          From Skyward as of{' '}
          <time dateTime={lastImport.finishedAt}>
            {formatInstant(lastImport.finishedAt, timeZone)}
          </time>
          , {formatAge(age)}.
        </p>
      )}
      {age > staleAfterMs && (
        <p className="changes-on">
          The nights since then have not brought anything new. What has changed in Skyward since is
          not here yet.
        </p>
      )}
      {missingSince !== null && (
        <p className="changes-on">
          <strong>
            Missing from Skyward since the night of{' '}
            <time dateTime={missingSince.importDate}>{formatDay(missingSince.importDate)}</time>.
          </strong>{' '}
          The record is kept as it was delivered last; the status follows from the enrollments
          delivered then.
        </p>
      )}
      {problems.length > 0 && (
        <section className="changes-on" aria-label="Problems of the last night">
          <p className="problems-title">
            <WarningIcon />{' '}
            <strong>
              {problems.length === 1
                ? 'A problem in what Skyward delivered'
                : `${problems.length} problems in what Skyward delivered`}
            </strong>
          </p>
          <ul className="problem-list">
            {problems.map(({ message, importDate, kind }, index) => (
              <li key={`${kind} ${index}`}>
                {message} <span className="quiet">Night of {formatDay(importDate)}.</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** `3 hours ago`, of a time gone by in milliseconds. */
function formatAge(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  const format = new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' });
  if (minutes < 60) return minutes < 2 ? 'just now' : format.format(-minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 36 ? format.format(-hours, 'hour') : format.format(-Math.round(hours / 24), 'day');
}
