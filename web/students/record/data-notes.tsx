/** Notes on the record's data: its age, whether the student is still in Skyward, and import issues. */
import { useState } from 'react';

import { formatDay } from '../../../src/contract/day-format.ts';
import type { Student } from '../../../src/contract/students/students.ts';
import { formatAgo, formatInstant } from '../../shell/dates.ts';
import { WarningIcon } from '../../shell/icons.tsx';

interface DataNotesProps {
  readonly student: Student;
  readonly timeZone: string;
}

/** Older data means that at least one nightly import was missed or failed. */
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
          , {formatAgo(lastImport.finishedAt, now)}.
        </p>
      )}
      {age > staleAfterMs && (
        <p className="changes-on">
          Imports since then have not completed. Later changes in Skyward are not shown here yet.
        </p>
      )}
      {missingSince !== null && (
        <p className="changes-on">
          <strong>
            Not in Skyward since{' '}
            <time dateTime={missingSince.importDate}>{formatDay(missingSince.importDate)}</time>.
          </strong>{' '}
          The record shows the last data received, and the status is based on it.
        </p>
      )}
      {problems.length > 0 && (
        <section className="changes-on" aria-label="Import issues">
          <p className="problems-title">
            <WarningIcon />{' '}
            <strong>
              {problems.length === 1 ? '1 import issue' : `${problems.length} import issues`}
            </strong>
          </p>
          <ul className="problem-list">
            {problems.map(({ message, importDate, kind }, index) => (
              <li key={`${kind} ${index}`}>
                {message} <span className="quiet">Import of {formatDay(importDate)}.</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
