/** Reading the published students before the comparison. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openSandboxDistrict,
  sandboxDate,
  type SandboxDistrict,
} from '../../../tests/skyward/sandbox-district.ts';
import { readPublishedState } from './published-state.ts';

let district: SandboxDistrict;
beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 31 });
  expect((await district.runImport()).state).toBe('published');
});
afterAll(() => district.close());

test('finds every student by id, in any order of records', async () => {
  const { pool } = district.database;
  const ids = (
    await district.rows<{ id: number }>(
      'select skyward_id as id from students where district_id = $1 order by 1',
    )
  ).map(({ id }) => id);
  // The first records move behind all others, and some no longer have rows.
  await district.rows(
    "update students set updated_at = now(), phones = phones || '[]' where district_id = $1 and skyward_id <= $2",
    [ids[20]],
  );
  await district.rows(
    'update students set source_fingerprint = null where district_id = $1 and skyward_id = any ($2)',
    [[ids[3], ids[40]]],
  );
  const { fingerprints } = await readPublishedState(pool, district.districtId, {
    today: sandboxDate,
    rules: '',
  });
  expect(fingerprints.size).toBe(ids.length);
  expect(ids.filter((id) => !fingerprints.has(id))).toEqual([]);
});
