/** What the web's database role can't do to students, even if the code above it fails to check. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { insertDistrict, insertStudent } from '../../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import type { Database } from '../../database/database.ts';
import { type DistrictScope, writeInDistrict } from '../../database/district-and-school-scope.ts';

let database: Database;
let district = 0;
let fromSkyward = 0;
let manual = 0;
let otherDistrict = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  district = await insertDistrict(database);
  fromSkyward = await insertStudent(database, district, {
    skyward_id: 1,
    entity_id: 401,
    guardians: [{ first_name: 'Ann' }],
  });
  manual = await insertStudent(database, district, { entity_id: 402, status_rule: null });
  const other = await insertDistrict(database, { domain: 'other.example' });
  otherDistrict = await insertStudent(database, other, { status_rule: null });
});
afterAll(() => database.close());

const everySchool = (): DistrictScope => ({ districtId: district, schools: null });
const oneSchool = (): DistrictScope => ({ districtId: district, schools: [401] });

/** Runs a statement as the web role; `$1` is the district, `$2` the student. */
async function asWeb<Row extends object>(
  scope: DistrictScope,
  sql: string,
  student = 0,
): Promise<Row[]> {
  return writeInDistrict(database.pool, scope, async ({ client }) => {
    const { rows } = await client.query<Row>(
      sql.replaceAll('$1', String(district)).replaceAll('$2', String(student)),
    );
    return rows;
  });
}

describe('the web’s role', () => {
  it.each([
    [
      'a Skyward ID in a new student',
      `insert into students (district_id, skyward_id, status) values ($1, 9, 'ENROLLED')`,
      /permission denied/,
    ],
    [
      'a Skyward ID in a manual student',
      'update students set skyward_id = 9 where id = $2',
      /permission denied/,
    ],
    [
      'setting a status without the function',
      `update students set status = 'GRADUATED' where id = $2`,
      /permission denied/,
    ],
    ['deleting a student', 'delete from students where id = $2', /permission denied/],
    [
      'a guardian with an ID like Skyward’s',
      'insert into guardians (district_id, student_id, skyward_id, position) values ($1, $2, 7, 1)',
      /row-level security/,
    ],
    ['changing a history', 'update hand_changes set field = null', /permission denied/],
    ['a removed record', 'update removed_students set record = null', /permission denied/],
  ])('is denied %s', async (_, sql, reason) => {
    await expect(asWeb(everySchool(), sql, manual)).rejects.toThrow(reason);
  });

  it('cannot change values of a Skyward student, or remove or add their guardians', async () => {
    const changed = await asWeb(
      everySchool(),
      `update students set first_name = 'Changed' where id = $2 returning id`,
      fromSkyward,
    );
    expect(changed).toEqual([]);
    const removed = await asWeb(
      everySchool(),
      'delete from guardians where student_id = $2 returning student_id',
      fromSkyward,
    );
    expect(removed).toEqual([]);
    const add = asWeb(
      everySchool(),
      'insert into guardians (district_id, student_id, skyward_id, position) values ($1, $2, -1, 1)',
      fromSkyward,
    );
    await expect(add).rejects.toThrow(/row-level security/);
  });

  it('can add students only at the caller’s schools', async () => {
    const enter = (school: string) =>
      asWeb(
        oneSchool(),
        `insert into students (district_id, entity_id, status) values ($1, ${school}, 'ENROLLED')`,
      );
    await expect(enter('402')).rejects.toThrow(/row-level security/);
    await expect(enter('null')).rejects.toThrow(/row-level security/);
    await expect(enter('401')).resolves.toEqual([]);
  });

  it.each([
    ['select set_status_by_hand($2, $$INACTIVE$$) as done', 0],
    ['select remove_student($2, null, $$Sam$$) as done', null],
  ])(
    'cannot use %s on a student of Skyward, another school or another district',
    async (sql, nobody) => {
      expect(await asWeb(everySchool(), sql, fromSkyward)).toEqual([{ done: nobody }]);
      expect(await asWeb(oneSchool(), sql, manual)).toEqual([{ done: nobody }]);
      expect(await asWeb(everySchool(), sql, otherDistrict)).toEqual([{ done: nobody }]);
    },
  );

  it('cannot merge a Skyward record away, or anything for users limited to schools', async () => {
    const merge = (scope: DistrictScope, removed: number) =>
      asWeb(scope, `select merge_students(${manual}, $2, '{}', null, 'Sam') as done`, removed);
    await expect(merge(everySchool(), fromSkyward)).rejects.toThrow(/Skyward keeps/);
    expect(await merge(oneSchool(), fromSkyward)).toEqual([{ done: null }]);
    expect(await merge(everySchool(), otherDistrict)).toEqual([{ done: null }]);
  });

  it('does not disclose what is linked to a student of another district', async () => {
    expect(await asWeb(everySchool(), 'select * from what_depends_on($2)', otherDistrict)).toEqual(
      [],
    );
  });
});
