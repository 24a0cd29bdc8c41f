/** Runs several reads on one state of the database, so that a night published in between is not seen half. */
import type { Kysely, Transaction } from 'kysely';

import type { Database } from '../database/database.ts';
import { asDatabaseFault } from '../database/database-fault.ts';
import type { StudentTables } from './student-tables.ts';

export type StudentReader = Kysely<StudentTables>;

/** The tables of students for single reads. */
export const studentReader = (database: Pick<Database, 'kysely'>): StudentReader =>
  database.kysely.withTables<StudentTables>();

/** Gives what `read` makes of one unchanging state. Faults of the server arrive as `DatabaseFault`. */
export async function readAtOnce<Result>(
  database: Pick<Database, 'kysely'>,
  read: (reader: Transaction<StudentTables>) => Promise<Result>,
): Promise<Result> {
  try {
    return await studentReader(database)
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(read);
  } catch (error) {
    throw asDatabaseFault(error);
  }
}
