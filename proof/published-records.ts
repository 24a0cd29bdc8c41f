/** What a district has published, student by student, and what it must be where something was not granted. */
import type { Database } from '../src/database/database.ts';
import type { Mutant } from './mutants.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A student as published; guardians and enrollments by their ids. */
interface PublishedRecord {
  readonly student: Fields;
  readonly guardians: Readonly<Record<string, Fields>>;
  readonly enrollments: Readonly<Record<string, Fields>>;
}

/** By Skyward's id of the student. */
export type PublishedRecords = ReadonlyMap<number, PublishedRecord>;

/** Reads everything published, without what tells which run and district it was. */
export async function publishedRecords(
  pool: Database['pool'],
  districtId: number,
): Promise<PublishedRecords> {
  const { rows } = await pool.query<PublishedRecord & { id: number }>(
    `select skyward_id::integer as id,
       to_jsonb(s) - array['district_id', 'id', 'first_run_id', 'changed_run_id', 'missing_since_run_id',
         'source_fingerprint', 'created_at', 'updated_at', 'name_key']
         || jsonb_build_object('is_missing', missing_since_run_id is not null) as student,
       (select coalesce(jsonb_object_agg(g.skyward_id, to_jsonb(g) - array['district_id', 'student_id']), '{}')
        from guardians g where g.district_id = s.district_id and g.student_id = s.id) as guardians,
       (select coalesce(jsonb_object_agg(e.skyward_id, to_jsonb(e) - array['district_id', 'student_id']), '{}')
        from enrollments e where e.district_id = s.district_id and e.student_id = s.id) as enrollments
     from students s where district_id = $1 order by 1`,
    [districtId],
  );
  return new Map(rows.map(({ id, ...record }) => [id, record]));
}

const isTaken = (value: string | undefined) => value !== undefined && value !== 'granted';

/**
 * What must be published from a mutant: what an import with every grant brings, but of what was not granted the
 * published values, and nothing of new people.
 */
export function expectedRecords(
  mutant: Mutant,
  whole: PublishedRecords,
  before: PublishedRecords | undefined,
): PublishedRecords {
  const taken = {
    emails: isTaken(mutant['list-not-granted']),
    relationship: isTaken(mutant['table-not-granted']),
    middle_name: isTaken(mutant['field-not-granted']),
  };
  const keep = (now: Fields, then: Fields | undefined): Fields => ({
    ...now,
    ...(taken.emails ? { emails: then?.['emails'] ?? [] } : {}),
    ...(taken.relationship && 'relationship' in now
      ? { relationship: then?.['relationship'] ?? null }
      : {}),
    ...(taken.middle_name ? middleNames(now, then) : {}),
  });
  return new Map(
    Array.from(whole, ([id, { student, guardians, enrollments }]) => {
      const then = before?.get(id);
      const guardiansNow = Object.entries(guardians).map(
        ([guardian, fields]) => [guardian, keep(fields, then?.guardians[guardian])] as const,
      );
      return [
        id,
        {
          student: keep(student, then?.student),
          guardians: Object.fromEntries(guardiansNow),
          enrollments,
        },
      ];
    }),
  );
}

/** The legal middle name is the usual one unless Skyward has another. */
function middleNames(now: Fields, then: Fields | undefined): Fields {
  const kept = { middle_name: then?.['middle_name'] ?? null };
  if (!('legal_middle_name' in now) || now['legal_middle_name'] !== now['middle_name']) return kept;
  return { ...kept, legal_middle_name: then?.['legal_middle_name'] ?? null };
}

/** Where two differ, in words; the people are invented. */
export function recordDifferences(
  expected: PublishedRecords,
  found: PublishedRecords,
): readonly string[] {
  const ids = new Set([...expected.keys(), ...found.keys()]);
  return [...ids].flatMap((id) => {
    const [should, is] = [expected.get(id), found.get(id)];
    if (should === undefined) return [`student ${id} should not be there`];
    if (is === undefined) return [`student ${id} is missing`];
    return partDifferences(`student ${id}`, should, is);
  });
}

function partDifferences(place: string, should: unknown, is: unknown): string[] {
  if (!isFields(should) || !isFields(is)) {
    const [one, other] = [JSON.stringify(should), JSON.stringify(is)];
    return one === other ? [] : [`${place} is ${other}, should be ${one}`];
  }
  const names = new Set([...Object.keys(should), ...Object.keys(is)]);
  return [...names].flatMap((name) => partDifferences(`${place} ${name}`, should[name], is[name]));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
