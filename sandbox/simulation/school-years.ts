/** School years for the simulation: names, dates, and their rows. */
import { firstGradeLevelId, gradeCodes, normalizeCode } from '../district/code-tables.ts';
import type { Value } from '../district/columns.ts';
import { createDayWriter, toDay, parseDay, type Day } from '../day.ts';
import {
  districtEntityId,
  districtId,
  schoolYearDays,
  type School,
  type SchoolPlan,
} from '../district/school-plan.ts';
import { graduationYear, countHomerooms } from '../district/school-tables.ts';
import type { Store } from '../district/store.ts';

/** The rows of a school year that enrollments refer to. */
export interface SchoolYear {
  readonly id: number;
  readonly numericYear: number;
  readonly first: Day;
  readonly last: Day;
  /** SchoolID and CalendarID by EntityID. */
  readonly schools: ReadonlyMap<number, number>;
  readonly calendars: ReadonlyMap<number, number>;
  /** Keys by code, trimmed and in upper case. */
  readonly entryCodes: ReadonlyMap<string, number>;
  readonly withdrawalCodes: ReadonlyMap<string, number>;
  /** GradeReferenceIDs in grade order. */
  readonly gradeReferences: readonly number[];
  /** HomeroomIDs by school and grade. */
  readonly homerooms: readonly number[];
}

/** All school years of a district, and adding the next one. */
export class SchoolYears {
  readonly plan: SchoolPlan;
  readonly #store: Store;
  readonly #years = new Map<number, SchoolYear>();
  readonly #write = createDayWriter();
  readonly #homeroomStarts: readonly number[];
  readonly #schools: ReadonlyMap<number, { readonly school: School; readonly index: number }>;

  constructor(store: Store, plan: SchoolPlan) {
    this.#store = store;
    this.plan = plan;
    this.#homeroomStarts = countHomerooms(plan).starts;
    this.#schools = new Map(
      plan.schools.map((school, index) => [school.entityId, { school, index }]),
    );
  }

  /** The current year of the district's entity. */
  get current(): SchoolYear {
    const entities = this.#store.table('District/Entity');
    const row = entities.findRow(districtEntityId) ?? 0;
    return this.get(Number(entities.reader('SchoolYearIDCurrent')(row)));
  }

  /** The year after the current one, which always exists. */
  get upcoming(): SchoolYear {
    return this.get(this.current.id + 1);
  }

  /** Returns a year by SchoolYearID; throws if it does not exist. */
  get(id: number): SchoolYear {
    let year = this.#years.get(id);
    if (year === undefined) {
      year = this.#read(id);
      this.#years.set(id, year);
    }
    return year;
  }

  school(entityId: number): School | undefined {
    return this.#schools.get(entityId)?.school;
  }

  /** Returns the homeroom of a student, chosen by StudentID as in the generator; null if there is none. */
  homeroom(year: SchoolYear, entityId: number, grade: number, studentId: number): number | null {
    const found = this.#schools.get(entityId);
    if (found === undefined || found.school.isCareerCenter) return null;
    const { school, index } = found;
    if (grade < school.low || grade > school.high) return null;
    const start = this.#homeroomStarts[index] ?? 0;
    const section = studentId % school.sections;
    return year.homerooms[start + (grade - school.low) * school.sections + section] ?? null;
  }

  /** Returns a school that teaches a grade: the student's, or one chosen by StudentID. */
  schoolForGrade(grade: number, studentId: number, entityId?: number): number {
    const teaching = this.plan.schools.filter(
      (school) => !school.isCareerCenter && grade >= school.low && grade <= school.high,
    );
    const same = teaching.find((school) => school.entityId === entityId);
    return (same ?? teaching[studentId % teaching.length])?.entityId ?? districtEntityId;
  }

  /** Returns another school that teaches a grade; undefined if there is only one. */
  otherSchool(grade: number, entityId: number, choice: number): number | undefined {
    const others = this.plan.schools.filter(
      (school) =>
        !school.isCareerCenter &&
        grade >= school.low &&
        grade <= school.high &&
        school.entityId !== entityId,
    );
    return others[choice % Math.max(1, others.length)]?.entityId;
  }

  /** Makes the next year the current one, and writes the rows of the year after it. */
  rollOver(): void {
    const { current, upcoming } = this;
    const years = this.#store.table('District/SchoolYear');
    this.#addSchoolYear(upcoming);
    const mark = (id: number, isCurrent: boolean, isUpcoming: boolean): void =>
      years.update(years.findRow(id) ?? 0, {
        IsCurrentYearForProvidedEntity: isCurrent,
        IsUpcomingYearForProvidedEntity: isUpcoming,
      });
    mark(current.id, false, false);
    mark(upcoming.id, true, false);
    mark(upcoming.id + 1, false, true);
    const fiscal = this.#store.table('District/FiscalYear');
    fiscal.update(fiscal.findRow(current.id) ?? 0, { IsClosed: true });
    const entities = this.#store.table('District/Entity');
    for (let row = 0; row < entities.rowCount; row += 1) {
      if (entities.isLive(row)) entities.update(row, { SchoolYearIDCurrent: upcoming.id });
    }
  }

  #read(id: number): SchoolYear {
    const years = this.#store.table('District/SchoolYear');
    const row = years.findRow(id);
    if (row === undefined) throw new RangeError(`The district has no school year ${id}.`);
    const calendars = this.#listRows('Attendance/Calendar', id);
    const calendar = this.#store.table('Attendance/Calendar');
    const day = (field: string): Day =>
      parseDay(String(calendar.reader(field)(calendars[0] ?? 0))) ?? 0;
    const byCode = (path: string): Map<string, number> => {
      const table = this.#store.table(path);
      const code = table.reader('Code');
      return new Map(
        this.#listRows(path, id).map((each) => [normalizeCode(code(each)), table.idOf(each)]),
      );
    };
    return {
      id,
      numericYear: Number(years.reader('NumericYear')(row)),
      first: day('StartDate'),
      last: day('EndDate'),
      schools: this.#readSchoolIds(id),
      calendars: new Map(
        calendars.map((each) => [Number(calendar.reader('EntityID')(each)), calendar.idOf(each)]),
      ),
      entryCodes: byCode('Enrollment/EntryCode'),
      withdrawalCodes: byCode('Enrollment/WithdrawalCode'),
      gradeReferences: this.#listIds('Enrollment/GradeReference', id),
      homerooms: this.#listIds('Enrollment/Homeroom', id),
    };
  }

  /** Returns SchoolIDs by the code that they share with their entity. */
  #readSchoolIds(id: number): Map<number, number> {
    const schools = this.#store.table('Enrollment/School');
    const code = schools.reader('Code');
    const byCode = new Map(
      this.#listRows('Enrollment/School', id).map((each) => [code(each), schools.idOf(each)]),
    );
    return new Map(
      this.plan.schools.flatMap((school): [number, number][] => {
        const schoolId = byCode.get(school.code);
        return schoolId === undefined ? [] : [[school.entityId, schoolId]];
      }),
    );
  }

  #listIds(path: string, yearId: number): number[] {
    const table = this.#store.table(path);
    return this.#listRows(path, yearId).map((row) => table.idOf(row));
  }

  #listRows(path: string, yearId: number): number[] {
    return Array.from(this.#store.table(path).rowsWhere('SchoolYearID', yearId));
  }

  /** Adds the year after `from`, with copies of its schools, calendars, codes and homerooms. */
  #addSchoolYear(from: SchoolYear): void {
    const id = from.id + 1;
    const numericYear = from.numericYear + 1;
    const { first, last } = schoolYearDays(numericYear);
    const Description = `${numericYear - 1}-${numericYear}`;
    const text = this.#write;
    this.#store.table('District/SchoolYear').insert({
      NumericYear: numericYear,
      NextNumericYear: numericYear + 1,
      PreviousNumericYear: numericYear - 1,
      Description,
    });
    this.#store.table('District/FiscalYear').insert({
      NumericYear: numericYear,
      Description,
      DistrictID: districtId,
      StartDate: text(toDay(numericYear - 1, 7, 1)),
      EndDate: text(toDay(numericYear, 6, 30)),
      IsClosed: false,
    });
    this.#store.table('District/CalendarYear').insert({
      NumericYear: numericYear,
      Description: String(numericYear),
    });
    this.#clone('District/DistrictSchoolYear', from.id, { SchoolYearID: id });
    this.#clone('District/ConfigEntityYear', from.id, { SchoolYearID: id });
    const references = this.#store.table('Enrollment/GradeReference');
    for (const [grade] of gradeCodes.entries()) {
      references.insert({
        SchoolYearID: id,
        GradeLevelID: firstGradeLevelId + grade,
        GradYear: graduationYear(numericYear, grade),
      });
    }
    const schools = this.#clone(
      'Enrollment/School',
      from.id,
      { SchoolYearID: id },
      'SchoolIDClonedFrom',
    );
    this.#cloneEntitySchools(schools);
    this.#clone(
      'Attendance/Calendar',
      from.id,
      { SchoolYearID: id, StartDate: text(first), EndDate: text(last) },
      'CalendarIDClonedFrom',
    );
    this.#clone('Enrollment/EntryCode', from.id, { SchoolYearID: id });
    this.#clone('Enrollment/WithdrawalCode', from.id, { SchoolYearID: id });
    this.#clone('Enrollment/Homeroom', from.id, { SchoolYearID: id }, 'HomeroomIDClonedFrom');
  }

  /** Copies the rows of a year; returns the new key for each old one. */
  #clone(
    path: string,
    yearId: number,
    changes: Readonly<Record<string, Value>>,
    clonedFrom?: string,
  ): Map<number, number> {
    const table = this.#store.table(path);
    const made = new Map<number, number>();
    for (const row of this.#listRows(path, yearId)) {
      const values = table.storedValues(row);
      const from = table.idOf(row);
      const link = clonedFrom === undefined ? {} : { [clonedFrom]: from };
      made.set(from, table.idOf(table.insert({ ...values, ...link, ...changes })));
    }
    return made;
  }

  #cloneEntitySchools(schools: ReadonlyMap<number, number>): void {
    const table = this.#store.table('Enrollment/EntitySchool');
    const read = table.reader('SchoolID');
    const count = table.rowCount;
    for (let row = 0; row < count; row += 1) {
      const next = table.isLive(row) ? schools.get(Number(read(row))) : undefined;
      if (next !== undefined) table.insert({ ...table.storedValues(row), SchoolID: next });
    }
  }
}

/** Returns the index of a grade's code in the list of grades; undefined if it is unknown. */
export function gradeIndex(code: Value): number | undefined {
  const index = gradeCodes.findIndex((each) => each === code);
  return index === -1 ? undefined : index;
}
