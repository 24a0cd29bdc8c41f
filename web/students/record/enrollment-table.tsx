/** Table of a student's enrollments: which one determines the status, and which are not counted and why. */
import { Box, Table } from '@mantine/core';

import { formatDay, formatSchoolYear } from '../../../src/contract/day-format.ts';
import type { EnrollmentRow } from '../../../src/contract/students/students.ts';
import { enrollmentFields } from '../../../src/roster/fields/enrollment.ts';
import { furtherFacts } from './enrollment-facts.ts';

interface EnrollmentTableProps {
  readonly rows: readonly EnrollmentRow[];
  /** The date whose status they determine: `today`. */
  readonly dayText: string;
}

export function EnrollmentTable({ rows, dayText }: EnrollmentTableProps) {
  if (rows.length === 0) return <p className="nothing">No enrollment recorded</p>;
  return (
    // Focusable, so the arrow keys can scroll it sideways on a narrow screen.
    <Box
      component="section"
      className="table-scroll"
      aria-label="Table of enrollments"
      tabIndex={0}
    >
      <Table className="enrollment-table">
        <caption className="visually-hidden">Enrollments, latest first</caption>
        <thead>
          <tr>
            <th scope="col">{enrollmentFields.schoolYear.label}</th>
            <th scope="col">{enrollmentFields.schoolName.label}</th>
            <th scope="col">{enrollmentFields.grade.label}</th>
            <th scope="col">{enrollmentFields.startDate.label}</th>
            <th scope="col">{enrollmentFields.endDate.label}</th>
            <th scope="col">Status {dayText === 'today' ? 'today' : `on ${dayText}`}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Enrollment key={row.id} row={row} />
          ))}
        </tbody>
      </Table>
    </Box>
  );
}

/** An enrollment, with everything else that is known of it on a line below. */
function Enrollment({ row }: { readonly row: EnrollmentRow }) {
  const further = furtherFacts(row);
  const isUncounted = row.uncounted !== null || undefined;
  return (
    <>
      <tr data-uncounted={isUncounted}>
        <th scope="row" rowSpan={further.length > 0 ? 2 : 1}>
          {formatSchoolYear(row.schoolYear)}
        </th>
        <td data-label={enrollmentFields.schoolName.label}>
          {row.schoolName ?? row.entityName ?? '–'}
          {row.isDefaultEntity && (
            <span className="quiet block">{enrollmentFields.isDefaultEntity.label}</span>
          )}
        </td>
        <td data-label={enrollmentFields.grade.label}>
          {row.grade === null ? '–' : shortGrade(row.grade)}
        </td>
        <td data-label={enrollmentFields.startDate.label}>
          {row.startDate === null ? (
            '–'
          ) : (
            <time dateTime={row.startDate}>{formatDay(row.startDate)}</time>
          )}
          <CodeNote code={row.entryCode} reason={row.entryReason} />
        </td>
        <td data-label={enrollmentFields.endDate.label}>
          <End row={row} />
          <CodeNote code={row.withdrawalCode} reason={row.withdrawalReason} />
        </td>
        <td data-label="Status">{meaning(row)}</td>
      </tr>
      {further.length > 0 && (
        <tr className="enrollment-more" data-uncounted={isUncounted}>
          <td colSpan={5} data-label="More">
            <span className="quiet">{further.join(' · ')}</span>
          </td>
        </tr>
      )}
    </>
  );
}

/** `7` for `07`; `KG` stays. */
const shortGrade = (grade: string): string => (/^\d+$/.test(grade) ? `${Number(grade)}` : grade);

function End({ row }: { readonly row: EnrollmentRow }) {
  if (row.closedWithYearOn !== null) {
    return (
      <>
        <time dateTime={row.closedWithYearOn}>{formatDay(row.closedWithYearOn)}</time>
        <span className="quiet block">end of the school year</span>
      </>
    );
  }
  if (row.endDate === null && row.withdrawalDate === null) return 'Ongoing';
  return (
    <>
      {row.endDate !== null && <time dateTime={row.endDate}>{formatDay(row.endDate)}</time>}
      {row.withdrawalDate !== null && (
        <span className={row.endDate === null ? 'block' : 'quiet block'}>
          Withdrew <time dateTime={row.withdrawalDate}>{formatDay(row.withdrawalDate)}</time>
        </span>
      )}
    </>
  );
}

interface CodeNoteProps {
  readonly code: string | null;
  readonly reason: string | null;
}

function CodeNote({ code, reason }: CodeNoteProps) {
  const note = [code, reason].filter((part) => part !== null && part !== '').join(': ');
  return note === '' ? null : <span className="quiet block">{note}</span>;
}

function meaning(row: EnrollmentRow) {
  if (row.uncounted !== null) return <span className="uncounted">{row.uncounted.sentence}</span>;
  return row.decidesStatus ? <strong>Determines status</strong> : 'Counted';
}
