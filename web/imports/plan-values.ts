/** Values of a plan as people read them: names of fields, and from what to what. */
import type { PlannedStudent } from '../../src/contract/imports.ts';
import { statusLabels } from '../../src/enrollment/enrollment-status.ts';
import { formatDay } from '../shell/dates.ts';

type PlannedValue = PlannedStudent['changes'][number];

/** Names that the words of the column do not make. */
const fieldNames: Readonly<Record<string, string>> = {
  state_id: 'State id',
  entity_id: 'Entity',
  entity_name: 'Entity name',
  status_rule: 'Reason of the status',
  status_decided_by: 'Enrollment that decides',
  is_custodial: 'Custodial',
  lives_with: 'Lives with',
  is_emergency_contact: 'Emergency contact',
  allows_pickup: 'May pick up',
  has_family_access: 'Family access',
  has_restricted_access: 'Restricted access',
  is_default_entity: 'Default entity',
  emails: 'E-mail addresses',
  position: 'Order',
};

/** `legal_first_name` as `Legal first name`. */
export function fieldName(field: string): string {
  const known = fieldNames[field];
  if (known !== undefined) return known;
  const words = field.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const recordNames = { student: 'Student', guardian: 'Guardian', enrollment: 'Enrollment' } as const;

/** A key of a report's `changesByField`: `status`, `guardian.phones`, or `guardian` for coming and going. */
export function changedFieldName(key: string): string {
  const [record = '', field] = key.split('.');
  if (field !== undefined) return `${nameOfRecord(record)}: ${fieldName(field).toLowerCase()}`;
  return record === 'guardian' || record === 'enrollment'
    ? `${nameOfRecord(record)}s coming or going`
    : fieldName(record);
}

const nameOfRecord = (record: string): string =>
  Object.hasOwn(recordNames, record) ? recordNames[record as keyof typeof recordNames] : record;

/** What changes: `Phones`, `Guardian: relationship`, `Guardian added`. */
export function changeName({ record, field, from, to }: PlannedValue): string {
  if (field !== null) {
    return record === 'student'
      ? fieldName(field)
      : `${recordNames[record]}: ${fieldName(field).toLowerCase()}`;
  }
  if (from === null || from === undefined) return `${recordNames[record]} added`;
  return to === null || to === undefined
    ? `${recordNames[record]} removed`
    : `${recordNames[record]} changed`;
}

/** The value before or after a change. */
export function changeText({ field }: Pick<PlannedValue, 'field'>, value: unknown): string {
  // The names of the rules are words already.
  if (field === 'status_rule' && typeof value === 'string') return value.replaceAll('-', ' ');
  return valueText(value);
}

const day = /^\d{4}-\d{2}-\d{2}$/;

/** A value in words; nothing is a dash. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') {
    if (day.test(value)) return formatDay(value);
    return Object.hasOwn(statusLabels, value)
      ? statusLabels[value as keyof typeof statusLabels]
      : value;
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? '–' : value.map(valueText).join('; ');
  }
  return typeof value === 'object' ? recordText(value as Readonly<Record<string, unknown>>) : '–';
}

/** Of a phone, an address, a guardian or an enrollment what tells it from others. */
function recordText(record: Readonly<Record<string, unknown>>): string {
  const parts = ['text', 'number', 'address', 'first_name', 'last_name', 'relationship']
    .concat(['first', 'last', 'kind', 'school_name', 'grade', 'start_date', 'type'])
    .map((key) => record[key])
    .filter((part) => (typeof part === 'string' || typeof part === 'number') && part !== '')
    .map(valueText);
  return parts.length === 0 ? '–' : parts.join(' ');
}
