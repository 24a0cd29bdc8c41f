/**
 * Compares two records field by field, and determines which one may be kept.
 *
 * This folder is for likely duplicates: pairs of records to compare, merge or mark as not a duplicate.
 */
import type {
  ComparedField,
  Comparison,
  DuplicateSide,
  Origin,
} from '../../contract/students/duplicates.ts';
import type { Status } from '../../contract/values.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { statusLabels } from '../../enrollment/enrollment-status.ts';
import { placementColumns, studentColumns } from '../../roster/fields/columns.ts';
import { staffFields } from '../../roster/fields/staff.ts';
import { combinedFields, decidedFields, studentFields } from '../../roster/fields/student.ts';
import { readSides, mergeBlockedReason } from './pairs.ts';
import { formatValue } from '../history/format-value.ts';
import type { StudentFieldColumns } from '../record/rows.ts';
import { versionColumn } from '../record/version.ts';

/** A compared field, with what `merge_students` takes from the removed record to use its value. */
interface FieldRule {
  readonly key: string;
  readonly name: string;
  /** Columns of `students`, or other parts of the record. */
  readonly takes: readonly string[];
  readonly show: (record: ComparedRecord) => string | null;
}

interface ComparedRecord extends StudentFieldColumns {
  readonly id: number;
  readonly version: string;
  readonly status: Status;
  readonly status_rule: string | null;
  readonly reason: string | null;
  readonly guardians: readonly string[];
}

const allFields = { ...studentFields, ...combinedFields };

/** Fields owned by Skyward in a Skyward record, and by staff in a manual one. */
const recordKeys = [
  'name',
  'legalName',
  'birthDate',
  'studentNumber',
  'stateId',
  'gender',
  'grade',
  'school',
  'homeLanguage',
  'addresses',
  'phones',
  'emails',
  'guardians',
] as const satisfies readonly (keyof typeof allFields)[];

/** Returns the columns that store the field. */
const columnsOf = (key: (typeof recordKeys)[number]) =>
  (key in combinedFields
    ? combinedFields[key as keyof typeof combinedFields].of
    : [key as keyof typeof studentFields]
  ).map((one) => studentFields[one].column);

const recordFields: readonly FieldRule[] = recordKeys.map((key) => {
  const columns = columnsOf(key);
  return {
    key,
    name: allFields[key].label,
    takes: key === 'guardians' ? ['guardians'] : columns.map((column) => `students.${column}`),
    show: (record) => {
      if (key === 'guardians') return record.guardians.join('; ') || null;
      if (key === 'school') return record.school_name ?? record.entity_name;
      const shown = columns.map((column) => formatValue(column, record[column]));
      return shown.filter((part) => part !== null).join(' ') || null;
    },
  };
});

const statusField: FieldRule = {
  key: 'status',
  name: decidedFields.status.label,
  takes: ['students.status'],
  show: ({ status, status_rule: rule, reason }) =>
    statusLabels[status] + (rule === null && reason !== null ? ` (${reason})` : ''),
};

/** Compares two students; returns `undefined` if either does not exist. */
export async function compareStudents(
  database: DistrictDatabase,
  firstId: number,
  secondId: number,
): Promise<Comparison | undefined> {
  const sides = await readSides(database, [firstId, secondId]);
  const [first, second] = [sides.get(firstId), sides.get(secondId)];
  const records = await readRecords(database, [firstId, secondId]);
  const [one, other] = [records.get(firstId), records.get(secondId)];
  if (first === undefined || second === undefined || one === undefined || other === undefined) {
    return undefined;
  }
  return {
    first,
    second,
    versions: { first: one.version, second: other.version },
    ...findKeepable(first, second),
    fields: [
      ...[...recordFields, statusField].map((rule) =>
        compareField(rule, one, other, findOwner(rule, first, second)),
      ),
      ...(await compareStaffValues(database, firstId, secondId)),
    ],
    linkedRecords: {
      first: await listLinkedRecords(database, firstId),
      second: await listLinkedRecords(database, secondId),
    },
  };
}

/** Returns which record may be kept: the one closer to Skyward, or either if both are equal. */
function findKeepable(
  first: Pick<DuplicateSide, 'origin'>,
  second: Pick<DuplicateSide, 'origin'>,
): Pick<Comparison, 'canKeep' | 'reason'> {
  const blockedReason = mergeBlockedReason(first.origin, second.origin);
  if (blockedReason !== null) return { canKeep: [], reason: blockedReason };
  const [a, b] = [rank[first.origin], rank[second.origin]];
  if (a === b) {
    return {
      canKeep: ['first', 'second'],
      reason:
        first.origin === 'manual'
          ? 'Both were added manually. Either can be kept, with the values you choose.'
          : 'Neither is in Skyward any more. Either can be kept.',
    };
  }
  return {
    canKeep: [a > b ? 'first' : 'second'],
    reason: 'The Skyward record is kept. Choose which staff-entered values to keep.',
  };
}

const rank: Readonly<Record<Origin, number>> = {
  skipped: 0,
  manual: 1,
  missing: 2,
  skyward: 3,
};

/** Returns what `merge_students` takes for the chosen fields if `kept` is kept. */
export function listTakenColumns(keys: readonly string[], kept: Origin): string[] {
  const rules = [
    ...(kept === 'manual' ? recordFields : []),
    ...(kept === 'skyward' ? [] : [statusField]),
  ];
  return keys.flatMap((key) => {
    const staffField = /^staff:(.+)$/.exec(key)?.[1];
    if (staffField !== undefined) return [`student_staff_values:${staffField}`];
    return rules.find((rule) => rule.key === key)?.takes ?? [];
  });
}

const findOwner = (
  rule: FieldRule,
  first: DuplicateSide,
  second: DuplicateSide,
): ComparedField['owner'] => {
  const survivor = rank[first.origin] >= rank[second.origin] ? first.origin : second.origin;
  if (rule.key === 'status') return survivor === 'skyward' ? 'skyward' : 'people';
  return survivor === 'manual' ? 'people' : 'skyward';
};

const compareField = (
  rule: FieldRule,
  first: ComparedRecord,
  second: ComparedRecord,
  owner: ComparedField['owner'],
): ComparedField => {
  const [a, b] = [rule.show(first), rule.show(second)];
  return { key: rule.key, name: rule.name, owner, first: a, second: b, isSame: a === b };
};

async function readRecords(
  database: DistrictDatabase,
  ids: readonly number[],
): Promise<ReadonlyMap<number, ComparedRecord>> {
  const rows = await database.rows<ComparedRecord>(
    `select s.id, ${versionColumn('s')} as version,
       ${[...placementColumns, ...studentColumns].map((column) => `s.${column}`).join(', ')},
       s.status, s.status_rule, h.reason,
       (select coalesce(json_agg(concat_ws(' ', g.first_name, g.last_name, '(' || g.relationship || ')')
          order by g.position), '[]')
        from guardians g where g.district_id = s.district_id and g.student_id = s.id) as guardians
     from students s
     left join hand_set_statuses h on h.district_id = s.district_id and h.student_id = s.id
     where s.district_id = $1 and s.id = any ($2)`,
    ids,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

async function compareStaffValues(
  database: DistrictDatabase,
  firstId: number,
  secondId: number,
): Promise<ComparedField[]> {
  const rows = await database.rows<{ student_id: number; field: string; value: string | null }>(
    `select student_id, field, value from student_staff_values
     where district_id = $1 and student_id in ($2, $3)`,
    firstId,
    secondId,
  );
  const valueOf = (id: number, field: string) =>
    rows.find((row) => row.student_id === id && row.field === field)?.value ?? null;
  return Object.entries(staffFields).map(([field, { label: name }]) => {
    const [first, second] = [valueOf(firstId, field), valueOf(secondId, field)];
    return {
      key: `staff:${field}`,
      name,
      owner: 'people',
      first,
      second,
      isSame: first === second,
    };
  });
}

/** Counts the linked records that would move to the other student, such as documents. */
async function listLinkedRecords(
  database: DistrictDatabase,
  studentId: number,
): Promise<{ kind: string; count: number }[]> {
  const rows = await database.rows<{ part: string; count: number }>(
    `select part, count from what_depends_on($2)
     where exists (select from students where district_id = $1 and id = $2)`,
    studentId,
  );
  return rows.map(({ part, count }) => ({ kind: part.replaceAll('_', ' '), count }));
}
