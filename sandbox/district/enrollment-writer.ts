/** Writes a student's enrollments and entity years. */
import type { PlannedEnrollment } from './enrollment-history.ts';
import type { Child } from './household.ts';
import { firstEnrollmentId, marks, type PeopleColumns } from './people-columns.ts';
import type { Random } from '../random.ts';
import { schoolsByGrade, type SchoolPlan } from './school-plan.ts';
import { planEnrollments } from './enrollment-planner.ts';
import { entryCodes, countHomerooms, withdrawalCodes } from './school-tables.ts';

/** Writes the enrollments of one child after the other into the columns. */
export class EnrollmentWriter {
  readonly #columns: PeopleColumns;
  readonly #plan: SchoolPlan;
  readonly #random: Random;
  readonly #schoolsByGrade: number[][];
  readonly #homerooms: { starts: number[]; perYear: number };

  constructor(columns: PeopleColumns, plan: SchoolPlan, random: Random) {
    this.#columns = columns;
    this.#plan = plan;
    this.#random = random;
    this.#schoolsByGrade = schoolsByGrade(plan);
    this.#homerooms = countHomerooms(plan);
  }

  write(child: Child): void {
    const school = (grade: number, offset: number): number => {
      const choice = this.#schoolsByGrade[Math.min(13, grade)] ?? [];
      return choice[(child.zone + offset) % choice.length] ?? 0;
    };
    const planned = planEnrollments(child.kind, {
      today: this.#plan.today,
      years: this.#plan.years,
      current: this.#plan.current,
      grade: child.grade,
      schoolFor: (grade) => school(grade, 0),
      otherSchoolFor: (grade) => {
        const other = school(grade, 1);
        // If only one school teaches the grade, the other one is the career center.
        return other === school(grade, 0) ? this.#plan.careerCenter : other;
      },
      careerCenter: this.#plan.careerCenter,
      random: this.#random,
    });
    const rows = planned.map((enrollment) => this.#enrollment(child.studentId, enrollment));
    this.#entityYears(child, planned, rows);
  }

  #enrollment(studentId: number, enrollment: PlannedEnrollment): number {
    const { enrollments: planned } = this.#columns;
    const code = enrollment.withdrawalCode;
    const row = planned.student.length;
    const count = this.#plan.schools.length;
    planned.student.push(studentId);
    planned.entity.push(this.#plan.schools[enrollment.entity]?.entityId ?? null);
    planned.year.push(enrollment.year);
    planned.grade.push(enrollment.grade);
    planned.school.push(enrollment.year * count + enrollment.entity);
    planned.start.push(enrollment.start);
    planned.end.push(enrollment.end);
    planned.entry.push(
      enrollment.year * entryCodes.length + entryCodes.indexOf(enrollment.entryCode),
    );
    planned.withdrawal.push(
      code === null
        ? null
        : enrollment.year * withdrawalCodes.length + withdrawalCodes.indexOf(code),
    );
    planned.type.push(code === 'CECS' ? 2 : enrollment.isStatusChange ? 1 : 0);
    planned.marks.push(
      (enrollment.isDefault ? marks.isDefault : 0) |
        (enrollment.isNoShow ? marks.noShow : 0) |
        (enrollment.isStatusChange ? marks.statusChange : 0) |
        (code === 'CECS' ? marks.crossEntity : 0) |
        (code === '33' ? marks.changesStatus : 0) |
        (enrollment.hasWithdrawalDate ? marks.withdrawal : 0),
    );
    planned.previous.push(enrollment.isStatusChange ? firstEnrollmentId + row - 1 : null);
    return row;
  }

  /** Writes one row per entity and year, from the latest enrollment. */
  #entityYears(child: Child, planned: readonly PlannedEnrollment[], rows: readonly number[]): void {
    const latest = new Map<number, number>();
    for (const [index, enrollment] of planned.entries()) {
      const key = enrollment.year * 1024 + enrollment.entity;
      const known = planned[latest.get(key) ?? -1];
      if (known === undefined || known.start <= enrollment.start) latest.set(key, index);
    }
    for (const index of latest.values()) {
      const enrollment = planned[index];
      const row = rows[index];
      if (enrollment !== undefined && row !== undefined) this.#entityYear(child, enrollment, row);
    }
  }

  #entityYear(child: Child, enrollment: PlannedEnrollment, enrollmentRow: number): void {
    const { entityYears } = this.#columns;
    const { starts, perYear } = this.#homerooms;
    const school = this.#plan.schools[enrollment.entity];
    const last = this.#plan.years[enrollment.year]?.last ?? this.#plan.today;
    const until = Math.min(this.#plan.today, last);
    const isActive = !enrollment.isNoShow && (enrollment.end === null || enrollment.end >= until);
    entityYears.student.push(child.studentId);
    entityYears.entity.push(school?.entityId ?? null);
    entityYears.year.push(enrollment.year);
    entityYears.grade.push(enrollment.grade);
    entityYears.latest.push(firstEnrollmentId + enrollmentRow);
    entityYears.marks.push(
      (enrollment.isDefault ? marks.isDefault : 0) |
        (enrollment.withdrawalCode === 'CECS' ? marks.crossEntity : 0) |
        (isActive ? marks.active : 0),
    );
    const hasHomeroom =
      school !== undefined &&
      enrollment.grade >= school.low &&
      enrollment.grade <= school.high &&
      !school.isCareerCenter;
    if (!hasHomeroom) {
      entityYears.homeroom.push(null);
      entityYears.advisor.push(null);
      return;
    }
    const section = child.studentId % school.sections;
    const homeroom =
      (starts[enrollment.entity] ?? 0) +
      (enrollment.grade - school.low) * school.sections +
      section;
    entityYears.homeroom.push(enrollment.year * perYear + homeroom);
    // Only high schools have advisors; elsewhere it is the homeroom teacher.
    entityYears.advisor.push(enrollment.grade >= 10 ? homeroom : null);
  }
}
