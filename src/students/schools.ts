/** The schools of a district, as its students name them. */
import type { School } from '../contract/districts.ts';
import type { DistrictDatabase } from '../database/district-scope.ts';
import { studentReader } from './student-reading.ts';

/** Every school (entity) that a student of the scope belongs to, by name. */
export async function findSchools(
  database: DistrictDatabase,
  districtId: number,
): Promise<School[]> {
  const rows = await studentReader(database)
    .selectFrom('students')
    .where('district_id', '=', districtId)
    .where('entity_id', 'is not', null)
    .select(['entity_id', (builder) => builder.fn.max('school_name').as('school')])
    .select((builder) => builder.fn.max('entity_name').as('entity'))
    .groupBy('entity_id')
    .execute();
  return rows
    .flatMap(({ entity_id: entityId, school, entity }) =>
      entityId === null ? [] : [{ entityId, name: school ?? entity ?? `School ${entityId}` }],
    )
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}
