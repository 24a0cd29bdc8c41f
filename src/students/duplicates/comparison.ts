/** Two records side by side, and the rule by which one of them stays. */
import type {
  ComparedField,
  Comparison,
  DuplicateSide,
  Origin,
} from '../../contract/duplicates.ts';
import type { Address, Email, Phone } from '../../contract/students.ts';
import type { Status } from '../../contract/values.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { statusLabels } from '../../enrollment/enrollment-status.ts';
import { readSides, mergeBlockedReason } from './pairs.ts';
import { versionColumn } from '../record/version.ts';

/** A field of the comparison with what `merge_students` has to take to get it from the removed record. */
interface FieldRule {
  readonly key: string;
  readonly name: string;
  /** Columns of `students`, or what else is taken. */
  readonly takes: readonly string[];
  readonly show: (record: ComparedRecord) => string | null;
}

interface ComparedRecord {
  readonly id: number;
  readonly version: string;
  readonly first_name: string | null;
  readonly middle_name: string | null;
  readonly last_name: string | null;
  readonly suffix: string | null;
  readonly legal_first_name: string | null;
  readonly legal_middle_name: string | null;
  readonly legal_last_name: string | null;
  readonly legal_suffix: string | null;
  readonly birth_date: string | null;
  readonly student_number: string | null;
  readonly state_id: string | null;
  readonly gender: string | null;
  readonly home_language: string | null;
  readonly grade: string | null;
  readonly school_name: string | null;
  readonly entity_name: string | null;
  readonly addresses: readonly Address[];
  readonly phones: readonly Phone[];
  readonly emails: readonly Email[];
  readonly status: Status;
  readonly status_rule: string | null;
  readonly reason: string | null;
  readonly guardians: readonly string[];
}

const column = (names: readonly string[]): string[] => names.map((name) => `students.${name}`);
const joinText = (parts: readonly (string | null)[], between = ' '): string | null =>
  parts.filter((part) => part !== null && part !== '').join(between) || null;

/** Fields that Skyward owns in a record that it keeps, and people in one kept by hand. */
const recordFields: readonly FieldRule[] = [
  {
    key: 'name',
    name: 'Name',
    takes: column(['first_name', 'middle_name', 'last_name', 'suffix']),
    show: (r) => joinText([r.first_name, r.middle_name, r.last_name, r.suffix]),
  },
  {
    key: 'legal-name',
    name: 'Legal name',
    takes: column(['legal_first_name', 'legal_middle_name', 'legal_last_name', 'legal_suffix']),
    show: (r) =>
      joinText([r.legal_first_name, r.legal_middle_name, r.legal_last_name, r.legal_suffix]),
  },
  {
    key: 'birth-date',
    name: 'Birth date',
    takes: column(['birth_date']),
    show: (r) => r.birth_date,
  },
  {
    key: 'student-number',
    name: 'Student number',
    takes: column(['student_number']),
    show: (r) => r.student_number,
  },
  { key: 'state-id', name: 'State id', takes: column(['state_id']), show: (r) => r.state_id },
  { key: 'gender', name: 'Gender', takes: column(['gender']), show: (r) => r.gender },
  { key: 'grade', name: 'Grade', takes: column(['grade']), show: (r) => r.grade },
  {
    key: 'school',
    name: 'School',
    takes: column(['entity_id', 'entity_name', 'school_name', 'school_state_id']),
    show: (r) => r.school_name ?? r.entity_name,
  },
  {
    key: 'home-language',
    name: 'Home language',
    takes: column(['home_language']),
    show: (r) => r.home_language,
  },
  {
    key: 'addresses',
    name: 'Addresses',
    takes: column(['addresses']),
    show: (r) =>
      joinText(
        r.addresses.map(({ text }) => text),
        '; ',
      ),
  },
  {
    key: 'phones',
    name: 'Phones',
    takes: column(['phones']),
    show: (r) =>
      joinText(
        r.phones.map(({ type, number }) => joinText([type, number])),
        '; ',
      ),
  },
  {
    key: 'emails',
    name: 'E-mail',
    takes: column(['emails']),
    show: (r) =>
      joinText(
        r.emails.map(({ address }) => address),
        '; ',
      ),
  },
  {
    key: 'guardians',
    name: 'Guardians',
    takes: ['guardians'],
    show: (r) => joinText(r.guardians, '; '),
  },
];

const statusField: FieldRule = {
  key: 'status',
  name: 'Status',
  takes: column(['status']),
  show: (r) =>
    joinText([
      statusLabels[r.status],
      r.status_rule === null && r.reason !== null ? `(${r.reason})` : null,
    ]),
};

/** What people own in every record: names of the fields of `student_staff_values`. */
const staffFieldNames: Readonly<Record<string, string>> = {
  'preferred-gender': 'Preferred gender',
  pronouns: 'Pronouns',
  notes: 'Notes',
};

/** `undefined` when one of the two isn't there. */
export async function compareStudents(
  database: DistrictDatabase,
  districtId: number,
  firstId: number,
  secondId: number,
): Promise<Comparison | undefined> {
  const sides = await readSides(database, districtId, [firstId, secondId]);
  const [first, second] = [sides.get(firstId), sides.get(secondId)];
  const records = await readRecords(database, districtId, [firstId, secondId]);
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
      ...(await compareStaffValues(database, districtId, firstId, secondId)),
    ],
    moving: {
      first: await listLinkedRecords(database, districtId, firstId),
      second: await listLinkedRecords(database, districtId, secondId),
    },
  };
}

/** Which record may stay: the one that Skyward knows better; between equals, either. */
function findKeepable(
  first: Pick<DuplicateSide, 'origin'>,
  second: Pick<DuplicateSide, 'origin'>,
): Pick<Comparison, 'canStay' | 'why'> {
  const blockedReason = mergeBlockedReason(first.origin, second.origin);
  if (blockedReason !== null) return { canStay: [], why: blockedReason };
  const [a, b] = [rank[first.origin], rank[second.origin]];
  if (a === b) {
    return {
      canStay: ['first', 'second'],
      why:
        first.origin === 'hand-kept'
          ? 'Both are kept by hand: either may stay, with the values you choose.'
          : 'Neither is delivered by Skyward any more: either may stay.',
    };
  }
  return {
    canStay: [a > b ? 'first' : 'second'],
    why: 'The record that Skyward keeps stays, with all that Skyward says; what people keep is chosen field by field.',
  };
}

const rank: Readonly<Record<Origin, number>> = {
  'set-aside': 0,
  'hand-kept': 1,
  missing: 2,
  delivered: 3,
};

/** What `merge_students` takes for the chosen fields of two records of which `kept` stays. */
export function listTakenColumns(keys: readonly string[], kept: Origin): string[] {
  const rules = [
    ...(kept === 'hand-kept' ? recordFields : []),
    ...(kept === 'delivered' ? [] : [statusField]),
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
  if (rule.key === 'status') return survivor === 'delivered' ? 'skyward' : 'people';
  return survivor === 'hand-kept' ? 'people' : 'skyward';
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
  { client }: DistrictDatabase,
  districtId: number,
  ids: readonly number[],
): Promise<ReadonlyMap<number, ComparedRecord>> {
  const { rows } = await client.query<ComparedRecord>(
    `select s.id, ${versionColumn('s')} as version, s.first_name, s.middle_name, s.last_name, s.suffix,
       s.legal_first_name, s.legal_middle_name, s.legal_last_name, s.legal_suffix, s.birth_date,
       s.student_number, s.state_id, s.gender, s.home_language, s.grade, s.school_name,
       s.entity_name, s.addresses, s.phones, s.emails, s.status, s.status_rule, h.reason,
       (select coalesce(json_agg(concat_ws(' ', g.first_name, g.last_name, '(' || g.relationship || ')')
          order by g.position), '[]')
        from guardians g where g.district_id = s.district_id and g.student_id = s.id) as guardians
     from students s
     left join hand_set_statuses h on h.district_id = s.district_id and h.student_id = s.id
     where s.district_id = $1 and s.id = any ($2)`,
    [districtId, ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

async function compareStaffValues(
  { client }: DistrictDatabase,
  districtId: number,
  firstId: number,
  secondId: number,
): Promise<ComparedField[]> {
  const { rows } = await client.query<{ student_id: number; field: string; value: string | null }>(
    `select student_id, field, value from student_staff_values
     where district_id = $1 and student_id in ($2, $3)`,
    [districtId, firstId, secondId],
  );
  const valueOf = (id: number, field: string) =>
    rows.find((row) => row.student_id === id && row.field === field)?.value ?? null;
  return Object.entries(staffFieldNames).map(([field, name]) => {
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

/** What else belongs to the record and would move over, such as documents. */
async function listLinkedRecords(
  { client }: DistrictDatabase,
  districtId: number,
  studentId: number,
): Promise<{ what: string; count: number }[]> {
  const { rows } = await client.query<{ part: string; count: number }>(
    `select part, count from what_depends_on($2)
     where exists (select from students where district_id = $1 and id = $2)`,
    [districtId, studentId],
  );
  return rows.map(({ part, count }) => ({ what: part.replaceAll('_', ' '), count }));
}
