/** Malformed data as in real districts, added to a clean sandbox district on request. */
import type { Value } from './columns.ts';
import { parseDay, formatDay, type Day } from '../day.ts';
import { formatStudentNumber } from './people-tables.ts';
import { openRows, type Rows } from './rows.ts';
import type { Store } from './store.ts';

const hugeNameLength = 2_000_000;
/** A key that does not exist in any table. */
const unknownKey = 2_000_000_000;

/** The target of one kind of malformed data: a separate student, and the tables. */
interface MalformationTarget {
  readonly studentId: number;
  readonly nameId: number;
  /** Another student, whom no kind changes. */
  readonly otherId: number;
  /** The district's date. */
  readonly today: Day;
  readonly rows: (path: string) => Rows;
  /** Returns the stored values of a row, to copy it. */
  readonly storedValues: (path: string, id: number) => Record<string, Value>;
}

/** Every kind of malformed data, with the function that adds it. */
const malformations = {
  'no-name': ({ rows, nameId }) =>
    rows('Demographics/Name').update(nameId, {
      FirstName: null,
      LastName: null,
      FirstNameLegal: null,
      LastNameLegal: null,
    }),
  'missing-name-row': ({ rows, studentId }) =>
    rows('Student/Student').update(studentId, { NameID: unknownKey }),
  'birth-1753': ({ rows, nameId }) =>
    rows('Demographics/Name').update(nameId, { BirthDate: '1753-01-01T00:00:00' }),
  'unknown-student': (target) => updateEnrollment(target, { StudentID: unknownKey }),
  'same-number': ({ rows, studentId, otherId }) =>
    rows('Student/Student').update(studentId, {
      StudentNumber: rows('Student/Student').get(otherId, 'StudentNumber'),
    }),
  'huge-name': ({ rows, nameId }) =>
    rows('Demographics/Name').update(nameId, { LastName: 'Q'.repeat(hugeNameLength) }),
  /** The end date is the end of the school year, and the student left before. */
  'withdrawn-before-end': (target) => {
    const [code] = listCodeIds(target, '80');
    updateEnrollment(target, {
      EndDate: target.rows('Attendance/Calendar').get(findCalendarId(target), 'EndDate'),
      WithdrawalDate: formatDateTime(
        (parseDay(String(enrollmentValue(target, 'StartDate'))) ?? 0) + 2,
      ),
      WithdrawalCodeID: code ?? null,
    });
  },
  /** Placeholder dates of programs, at both ends of the calendar. */
  'placeholder-dates': (target) =>
    updateEnrollment(target, {
      EndDate: '0001-01-01T00:00:00',
      WithdrawalDate: '9999-12-31T00:00:00',
    }),
  /** The graduation code for all students instead of the seniors, from a wrong batch job. */
  'one-graduation-code': (target) => {
    const enrollments = target.rows('Enrollment/EntryWithdrawal');
    const codes = new Map(
      listCodeIds(target, '01').map((id) => [
        target.rows('Enrollment/WithdrawalCode').get(id, 'SchoolYearID'),
        id,
      ]),
    );
    for (const id of enrollments.ids()) {
      const start = parseDay(String(enrollments.get(id, 'StartDate'))) ?? 0;
      if (enrollments.get(id, 'EndDate') !== null || start > target.today - 3) continue;
      enrollments.update(id, {
        EndDate: formatDateTime(target.today - 3),
        WithdrawalCodeID: codes.get(enrollments.get(id, 'SchoolYearID')) ?? null,
      });
    }
  },
  /** A former student was deleted, and another one has the number. */
  'number-given-again': ({ rows, storedValues, studentId, nameId, otherId }) => {
    const students = rows('Student/Student');
    const StudentNumber = students.get(studentId, 'StudentNumber');
    const NameID = rows('Demographics/Name').insert({
      ...storedValues('Demographics/Name', nameId),
      FirstName: 'Zoe',
      FirstNameLegal: null,
      BirthDate: '2020-09-30T00:00:00',
    });
    const size = students.size;
    const newStudentId = students.insert({
      ...storedValues('Student/Student', otherId),
      NameID,
      StudentNumber,
      StudentStateID: formatStudentNumber(size),
      CalculatedStudentStateID: formatStudentNumber(size),
    });
    const enrollments = rows('Enrollment/EntryWithdrawal');
    const previousEnrollments = enrollments.where('StudentID', studentId);
    const [row] = enrollments.where('StudentID', otherId);
    if (row !== undefined) {
      const enrollment = storedValues('Enrollment/EntryWithdrawal', row);
      enrollments.insert({ ...enrollment, StudentID: newStudentId });
    }
    for (const path of [
      'Enrollment/StudentEntityYear',
      'Family/StudentGuardian',
      'Family/StudentFamily',
      'Student/StudentDistrict',
    ]) {
      for (const id of rows(path).where('StudentID', studentId)) rows(path).remove(id);
    }
    for (const id of previousEnrollments) enrollments.remove(id);
    students.remove(studentId);
  },
  /** A row of a code table is missing, to which many addresses refer. */
  'short-table': ({ rows }) => {
    const [first] = rows('Demographics/Zip').ids();
    if (first !== undefined) rows('Demographics/Zip').remove(first);
  },
  /** A vacant position: a row of an optional table without its required person. */
  'vacant-post': ({ rows }) => {
    const [first] = rows('Staff/Staff').ids();
    if (first !== undefined) rows('Staff/Staff').update(first, { NameID: null });
  },
  'lost-code': (target) => updateEnrollment(target, { WithdrawalCodeID: unknownKey }),
  'lost-language': ({ rows, studentId }) =>
    rows('Student/Student').update(studentId, { LanguageIDNative: unknownKey }),
  'huge-number': ({ rows, studentId }) =>
    rows('Student/Student').update(studentId, { GradYear: 20_302_030_203 }),
  /** Spaces, control characters and zero-width characters. */
  'odd-texts': ({ rows, studentId, nameId }) => {
    const students = rows('Student/Student');
    const names = rows('Demographics/Name');
    students.update(studentId, {
      StudentNumber: `${String(students.get(studentId, 'StudentNumber'))}\u200B`,
    });
    names.update(nameId, {
      FirstName: `\u202E${String(names.get(nameId, 'FirstName'))}\t`,
      MiddleName: '',
      LastName: ` ${String(names.get(nameId, 'LastName'))}\r\n`,
    });
    const [type] = rows('Demographics/PhoneType').ids();
    if (type !== undefined) rows('Demographics/PhoneType').update(type, { Description: 'Home   ' });
  },
} as const satisfies Readonly<Record<string, (target: MalformationTarget) => void>>;

export type MalformedDataKind = keyof typeof malformations;

export const malformedDataKinds = Object.keys(malformations) as readonly MalformedDataKind[];

/** Parses names of kinds; throws a RangeError that lists the valid ones. */
export function parseMalformedDataKinds(names: readonly unknown[]): MalformedDataKind[] {
  return names.map((name) => {
    const kind = malformedDataKinds.find((each) => each === name);
    if (kind !== undefined) return kind;
    throw new RangeError(
      `Kind '${String(name)}' does not exist. Known: ${malformedDataKinds.join(', ')}.`,
    );
  });
}

/** Adds malformed data of each kind, each to another student. */
export function applyMalformedData(
  store: Store,
  kinds: readonly MalformedDataKind[],
  today: Day,
): void {
  const rows = (path: string): Rows => openRows(store, path);
  const storedValues = (path: string, id: number): Record<string, Value> => {
    const table = store.table(path);
    const values = Object.entries(table.storedValues(table.findRow(id) ?? 0));
    return Object.fromEntries(values.filter(([field]) => table.definition.fields.has(field)));
  };
  const ids = [...rows('Student/Student').ids()];
  const [otherId = 0] = ids;
  for (const kind of kinds) {
    // From the end, since the first students have special histories.
    const studentId = ids.pop() ?? otherId;
    const nameId = Number(rows('Student/Student').get(studentId, 'NameID'));
    malformations[kind]({ studentId, nameId, otherId, today, rows, storedValues });
  }
}

function formatDateTime(day: Day): string {
  return `${formatDay(day)}T00:00:00`;
}

/** Returns the latest enrollment of the student; undefined if there is none. */
function findEnrollment({ rows, studentId }: MalformationTarget): number | undefined {
  return rows('Enrollment/EntryWithdrawal').where('StudentID', studentId).at(-1);
}

function enrollmentValue(target: MalformationTarget, field: string): Value {
  const id = findEnrollment(target);
  return id === undefined ? null : target.rows('Enrollment/EntryWithdrawal').get(id, field);
}

function findCalendarId(target: MalformationTarget): number {
  return Number(enrollmentValue(target, 'CalendarID'));
}

function updateEnrollment(
  target: MalformationTarget,
  values: Readonly<Record<string, Value>>,
): void {
  const id = findEnrollment(target);
  if (id !== undefined) target.rows('Enrollment/EntryWithdrawal').update(id, values);
}

/** Lists the keys of a withdrawal code by school year, starting with that of the student's last enrollment. */
function listCodeIds(target: MalformationTarget, code: string): number[] {
  const codes = target.rows('Enrollment/WithdrawalCode');
  const year = enrollmentValue(target, 'SchoolYearID');
  return Array.from(codes.ids())
    .filter((id) => codes.get(id, 'Code') === code)
    .toSorted(
      (one, other) =>
        Number(codes.get(other, 'SchoolYearID') === year) -
        Number(codes.get(one, 'SchoolYearID') === year),
    );
}
