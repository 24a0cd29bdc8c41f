/** Where documents are worked on: a district, its date, a person; and the Details that are copied from there. */
import type { Role } from '../contract/endpoint.ts';
import type { DistrictDatabase } from '../database/district-scope.ts';
import { findDetailsOfStudents } from '../students/record/document-details.ts';
import type { Details } from './bindings.ts';

/** Who writes. */
export interface Author {
  readonly accountId: string;
  readonly name: string;
}

/** In which district, on which day and for whom something is done. */
export interface DocumentContext {
  readonly database: DistrictDatabase;
  readonly districtName: string;
  readonly today: Temporal.PlainDate;
  readonly person: Author & { readonly role: Role };
}

/** Details of these students as they are now, by number; those whom the person may not see are absent. */
export async function readDetailsOfStudents(
  { database, districtName, today }: DocumentContext,
  studentIds: readonly number[],
): Promise<ReadonlyMap<number, Details>> {
  const found = await findDetailsOfStudents(database, studentIds);
  return new Map(
    [...found].map(([id, student]) => [id, { student, districtName, today }] as const),
  );
}

/** One student's Details as they are now; `undefined` when there is no such student for the person. */
export const readDetails = async (
  context: DocumentContext,
  studentId: number,
): Promise<Details | undefined> =>
  (await readDetailsOfStudents(context, [studentId])).get(studentId);
