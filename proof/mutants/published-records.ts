/** The published records of a district, and the expected ones where permissions are missing. */
import type { Database } from '../../src/database/database.ts';
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

/** Reads everything published, without the columns that identify the run and the district. */
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

const isMissing = (value: string | undefined) => value !== undefined && value !== 'granted';

/**
 * Returns what an import from a mutant must publish: the records of an import with all permissions, except that
 * fields without permission keep their published values, and are empty for new people.
 */
export function expectedRecords(
  mutant: Mutant,
  complete: PublishedRecords,
  before: PublishedRecords | undefined,
): PublishedRecords {
  const missing = {
    emails: isMissing(mutant['list-not-granted']),
    relationship: isMissing(mutant['table-not-granted']),
    middle_name: isMissing(mutant['field-not-granted']),
  };
  const expectFields = (now: Fields, then: Fields | undefined): Fields => ({
    ...now,
    ...(missing.emails ? { emails: then?.['emails'] ?? [] } : {}),
    ...(missing.relationship && 'relationship' in now
      ? { relationship: then?.['relationship'] ?? null }
      : {}),
    ...(missing.middle_name ? middleNames(now, then) : {}),
  });
  return new Map(
    Array.from(complete, ([id, { student, guardians, enrollments }]) => {
      const then = before?.get(id);
      const guardiansNow = Object.entries(guardians).map(
        ([guardian, fields]) =>
          [guardian, expectFields(fields, then?.guardians[guardian])] as const,
      );
      return [
        id,
        {
          student: expectFields(student, then?.student),
          guardians: Object.fromEntries(guardiansNow),
          enrollments,
        },
      ];
    }),
  );
}

/** The legal middle name equals the middle name unless Skyward has another. */
function middleNames(now: Fields, then: Fields | undefined): Fields {
  const fields = { middle_name: then?.['middle_name'] ?? null };
  if (!('legal_middle_name' in now) || now['legal_middle_name'] !== now['middle_name'])
    return fields;
  return { ...fields, legal_middle_name: then?.['legal_middle_name'] ?? null };
}

/** Describes the differences between two sets of records, with values, since the people are invented. */
export function recordDifferences(
  expected: PublishedRecords,
  found: PublishedRecords,
): readonly string[] {
  const ids = new Set([...expected.keys(), ...found.keys()]);
  return [...ids].flatMap((id) => {
    const [expectedRecord, foundRecord] = [expected.get(id), found.get(id)];
    if (expectedRecord === undefined) return [`student ${id} should not exist`];
    if (foundRecord === undefined) return [`student ${id} is missing`];
    return compareParts(`student ${id}`, expectedRecord, foundRecord);
  });
}

function compareParts(path: string, expectedPart: unknown, found: unknown): string[] {
  if (!isFields(expectedPart) || !isFields(found)) {
    const [one, other] = [JSON.stringify(expectedPart), JSON.stringify(found)];
    return one === other ? [] : [`${path} is ${other}, should be ${one}`];
  }
  const names = new Set([...Object.keys(expectedPart), ...Object.keys(found)]);
  return [...names].flatMap((name) =>
    compareParts(`${path} ${name}`, expectedPart[name], found[name]),
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
