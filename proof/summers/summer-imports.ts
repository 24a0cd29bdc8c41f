/** Plays a district's summer through real imports: the rows of each day in a sandbox Skyward, read over HTTP. */
import { formatDay, type Day } from '../../sandbox/day.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import type { Database } from '../../src/database/database.ts';
import type { StatusRules } from '../../src/enrollment/status-settings.ts';
import { addDistrict, runSandboxImport } from '../../tests/skyward/sandbox-district.ts';
import { weighEvidence } from './evidence.ts';
import { listPractices, turnOf, type Practice } from './practice.ts';
import { firstWatchedDay, lastWatchedDay, next, past, present, schoolDays } from './school-year.ts';
import { rowsOn, type SkywardRow } from './skyward-rows.ts';
import { expectStatus } from './story.ts';
import { createDistrict, proposeRules, type SummerDistrict } from './summer-proof.ts';

export interface SummerImports {
  imports: number;
  held: number;
  /** Published statuses compared with the oracle, on days on which the rows could tell. */
  compared: number;
  /** Of these, another status because the change is on hold, or the import is. */
  onHold: number;
  readonly differences: string[];
}

/** Plays some district-years, evenly chosen, with the setting that Daybreak proposes. */
export async function importSummers(
  database: Database,
  count: number,
  { students, seed }: { readonly students: number; readonly seed: number },
  onProgress: (sentence: string) => void,
): Promise<SummerImports> {
  const result: SummerImports = { imports: 0, held: 0, compared: 0, onHold: 0, differences: [] };
  const practices = listPractices();
  for (let index = 0; index < count; index += 1) {
    const place = Math.floor(((index + 0.5) * practices.length) / count);
    const practice = practices[place];
    if (practice === undefined) break;
    const district = createDistrict(practice, seed + place, students);
    const played = await importSummer(
      database,
      district,
      proposeRules(district),
      `${place}.example`,
    );
    const described = Object.values(practice).join(', ');
    onProgress(`${described}: ${played.imports} imports, ${played.compared} statuses compared`);
    for (const name of ['imports', 'held', 'compared', 'onHold'] as const) {
      result[name] += played[name];
    }
    result.differences.push(...played.differences.map((one) => `${described}, ${one}`));
  }
  return result;
}

/** Imports the district on every watched day, and compares what is published with the oracle. */
async function importSummer(
  database: Database,
  district: SummerDistrict,
  rules: StatusRules,
  domain: string,
): Promise<SummerImports> {
  const result: SummerImports = { imports: 0, held: 0, compared: 0, onHold: 0, differences: [] };
  const skyward = await startSandbox({
    port: 0,
    students: district.students.length,
    schools: 8,
    today: formatDay(firstWatchedDay),
    access: { expirationDate: null },
  });
  try {
    const districtId = await addDistrict(database, domain);
    const writer = new RowWriter(skyward, district.practice);
    for (let day = firstWatchedDay; day <= lastWatchedDay; day += 1) {
      writer.turn(day);
      const rows = district.students.map(({ histories }) => rowsOn(histories, day));
      writer.write(rows);
      const today = formatDay(day);
      const { state, failure } = await runSandboxImport(database.pool, skyward, districtId, {
        today,
        rules,
      });
      result.imports += 1;
      if (state === 'held') result.held += 1;
      else if (state !== 'published' && state !== 'unchanged') {
        result.differences.push(`${today}: the import is ${state}: ${failure?.message}`);
      }
      const statuses = await readStatuses(database, districtId);
      for (const [index, { story }] of district.students.entries()) {
        const expected = expectStatus(story.stays, day);
        if (expected === undefined) continue;
        if (weighEvidence(expected, story, district, rows[index] ?? [], day) !== 'told') continue;
        result.compared += 1;
        const found = statuses.get(writer.studentId(index));
        if (found?.status === expected) continue;
        if (found?.isOnHold === true || state === 'held') result.onHold += 1;
        else {
          result.differences.push(
            `${today}: ${story.kind}: ${expected} expected, is ${found?.status ?? 'not there'}`,
          );
        }
      }
    }
    return result;
  } finally {
    await skyward.close();
  }
}

async function readStatuses(database: Database, districtId: number) {
  const { rows } = await database.pool.query<{ id: number; status: string; isOnHold: boolean }>(
    `select skyward_id as id, status, status_on_hold is not null as "isOnHold"
     from students where district_id = $1`,
    [districtId],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Keeps the sandbox's enrollments those of the played district. */
class RowWriter {
  readonly #skyward: RunningSandbox;
  readonly #practice: Practice;
  readonly #students: readonly number[];
  readonly #years: ReadonlyMap<number, number>;
  readonly #written = new Map<number, { readonly id: number; readonly text: string }>();

  constructor(skyward: RunningSandbox, practice: Practice) {
    this.#skyward = skyward;
    this.#practice = practice;
    this.#students = [...this.#rows('Student/Student').ids()];
    const years = this.#rows('District/SchoolYear');
    this.#years = new Map([...years.ids()].map((id) => [Number(years.get(id, 'NumericYear')), id]));
    for (const path of ['Enrollment/EntryWithdrawal', 'Enrollment/StudentEntityYear']) {
      for (const id of this.#rows(path).ids()) this.#rows(path).remove(id);
    }
    const calendars = this.#rows('Attendance/Calendar');
    for (const year of [past, present, next]) {
      const { first, last } = schoolDays(practice.region, year);
      for (const id of calendars.where('SchoolYearID', this.#yearId(year))) {
        calendars.update(id, { StartDate: write(first), EndDate: write(last) });
      }
    }
  }

  studentId(index: number): number {
    return this.#students[index] ?? 0;
  }

  /** Makes the next school year the current one on its day. */
  turn(day: Day): void {
    if (day !== turnOf(this.#practice, next)) return;
    const years = this.#rows('District/SchoolYear');
    for (const id of years.ids()) {
      years.update(id, {
        IsCurrentYearForProvidedEntity: id === this.#yearId(next),
        IsUpcomingYearForProvidedEntity: false,
      });
    }
    const entities = this.#rows('District/Entity');
    for (const id of entities.ids())
      entities.update(id, { SchoolYearIDCurrent: this.#yearId(next) });
  }

  /** Adds, changes and removes rows, so that they are these, by student. */
  write(students: readonly (readonly SkywardRow[])[]): void {
    const enrollments = this.#rows('Enrollment/EntryWithdrawal');
    const current = new Set<number>();
    for (const [index, rows] of students.entries()) {
      for (const row of rows) {
        current.add(row.id);
        const text = JSON.stringify(row);
        const known = this.#written.get(row.id);
        if (known?.text === text) continue;
        const values = this.#valuesOf(row, index);
        if (known !== undefined) enrollments.update(known.id, values);
        const id = known?.id ?? enrollments.insert(values);
        this.#written.set(row.id, { id, text });
      }
    }
    for (const [rowId, { id }] of this.#written) {
      if (current.has(rowId)) continue;
      enrollments.remove(id);
      this.#written.delete(rowId);
    }
  }

  #valuesOf(row: SkywardRow, index: number) {
    const yearId = this.#yearId(row.schoolYear);
    const { schools } = this.#skyward.sandbox.district.plan;
    const { entityId, code: schoolCode } = schools[row.entity - 1] ?? { entityId: 0, code: '' };
    const find = (path: string, field: string, value: string | number) => {
      const rows = this.#rows(path);
      return rows
        .where('SchoolYearID', yearId)
        .find((id) => String(rows.get(id, field)).trim() === String(value));
    };
    const isTold = this.#practice.calendars === 'told';
    return {
      StudentID: this.studentId(index),
      EntityID: entityId,
      SchoolYearID: yearId,
      SchoolID: find('Enrollment/School', 'Code', schoolCode) ?? null,
      CalendarID: isTold ? (find('Attendance/Calendar', 'EntityID', entityId) ?? null) : null,
      StartDate: write(row.start),
      EndDate: write(row.end),
      WithdrawalDate: write(row.withdrawalDate),
      WithdrawalCodeID:
        row.code === null
          ? null
          : (find('Enrollment/WithdrawalCode', 'Code', row.code) ??
            this.#addCode(row.code, yearId)),
      IsDefaultEntity: row.isDefaultEntity,
      IsNoShow: row.isNoShow,
      EnrolledAtLeastOneDay: null,
    };
  }

  #addCode(code: string, yearId: number): number {
    return this.#rows('Enrollment/WithdrawalCode').insert({
      Code: code,
      Description: code,
      SchoolYearID: yearId,
    });
  }

  #yearId(numericYear: number): number {
    return this.#years.get(numericYear) ?? 0;
  }

  #rows(path: string) {
    return this.#skyward.sandbox.rows(path);
  }
}

const write = (day: Day | null): string | null =>
  day === null ? null : `${formatDay(day)}T00:00:00`;
