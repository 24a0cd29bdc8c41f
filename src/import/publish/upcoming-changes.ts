/** Reads the forecast and the hold of a district, and stores what users decide about them. */
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import type { DistrictEnrollmentStatus } from '../../enrollment/enrollment-status.ts';
import { findNextMassChange, type MassChange } from '../../enrollment/mass-change.ts';
import type { NextSchoolYear } from '../../enrollment/status-settings.ts';
import type { StoredForecast } from './forecast-update.ts';

export interface StoredHold {
  readonly id: number;
  readonly since: string;
  readonly reason: 'enrollments-ended' | 'year-turned';
  readonly counts: readonly {
    readonly from: DistrictEnrollmentStatus;
    readonly to: DistrictEnrollmentStatus;
    readonly school: string | null;
    readonly students: number;
  }[];
  readonly decision: 'applied' | 'next-year-counted' | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Temporal.Instant | null;
}

/** Returns the hold of the district, also one that is decided and not carried out yet. */
export async function findDateHold(database: DistrictDatabase): Promise<StoredHold | undefined> {
  return database.one<StoredHold>(
    `select id, since::text, reason, counts, decision, decided_by as "decidedBy", decided_at as "decidedAt"
     from date_holds where district_id = $1 and ended_at is null`,
  );
}

export async function findForecast(
  database: DistrictDatabase,
): Promise<StoredForecast | undefined> {
  return database.one<StoredForecast>(
    `select as_of::text as "asOf", school_year as "schoolYear", year_end as "yearEnd",
       next_year_students as "nextYearStudents", changes, holds,
       kept_on_hold as "keptOnHold"
     from status_forecasts where district_id = $1`,
  );
}

/** Returns the first mass change of the forecast within 30 days. */
export async function findMassChangeAhead(
  database: DistrictDatabase,
): Promise<MassChange | undefined> {
  const forecast = await database.one<{ asOf: string; holds: readonly MassChange[] }>(
    `select as_of::text as "asOf", holds from status_forecasts where district_id = $1 and holds <> '[]'`,
  );
  return forecast && findNextMassChange(forecast.holds, Temporal.PlainDate.from(forecast.asOf));
}

/** Stores a decision, which is carried out within a minute. Returns false if there is no such open hold. */
export async function decideHold(
  database: DistrictDatabase,
  id: number,
  decision: {
    readonly choice: 'applied' | 'next-year-counted';
    readonly by: string;
    readonly reason: string;
  },
): Promise<boolean> {
  const decided = await database.one(
    `update date_holds set decision = $3, decided_at = now(), decided_by = $4, decision_reason = $5
     where district_id = $1 and id = $2 and decision is null and ended_at is null returning id`,
    id,
    decision.choice,
    decision.by,
    decision.reason,
  );
  if (decided === undefined) return false;
  await recalculateSoon(database);
  return true;
}

/** Sets whose enrollments of the next year count, and which codes do not say that a student left. Returns the setting before. */
export async function saveNextSchoolYear(
  database: DistrictDatabase,
  setting: NextSchoolYear,
  stayingCodes: readonly string[],
): Promise<NextSchoolYear> {
  const before = await database.one<{ setting: NextSchoolYear }>(
    'select next_school_year as setting from districts where id = $1 for update',
  );
  await database.execute(
    `update districts set next_school_year = $2, version = version + 1,
       staying_codes = array(select distinct unnest(staying_codes || $3::text[]) order by 1)
     where id = $1`,
    setting,
    stayingCodes,
  );
  await recalculateSoon(database);
  return before?.setting ?? 'current';
}

/** Lets the statuses of the district be recalculated within a minute. */
const recalculateSoon = async (database: DistrictDatabase): Promise<unknown> =>
  database.execute('update districts set statuses_as_of = null where id = $1');
