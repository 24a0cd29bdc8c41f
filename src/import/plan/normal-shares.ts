/** What is normal for a district: the shares of its last imports, which can raise the limits of fields. */
import type { LimitOverrides } from '../../contract/safety-limits.ts';
import { reachesMinimum, thresholdOf } from '../../contract/safety-limits.ts';
import type { Queryable } from '../../database/queryable.ts';
import type { Measurement } from './hold-reason.ts';

/** Names a measure in the history of imports: what was counted, and whether in the district or in a school. */
export const measureName = ({
  limit,
  field,
  school,
  population,
}: Omit<Measurement, 'count' | 'base' | 'moves'>) =>
  [limit, field ?? '', school === null ? 'district' : 'school', population].join(' ');

/** Shares that are normal for a district, by `measureName`. */
export type NormalShares = ReadonlyMap<string, number>;

/** How many completed imports tell what is normal: a month of nightly ones. */
const importsCompared = 30;

/** A share is normal if at least this many of them reached it. */
const timesReached = 3;

/**
 * Returns the share of each measure in one import, of schools the largest. A count below the minimum of its limit is
 * left out: in a school of two students, one changed phone number is no habit of the district.
 */
export function listShares(
  measurements: readonly Measurement[],
  own: LimitOverrides,
): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const measurement of measurements) {
    const { limit, school, count, base } = measurement;
    const threshold = thresholdOf(limit, school === null ? 'district' : 'school', own);
    if (threshold === null || base === 0 || !reachesMinimum(count, base, threshold)) continue;
    const name = measureName(measurement);
    shares.set(name, Math.max(shares.get(name) ?? 0, Math.min(1, count / base)));
  }
  return shares;
}

/** Returns what is normal, from the shares of the last imports: the largest that enough of them reached. */
export function findNormal(
  imports: readonly { readonly measure: string; readonly share: number }[],
): NormalShares {
  const normal = new Map<string, number>();
  for (const [measure, reached] of Map.groupBy(imports, (one) => one.measure)) {
    const share = reached.map((one) => one.share).toSorted((a, b) => b - a)[timesReached - 1];
    if (share !== undefined) normal.set(measure, share);
  }
  return normal;
}

/** The last completed imports; one that was undone is not among them. */
const lastImports = `
  select id from import_runs where district_id = $1 and state in ('published', 'unchanged')
  order by started_at desc, id desc limit ${importsCompared}`;

/** Reads what is normal for a district. */
export async function readNormalShares(db: Queryable, districtId: number): Promise<NormalShares> {
  const { rows } = await db.query<{ measure: string; share: number }>(
    `select measure, share from import_shares
     where district_id = $1 and run_id in (${lastImports})`,
    [districtId],
  );
  return findNormal(rows);
}

/** Records the shares of a completed import, and forgets those of imports that do not count any more. */
export async function recordShares(
  db: Queryable,
  districtId: number,
  runId: number,
  shares: ReadonlyMap<string, number>,
): Promise<void> {
  if (shares.size === 0) return;
  await db.query(
    `insert into import_shares (district_id, run_id, measure, share)
     select $1, $2, * from unnest($3::text[], $4::float8[])`,
    [districtId, runId, [...shares.keys()], [...shares.values()]],
  );
  await db.query(
    `delete from import_shares where district_id = $1 and run_id not in (${lastImports})`,
    [districtId],
  );
}
