/** The tables of students as the queries of this folder see them. */
import type { Kysely } from 'kysely';

import type { DistrictDatabase } from '../database/district-scope.ts';
import type { StudentTables } from './student-tables.ts';

export type StudentReader = Kysely<StudentTables>;

/** Queries over the connection of a district's transaction. */
export const studentReader = ({ kysely }: Pick<DistrictDatabase, 'kysely'>): StudentReader =>
  kysely.withTables<StudentTables>();
