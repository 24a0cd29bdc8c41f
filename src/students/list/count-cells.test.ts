import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import {
  insertDistrict,
  insertRun,
  insertStudent,
} from '../../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import { statuses } from '../../contract/values.ts';
import { readInDistrict } from '../../database/district-and-school-scope.ts';
import { type CountCell, toFacets, createCountCellCache, countMatching } from './count-cells.ts';

const cell = fc.record<CountCell>({
  status: fc.constantFrom(...statuses),
  grade: fc.constantFrom('PK', 'KG', '01', '09', '12', null),
  entity_id: fc.constantFrom(401, 402, null),
  school: fc.constantFrom('Cedar Creek', 'Lakeview', null),
  number: fc.integer({ min: 1, max: 500 }),
});
const someSelection = fc.record(
  {
    status: fc.uniqueArray(fc.constantFrom(...statuses), { minLength: 1 }),
    grade: fc.uniqueArray(fc.constantFrom('KG', '09'), { minLength: 1 }),
    school: fc.uniqueArray(fc.constantFrom(401, 402), { minLength: 1 }),
  },
  { requiredKeys: [] },
);

it('the count of a choice equals the number of students listed for it', () => {
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 30 }), someSelection, (cells, selection) => {
      const facets = toFacets(cells, selection);
      for (const { status, count } of facets.statuses) {
        expect(count).toBe(countMatching(cells, { ...selection, status: [status] }));
      }
      for (const { grade, count } of facets.grades) {
        expect(count).toBe(countMatching(cells, { ...selection, grade: [grade] }));
      }
      for (const { entityId, count } of facets.schools) {
        expect(count).toBe(countMatching(cells, { ...selection, school: [entityId] }));
      }
    }),
  );
});

it('offers every existing choice, even with a count of 0, and orders grades as in school', () => {
  const facets = toFacets(
    [
      { status: 'ENROLLED', grade: '10', entity_id: 402, school: 'Lakeview', number: 3 },
      { status: 'INACTIVE', grade: 'KG', entity_id: 401, school: null, number: 2 },
      { status: 'INACTIVE', grade: '02', entity_id: 401, school: 'Cedar Creek', number: 1 },
    ],
    { status: ['ENROLLED'] },
  );
  expect(facets.grades).toEqual([
    { grade: 'KG', count: 0 },
    { grade: '02', count: 0 },
    { grade: '10', count: 3 },
  ]);
  expect(facets.schools).toEqual([
    { entityId: 401, name: 'Cedar Creek', count: 0 },
    { entityId: 402, name: 'Lakeview', count: 3 },
  ]);
});

it('reloads the counts after every change, and limits staff to their schools', async () => {
  const database = await openTestDatabase();
  try {
    const districtId = await insertDistrict(database);
    await insertRun(database, districtId);
    const all = { districtId, schools: null };
    const readCountCells = createCountCellCache();
    const counted = async (schools: readonly number[] | null) =>
      readInDistrict(database.pool, { districtId, schools }, async (district) =>
        (await readCountCells(district)).count({}),
      );
    expect(await counted(null)).toBe(0);
    const id = await insertStudent(database, districtId, { entity_id: 401 });
    await insertStudent(database, districtId, { entity_id: 402 });
    expect([await counted(null), await counted([402]), await counted([403])]).toEqual([2, 1, 0]);
    await database.pool.query('update students set entity_id = 402 where id = $1', [id]);
    expect([await counted(null), await counted([402])]).toEqual([2, 2]);
    await database.pool.query('delete from students where id = $1', [id]);
    expect([await counted(null), await counted([402])]).toEqual([1, 1]);
    const read = async () => readInDistrict(database.pool, all, readCountCells);
    expect(await read()).toBe(await read());
  } finally {
    await database.close();
  }
});
