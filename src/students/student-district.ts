/** The district whose students are shown. */
import type { Session } from '../contract/session.ts';
import type { Database } from '../database/database.ts';
import { asDatabaseFault } from '../database/database-fault.ts';
import { studentReader } from './student-reading.ts';

/** Name, domain and time zone of a district. Throws when there is none; an account always has one. */
export async function getDistrict(
  database: Pick<Database, 'kysely'>,
  districtId: number,
): Promise<Session['district']> {
  try {
    return await studentReader(database)
      .selectFrom('districts')
      .where('id', '=', districtId)
      .select(['name', 'domain', 'time_zone as timeZone'])
      .executeTakeFirstOrThrow();
  } catch (error) {
    throw asDatabaseFault(error);
  }
}
