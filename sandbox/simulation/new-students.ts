/** Adds a generated household to the tables of an existing district. */
import type { Value } from '../district/columns.ts';
import type { Day } from '../day.ts';
import type { HistoryKind } from '../district/enrollment-history.ts';
import { HouseholdWriter } from '../district/household.ts';
import type { SchoolYears } from './school-years.ts';
import { createPeopleColumns, firstNameId, firstStudentId } from '../district/people-columns.ts';
import { peopleTables, formatStudentNumber, formatStateId } from '../district/people-tables.ts';
import { PeopleWriter } from '../district/people-writer.ts';
import type { Random } from '../random.ts';
import type { Store } from '../district/store.ts';

/** A new student; `grade` is an index in the list of grades, for the current school year. */
export interface NewStudent {
  readonly studentId: number;
  readonly grade: number;
}

/** Adds a household with its guardians, addresses and phones, but without enrollments. */
export function addHousehold(
  store: Store,
  years: SchoolYears,
  options: { readonly day: Day; readonly random: Random; readonly eldest: HistoryKind },
): NewStudent[] {
  const columns = createPeopleColumns();
  const { current } = years;
  const plan = {
    ...years.plan,
    today: options.day,
    // Only the current year counts for a child's age and grade.
    years: [{ numericYear: current.numericYear, first: current.first, last: current.last }],
    current: 0,
  };
  const writer = new PeopleWriter(columns, options.random);
  const children = new HouseholdWriter(writer, plan).write(options.eldest);
  const bases = peopleTables(columns).filter(([, base]) => base.count > 0);
  const keyMoves = new Map(
    bases.map(([path, base]) => [
      path,
      { firstId: base.firstId, count: base.count, nextId: store.table(path).nextId },
    ]),
  );
  for (const [path, base] of bases) {
    const table = store.table(path);
    for (let row = 0; row < base.count; row += 1) {
      const values: Record<string, Value> = {};
      for (const [field, read] of Object.entries(base.readers)) {
        const value = read(row);
        const move = keyMoves.get(table.definition.fields.get(field)?.target ?? '');
        const place = typeof value === 'number' && move !== undefined ? value - move.firstId : -1;
        const isMoved = move !== undefined && place >= 0 && place < move.count;
        values[field] = isMoved ? move.nextId + place : value;
      }
      table.insert({ ...values, ...uniqueNumbers(path, table.rowCount, values) });
    }
  }
  const offset = (keyMoves.get('Student/Student')?.nextId ?? 0) - firstStudentId;
  return children.map(({ studentId, grade }) => ({ studentId: studentId + offset, grade }));
}

/** Returns the numbers that the generator derives from a row, and that must be unique. */
function uniqueNumbers(
  path: string,
  row: number,
  values: Readonly<Record<string, Value>>,
): Record<string, Value> {
  if (path === 'Student/Student') {
    const stateId = values['StudentStateID'] === null ? null : formatStateId(row);
    return {
      StudentNumber: formatStudentNumber(row),
      StudentStateID: stateId,
      CalculatedStudentStateID: stateId,
    };
  }
  if (path === 'Demographics/NameEmail') {
    const place = Number(values['NameID']) - firstNameId;
    return { EmailAddress: String(values['EmailAddress']).replace(/\d+@/u, `${place}@`) };
  }
  return {};
}
