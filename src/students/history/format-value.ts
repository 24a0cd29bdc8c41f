/**
 * Formats stored values for history, the preview of changes and comparisons.
 *
 * This folder is for the history of a record: changes by imports, staff notes and manual changes.
 */
import { z } from 'zod';

import { formatDay, formatSchoolYear } from '../../contract/day-format.ts';
import { Status } from '../../contract/values.ts';
import { statusLabels } from '../../enrollment/enrollment-status.ts';
import type { StatusRule } from '../../enrollment/status-decision.ts';
import { ruleReason } from '../../enrollment/status-reason.ts';

const text = z.string().nullish();
const Shapes = {
  phone: z.object({ number: z.string(), type: text, extension: text, isConfidential: z.boolean() }),
  email: z.object({ address: z.string(), type: text }),
  address: z.object({ text: z.string() }),
  typedAddress: z.object({ street: z.string(), unit: text, city: text, state: text, zip: text }),
  name: z.object({ first: text, middle: text, last: text, suffix: text }),
  status: z.object({ value: Status }),
  school: z.object({ name: z.string() }),
};

/** Formats a value; returns `null` if it is empty. */
export function formatValue(field: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number')
    return field === 'school_year' ? formatSchoolYear(value) : String(value);
  if (typeof value === 'string') return formatText(field, value);
  if (Array.isArray(value)) {
    const parts = value.map((one) => formatValue(field, one)).filter((part) => part !== null);
    return parts.length === 0 ? null : parts.join('; ');
  }
  return formatObject(value);
}

function formatText(field: string, value: string): string {
  if (field === 'status') return statusLabels[value as Status] ?? value;
  if (field === 'status_rule') return ruleReason(value as StatusRule) ?? value;
  if (field === 'grade' && /^\d+$/.test(value)) return String(Number(value));
  return z.iso.date().safeParse(value).success ? formatDay(value) : value;
}

function formatObject(value: object): string {
  const phone = Shapes.phone.safeParse(value).data;
  if (phone !== undefined) {
    const { number, extension, type, isConfidential } = phone;
    return withNotes(extension ? `${number} ext. ${extension}` : number, [
      type,
      isConfidential && 'confidential',
    ]);
  }
  const email = Shapes.email.safeParse(value).data;
  if (email !== undefined) return withNotes(email.address, [email.type]);
  const address = Shapes.address.safeParse(value).data;
  if (address !== undefined) return address.text;
  const typed = Shapes.typedAddress.safeParse(value).data;
  if (typed !== undefined) {
    return joined(
      [typed.street, typed.unit, typed.city, joined([typed.state, typed.zip], ' ')],
      ', ',
    );
  }
  const status = Shapes.status.safeParse(value).data;
  if (status !== undefined) return statusLabels[status.value];
  const school = Shapes.school.safeParse(value).data;
  if (school !== undefined) return school.name;
  const name = Shapes.name.safeParse(value).data;
  return (name && formatName(name)) || '(not shown)';
}

interface Name {
  readonly first?: string | null | undefined;
  readonly middle?: string | null | undefined;
  readonly last?: string | null | undefined;
  readonly suffix?: string | null | undefined;
}

/** `Lucía Vega Romero`; empty if no part is known. */
export const formatName = ({ first, middle, last, suffix }: Name): string =>
  joined([first, middle, last, suffix], ' ');

function withNotes(value: string, marks: readonly (string | null | undefined | false)[]): string {
  const notes = joined(marks, ', ');
  return notes === '' ? value : `${value} (${notes})`;
}

const joined = (parts: readonly (string | null | undefined | false)[], by: string): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(by);

const optional = z.string().nullish().catch(null);
const GuardianWhole = z.object({
  first_name: optional,
  middle_name: optional,
  last_name: optional,
  suffix: optional,
  relationship: optional,
});
const EnrollmentWhole = z.object({
  school_name: optional,
  entity_name: optional,
  start_date: z.iso.date().nullish().catch(null),
});

/** `Lucía Vega Romero (Mother)` */
export function formatGuardian(whole: unknown): string {
  const parsed = GuardianWhole.safeParse(whole).data;
  const name = formatName({
    first: parsed?.first_name,
    middle: parsed?.middle_name,
    last: parsed?.last_name,
    suffix: parsed?.suffix,
  });
  if (name === '') return 'a guardian without a name';
  return parsed?.relationship ? `${name} (${parsed.relationship})` : name;
}

/** `Lakeview High from Aug 12, 2026` */
export function formatEnrollment(whole: unknown): string {
  const parsed = EnrollmentWhole.safeParse(whole).data;
  if (parsed === undefined) return 'an enrollment';
  const school = parsed.school_name ?? parsed.entity_name ?? 'Unnamed school';
  return parsed.start_date ? `${school} from ${formatDay(parsed.start_date)}` : school;
}
