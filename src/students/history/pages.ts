/** The history of a record: what changed in a record and who changed it, by imports, staff notes and manual changes. */
import { z } from 'zod';

import {
  ChangeKind,
  ChangeSource,
  type HistoryEntry,
  type HistoryPage,
  historyPageSize,
} from '../../contract/students/student-history.ts';
import type { FieldChange, RunReference } from '../../contract/students/students.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';
import type { StatusRule } from '../../enrollment/status-decision.ts';
import {
  type ChangedRecord,
  countedField,
  fieldKey,
  fieldLabel,
  studentFieldGroups,
} from '../../roster/fields/labels.ts';
import { formatEnrollment, formatGuardian, formatName, formatValue } from './format-value.ts';
import { readRuns } from '../record/run-reference.ts';

interface Event {
  readonly at: Temporal.Instant;
  readonly importDate: string | null;
  readonly runId: number | null;
  readonly by: string | null;
  readonly kind: ChangeKind;
  readonly record: ChangedRecord;
  readonly recordId: number | null;
  /** Null if the whole record was added or removed, or for an `action`. */
  readonly field: string | null;
  readonly oldValue: unknown;
  readonly newValue: unknown;
  /** Set for a manual change. */
  readonly action: string | null;
  /** The rule of a new status set by an import. */
  readonly rule: StatusRule | null;
  /** The date of the import that the run undid, if it did, and who undid it. */
  readonly undoneImport: string | null;
  readonly undoneBy: string | null;
}

/*
 * A change of status includes its rule; rule and determining enrollment are listed separately only if the status did
 * not change. `order` keeps the order of the changes of one import.
 */
const events = `
  select coalesce(r.finished_at, r.started_at) as at, r.today as "importDate", c.run_id as "runId", null as by,
    case c.record when 'guardian' then 'guardians' when 'enrollment' then 'enrollments'
      else coalesce($3::jsonb ->> c.field, 'person') end as kind,
    c.record, c.record_id as "recordId", c.field, c.old_value as "oldValue", c.new_value as "newValue",
    null as action, (
      select rule.new_value #>> '{}' from student_changes rule
      where c.record = 'student' and c.field = 'status' and rule.district_id = c.district_id
        and rule.student_id = c.student_id and rule.run_id = c.run_id and rule.field = 'status_rule'
        and rule.record = 'student' limit 1) as rule,
    undone.today as "undoneImport", case when undone.id is not null then r.requested_by end as "undoneBy",
    c.id as "order"
  from student_changes c join import_runs r on r.district_id = c.district_id and r.id = c.run_id
  left join import_runs undone on undone.district_id = r.district_id and undone.id = r.undoes_run_id
  where c.district_id = $1 and c.student_id = $2
    and not (c.record = 'student' and c.field in ('status_rule', 'status_decided_by') and exists (
      select from student_changes s where s.district_id = c.district_id and s.student_id = c.student_id
        and s.run_id = c.run_id and s.record = 'student' and s.field = 'status'))
  union all
  select changed_at, null, null, changed_by_name, 'staff', 'staff', null, field,
    to_jsonb(old_value), to_jsonb(new_value), null, null, null, null, id
  from student_staff_changes where district_id = $1 and student_id = $2
  union all
  select changed_at, null, null, account_name,
    case when action like 'manual-status-%' then 'status' else coalesce($3::jsonb ->> field, 'person') end,
    'hand', null, field, old_value, new_value, action, null, null, null, id
  from hand_changes where district_id = $1 and student_id = $2`;

/** What a page of the history is limited to. */
export interface HistoryFilter {
  readonly kind?: ChangeKind | undefined;
  readonly source?: ChangeSource | undefined;
  /** The label of a field. */
  readonly field?: string | undefined;
  readonly page?: number | undefined;
}

/** Returns a page of changes, latest first; `undefined` if the student does not exist. */
export async function findStudentHistory(
  database: DistrictDatabase,
  studentId: number,
  { kind, source, field, page = 1 }: HistoryFilter,
): Promise<HistoryPage | undefined> {
  const student = await database.one<{ firstRunId: number | null }>(
    'select first_run_id as "firstRunId" from students where district_id = $1 and id = $2',
    studentId,
  );
  if (student === undefined) return undefined;
  const groups = JSON.stringify(studentFieldGroups);
  const changed = await database.rows<ChangedField>(
    `select distinct record, field from (${events}) events`,
    studentId,
    groups,
  );
  const labels = labelFields(changed);
  const filter = [
    studentId,
    groups,
    kind ?? null,
    source ?? null,
    field === undefined ? null : (labels.get(field) ?? []),
  ];
  const filtered = `(${events}) events
    where ($4::text is null or kind = $4) and ($5::text is null or $5 = case when "runId" is null then 'users' else 'imports' end)
      and ($6::text[] is null or record || '.' || coalesce(field, '') = any($6))`;
  const counted = await database.one<{ total: number }>(
    `select count(*)::integer as total from ${filtered}`,
    ...filter,
  );
  const rows = await database.rows<Event>(
    `select * from ${filtered} order by at desc, "order" desc
     limit ${historyPageSize} offset ${(page - 1) * historyPageSize}`,
    ...filter,
  );
  const names = await readNames(database, studentId);
  const runs = await readRuns(database, [student.firstRunId]);
  return {
    entries: rows.map((event) => toEntry(event, names)),
    total: counted?.total ?? 0,
    page,
    pageSize: historyPageSize,
    fields: [...labels.keys()].toSorted((a, b) => a.localeCompare(b, 'en')),
    firstImport: runs.get(student.firstRunId) ?? null,
  };
}

type ChangedField = Pick<Event, 'record' | 'field'>;

/** Returns the changed fields by label; one that imports and users change has several stored names. */
function labelFields(changed: readonly ChangedField[]): ReadonlyMap<string, readonly string[]> {
  const labels = new Map<string, string[]>();
  for (const { record, field } of changed) {
    const label = filterLabel(record, field);
    if (label === undefined) continue;
    labels.set(label, [...(labels.get(label) ?? []), `${record}.${field ?? ''}`]);
  }
  return labels;
}

/** Returns the label of a field in the filter; undefined for events of the whole record. */
function filterLabel(record: ChangedRecord, field: string | null): string | undefined {
  if (record === 'guardian' || record === 'enrollment') {
    return countedField(field === null ? record : `${record}.${field}`).label;
  }
  return field === null ? undefined : fieldLabel(record, field);
}

/** What imports have changed of a student since the first import. */
export interface LastChanges {
  /** The last change of each field. */
  readonly fields: readonly FieldChange[];
  /** The run that last changed each part. */
  readonly runs: ReadonlyMap<ChangedRecord, RunReference>;
}

interface LastChange extends Omit<FieldChange, 'from' | 'to' | 'field'> {
  /** Null if the whole record was added or removed. */
  readonly field: string | null;
  readonly oldValue: unknown;
  readonly newValue: unknown;
  readonly runId: number;
  readonly startedAt: Temporal.Instant;
}

/** Reads the last changes of a student; empty if unchanged since the first import. */
export async function readLastChanges(
  database: DistrictDatabase,
  studentId: number,
): Promise<LastChanges> {
  const rows = await database.rows<LastChange>(
    prepared(
      `select c.record, c.record_id as "recordId", c.field, r.today as "importDate",
         c.old_value as "oldValue", c.new_value as "newValue", r.id as "runId", r.started_at as "startedAt"
       from (
         select distinct on (record, record_id, field) * from student_changes
         where district_id = $1 and student_id = $2
         order by record, record_id, field, run_id desc, id desc) c
       join import_runs r on r.district_id = c.district_id and r.id = c.run_id
       order by c.record, c.record_id, c.field`,
    ),
    studentId,
  );
  const runs = new Map<ChangedRecord, RunReference>();
  for (const { record, runId: id, importDate, startedAt } of rows) {
    if (id > (runs.get(record)?.id ?? 0)) {
      runs.set(record, { id, importDate, startedAt: startedAt.toString() });
    }
  }
  const fields = rows.flatMap(({ record, recordId, field, importDate, oldValue, newValue }) =>
    field === null
      ? []
      : {
          record,
          recordId,
          field: fieldKey(record, field),
          importDate,
          from: formatValue(field, oldValue),
          to: formatValue(field, newValue),
        },
  );
  return { fields, runs };
}

/** Names of guardians and enrollments, by record and id. */
type Names = ReadonlyMap<string, string>;

const nameKey = (record: string, id: number | null): string => `${record} ${id ?? ''}`;

async function readNames(database: DistrictDatabase, studentId: number): Promise<Names> {
  const guardians = await database.rows<{ id: number; whole: unknown }>(
    `select skyward_id as id, to_jsonb(g) as whole from guardians g
     where district_id = $1 and student_id = $2`,
    studentId,
  );
  const enrollments = await database.rows<{ id: number; whole: unknown }>(
    `select skyward_id as id, to_jsonb(e) as whole from enrollments e
     where district_id = $1 and student_id = $2`,
    studentId,
  );
  return new Map([
    ...guardians.map(({ id, whole }) => [nameKey('guardian', id), formatGuardian(whole)] as const),
    ...enrollments.map(
      ({ id, whole }) => [nameKey('enrollment', id), formatEnrollment(whole)] as const,
    ),
  ]);
}

const optional = z.string().nullish().catch(null);
function toEntry(event: Event, names: Names): HistoryEntry {
  const { at, importDate, runId, by, kind, record, recordId, field, oldValue, newValue } = event;
  const { undoneImport, undoneBy } = event;
  const undo = undoneImport === null ? null : { importDate: undoneImport, by: undoneBy };
  const base = { at: at.toString(), importDate, runId, by, undo, kind };
  const emptyValues = { subject: null, from: null, to: null, note: null };
  if (record === 'guardian' || record === 'enrollment') {
    const known = names.get(nameKey(record, recordId)) ?? null;
    if (field !== null) {
      return {
        ...base,
        ...emptyValues,
        ...formatValues(event),
        subject: known,
        label: fieldLabel(record, field),
      };
    }
    const part = record === 'guardian' ? 'Guardian' : 'Enrollment';
    const name = record === 'guardian' ? formatGuardian : formatEnrollment;
    return oldValue === null
      ? { ...base, ...emptyValues, subject: name(newValue), label: `${part} added` }
      : {
          ...base,
          ...emptyValues,
          subject: name(oldValue),
          label: undo === null ? `${part} no longer in Skyward` : `${part} removed`,
        };
  }
  if (record === 'hand' && (field === null || event.action === 'manual-status-cleared')) {
    return {
      ...base,
      ...emptyValues,
      label: actionLabels[event.action ?? ''] ?? 'Changed manually',
    };
  }
  if (record === 'student' && field === 'skyward_id') {
    if (undo !== null)
      return { ...base, ...emptyValues, label: actionLabels['number-match-undone'] ?? '' };
    return oldValue === null
      ? {
          ...base,
          ...emptyValues,
          label: 'Matched to Skyward by the import',
          from: 'Added manually',
          to: 'From Skyward',
        }
      : {
          ...base,
          ...emptyValues,
          ...formatValues(event),
          label: 'Matched to a new Skyward ID by the import',
          note: 'An administrator can undo this on the Duplicates page.',
        };
  }
  return {
    ...base,
    ...emptyValues,
    ...formatValues(event, names),
    label: fieldLabel(record, field ?? ''),
    note: toNote(event),
  };
}

const actionLabels: Readonly<Record<string, string>> = {
  created: 'Added manually',
  restored: 'Restored',
  merged: 'Merged with another record',
  'merge-undone': 'Merge undone',
  'number-match-undone': 'Match by the import undone',
  'manual-status-cleared': 'Skyward status used again',
};

function formatValues({ field, oldValue, newValue }: Event, names?: Names) {
  if (field === 'status_decided_by') {
    const enrollment = (id: unknown) =>
      typeof id === 'number' ? (names?.get(nameKey('enrollment', id)) ?? `enrollment ${id}`) : null;
    return { from: enrollment(oldValue), to: enrollment(newValue) };
  }
  if (field === 'guardians') return { from: formatNames(oldValue), to: formatNames(newValue) };
  return { from: formatValue(field ?? '', oldValue), to: formatValue(field ?? '', newValue) };
}

/** Formats only the names of manually added guardians; the record has the rest. */
function formatNames(guardians: unknown): string | null {
  const names = z
    .array(z.object({ first: optional, middle: optional, last: optional, suffix: optional }))
    .catch([])
    .parse(guardians)
    .map(formatName)
    .filter((name) => name !== '');
  return names.length === 0 ? null : names.join('; ');
}

function toNote({ rule, newValue, record }: Event): string | null {
  if (rule !== null) return formatValue('status_rule', rule);
  if (record !== 'hand') return null;
  const reason = z.object({ reason: z.string() }).safeParse(newValue).data?.reason;
  return reason ?? null;
}
