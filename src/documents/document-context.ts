/** Context for document operations (database, district, date, user), and reading the Details that fill them. */
import type { Role } from '../contract/endpoint.ts';
import type { DistrictDatabase } from '../database/district-and-school-scope.ts';
import { findDetailsOfStudents } from '../students/record/document-details.ts';
import type { Details } from './bindings.ts';

/** The user who makes a change. */
export interface Author {
  readonly accountId: string;
  readonly name: string;
}

/** Database, district, date and user of an operation. */
export interface DocumentContext {
  readonly database: DistrictDatabase;
  readonly districtName: string;
  readonly today: Temporal.PlainDate;
  readonly person: Author & { readonly role: Role };
}

/** Reads the current Details of these students by id, without those whom the user may not see. */
export async function readDetailsOfStudents(
  { database, districtName, today }: DocumentContext,
  studentIds: readonly number[],
): Promise<ReadonlyMap<number, Details>> {
  const found = await findDetailsOfStudents(database, studentIds);
  return new Map(
    [...found].map(([id, student]) => [id, { student, districtName, today }] as const),
  );
}

/** Reads one student's current Details; `undefined` if the user may not see the student. */
export const readDetails = async (
  context: DocumentContext,
  studentId: number,
): Promise<Details | undefined> =>
  (await readDetailsOfStudents(context, [studentId])).get(studentId);
