/** Generates a sandbox district from a seed and a size. */
import { codeTables } from './code-tables.ts';
import type { Day } from '../day.ts';
import { histories, type HistoryKind } from './enrollment-history.ts';
import { EnrollmentWriter } from './enrollment-writer.ts';
import { HouseholdWriter } from './household.ts';
import { communities } from './invented-words.ts';
import { createPeopleColumns, firstNameId, roles, type PeopleColumns } from './people-columns.ts';
import { findHistoryKind, peopleTables } from './people-tables.ts';
import { PeopleWriter } from './people-writer.ts';
import { createRandom } from '../random.ts';
import { districtId, planSchools, type SchoolPlan } from './school-plan.ts';
import { schoolTables, staffCount } from './school-tables.ts';
import type { TableBase } from './table.ts';

/** Size and seed of a district. `students` is the number of current ones; former ones are added. */
export interface DistrictOptions {
  readonly seed: number;
  readonly students: number;
  readonly schools: number;
  readonly years: number;
  readonly today: Day;
}

/** A generated district: its tables, and the kinds of histories. */
export interface District {
  readonly plan: SchoolPlan;
  readonly columns: PeopleColumns;
  readonly tables: ReadonlyMap<string, TableBase>;
  /** Returns a student's kind of history; undefined for students added later. */
  findHistory(studentId: number): HistoryKind | undefined;
}

/** Generates a district; the same options generate the same one on every machine. */
export function generateDistrict(options: DistrictOptions): District {
  const plan = planSchools(options);
  const columns = createPeopleColumns();
  const random = createRandom(options.seed);
  const writer = new PeopleWriter(columns, random);
  writer.streets();
  writeStaff(writer, plan);
  const households = new HouseholdWriter(writer, plan);
  const enrollments = new EnrollmentWriter(columns, plan, random);
  let current = 0;
  for (let household = 0; current < options.students; household += 1) {
    random.restart(household);
    for (const child of households.write()) {
      enrollments.write(child);
      if (histories[child.kind].isCurrent) current += 1;
    }
  }
  return {
    plan,
    columns,
    tables: new Map([
      ...codeTables(districtId),
      ...schoolTables(plan, firstNameId),
      ...peopleTables(columns),
    ]),
    findHistory: (studentId) => findHistoryKind(columns, studentId),
  };
}

function writeStaff(writer: PeopleWriter, plan: SchoolPlan): void {
  for (let member = 0; member < staffCount(plan); member += 1) {
    const community = writer.random.pick(communities);
    const nameId = writer.person({
      sex: writer.random.below(2),
      surname: writer.surname(community),
      community,
      birth: null,
      role: roles.staff,
      race: 0,
    });
    writer.email(nameId, 2);
    writer.phones(nameId, 1);
  }
}
