/** Likely duplicates: pairs that may be one student, to compare, merge or mark as not a duplicate. */
import type {
  DuplicatePair,
  DuplicateSide,
  Merge,
  Origin,
} from '../../contract/students/duplicates.ts';
import type { Status } from '../../contract/values.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { isCompleted, selectLastRun } from '../../database/import-runs.ts';
import { displayName, selectName, type StoredName } from '../record/display-name.ts';
import type { Editor } from '../history/manual-changes.ts';

/** Limits the list to what a person can review in a day. */
const maxPairs = 500;

/**
 * Returns the pairs of the district, most certain first: a record whose StudentID now describes someone else in
 * Skyward; students in Skyward with one number, of whom one was skipped; a manual student, or one missing from
 * Skyward, with the number, the state ID, or the name and birth date of another.
 */
export async function listDuplicatePairs(
  database: DistrictDatabase,
): Promise<{ pairs: DuplicatePair[]; isCut: boolean }> {
  const byKey = new Map<string, FoundPair>();
  for (const pair of [
    ...(await findChangedIdentities(database)),
    ...(await findSharedNumbers(database)),
    ...(await findByKey(database, 'student_number')),
    ...(await findByKey(database, 'state_id')),
    ...(await findByName(database)),
  ]) {
    const known = byKey.get(pair.key);
    const reasons = [...new Set([...(known?.reasons ?? []), ...pair.reasons])];
    byKey.set(pair.key, { ...pair, ...known, reasons });
  }
  const found = [...byKey.values()];
  const listed = found.slice(0, maxPairs);
  const sides = await readSides(database, listed.flatMap(listStudentIds));
  const notDuplicates = await readNotDuplicates(database);
  const confirmed = await readConfirmed(database);
  const pairs = listed.flatMap((pair): DuplicatePair[] => {
    const first = toSide(pair.first, sides);
    const second = toSide(pair.second, sides);
    if (first === undefined || second === undefined) return [];
    return [
      {
        key: pair.key,
        reasons: [...pair.reasons],
        first,
        second,
        note: pairNote(pair, first, second),
        mergeBlockedReason: pair.reasons.includes('identity-changed')
          ? 'Both have the same Skyward ID, so there is nothing to merge here.'
          : mergeBlockedReason(first.origin, second.origin),
        confirmed: pair.reasons.includes('identity-changed')
          ? (confirmed.get(second.sisStudentId) ?? null)
          : null,
        notDuplicate:
          [pair.key, ...numberMatchKeys(first, second)]
            .map((key) => notDuplicates.get(key))
            .find((one) => one !== undefined) ?? null,
      },
    ];
  });
  return { pairs, isCut: found.length > maxPairs };
}

/** Returns how many pairs of the list nobody has reviewed. */
export async function countDuplicatesToReview(database: DistrictDatabase): Promise<number> {
  const { pairs } = await listDuplicatePairs(database);
  return pairs.filter(({ notDuplicate, confirmed }) => notDuplicate === null && confirmed === null)
    .length;
}

const isNotInSkyward = ({ origin }: DuplicateSide) => origin === 'missing' || origin === 'manual';

/** Explains what the import found about a pair that it left for review. */
function pairNote({ reasons, evidence }: FoundPair, first: DuplicateSide, second: DuplicateSide) {
  if (reasons.includes('identity-changed')) {
    return 'Skyward now has a different student under this Skyward ID, so the record was not updated. If another student was entered over this one in Skyward, correct it there and add the other student as a new one. If it is the same student, confirm it here.';
  }
  if (!reasons.includes('same-number') || (!isNotInSkyward(first) && !isNotInSkyward(second)))
    return null;
  if (evidence === 'other-state-id') {
    return 'The state IDs differ, so these are most likely two students, and the number was reused. If so, mark them as not a duplicate.';
  }
  if (evidence === null || evidence === undefined) {
    return 'Only the number is the same, so each student has a separate record. Compare birth date and first name. Merge the records if they are one student, or mark them as not a duplicate.';
  }
  return first.origin === 'missing' || second.origin === 'missing'
    ? 'One of them is no longer in Skyward, and their details match. If they were merged in Skyward, merge them here as well.'
    : 'Their details match. Merge the records if they are one student.';
}

/** Keys of an undone match: a record, and a StudentID that had no record of its own yet. */
const numberMatchKeys = (first: DuplicateSide, second: DuplicateSide): string[] =>
  [[first, second] as const, [second, first] as const].flatMap(([one, other]) =>
    one.studentId === null || other.sisStudentId === null
      ? []
      : [`mixed:${one.studentId}-${other.sisStudentId}`],
  );

/** Returns why two records can't be merged here; null if they can. */
export function mergeBlockedReason(first: Origin, second: Origin): string | null {
  if (first === 'skipped' || second === 'skipped') {
    return 'Several students in Skyward have this number, so one of them was not imported. Give each student a different number in Skyward; the next import then imports both.';
  }
  if (first === 'skyward' && second === 'skyward') {
    return 'Both are in Skyward. Merge them in Skyward; if merged here, the next import would create the second one again.';
  }
  return null;
}

/** Marks a pair as not a duplicate, or removes the mark. */
export async function saveNotDuplicate(
  database: DistrictDatabase,
  key: string,
  isNotDuplicate: boolean,
  editor: Editor,
): Promise<void> {
  // A pair that was marked when a match was undone has the key of that time.
  await database.execute(
    `delete from kept_apart k where district_id = $1 and (pair_key = $2 or exists (
       select from students a join students b on b.district_id = $1 and b.id <> a.id
       where a.district_id = $1 and $2 in ('students:' || a.id || '-' || b.id, 'students:' || b.id || '-' || a.id)
         and k.pair_key = 'mixed:' || a.id || '-' || b.skyward_id))`,
    key,
  );
  if (!isNotDuplicate) return;
  await database.execute(
    'insert into kept_apart (district_id, pair_key, kept_by, kept_by_name) values ($1, $2, $3, $4)',
    key,
    editor.accountId,
    editor.name,
  );
}

/**
 * Confirms that a StudentID whose identity changed is the same student, or withdraws it. Returns false if the last
 * import did not skip such a student. The caller has blocked imports.
 */
export async function confirmIdentity(
  database: DistrictDatabase,
  { sisStudentId, isSame }: { readonly sisStudentId: number; readonly isSame: boolean },
  editor: Editor,
): Promise<boolean> {
  const removed = await database.execute(
    'delete from confirmed_identities where district_id = $1 and skyward_student_id = $2',
    sisStudentId,
  );
  if (!isSame) return removed === 1;
  return (
    (await database.execute(
      `insert into confirmed_identities (district_id, skyward_student_id, confirmed_by_name)
     select $1, c.skyward_student_id, $3 from number_clashes c
     where c.district_id = $1 and c.run_id = ${lastRun} and c.kind = 'identity-changed'
       and c.skyward_student_id = $2`,
      sisStudentId,
      editor.name,
    )) === 1
  );
}

/** Returns the merges that can still be undone, newest first. */
export async function listMerges(database: DistrictDatabase): Promise<Merge[]> {
  const rows = await database.rows<{
    id: number;
    kept: number;
    removed: StoredName;
    by: string;
    at: Temporal.Instant;
    kept_name: StoredName | null;
  }>(
    `select m.id, m.merged_into as kept, m.removed_by_name as by, m.removed_at as at,
       m.record -> 'student' as removed, to_jsonb(s) as kept_name
     from removed_students m
     left join (select n.district_id, n.id, ${selectName('n')} from students n) s
       on s.district_id = m.district_id and s.id = m.merged_into
     where m.district_id = $1 and m.merged_into is not null and m.restored_at is null
       and m.record is not null and m.removed_at >= now() - interval '30 days'
     order by m.id desc limit 100`,
  );
  return rows.map((row) => ({
    id: row.id,
    keptId: row.kept,
    keptName: row.kept_name === null ? null : displayName(row.kept_name),
    removedName: displayName(row.removed),
    by: row.by,
    at: row.at.toString(),
  }));
}

/** Reads the sides of existing students, by student id. */
export async function readSides(
  database: DistrictDatabase,
  studentIds: readonly number[],
): Promise<ReadonlyMap<number, DuplicateSide>> {
  if (studentIds.length === 0) return new Map();
  const rows = await database.rows<StoredSide>(
    `select s.id, skyward_id, missing_since_run_id, ${selectName('s')}, birth_date,
       student_number, state_id, grade, coalesce(school_name, entity_name) as school_name, status
     from students s where district_id = $1 and id = any ($2)`,
    studentIds,
  );
  return new Map(
    rows.map((row): [number, DuplicateSide] => [
      row.id,
      {
        studentId: row.id,
        sisStudentId: row.skyward_id,
        origin:
          row.skyward_id === null
            ? 'manual'
            : row.missing_since_run_id === null
              ? 'skyward'
              : 'missing',
        name: displayName(row),
        birthDate: row.birth_date,
        studentNumber: row.student_number,
        stateId: row.state_id,
        grade: row.grade,
        schoolName: row.school_name,
        status: row.status,
      },
    ]),
  );
}

/** One side of a pair: the id of a record, or a skipped student as received. */
type PairMember = number | DuplicateSide;

interface FoundPair {
  readonly key: string;
  readonly reasons: readonly DuplicatePair['reasons'][number][];
  readonly first: PairMember;
  readonly second: PairMember;
  /** For two records with one number: what else is the same, `other-state-id`, or null. */
  readonly evidence?: string | null;
}

interface StoredSide extends StoredName {
  readonly id: number;
  readonly skyward_id: number | null;
  readonly missing_since_run_id: number | null;
  readonly birth_date: string | null;
  readonly student_number: string | null;
  readonly state_id: string | null;
  readonly grade: string | null;
  readonly school_name: string | null;
  readonly status: Status;
}

const listStudentIds = ({ first, second }: FoundPair): number[] =>
  [first, second].filter((member) => typeof member === 'number');

const toSide = (member: PairMember, sides: ReadonlyMap<number, DuplicateSide>) =>
  typeof member === 'number' ? sides.get(member) : member;

const studentPairKey = (kind: string, a: number, b: number): string =>
  `${kind}:${Math.min(a, b)}-${Math.max(a, b)}`;

/** Returns the same key for a pair in either order. */
function toPairKey(first: PairMember, second: PairMember): string {
  if (typeof first === 'number' && typeof second === 'number')
    return studentPairKey('students', first, second);
  if (typeof first === 'number') return `mixed:${first}-${getSisStudentId(second)}`;
  if (typeof second === 'number') return `mixed:${second}-${getSisStudentId(first)}`;
  return studentPairKey('skyward', getSisStudentId(first), getSisStudentId(second));
}

const getSisStudentId = (member: PairMember): number =>
  typeof member === 'number' ? 0 : (member.sisStudentId ?? 0);

/** SQL for the manual students and those missing from Skyward, who are few among all; each is looked up on its own. */
const selectNotInSkyward = (columns: string): string => `
  select ${columns} from students where district_id = $1 and skyward_id is null
  union all
  select ${columns} from students
  where district_id = $1 and missing_since_run_id is not null and skyward_id is not null`;

/**
 * Finds manual students and those missing from Skyward with the same name and birth date as another. Missing ones may
 * be thousands: who has their name is looked up in the index of names, so `is not distinct` keeps the planner from that
 * of birth dates, where each date has many more students. Manual students are few and also compared by legal name.
 */
async function findByName(database: DistrictDatabase): Promise<FoundPair[]> {
  const rows = await database.rows<{ first: number; second: number }>(
    `with not_in_skyward as materialized (
       select id, birth_date, split_part(name_key, '  ', 1) || '  ' || split_part(name_key, '  ', 2) || '  ' as name
       from (${selectNotInSkyward('id, birth_date, name_key')}) one where birth_date is not null
     ), manual as materialized (
       select id, birth_date, array[search_form(last_name), search_form(legal_last_name)] as last,
         array[search_form(first_name), search_form(legal_first_name)] as first
       from students where district_id = $1 and skyward_id is null and birth_date is not null
     )
     select least(l.id, o.id) as first, greatest(l.id, o.id) as second
     from not_in_skyward l, lateral (
       select o.id from students o
       where o.district_id = $1 and o.name_key >= l.name collate "C" and o.name_key < l.name || U&'\\+10FFFF' collate "C"
         and o.birth_date is not distinct from l.birth_date and o.id <> l.id offset 0) o
     union
     select least(h.id, o.id), greatest(h.id, o.id)
     from manual h join students o on o.district_id = $1 and o.birth_date = h.birth_date
     where h.id <> o.id
       -- Compares prepared text first, which is quicker than taking each name apart.
       and (starts_with(o.name_key, h.last[1]) or starts_with(o.name_key, h.last[2]))
       and search_form(o.last_name) = any (h.last) and search_form(o.legal_first_name) = any (h.first)
     order by 1, 2 limit $2`,
    maxPairs + 1,
  );
  return rows.map(({ first, second }) => ({
    key: toPairKey(first, second),
    reasons: ['same-name-and-birth-date'],
    first,
    second,
  }));
}

/** Finds manual students and those missing from Skyward with the same number or state ID as another. */
async function findByKey(
  database: DistrictDatabase,
  column: 'student_number' | 'state_id',
): Promise<FoundPair[]> {
  const rows = await database.rows<{ first: number; second: number; evidence: string | null }>(
    `with not_in_skyward as materialized (
       ${selectNotInSkyward(`id, ${column}`)}
     ), pairs as (
       select least(l.id, o.id) as first, greatest(l.id, o.id) as second
       from not_in_skyward l join students o
         on o.district_id = $1 and o.${column} collate "C" = l.${column} and o.id <> l.id
       group by 1, 2 order by 1, 2 limit $2
     )
     select p.first, p.second, identity_sign(a.state_id, b.state_id, a.birth_date, b.birth_date,
       first_names(a), first_names(b)) as evidence
     from pairs p
     join students a on a.district_id = $1 and a.id = p.first
     join students b on b.district_id = $1 and b.id = p.second
     order by 1, 2`,
    maxPairs + 1,
  );
  return rows.map(({ first, second, evidence }) => ({
    key: toPairKey(first, second),
    reasons: [column === 'state_id' ? 'same-state-id' : 'same-number'],
    first,
    second,
    evidence,
  }));
}

/** The last completed import. */
const lastRun = selectLastRun(isCompleted);

/** Finds students whom the last import skipped because their StudentID now describes someone else. */
async function findChangedIdentities(database: DistrictDatabase): Promise<FoundPair[]> {
  const rows = await database.rows<Omit<ClashRow, 'holders'> & { readonly student_id: number }>(
    `select c.*, k.id as student_id
     from number_clashes c
     join students k on k.district_id = $1 and k.skyward_id = c.skyward_student_id
     where c.district_id = $1 and c.run_id = ${lastRun} and c.kind = 'identity-changed'
     order by c.skyward_student_id`,
  );
  return rows.map((row) => {
    const [first, second] = [row.student_id, toSkippedSide(row)];
    return { key: toPairKey(first, second), reasons: ['identity-changed'], first, second };
  });
}

interface ClashRow extends StoredName {
  readonly skyward_student_id: number;
  readonly student_number: string;
  readonly birth_date: string | null;
  readonly state_id: string | null;
  readonly grade: string | null;
  readonly student_id: number | null;
  /** Ids of the records with this number. */
  readonly holders: readonly number[];
}

/** Finds students whom the last import skipped because of their number, with everyone else who has it. */
async function findSharedNumbers(database: DistrictDatabase): Promise<FoundPair[]> {
  const rows = await database.rows<ClashRow>(
    `select c.*, k.id as student_id, array(select n.id from students n
         where n.district_id = $1 and n.student_number collate "C" = c.student_number) as holders
     from number_clashes c
     left join students k on k.district_id = $1 and k.skyward_id = c.skyward_student_id
     where c.district_id = $1 and c.run_id = ${lastRun} and c.kind = 'number-shared'
     order by c.student_number, c.skyward_student_id limit 1000`,
  );
  const groups = Map.groupBy(rows, (row) => row.student_number);
  return [...groups.values()].flatMap((group) => {
    const skipped: PairMember[] = group.map((row) => row.student_id ?? toSkippedSide(row));
    const holders = (group[0]?.holders ?? []).filter((id) => !skipped.includes(id));
    const members = [...holders, ...skipped];
    return members.flatMap((first, index) =>
      members.slice(index + 1).map((second): FoundPair => ({
        key: toPairKey(first, second),
        reasons: ['same-number'],
        first,
        second,
      })),
    );
  });
}

const toSkippedSide = (row: Omit<ClashRow, 'holders'>): DuplicateSide => ({
  studentId: null,
  sisStudentId: row.skyward_student_id,
  origin: 'skipped',
  name: displayName(row),
  birthDate: row.birth_date,
  studentNumber: row.student_number,
  stateId: row.state_id,
  grade: row.grade,
  schoolName: null,
  status: null,
});

async function readNotDuplicates(
  database: DistrictDatabase,
): Promise<ReadonlyMap<string, { readonly by: string; readonly at: string }>> {
  const rows = await database.rows<{ key: string; by: string; at: Temporal.Instant }>(
    `select pair_key as key, kept_by_name as by, kept_at as at from kept_apart where district_id = $1`,
  );
  return new Map(rows.map(({ key, by, at }) => [key, { by, at: at.toString() }]));
}

async function readConfirmed(
  database: DistrictDatabase,
): Promise<ReadonlyMap<number | null, { readonly by: string; readonly at: string }>> {
  const rows = await database.rows<{ id: number; by: string; at: Temporal.Instant }>(
    `select skyward_student_id as id, confirmed_by_name as by, confirmed_at as at
     from confirmed_identities where district_id = $1`,
  );
  return new Map(rows.map(({ id, by, at }) => [id, { by, at: at.toString() }]));
}
