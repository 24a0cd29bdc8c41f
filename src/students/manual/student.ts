/** Manual students: adding, editing and deleting students who are not in Skyward. */
import { isDeepStrictEqual } from 'node:util';

import {
  birthDateProblem,
  type ManualStudentValues,
  sinceProblem,
} from '../../contract/students/manual-students.ts';
import type { Status, PersonName } from '../../contract/values.ts';
import type { DistrictDatabase, DistrictScope } from '../../database/district-and-school-scope.ts';
import { recordManualChanges, type Editor, type ManualChange } from '../history/manual-changes.ts';
import {
  manualGuardianColumns,
  manualStudentColumns,
  toColumns,
  toGuardianRows,
  type ManualStudentColumns,
  type ManualGuardian,
  type SchoolColumns,
  toValues,
} from './columns.ts';
import { isNumberTaken } from './likely-duplicates.ts';
import { saveManualStatus } from './status.ts';
import { readVersion, versionColumn } from '../record/version.ts';

/** What a save needs in addition to the values. */
export interface SaveContext {
  readonly scope: DistrictScope;
  /** The district's date. */
  readonly today: Temporal.PlainDate;
  readonly editor: Editor;
}

/** An invalid value: the path of the field in the form, and what to do. */
export interface FieldProblem {
  readonly state: 'invalid';
  readonly field: string;
  readonly message: string;
}

export type SaveOutcome =
  | {
      readonly state: 'saved';
      readonly id: number;
      readonly version: string;
      /** Names of the changed fields of the form. */
      readonly fields: readonly string[];
    }
  | FieldProblem
  | { readonly state: 'number-taken' }
  | { readonly state: 'conflict' }
  | { readonly state: 'missing' };

/** A manual student as entered. */
export interface ManualStudentRecord {
  readonly id: number;
  readonly version: string;
  readonly name: PersonName;
  readonly values: ManualStudentValues;
}

/** Returns a manual student; `undefined` if the caller sees none with this id, or the student is from Skyward. */
export async function findManualStudent(
  database: DistrictDatabase,
  studentId: number,
): Promise<ManualStudentRecord | undefined> {
  const record = await database.one<StoredRecord>(
    `select s.id, s.status, ${versionColumn('s')} as version, h.reason as status_reason,
       coalesce(h.since, s.created_at::date) as status_since,
       ${manualStudentColumns.map((column) => `s.${column}`).join(', ')}
     from students s
     left join hand_set_statuses h on h.district_id = s.district_id and h.student_id = s.id
     where s.district_id = $1 and s.id = $2 and s.skyward_id is null`,
    studentId,
  );
  if (record === undefined) return undefined;
  const guardians = await readGuardians(database, studentId);
  return {
    id: record.id,
    version: record.version,
    name: {
      first: record.first_name,
      middle: record.middle_name,
      last: record.last_name,
      suffix: record.suffix,
    },
    values: toValues(record, guardians, {
      value: record.status,
      reason: record.status_reason,
      since: record.status_since,
    }),
  };
}

/** Adds a manual student. The caller has blocked imports. */
export async function createManualStudent(
  database: DistrictDatabase,
  { scope, today, editor }: SaveContext,
  values: ManualStudentValues,
): Promise<SaveOutcome> {
  const checked = await checkValues(database, { scope, today }, values, undefined);
  if ('state' in checked) return checked;
  const record = toColumns(values, checked);
  const added = await database.one<{ id: number }>(
    `insert into students (district_id, status, ${manualStudentColumns.join(', ')})
     values ($1, $2, ${manualStudentColumns.map((_, index) => `$${index + 3}`).join(', ')}) returning id`,
    values.status.value,
    ...manualStudentColumns.map((name) => toParameter(record[name])),
  );
  if (added === undefined) throw new Error('The database added no student and reported no error');
  const { id } = added;
  await writeGuardians(database, id, toGuardianRows(values));
  await saveManualStatus(database, id, values.status, editor);
  await recordManualChanges(database, id, editor, 'created');
  return {
    state: 'saved',
    id,
    version: await readVersion(database, id),
    fields: [],
  };
}

/** Saves the form if the version is still current. The caller has blocked imports. */
export async function updateManualStudent(
  database: DistrictDatabase,
  { scope, today, editor }: SaveContext,
  studentId: number,
  version: string,
  values: ManualStudentValues,
): Promise<SaveOutcome> {
  await database.execute(
    'select id from students where district_id = $1 and id = $2 and skyward_id is null for update',
    studentId,
  );
  const before = await findManualStudent(database, studentId);
  if (before === undefined) return { state: 'missing' };
  if (before.version !== version) return { state: 'conflict' };
  const checked = await checkValues(database, { scope, today }, values, before);
  if ('state' in checked) return checked;
  const changes = changedFields(before.values, values);
  if (changes.length === 0) return { state: 'saved', id: studentId, version, fields: [] };
  const record = toColumns(values, checked);
  await database.execute(
    `update students set updated_at = clock_timestamp(),
       ${manualStudentColumns.map((name, index) => `${name} = $${index + 3}`).join(', ')}
     where district_id = $1 and id = $2`,
    studentId,
    ...manualStudentColumns.map((name) => toParameter(record[name])),
  );
  const has = (field: keyof ManualStudentValues) =>
    changes.some((change) => change.field === field);
  if (has('guardians')) await writeGuardians(database, studentId, toGuardianRows(values));
  if (has('status')) {
    await database.client.query('select set_status_by_hand($1, $2)', [
      studentId,
      values.status.value,
    ]);
    await saveManualStatus(database, studentId, values.status, editor);
  }
  await recordManualChanges(database, studentId, editor, 'edited', changes);
  return {
    state: 'saved',
    id: studentId,
    version: await readVersion(database, studentId),
    fields: changes.map(({ field = '' }) => field),
  };
}

export type RemovalOutcome =
  | { readonly state: 'removed'; readonly removalId: number }
  | { readonly state: 'needed'; readonly by: readonly Dependent[] }
  | { readonly state: 'missing' };

/** Deletes a manual student without dependents. The caller has blocked imports. */
export async function removeManualStudent(
  database: DistrictDatabase,
  studentId: number,
  editor: Editor,
): Promise<RemovalOutcome> {
  if ((await findManualStudent(database, studentId)) === undefined) {
    return { state: 'missing' };
  }
  const by = await listDependents(database, studentId);
  if (by.length > 0) return { state: 'needed', by };
  const { rows } = await database.client.query<{ entry: number | null }>(
    'select remove_student($1, $2, $3) as entry',
    [studentId, editor.accountId, editor.name],
  );
  const entry = rows[0]?.entry ?? null;
  return entry === null ? { state: 'missing' } : { state: 'removed', removalId: entry };
}

/** Records outside the student's own that are linked to the student. */
export interface Dependent {
  /** The kind of record: `documents`. */
  readonly kind: string;
  readonly count: number;
}

/** Lists what prevents a student from being deleted. The caller has checked access to the student. */
export async function listDependents(
  database: DistrictDatabase,
  studentId: number,
): Promise<Dependent[]> {
  const { rows } = await database.client.query<{ part: string; count: number }>(
    'select part, count from what_depends_on($1)',
    [studentId],
  );
  return rows.map(({ part, count }) => ({ kind: part.replaceAll('_', ' '), count }));
}

type StoredRecord = ManualStudentColumns & {
  readonly id: number;
  readonly version: string;
  readonly status: Status;
  readonly status_reason: string | null;
  readonly status_since: string;
};

/** Lists go into jsonb columns as text; pg would send a PostgreSQL array. */
const toParameter = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value;

async function readGuardians(
  database: DistrictDatabase,
  studentId: number,
): Promise<ManualGuardian[]> {
  return database.rows<ManualGuardian>(
    `select ${manualGuardianColumns.join(', ')} from guardians
     where district_id = $1 and student_id = $2 order by position, skyward_id desc`,
    studentId,
  );
}

async function writeGuardians(
  database: DistrictDatabase,
  studentId: number,
  guardians: readonly ManualGuardian[],
): Promise<void> {
  await database.execute(
    'delete from guardians where district_id = $1 and student_id = $2',
    studentId,
  );
  for (const guardian of guardians) {
    await database.execute(
      `insert into guardians (district_id, student_id, ${manualGuardianColumns.join(', ')})
       values ($1, $2, ${manualGuardianColumns.map((_, index) => `$${index + 3}`).join(', ')})`,
      studentId,
      ...manualGuardianColumns.map((name) => toParameter(guardian[name])),
    );
  }
}

const numberNotAllowed =
  'leave the number empty: only users who see the whole district can set one, such as an administrator';

/** Checks what the schema can't: dates against today, the school against the caller, the number within the district. */
async function checkValues(
  database: DistrictDatabase,
  { scope, today }: Pick<SaveContext, 'scope' | 'today'>,
  values: ManualStudentValues,
  before: ManualStudentRecord | undefined,
): Promise<SchoolColumns | FieldProblem | { readonly state: 'number-taken' }> {
  const born = birthDateProblem(values.birthDate, today.toString());
  if (born !== undefined) return { state: 'invalid', field: 'birthDate', message: born };
  const since = sinceProblem(values.status.since, today.toString());
  if (since !== undefined) return { state: 'invalid', field: 'status.since', message: since };
  const school = await findSchool(database, scope, values.school);
  if ('state' in school) return school;
  const { studentNumber } = values;
  if (scope.schools !== null) {
    // An error for a taken number would disclose students of other schools.
    const isUnchanged = studentNumber === null || studentNumber === before?.values.studentNumber;
    return isUnchanged
      ? school
      : { state: 'invalid', field: 'studentNumber', message: numberNotAllowed };
  }
  if (await isNumberTaken(database, studentNumber, before?.id ?? null)) {
    return { state: 'number-taken' };
  }
  return school;
}

const invalidSchool = (message: string): FieldProblem => ({
  state: 'invalid',
  field: 'school',
  message,
});

async function findSchool(
  database: DistrictDatabase,
  scope: DistrictScope,
  school: ManualStudentValues['school'],
): Promise<SchoolColumns | FieldProblem> {
  if (scope.schools !== null) {
    if (school === null || !('entityId' in school) || !scope.schools.includes(school.entityId)) {
      return invalidSchool('choose one of your schools');
    }
  }
  const schoolColumns = { entity_id: null, entity_name: null, school_state_id: null };
  if (school === null) return { ...schoolColumns, school_name: null };
  if ('name' in school) return { ...schoolColumns, school_name: school.name };
  const row = await database.one<SchoolColumns>(
    `select entity_id, max(entity_name) as entity_name, max(school_name) as school_name,
       max(school_state_id) as school_state_id
     from students where district_id = $1 and entity_id = $2 group by entity_id`,
    school.entityId,
  );
  return row ?? invalidSchool('choose one of the district’s schools, or enter another one by name');
}

/** Returns the changed fields of the form with their old and new values. */
function changedFields(before: ManualStudentValues, after: ManualStudentValues): ManualChange[] {
  return (Object.keys(after) as (keyof ManualStudentValues)[])
    .filter((field) => !isDeepStrictEqual(before[field], after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));
}
