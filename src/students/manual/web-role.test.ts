/** The second wall: what the web's role can't do to students, whatever the code above it forgets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { insertDistrict, insertStudent } from '../../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import type { Database } from '../../database/database.ts';
import { type DistrictScope, writeInDistrict } from '../../database/district-scope.ts';

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

/** Rows of a statement of the web; `$1` is the district, `$2` the student. */
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
      'a Skyward number in a new student',
      `insert into students (district_id, skyward_id, status) values ($1, 9, 'ENROLLED')`,
      /permission denied/,
    ],
    [
      'a Skyward number in a student kept by hand',
      'update students set skyward_id = 9 where id = $2',
      /permission denied/,
    ],
    [
      'a status past the function',
      `update students set status = 'GRADUATED' where id = $2`,
      /permission denied/,
    ],
    ['deleting a student', 'delete from students where id = $2', /permission denied/],
    [
      'a guardian that looks like Skyward’s',
      'insert into guardians (district_id, student_id, skyward_id, position) values ($1, $2, 7, 1)',
      /row-level security/,
    ],
    ['changing a history', 'update hand_changes set field = null', /permission denied/],
    ['a removed record', 'update removed_students set record = null', /permission denied/],
  ])('is refused %s', async (_, sql, reason) => {
    await expect(asWeb(everySchool(), sql, manual)).rejects.toThrow(reason);
  });

  it('changes no value of a student of Skyward, and takes or adds no guardian of theirs', async () => {
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

  it('enters students of the caller’s schools only', async () => {
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
    'reaches by %s no student of Skyward, of another school or of another district',
    async (sql, nobody) => {
      expect(await asWeb(everySchool(), sql, fromSkyward)).toEqual([{ done: nobody }]);
      expect(await asWeb(oneSchool(), sql, manual)).toEqual([{ done: nobody }]);
      expect(await asWeb(everySchool(), sql, otherDistrict)).toEqual([{ done: nobody }]);
    },
  );

  it('merges no record of Skyward away, and nothing for people of some schools', async () => {
    const merge = (scope: DistrictScope, removed: number) =>
      asWeb(scope, `select merge_students(${manual}, $2, '{}', null, 'Sam') as done`, removed);
    await expect(merge(everySchool(), fromSkyward)).rejects.toThrow(/Skyward keeps/);
    expect(await merge(oneSchool(), fromSkyward)).toEqual([{ done: null }]);
    expect(await merge(everySchool(), otherDistrict)).toEqual([{ done: null }]);
  });

  it('tells what depends on a student of another district to nobody', async () => {
    expect(await asWeb(everySchool(), 'select * from what_depends_on($2)', otherDistrict)).toEqual(
      [],
    );
  });
});
