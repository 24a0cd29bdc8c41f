/** Writes a student's spells and the entity years that sum them up. */
import type { Spell } from './enrollment-history.ts';
import type { Child } from './household.ts';
import { firstSpellId, marks, type PeopleColumns } from './people-columns.ts';
import type { Random } from './random.ts';
import { schoolsByGrade, type SchoolPlan } from './school-plan.ts';
import { planSpells } from './spell-plan.ts';
import { entryCodes, homeroomPlaces, withdrawalCodes } from './school-tables.ts';

/** Writes enrollments into the columns, for one child after the other. */
export class EnrollmentWriter {
  readonly #columns: PeopleColumns;
  readonly #plan: SchoolPlan;
  readonly #random: Random;
  readonly #byGrade: number[][];
  readonly #homerooms: { starts: number[]; perYear: number };

  constructor(columns: PeopleColumns, plan: SchoolPlan, random: Random) {
    this.#columns = columns;
    this.#plan = plan;
    this.#random = random;
    this.#byGrade = schoolsByGrade(plan);
    this.#homerooms = homeroomPlaces(plan);
  }

  write(child: Child): void {
    const school = (grade: number, offset: number): number => {
      const choice = this.#byGrade[Math.min(13, grade)] ?? [];
      return choice[(child.zone + offset) % choice.length] ?? 0;
    };
    const spells = planSpells(child.kind, {
      today: this.#plan.today,
      years: this.#plan.years,
      current: this.#plan.current,
      grade: child.grade,
      schoolFor: (grade) => school(grade, 0),
      otherSchoolFor: (grade) => {
        const other = school(grade, 1);
        // Where one school teaches the grade, the other place is the career center.
        return other === school(grade, 0) ? this.#plan.careerCenter : other;
      },
      careerCenter: this.#plan.careerCenter,
      random: this.#random,
    });
    const rows = spells.map((spell) => this.#spell(child.studentId, spell));
    this.#entityYears(child, spells, rows);
  }

  #spell(studentId: number, spell: Spell): number {
    const { spells } = this.#columns;
    const code = spell.withdrawalCode;
    const row = spells.student.length;
    const count = this.#plan.schools.length;
    spells.student.push(studentId);
    spells.entity.push(this.#plan.schools[spell.entity]?.entityId ?? null);
    spells.year.push(spell.year);
    spells.grade.push(spell.grade);
    spells.school.push(spell.year * count + spell.entity);
    spells.start.push(spell.start);
    spells.end.push(spell.end);
    spells.entry.push(spell.year * entryCodes.length + entryCodes.indexOf(spell.entryCode));
    spells.withdrawal.push(
      code === null ? null : spell.year * withdrawalCodes.length + withdrawalCodes.indexOf(code),
    );
    spells.type.push(code === 'CECS' ? 2 : spell.isStatusChange ? 1 : 0);
    spells.marks.push(
      (spell.isDefault ? marks.isDefault : 0) |
        (spell.isNoShow ? marks.noShow : 0) |
        (spell.isStatusChange ? marks.statusChange : 0) |
        (code === 'CECS' ? marks.crossEntity : 0) |
        (code === '33' ? marks.changesStatus : 0) |
        (spell.isWithdrawal ? marks.withdrawal : 0),
    );
    spells.previous.push(spell.isStatusChange ? firstSpellId + row - 1 : null);
    return row;
  }

  /** One row per entity and year; the latest spell of the two decides what it says. */
  #entityYears(child: Child, spells: readonly Spell[], rows: readonly number[]): void {
    const latest = new Map<number, number>();
    for (const [place, spell] of spells.entries()) {
      const key = spell.year * 1024 + spell.entity;
      const known = spells[latest.get(key) ?? -1];
      if (known === undefined || known.start <= spell.start) latest.set(key, place);
    }
    for (const place of latest.values()) {
      const spell = spells[place];
      const row = rows[place];
      if (spell !== undefined && row !== undefined) this.#entityYear(child, spell, row);
    }
  }

  #entityYear(child: Child, spell: Spell, spellRow: number): void {
    const { entityYears } = this.#columns;
    const { starts, perYear } = this.#homerooms;
    const school = this.#plan.schools[spell.entity];
    const last = this.#plan.years[spell.year]?.last ?? this.#plan.today;
    const until = Math.min(this.#plan.today, last);
    const isActive = !spell.isNoShow && (spell.end === null || spell.end >= until);
    entityYears.student.push(child.studentId);
    entityYears.entity.push(school?.entityId ?? null);
    entityYears.year.push(spell.year);
    entityYears.grade.push(spell.grade);
    entityYears.latest.push(firstSpellId + spellRow);
    entityYears.marks.push(
      (spell.isDefault ? marks.isDefault : 0) |
        (spell.withdrawalCode === 'CECS' ? marks.crossEntity : 0) |
        (isActive ? marks.active : 0),
    );
    const hasHomeroom =
      school !== undefined &&
      spell.grade >= school.low &&
      spell.grade <= school.high &&
      !school.isCareerCenter;
    if (!hasHomeroom) {
      entityYears.homeroom.push(null);
      entityYears.advisor.push(null);
      return;
    }
    const section = child.studentId % school.sections;
    const homeroom =
      (starts[spell.entity] ?? 0) + (spell.grade - school.low) * school.sections + section;
    entityYears.homeroom.push(spell.year * perYear + homeroom);
    // Advisors are a matter of high schools; elsewhere the homeroom teacher serves.
    entityYears.advisor.push(spell.grade >= 10 ? homeroom : null);
  }
}
