/** The manual students of the demo: one who is not in Skyward, and one who is there as well. */
import { ManualStudentValues } from '../../contract/students/manual-students.ts';
import { writeInDistrict } from '../../database/district-and-school-scope.ts';
import { createManualStudent } from '../../students/manual/student.ts';
import type { Scene } from './demo-scene.ts';

/** Adds a child who gets services before school begins. */
export async function addManualStudent(scene: Scene): Promise<void> {
  await add(scene, {
    name: { first: 'Wren', last: 'Ashdown' },
    birthDate: `${scene.today.year - 4}-02-11`,
    studentNumber: 'EC-2207',
    grade: 'PK',
    reason: 'Early childhood services before school begins',
  });
}

/** Adds a student of Skyward a second time, as happens when nobody searched first. */
export async function addDuplicate(scene: Scene): Promise<void> {
  const { rows } = await scene.pool.query<{
    first: string;
    last: string;
    birthDate: string;
    grade: string;
  }>(
    `select first_name as first, last_name as last, birth_date as "birthDate", grade from students
     where district_id = $1 and entity_id = $2 and skyward_id is not null
       and status in ('ENROLLED', 'PRE_ENROLLED') and birth_date is not null
     order by last_name desc, first_name, id limit 1`,
    [scene.district.id, scene.schoolId],
  );
  const [student] = rows;
  if (student === undefined) return;
  const { first, last, birthDate, grade } = student;
  const name = { first, last };
  await add(scene, { name, birthDate, grade, studentNumber: null, reason: 'Moved in this week' });
}

async function add(
  { pool, district, people, schoolId, today }: Scene,
  given: {
    readonly name: { readonly first: string; readonly last: string };
    readonly birthDate: string;
    readonly studentNumber: string | null;
    readonly grade: string;
    readonly reason: string;
  },
): Promise<void> {
  const { name, birthDate, studentNumber, grade, reason } = given;
  const nobody = { addresses: [], phones: [], emails: [] };
  const values = ManualStudentValues.parse({
    name: { ...name, middle: null, suffix: null },
    legalName: null,
    birthDate,
    studentNumber,
    stateId: null,
    gender: null,
    grade,
    school: { entityId: schoolId },
    homeLanguage: null,
    ...nobody,
    guardians: [],
    status: { value: 'ENROLLED', reason, since: today.toString() },
  });
  const scope = { districtId: district.id, schools: null };
  const editor = people.administrator;
  await writeInDistrict(pool, scope, async (database) => {
    const saved = await createManualStudent(database, { scope, today, editor }, values);
    // Already there: this day is repeated after the demo was stopped in the middle of it.
    if (saved.state !== 'saved' && saved.state !== 'number-taken') {
      throw new Error(`A manual student of the demo could not be added: ${saved.state}`);
    }
  });
}
