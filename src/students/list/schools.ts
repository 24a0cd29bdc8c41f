/** The schools of a district, as its students name them. */
import type { School } from '../../contract/districts/districts.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';

/** Every school (entity) that a student of the scope belongs to, by name; from the table of counts. */
export async function findSchools(database: DistrictDatabase): Promise<School[]> {
  const rows = await database.rows<{ entityId: number; name: string | null }>(
    prepared(
      `select entity_id as "entityId", max(school) as name from student_counts
       where district_id = $1 and entity_id is not null
       group by entity_id having sum(number) > 0`,
    ),
  );
  return rows
    .map(({ entityId, name }) => ({ entityId, name: name ?? `School ${entityId}` }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}
