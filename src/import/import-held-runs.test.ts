/** A held import does not affect later imports, and a list that lost most of its rows holds an import. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';
import { publishedData } from '../../tests/builders/published-data.ts';
import { reviewHeldRun } from './runs/run-review.ts';

let district: SandboxDistrict;
beforeEach(async () => {
  district = await openSandboxDistrict({ students: 100, seed: 9, schools: 2 });
  expect((await district.runImport()).state).toBe('published');
});
afterEach(() => district.close());

const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

it('does not stop later imports: the next one publishes and supersedes it', async () => {
  const { faults } = district.skyward.sandbox;
  const held: number[] = [];
  for (const today of ['2026-11-24', '2026-11-25']) {
    faults.add({ kind: 'empty-page', object: 'Student/Student', times: 'ever' });
    const run = await district.runImport({ today });
    expect(run).toMatchObject({ state: 'held', failure: { code: 'empty-list' } });
    held.push(run.runId);
    faults.clear();
  }
  const [name] = rowsOf('Demographics/Name').ids();
  if (name !== undefined) rowsOf('Demographics/Name').update(name, { LastName: 'Okonkwo' });
  expect((await district.runImport({ today: '2026-11-26' })).state).toBe('published');
  for (const runId of held) {
    const review = { outcome: 'approved', by: 'admin@demo.example', reason: 'late' } as const;
    const { pool } = district.database;
    expect(await reviewHeldRun(pool, district.districtId, runId, review)).toBe(false);
  }
});

it('holds an import when one list lost most of its rows, until a user allows it', async () => {
  const phones = rowsOf('Demographics/NamePhone');
  const ids = [...phones.ids()];
  for (const id of ids.slice(0, Math.ceil(ids.length / 2))) phones.remove(id);
  const published = () => publishedData(district.database.pool, district.districtId);
  const before = await published();
  const held = await district.runImport({ limits: {} });
  // The students who would lose their phones come first; the list itself is a reason, too.
  expect(held).toMatchObject({
    state: 'held',
    failure: {
      code: 'mass-change',
      message: expect.stringMatching(
        /active students \([\d.]+%\) would lose their value in “Phone numbers”/,
      ),
    },
  });
  expect(held.failure?.reasons).toContainEqual(
    expect.objectContaining({
      code: 'shrunken-list',
      message: expect.stringContaining('Phone numbers ('),
    }),
  );
  expect(await published()).toBe(before);
  expect((await district.runImport({ allowsMassChange: true })).state).toBe('published');
});

it('fails an import during which Skyward is rolled over to another school year', async () => {
  const before = await publishedData(district.database.pool, district.districtId);
  let isRolledOver = false;
  const run = await district.runImport({
    onProgress: ({ phase, object }) => {
      if (phase !== 'reading' || object !== 'Demographics/Name' || isRolledOver) return;
      isRolledOver = true;
      district.skyward.sandbox.advanceTo('2027-07-01');
    },
  });
  expect(run).toMatchObject({ state: 'failed', failure: { code: 'unstable-list' } });
  expect(run.failure?.message).toMatch(/school year changed from 2027 to 2028/);
  expect(await publishedData(district.database.pool, district.districtId)).toBe(before);
});
