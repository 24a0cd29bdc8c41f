/** Exports the students of a list as CSV, streamed in batches. */
import {
  type StudentColumn,
  studentColumns,
  type StudentExportQuery,
  type StudentRow,
} from '../../contract/students/student-list.ts';
import { byteOrderMark, csvLine } from '../../contract/csv-text.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { Parameters } from '../../database/parameters.ts';
import { statusLabels } from '../../enrollment/enrollment-status.ts';
import { decidedFields, studentFields } from '../../roster/fields/student.ts';
import { type ListFilter, listCondition } from './filter.ts';
import type { StudentCounts } from './count-cells.ts';
import { findStudents, type StudentSearch, toStudentSearch } from './search.ts';
import { bestFirst, orderBy, parseSort } from './order.ts';
import { type ListedStudent, rowColumns, toStudentRow } from './rows.ts';

/** Limits the export of a search; a list without a search is exported completely. */
const maxExportedHits = 10_000;

const batchSize = 2_000;

type ExportQuery = ListFilter & Pick<StudentExportQuery, 'sort' | 'columns'>;

interface ExportColumn {
  readonly headings: readonly string[];
  readonly values: (row: StudentRow) => readonly (string | null)[];
}

/** A column of the screen may be several columns of the export. */
const columns: Readonly<Record<StudentColumn, ExportColumn>> = {
  name: {
    headings: [
      studentFields.lastName.label,
      studentFields.firstName.label,
      studentFields.middleName.label,
      studentFields.suffix.label,
    ],
    values: ({ name }) => [name.last, name.first, name.middle, name.suffix],
  },
  number: { headings: [studentFields.studentNumber.label], values: (row) => [row.studentNumber] },
  stateId: { headings: [studentFields.stateId.label], values: (row) => [row.stateId] },
  grade: { headings: [studentFields.grade.label], values: (row) => [row.grade] },
  school: { headings: [studentFields.schoolName.label], values: (row) => [row.schoolName] },
  homeroom: { headings: [studentFields.homeroom.label], values: (row) => [row.homeroom] },
  birthDate: { headings: [studentFields.birthDate.label], values: (row) => [row.birthDate] },
  status: {
    headings: [decidedFields.status.label, decidedFields.statusRule.label],
    values: (row) => [statusLabels[row.status], row.statusReason],
  },
  changed: { headings: ['Last updated'], values: (row) => [row.changedOn] },
};

/** Returns the number of rows of the export. */
export async function countExported(
  database: DistrictDatabase,
  query: ExportQuery,
  counts: StudentCounts,
): Promise<number> {
  const parameters = new Parameters();
  const found = exportedStudents(toStudentSearch(query), counts, parameters);
  const row = await database.one<{ total: number }>(
    `select count(*) as total from ${found} where $1::bigint is not null`,
    ...parameters.values,
  );
  return row?.total ?? 0;
}

const exportedStudents = (
  search: StudentSearch,
  counts: StudentCounts,
  parameters: Parameters,
): string =>
  search.words === ''
    ? `(select s.id as student_id from students s where ${listCondition(search.filter, parameters)}) h`
    : `${findStudents(search, counts, maxExportedHits, parameters)} h`;

/**
 * Yields the CSV in batches: a byte order mark (for Excel), the headings, and a line for each student in the order of
 * the list. Keeps one transaction open while it is read, so an import published meanwhile does not mix in.
 */
export async function* exportStudents(
  database: DistrictDatabase,
  query: ExportQuery,
  counts: StudentCounts,
): AsyncGenerator<string> {
  const selected = (query.columns ?? studentColumns).map((column) => columns[column]);
  yield byteOrderMark + csvLine(selected.flatMap(({ headings }) => headings));
  const order = parseSort(query.sort);
  const search = toStudentSearch(query);
  const byName = orderBy({ column: 'name', isDescending: false });
  const by =
    order !== undefined ? orderBy(order) : search.words === '' ? byName : bestFirst(search.words);
  const parameters = new Parameters();
  await database.execute(
    `declare exported no scroll cursor for
     select ${rowColumns} from ${exportedStudents(search, counts, parameters)}
     join students s on s.district_id = $1 and s.id = h.student_id
     order by ${by}`,
    ...parameters.values,
  );
  for (;;) {
    const { rows } = await database.client.query<ListedStudent>(`fetch ${batchSize} from exported`);
    if (rows.length === 0) return;
    yield rows
      .map((row) => toStudentRow(row, null))
      .map((row) => csvLine(selected.flatMap(({ values }) => values(row))))
      .join('');
  }
}
