/** Which fields of students and guardians an import could not read, by key: an empty value there means nothing. */
import type { Field } from './fields/catalog.ts';
import { everyEntry } from './fields/contact.ts';
import { enrollmentFields } from './fields/enrollment.ts';
import { guardianFields } from './fields/guardian.ts';
import { studentFields } from './fields/student.ts';
import { findMissingPlaces } from './qmlativ-sources.ts';

/** Fields by object; no fields: the whole object. */
type MissingPermissions = Parameters<typeof findMissingPlaces>[0];

export interface UnavailableFields {
  readonly student: string[];
  readonly guardian: string[];
  /** Whether the guardians themselves could not be read. */
  readonly guardians: boolean;
}

/** Returns the fields that the permissions do not include. */
export function findUnavailableFields(missing: MissingPermissions): UnavailableFields {
  const places: ReadonlySet<string> = findMissingPlaces(missing);
  const isMissing = (place: string): boolean =>
    places.has(place) || places.has(place.split('.')[0] ?? '');
  const isUnavailable = ({ staged, column, needs = [], parts }: Field): boolean =>
    needs.some(isMissing) ||
    (staged !== undefined && isMissing(`${staged}.${column}`)) ||
    Object.keys(parts?.links ?? {}).some(isMissing) ||
    // Without the part that makes an entry, the list is empty.
    Object.values(parts?.fields ?? {}).some(
      (part) => part.held === everyEntry && isMissing(`${part.staged}.${part.column}`),
    );
  const keysOf = (fields: Readonly<Record<string, Field>>): string[] =>
    Object.keys(fields).filter((key) => fields[key] !== undefined && isUnavailable(fields[key]));
  // A student's school and grade are those of an enrollment.
  const placement = keysOf(enrollmentFields).filter((key) => key in studentFields);
  return {
    student: [...new Set([...keysOf(studentFields), ...placement])],
    guardian: keysOf(guardianFields),
    guardians: isMissing('guardian_links'),
  };
}
