/** The students of the district with their enrollments, read from the tables. */
import type { Value } from '../district/columns.ts';
import { parseDay, type Day } from '../day.ts';
import { normalizeCode } from '../district/code-tables.ts';
import type { Store } from '../district/store.ts';

/** A row of Enrollment/EntryWithdrawal. */
export interface Enrollment {
  readonly row: number;
  readonly id: number;
  readonly studentId: number;
  readonly entityId: number;
  readonly yearId: number;
  readonly start: Day;
  readonly end: Day | null;
  /** Withdrawal code, trimmed and in upper case; empty if there is none. */
  readonly code: string;
  readonly isDefault: boolean;
  readonly isCourse: boolean;
  /** Whether a later row continues this one. */
  readonly isContinued: boolean;
}

/** A row of Student/Student with its enrollments in key order. */
export interface SandboxStudent {
  readonly id: number;
  readonly row: number;
  readonly nameId: number;
  readonly enrollments: readonly Enrollment[];
}

/** Parses days, each text once. */
export type DayParser = (text: Value) => Day | null;

export function createDayParser(): DayParser {
  const days = new Map<string, Day | null>();
  return (text) => {
    if (typeof text !== 'string') return null;
    let day = days.get(text);
    if (day === undefined) {
      day = parseDay(text) ?? null;
      days.set(text, day);
    }
    return day;
  };
}

/** Reads every student with a name, in key order, without invalid rows. */
export function readSandboxStudents(store: Store, readDay: DayParser): SandboxStudent[] {
  const enrollments = readEnrollments(store, readDay);
  const studentTable = store.table('Student/Student');
  const name = studentTable.reader('NameID');
  const students: SandboxStudent[] = [];
  for (let row = 0; row < studentTable.rowCount; row += 1) {
    if (!studentTable.isLive(row)) continue;
    const id = studentTable.idOf(row);
    const nameId = Number(name(row));
    if (store.table('Demographics/Name').findRow(nameId) === undefined) continue;
    students.push({ id, row, nameId, enrollments: enrollments.get(id) ?? [] });
  }
  return students;
}

function readEnrollments(store: Store, readDay: DayParser): Map<number, Enrollment[]> {
  const table = store.table('Enrollment/EntryWithdrawal');
  const read = (field: string) => table.reader(field);
  const [student, entity, year] = [read('StudentID'), read('EntityID'), read('SchoolYearID')];
  const [start, end, code] = [read('StartDate'), read('EndDate'), read('WithdrawalCodeID')];
  const [isDefault, isCourse] = [read('IsDefaultEntity'), read('IsCrossEntityCourseEnrollment')];
  const previous = read('EntryWithdrawalIDStatusChangePrevious');
  const codes = withdrawalCodes(store);
  const continued = new Set<Value>();
  const found = new Map<number, Enrollment[]>();
  for (let row = table.rowCount - 1; row >= 0; row -= 1) {
    if (!table.isLive(row)) continue;
    continued.add(previous(row));
    const from = readDay(start(row));
    if (from === null) continue;
    const studentId = Number(student(row));
    const enrollment: Enrollment = {
      row,
      id: table.idOf(row),
      studentId,
      entityId: Number(entity(row)),
      yearId: Number(year(row)),
      start: from,
      end: readDay(end(row)),
      code: codes.get(code(row)) ?? '',
      isDefault: isDefault(row) === true,
      isCourse: isCourse(row) === true,
      isContinued: continued.has(table.idOf(row)),
    };
    const list = found.get(studentId);
    if (list === undefined) found.set(studentId, [enrollment]);
    else list.push(enrollment);
  }
  for (const list of found.values()) list.reverse();
  return found;
}

function withdrawalCodes(store: Store): Map<Value, string> {
  const table = store.table('Enrollment/WithdrawalCode');
  const code = table.reader('Code');
  return new Map(
    Array.from({ length: table.rowCount }, (_, row) => [table.idOf(row), normalizeCode(code(row))]),
  );
}
