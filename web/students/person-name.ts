/**
 * Formats names and grades.
 *
 * This folder has what the screens of students share.
 */
import type { PersonName } from '../../src/contract/values.ts';

const joined = (parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join(' ');

/** `María Elena García López Jr.` */
export const fullName = (name: PersonName): string =>
  joined([name.first, name.middle, name.last, name.suffix]) || 'No name';

/** `García López Jr., María Elena`, for lists. */
export function listName(name: PersonName): string {
  const last = joined([name.last, name.suffix]);
  const first = joined([name.first, name.middle]);
  if (last === '') return first === '' ? 'No name' : first;
  return first === '' ? last : `${last}, ${first}`;
}

/** `Grade 7` for `7`; `KG` stays `KG`. */
export const gradeName = (grade: string): string =>
  /^\d+$/.test(grade) ? `Grade ${Number(grade)}` : grade;
