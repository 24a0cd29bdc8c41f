/** Changes enrollments as a registrar does, and updates the entity years. */
import { firstStudentTypeId, gradeCodes } from '../district/code-tables.ts';
import type { Value } from '../district/columns.ts';
import { createDayWriter, type Day } from '../day.ts';
import { withdrawalDateField } from '../district/enrollment-tables.ts';
import type { Enrollment } from './sandbox-students.ts';
import { gradeIndex, type SchoolYears, type SchoolYear } from './school-years.ts';
import { noShowValues } from '../district/no-show.ts';
import type { Store } from '../district/store.ts';
import type { Switches } from '../api/switches.ts';
import type { Table } from '../district/table.ts';

/** An enrollment to create. */
export interface NewEnrollment {
  readonly studentId: number;
  readonly year: SchoolYear;
  readonly entityId: number;
  /** Index in the list of grades. */
  readonly grade: number;
  readonly start: Day;
  readonly end?: Day | null;
  readonly entryCode: string;
  readonly isDefault?: boolean;
  /** A cross-entity course. */
  readonly isCourse?: boolean;
  /** The enrollment that this one continues after a status change. */
  readonly continues?: number;
}

/** Edits the tables of enrollments. `updateEntityYears` updates entity years at the end of a day. */
export class EnrollmentEditor {
  readonly #years: SchoolYears;
  readonly #switches: Switches;
  readonly #enrollments: Table;
  readonly #entityYears: Table;
  readonly #students: Table;
  readonly #write = createDayWriter();
  readonly #touched = new Set<string>();
  #rowsByKey: Map<string, number> | undefined;

  constructor(store: Store, years: SchoolYears, switches: Switches) {
    this.#years = years;
    this.#switches = switches;
    this.#enrollments = store.table('Enrollment/EntryWithdrawal');
    this.#entityYears = store.table('Enrollment/StudentEntityYear');
    this.#students = store.table('Student/Student');
  }

  text(day: Day | null): string | null {
    return day === null ? null : this.#write(day);
  }

  /** Adds an enrollment, and its entity year if that does not exist. */
  enroll(enrollment: NewEnrollment): void {
    const { studentId, year, entityId, start, end = null, isCourse = false } = enrollment;
    const isDefault = enrollment.isDefault ?? !isCourse;
    const row = this.#enrollments.insert({
      StudentID: studentId,
      EntityID: entityId,
      SchoolYearID: year.id,
      SchoolID: year.schools.get(entityId) ?? null,
      CalendarID: year.calendars.get(entityId) ?? null,
      StartDate: this.text(start),
      EndDate: this.text(end),
      GradeReferenceID: year.gradeReferences[enrollment.grade] ?? null,
      EntryCodeID: year.entryCodes.get(enrollment.entryCode) ?? null,
      WithdrawalCodeID: isCourse ? (year.withdrawalCodes.get('CECS') ?? null) : null,
      StudentTypeID: firstStudentTypeId + (isCourse ? 2 : 0),
      IsDefaultEntity: isDefault,
      IsNoShow: false,
      IsCrossEntityCourseEnrollment: isCourse,
      StatusChangeEntry: enrollment.continues !== undefined,
      StatusChangeWithdrawal: false,
      EntryWithdrawalIDStatusChangePrevious: enrollment.continues ?? null,
      PercentEnrolled: isCourse ? 25 : 100,
    });
    this.#ensureEntityYear(enrollment, isDefault, this.#enrollments.idOf(row));
    this.touch(studentId, entityId, year.id);
  }

  #ensureEntityYear(enrollment: NewEnrollment, isDefault: boolean, latest: number): void {
    const { studentId, year, entityId, grade, isCourse = false } = enrollment;
    const rows = this.#entityYearRows();
    const key = createKey(studentId, entityId, year.id);
    if (rows.has(key)) return;
    const homeroom = this.#years.homeroom(year, entityId, grade, studentId);
    const row = this.#entityYears.insert({
      StudentID: studentId,
      NameID: this.#getName(studentId),
      EntityID: entityId,
      SchoolYearID: year.id,
      Grade: gradeCodes[grade] ?? null,
      HomeroomID: homeroom,
      StaffIDAdvisor: null,
      EntryWithdrawalIDLatest: latest,
      IsActive: false,
      IsDefaultEntity: isDefault,
      IsCrossEntityCourseEnrollment: isCourse,
      CurrentPercentEnrolled: isCourse ? 25 : 100,
    });
    rows.set(key, row);
  }

  /** Ends an enrollment; with `code` null as at the end of a year, with or without a withdrawal date. */
  close(enrollment: Enrollment, end: Day, code: string | null, hasWithdrawalDate = true): void {
    const codes = this.#years.get(enrollment.yearId).withdrawalCodes;
    this.#enrollments.update(enrollment.row, {
      EndDate: this.text(end),
      WithdrawalCodeID: code === null ? null : (codes.get(code) ?? null),
      [withdrawalDateField]: hasWithdrawalDate,
      IsNoShow: false,
      StatusChangeWithdrawal: code === '33',
    });
    this.#touchEntityYear(enrollment);
  }

  /** Marks an enrollment as a no-show. */
  markNoShow(enrollment: Enrollment): void {
    const codes = this.#years.get(enrollment.yearId).withdrawalCodes;
    this.#enrollments.update(enrollment.row, {
      WithdrawalCodeID: codes.get('NS') ?? null,
      StatusChangeWithdrawal: false,
      ...noShowValues(enrollment.start, this.#switches.values['no-show']),
    });
    this.#touchEntityYear(enrollment);
  }

  /** Removes the end of an enrollment. */
  reopen(enrollment: Enrollment): void {
    this.#enrollments.update(enrollment.row, {
      EndDate: null,
      WithdrawalCodeID: null,
      IsNoShow: false,
      StatusChangeWithdrawal: false,
    });
    this.#touchEntityYear(enrollment);
  }

  /** Corrects a start date. */
  setStart(enrollment: Enrollment, start: Day): void {
    this.#enrollments.update(enrollment.row, { StartDate: this.text(start) });
    this.#touchEntityYear(enrollment);
  }

  /** Deletes an enrollment, which no other may continue. */
  remove(enrollment: Enrollment): void {
    this.#enrollments.remove(enrollment.row);
    this.#touchEntityYear(enrollment);
  }

  /** Deletes all enrollments and entity years of a student. */
  removeEnrollments(studentId: number): void {
    for (const table of [this.#enrollments, this.#entityYears]) {
      for (const row of Array.from(table.rowsWhere('StudentID', studentId))) table.remove(row);
    }
    this.#rowsByKey = undefined;
  }

  /** Moves the enrollments of one record to another; of an entity year that both have, one stays. */
  moveEnrollments(from: number, to: number): void {
    const read = (field: string) => this.#entityYears.reader(field);
    const [entity, year] = [read('EntityID'), read('SchoolYearID')];
    const own = this.#entityYearRows();
    for (const row of Array.from(this.#entityYears.rowsWhere('StudentID', from))) {
      const [entityId, yearId] = [Number(entity(row)), Number(year(row))];
      if (own.has(createKey(to, entityId, yearId))) this.#entityYears.remove(row);
      else this.#entityYears.update(row, { StudentID: to, NameID: this.#getName(to) });
      this.touch(to, entityId, yearId);
    }
    for (const row of Array.from(this.#enrollments.rowsWhere('StudentID', from))) {
      this.#enrollments.update(row, { StudentID: to });
    }
    this.#rowsByKey = undefined;
  }

  #getName(studentId: number): Value {
    return this.#students.reader('NameID')(this.#students.findRow(studentId) ?? 0);
  }

  /** Returns the grade of an enrollment, as an index in the list of grades. */
  gradeOfEnrollment({ studentId, entityId, yearId }: Enrollment): number {
    return this.gradeAt(studentId, entityId, yearId);
  }

  /** Returns the grade of an entity year, or the student's if there is none. */
  gradeAt(studentId: number, entityId: number, yearId: number): number {
    const row = this.#entityYearRows().get(createKey(studentId, entityId, yearId));
    const own = row === undefined ? null : this.#entityYears.reader('Grade')(row);
    const student = this.#students.findRow(studentId);
    const known = student === undefined ? null : this.#students.reader('Grade')(student);
    return gradeIndex(own) ?? gradeIndex(known) ?? 1;
  }

  /** Sets the grade of a student. */
  setGrade(studentId: number, grade: number): void {
    const row = this.#students.findRow(studentId);
    if (row !== undefined) {
      this.#students.update(row, { Grade: gradeCodes[grade] ?? null, GradeNumeric: grade - 1 });
    }
  }

  setGraduated(studentId: number, day: Day): void {
    const row = this.#students.findRow(studentId);
    if (row !== undefined) {
      this.#students.update(row, { IsGraduated: true, GraduationDate: this.text(day) });
    }
  }

  touch(studentId: number, entityId: number, yearId: number): void {
    this.#touched.add(createKey(studentId, entityId, yearId));
  }

  #touchEntityYear({ studentId, entityId, yearId }: Enrollment): void {
    this.touch(studentId, entityId, yearId);
  }

  /** Updates changed entity years from their latest enrollment, and removes those without one. */
  updateEntityYears(today: Day): void {
    const now = this.#write(today);
    const latest = this.#latestByKey();
    const rows = this.#entityYearRows();
    const read = (field: string) => this.#enrollments.reader(field);
    const [end, isNoShow, isDefault] = [read('EndDate'), read('IsNoShow'), read('IsDefaultEntity')];
    for (const key of this.#touched) {
      const row = rows.get(key);
      if (row === undefined) continue;
      const latestRow = latest.get(key);
      if (latestRow === undefined) {
        this.#entityYears.remove(row);
        continue;
      }
      const { last } = this.#years.get(Number(read('SchoolYearID')(latestRow)));
      const until = this.#write(last);
      const ended: Value = end(latestRow);
      this.#entityYears.update(row, {
        EntryWithdrawalIDLatest: this.#enrollments.idOf(latestRow),
        IsDefaultEntity: isDefault(latestRow),
        IsActive:
          isNoShow(latestRow) !== true &&
          (typeof ended !== 'string' || ended >= (now < until ? now : until)),
      });
    }
    this.#touched.clear();
    this.#rowsByKey = undefined;
  }

  /** Returns for every changed key the row of the latest enrollment. */
  #latestByKey(): Map<string, number> {
    const read = (field: string) => this.#enrollments.reader(field);
    const [student, entity, year] = [read('StudentID'), read('EntityID'), read('SchoolYearID')];
    const start = read('StartDate');
    const latest = new Map<string, number>();
    if (this.#touched.size === 0) return latest;
    const students = new Set(Array.from(this.#touched, (key) => Number(key.split(' ')[0])));
    for (let row = 0; row < this.#enrollments.rowCount; row += 1) {
      const studentId = student(row);
      if (typeof studentId !== 'number' || !students.has(studentId)) continue;
      if (!this.#enrollments.isLive(row)) continue;
      const key = createKey(studentId, Number(entity(row)), Number(year(row)));
      const known = latest.get(key);
      if (known === undefined || String(start(known)) <= String(start(row))) latest.set(key, row);
    }
    return latest;
  }

  #entityYearRows(): Map<string, number> {
    if (this.#rowsByKey !== undefined) return this.#rowsByKey;
    const read = (field: string) => this.#entityYears.reader(field);
    const [student, entity, year] = [read('StudentID'), read('EntityID'), read('SchoolYearID')];
    const rows = new Map<string, number>();
    for (let row = 0; row < this.#entityYears.rowCount; row += 1) {
      if (!this.#entityYears.isLive(row)) continue;
      rows.set(createKey(Number(student(row)), Number(entity(row)), Number(year(row))), row);
    }
    this.#rowsByKey = rows;
    return rows;
  }
}

function createKey(studentId: number, entityId: number, yearId: number): string {
  return `${studentId} ${entityId} ${yearId}`;
}
