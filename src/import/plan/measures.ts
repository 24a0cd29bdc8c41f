/**
 * Counts what the safety limits compare: students whose status, school, values, guardians or enrollments would change,
 * by school. Only changes caused by received rows or a setting; the date alone changes statuses without an import, too.
 */
import type pg from 'pg';
import type { StagedPlace } from '../../roster/qmlativ-sources.ts';
import type { ImportPlan } from './comparison.ts';
import { ending, overlapping } from './enrollment-measures.ts';
import type { CountRow, Measurement, StatusMove } from './hold-reason.ts';
import { added, doubled, isActive, missing, statusAndSchool } from './status-measures.ts';
import { countFields, countHolders } from './value-measures.ts';

/**
 * Returns what the limits count, with counts above zero: for the district, and for each school. An initial import and
 * one without changes have nothing to compare.
 */
export async function measureChanges(
  client: pg.ClientBase,
  districtId: number,
  plan: Pick<ImportPlan, 'added' | 'changed' | 'newlyMissing'>,
  {
    today,
    isInitial,
    accepted,
  }: {
    readonly today: string;
    readonly isInitial: boolean;
    /** Places whose empty values a user has accepted: what becomes of them is not counted. */
    readonly accepted: ReadonlySet<StagedPlace>;
  },
): Promise<readonly Measurement[]> {
  if (isInitial || plan.added + plan.changed + plan.newlyMissing === 0) return [];
  const rows: CountRow[] = [];
  const count = async (sql: string, parameters: readonly unknown[]) => {
    const result = await client.query<CountRow>(sql, [districtId, ...parameters]);
    rows.push(...result.rows);
  };
  if (plan.changed > 0) {
    await count(statusAndSchool, [today]);
    await count(overlapping, []);
    await count(ending, [today]);
    rows.push(...(await countFields(client, districtId, { today, accepted })));
  }
  if (plan.newlyMissing > 0) await count(missing, []);
  if (plan.added > 0) {
    await count(added, [today]);
    await count(doubled, []);
  }
  const totals = addTotals(rows);
  const bases = await countStudents(client, districtId);
  const holders = new Map<string, number>();
  for (const { school, isActive: active, field, count: held } of await countHolders(
    client,
    districtId,
    listFields(totals),
  )) {
    addTo(holders, baseKey(null, active, field), held);
    if (school !== null) addTo(holders, baseKey(school, active, field), held);
  }
  return totals.map(({ isActive: active, ...measured }) => {
    const population = active ? 'active' : 'former';
    const students = bases.get(baseKey(measured.school, active)) ?? 0;
    const base = holders.get(baseKey(measured.school, active, measured.field)) ?? students;
    return { ...measured, population, base } as const;
  });
}

type Total = Omit<Measurement, 'population' | 'base'> & { readonly isActive: boolean };

/** Below this no field can exceed a limit, so nobody needs to be counted who has it. */
const smallestFieldCount = 4;

const listFields = (totals: readonly Total[]): ReadonlySet<string> =>
  new Set(
    totals.flatMap(({ field, school, count }) =>
      field !== null && school === null && count >= smallestFieldCount ? [field] : [],
    ),
  );

/** Adds the rows of each school, and those of the district. */
function addTotals(rows: readonly CountRow[]): readonly Total[] {
  const totals = new Map<string, Total>();
  for (const row of rows) {
    for (const school of row.school === null ? [null] : [null, row.school]) {
      const key = JSON.stringify([row.limit, row.field, school, row.isActive]);
      const { limit, field, isActive: active } = row;
      const before = totals.get(key) ?? {
        limit,
        field,
        school,
        isActive: active,
        moves: [],
        count: 0,
      };
      totals.set(key, {
        ...before,
        count: before.count + row.count,
        moves: addMove(before.moves, row),
      });
    }
  }
  return [...totals.values()];
}

function addMove(
  moves: readonly StatusMove[],
  { from, to, count }: CountRow,
): readonly StatusMove[] {
  if (from === null || to === null) return moves;
  const same = moves.find((move) => move.from === from && move.to === to);
  const others = moves.filter((move) => move !== same);
  return [...others, { from, to, count: (same?.count ?? 0) + count }].toSorted(
    (a, b) => b.count - a.count,
  );
}

const baseKey = (school: number | null, active: boolean, field: string | null = null) =>
  JSON.stringify([school, active, field]);

const addTo = (counts: Map<string, number>, key: string, count: number) =>
  counts.set(key, (counts.get(key) ?? 0) + count);

/** Counts the published students of the district and of each school. */
async function countStudents(
  client: pg.ClientBase,
  districtId: number,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ school: number | null; isActive: boolean; count: number }>(
    `select entity_id as school, ${isActive('status')} as "isActive", count(*)::integer as count
     from students where district_id = $1 group by 1, 2`,
    [districtId],
  );
  const counts = new Map<string, number>();
  for (const { school, isActive: active, count } of rows) {
    addTo(counts, baseKey(null, active), count);
    if (school !== null) addTo(counts, baseKey(school, active), count);
  }
  return counts;
}

/** Adds the names of the schools. */
export async function addSchoolNames<Measured extends Pick<Measurement, 'school'>>(
  client: pg.ClientBase,
  districtId: number,
  measurements: readonly Measured[],
): Promise<(Measured & { readonly schoolName: string | null })[]> {
  const schools = [...new Set(measurements.flatMap(({ school }) => school ?? []))];
  if (schools.length === 0) return measurements.map((one) => ({ ...one, schoolName: null }));
  const { rows } = await client.query<{ id: number; name: string | null }>(
    `select distinct on (entity_id) entity_id as id, coalesce(school_name, entity_name) as name
     from (select entity_id, school_name, entity_name, 1 as rank from students
         where district_id = $1 and entity_id = any($2)
       union all
       select entity_id, school_name, entity_name, 2 from next_students where entity_id = any($2)) s
     order by entity_id, rank, school_name is null`,
    [districtId, schools],
  );
  const names = new Map(rows.map(({ id, name }) => [id, name ?? `School ${id}`]));
  return measurements.map((one) => ({
    ...one,
    schoolName: one.school === null ? null : (names.get(one.school) ?? `School ${one.school}`),
  }));
}
