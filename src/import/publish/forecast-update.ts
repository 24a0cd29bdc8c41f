/** Computes what dates will do to the statuses of a district, for the page of upcoming changes and its mail. */
import { inactiveThreshold } from '../../contract/safety-limits.ts';
import type pg from 'pg';
import { readRows, type RowValues } from '../../database/row-stream.ts';
import { transaction } from '../../database/transaction.ts';
import { type District, districtRules } from '../../districts/district.ts';
import { dayNumber, dayText } from '../../enrollment/day-number.ts';
import { formatDecisionSettings } from '../../enrollment/decision-settings.ts';
import type { DistrictEnrollmentStatus } from '../../enrollment/enrollment-status.ts';
import type { Enrollment } from '../../enrollment/enrollment.ts';
import {
  forecastChanges,
  type ForecastReason,
  keepsStatus,
} from '../../enrollment/status-forecast.ts';
import { nextSchoolYears, type NextSchoolYear } from '../../enrollment/status-settings.ts';
import { createYearEndReader, type YearEnd } from '../../enrollment/year-end.ts';
import {
  type DateChangeCount,
  type DateChangeFacts,
  listForecastHolds,
} from '../plan/date-limits.ts';
import {
  createEnrollmentReader,
  enrollmentValues,
  type EnrollmentValues,
} from '../plan/status-decisions.ts';
import { findLastSchoolYear } from '../runs/run-store.ts';

/** Students of one school who change alike on one day. */
export interface UpcomingChange extends Omit<DateChangeCount, 'isLeaving'> {
  readonly on: string;
  readonly school: string | null;
  readonly reason: ForecastReason;
}

/** What is stored of a district's forecast. */
export interface StoredForecast {
  readonly asOf: string;
  readonly schoolYear: number;
  readonly yearEnd: YearEnd;
  readonly nextYearStudents: number;
  readonly changes: Readonly<Record<NextSchoolYear, readonly UpcomingChange[]>>;
  readonly holds: readonly { readonly on: string; readonly students: number }[];
  /** Of the students on hold, how many would keep their status with each setting. */
  readonly keptOnHold: Partial<Readonly<Record<NextSchoolYear, number>>>;
}

/** The last run that changed students or enrollments; null: there was none. */
const lastRun = `(select max(id) from import_runs r
  where r.district_id = d.id and r.state in ('published', 'recalculated') and not r.is_dry_run)`;

const outdated = `
  select ${lastRun} as "runId", f.run_id as "ofRun", f.as_of as "asOf", f.settings,
    (select h.id || ' ' || md5(h.counts::text) from date_holds h
      where h.district_id = d.id and h.ended_at is null) as hold
  from districts d left join status_forecasts f on f.district_id = d.id where d.id = $1`;

const enrollmentsOfAll = `
  declare forecast_students no scroll cursor for
  select s.id, true, ${enrollmentValues}, s.status, s.entity_id, s.status_on_hold is not null, s.grade
  from students s left join enrollments e on e.district_id = s.district_id and e.student_id = s.id
  where s.district_id = $1 and s.skyward_id is not null and s.status_rule is not null
  order by s.id`;

/** A row of that query. */
type StudentValues = readonly [
  ...EnrollmentValues,
  status: DistrictEnrollmentStatus,
  entityId: number | null,
  isOnHold: boolean,
  grade: string | null,
];

interface StudentRows {
  readonly status: DistrictEnrollmentStatus;
  readonly entityId: number | null;
  readonly isOnHold: boolean;
  readonly grade: string | null;
  readonly enrollments: Enrollment[];
}

/** Rows fetched at a time. */
const batchSize = 10_000;

/**
 * Computes the forecast of the district as of its date at `now` and stores it, unless the stored one is of this date,
 * these rows and these settings. Returns whether it did.
 */
export async function updateForecast(
  pool: pg.Pool,
  district: District,
  now: Temporal.Instant,
): Promise<boolean> {
  const today = now.toZonedDateTimeISO(district.timeZone).toPlainDate();
  const rules = districtRules(district);
  return transaction(
    pool,
    async (client) => {
      const schoolYear = await findLastSchoolYear(client, district.id);
      const { rows } = await client.query<{
        runId: number | null;
        ofRun: number | null;
        asOf: string | null;
        settings: string | null;
        hold: string | null;
      }>(outdated, [district.id]);
      const state = rows[0];
      if (schoolYear === undefined || state?.runId == null) return false;
      const settings = JSON.stringify([
        formatDecisionSettings({ schoolYear, rules }),
        district.ownLimits,
        state.hold,
      ]);
      const isFresh =
        state.ofRun === state.runId &&
        state.asOf === today.toString() &&
        state.settings === settings;
      if (isFresh) return false;
      const forecast = await computeForecast(client, district, { today, schoolYear });
      await storeForecast(client, district.id, { ...forecast, runId: state.runId, settings });
      return true;
    },
    'begin isolation level repeatable read',
  );
}

async function computeForecast(
  client: pg.ClientBase,
  district: District,
  { today, schoolYear }: { readonly today: Temporal.PlainDate; readonly schoolYear: number },
): Promise<StoredForecast> {
  const rules = districtRules(district);
  const reader = createYearEndReader(today, schoolYear, rules);
  let highestGrade = 0;
  let nextYearStudents = 0;
  await forEachStudent(client, district.id, ({ status, grade, enrollments }) => {
    reader.add(enrollments);
    if (enrollments.some((row) => row.schoolYear === schoolYear + 1)) nextYearStudents += 1;
    if (status !== 'INACTIVE') highestGrade = Math.max(highestGrade, gradeNumber(grade));
  });
  const yearEnd = reader.describe();
  const counts = new Map<string, number>();
  // Empty while nobody is on hold: then it says nothing about a hold that begins later.
  const keptOnHold: Partial<Record<NextSchoolYear, number>> = {};
  const stayingCodes = [...new Set([...rules.stayingCodes, ...yearEnd.stayingCodes])];
  const scopes = nextSchoolYears.map((nextSchoolYear) => {
    const isPresent = nextSchoolYear === rules.nextSchoolYear;
    const scope = { today: dayNumber(today), schoolYear, isPresent };
    return { ...scope, rules: isPresent ? rules : { ...rules, nextSchoolYear, stayingCodes } };
  });
  await forEachStudent(client, district.id, ({ entityId, grade, ...student }) => {
    const isOfHighestGrade = highestGrade === 0 || gradeNumber(grade) === highestGrade;
    for (const scope of scopes) {
      if (student.isOnHold) {
        const setting = scope.rules.nextSchoolYear;
        keptOnHold[setting] = (keptOnHold[setting] ?? 0) + (keepsStatus(student, scope) ? 1 : 0);
      }
      for (const change of forecastChanges({ ...student, isOfHighestGrade }, scope)) {
        const { on, from, to, reason } = change;
        const key = JSON.stringify([scope.rules.nextSchoolYear, on, from, to, reason, entityId]);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  });
  const changes = toChanges(counts, await readSchools(client, district.id));
  return {
    asOf: today.toString(),
    schoolYear,
    yearEnd,
    nextYearStudents,
    changes,
    holds: listForecastHolds(
      byDay(changes[rules.nextSchoolYear]),
      await readActive(client, district.id),
      inactiveThreshold(district.ownLimits),
    ).map(({ on, students }) => ({ on: on.toString(), students })),
    keptOnHold,
  };
}

const gradeNumber = (grade: string | null): number =>
  grade !== null && /^\d{1,2}$/.test(grade) ? Number(grade) : 0;

/** Reads all students with their enrollments, one after another. */
async function forEachStudent(
  client: pg.ClientBase,
  districtId: number,
  onStudent: (student: StudentRows) => void,
): Promise<void> {
  const toEnrollment = createEnrollmentReader();
  let id: number | undefined;
  let student: StudentRows | undefined;
  const onRow = (values: RowValues) => {
    const row = values as unknown as StudentValues;
    if (row[0] !== id || student === undefined) {
      if (student !== undefined) onStudent(student);
      id = row[0];
      const [status, entityId, isOnHold, grade] = row.slice(13) as [
        DistrictEnrollmentStatus,
        number | null,
        boolean,
        string | null,
      ];
      student = { status, entityId, isOnHold, grade, enrollments: [] };
    }
    const enrollment = toEnrollment(row as unknown as EnrollmentValues);
    if (enrollment !== undefined) student.enrollments.push(enrollment);
  };
  await client.query(enrollmentsOfAll, [districtId]);
  while ((await readRows(client, `fetch ${batchSize} from forecast_students`, onRow)) > 0);
  await client.query('close forecast_students');
  if (student !== undefined) onStudent(student);
}

function toChanges(
  counts: ReadonlyMap<string, number>,
  schools: ReadonlyMap<number, string | null>,
): Record<NextSchoolYear, UpcomingChange[]> {
  const changes: Record<NextSchoolYear, UpcomingChange[]> = { current: [], returning: [], all: [] };
  for (const [key, students] of counts) {
    const [setting, on, from, to, reason, entityId] = JSON.parse(key) as [
      NextSchoolYear,
      number,
      DistrictEnrollmentStatus,
      DistrictEnrollmentStatus,
      ForecastReason,
      number | null,
    ];
    const school = entityId === null ? null : (schools.get(entityId) ?? null);
    const day = dayText(on) ?? '';
    changes[setting].push({ on: day, from, to, reason, entityId, school, students });
  }
  for (const list of Object.values(changes)) {
    list.sort((a, b) => (a.on === b.on ? b.students - a.students : a.on < b.on ? -1 : 1));
  }
  return changes;
}

/** Changes that count for the limits, by day. */
function byDay(changes: readonly UpcomingChange[]) {
  const days = Map.groupBy(
    changes.filter(({ reason }) => reason !== 'graduates-in-season'),
    ({ on }) => on,
  );
  return [...days].map(([on, list]) => ({
    on: Temporal.PlainDate.from(on),
    changes: list.map((change) => ({
      ...change,
      isLeaving: change.reason === 'leaves' || change.reason === 'graduates',
    })),
  }));
}

async function readSchools(
  client: pg.ClientBase,
  districtId: number,
): Promise<ReadonlyMap<number, string | null>> {
  const { rows } = await client.query<{ id: number; name: string | null }>(
    `select entity_id as id, max(school_name) as name from students
     where district_id = $1 and entity_id is not null group by 1`,
    [districtId],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

async function readActive(client: pg.ClientBase, districtId: number) {
  const { rows } = await client.query<DateChangeFacts['active'][number]>(
    `select entity_id as "entityId", count(*)::integer as students from students
     where district_id = $1 and status in ('ENROLLED', 'PRE_ENROLLED') group by 1`,
    [districtId],
  );
  return rows;
}

async function storeForecast(
  client: pg.ClientBase,
  districtId: number,
  forecast: StoredForecast & { readonly runId: number; readonly settings: string },
): Promise<void> {
  await client.query(
    `insert into status_forecasts (district_id, as_of, run_id, settings, school_year, year_end,
       next_year_students, changes, holds, kept_on_hold)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (district_id) do update set as_of = excluded.as_of, run_id = excluded.run_id,
       settings = excluded.settings, school_year = excluded.school_year, year_end = excluded.year_end,
       next_year_students = excluded.next_year_students, changes = excluded.changes,
       holds = excluded.holds, kept_on_hold = excluded.kept_on_hold`,
    [
      districtId,
      forecast.asOf,
      forecast.runId,
      forecast.settings,
      forecast.schoolYear,
      JSON.stringify(forecast.yearEnd),
      forecast.nextYearStudents,
      JSON.stringify(forecast.changes),
      JSON.stringify(forecast.holds),
      JSON.stringify(forecast.keptOnHold),
    ],
  );
}
