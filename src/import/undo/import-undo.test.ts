/** Undos that are refused, or wait for each other: nothing is lost, and the message says what to do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openSandboxDistrict,
  type SandboxDistrict,
} from '../../../tests/skyward/sandbox-district.ts';
import { defaultStatusRules } from '../../enrollment/status-settings.ts';
import { withImportSession } from '../runs/import-session.ts';
import { letImportsContinue } from '../runs/waiting-imports.ts';
import { undoImport, type UndoOptions } from './import-undo.ts';

let district: SandboxDistrict;
let initial: number;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 12, seed: 7 });
  initial = (await district.runImport()).runId;
});
afterAll(() => district.close());

const undo = async (undoesRunId: number, options: Partial<UndoOptions> = {}) =>
  undoImport(district.database.pool, {
    districtId: district.districtId,
    undoesRunId,
    reason: 'Wrong data',
    request: { origin: 'command' },
    isDryRun: false,
    today: Temporal.PlainDate.from('2026-11-23'),
    rules: defaultStatusRules,
    now: () => Temporal.Now.instant(),
    ...options,
  });

/** Gives a student another middle name in Skyward, imports that, and returns the run. */
async function importName(name: string): Promise<number> {
  const names = district.skyward.sandbox.rows('Demographics/Name');
  const student = district.skyward.sandbox.rows('Student/Student');
  const [id] = student.ids();
  names.update(Number(student.get(id ?? 0, 'NameID')), { MiddleName: name });
  const { runId, state } = await district.runImport();
  expect(state).toBe('published');
  return runId;
}

/** Everything that is published, and which undos there are. */
const everything = async () =>
  district.rows<{ records: string; undos: number }>(
    `select (select md5(string_agg(s::text, '' order by id)) from students s where district_id = $1) as records,
       (select count(*)::integer from import_runs where district_id = $1 and state = 'restored') as undos`,
  );

const isNamed = async (name: string) =>
  (await district.rows(`select from students where district_id = $1 and middle_name = $2`, [name]))
    .length === 1;

const refusal = async (refused: Promise<unknown>) => {
  const before = await everything();
  const error: unknown = await refused.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(await everything()).toEqual(before);
  return error;
};

describe('an undo', () => {
  it('is refused while an import is running', async () => {
    const runId = await importName('Alder');
    await withImportSession(district.database.pool, district.districtId, async () => {
      expect(await refusal(undo(runId, { lockWaitMs: 1 }))).toMatchObject({
        code: 'import-already-running',
        message: 'Another import of this district is already running.',
      });
    });
  });

  it('is refused if an import was completed since its preview, and then done as previewed again', async () => {
    const first = await importName('Birch');
    expect(await undo(first, { isDryRun: true, reason: null })).toMatchObject({
      state: 'planned',
      report: { undo: { imports: [first] } },
    });
    const second = await importName('Cedar');
    expect(await refusal(undo(first, { lastRunId: first }))).toMatchObject({
      code: 'undo-outdated',
      advice: expect.stringContaining('look at what undoing would change now'),
    });
    expect(await undo(first, { lastRunId: second })).toMatchObject({
      state: 'restored',
      report: { undo: { imports: [first, second] } },
    });
    expect(await isNamed('Alder')).toBe(true);
    await letImportsContinue(district.database.pool, district.districtId, 'Sam Poe');
  });

  it('happens once if two people undo the same import at once', async () => {
    const runId = await importName('Elm');
    const before = await everything();
    const results = await Promise.allSettled([
      undo(runId, { lastRunId: runId }),
      undo(runId, { lastRunId: runId }),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'undo-not-possible', message: 'This import has already been undone.' },
    });
    expect((await everything())[0]?.undos).toBe((before[0]?.undos ?? 0) + 1);
    expect(await isNamed('Alder')).toBe(true);
  });

  it('is refused for an import that was undone, for an undo, the initial import and unknown ones', async () => {
    const [undone] = await district.rows<{ id: number; by: number }>(
      `select id, undone_by_run_id as by from import_runs where district_id = $1 and state = 'undone' limit 1`,
    );
    const messages: unknown[] = [];
    for (const id of [undone?.id, undone?.by, initial, 999_999])
      messages.push(await refusal(undo(id ?? 0)));
    expect(messages).toMatchObject([
      { code: 'undo-not-possible', message: 'This import has already been undone.' },
      { code: 'undo-not-possible', message: 'An undo of an import can’t be undone itself.' },
      {
        code: 'undo-not-possible',
        message: expect.stringContaining('initial import can’t be undone'),
      },
      { code: 'undo-not-possible', message: 'There is no such import.' },
    ]);
  });

  it('is refused after 30 days', async () => {
    await letImportsContinue(district.database.pool, district.districtId, 'Sam Poe');
    const runId = await importName('Fir');
    const now = () => Temporal.Now.instant().add({ hours: 24 * 31 });
    expect(await refusal(undo(runId, { now }))).toMatchObject({
      message: expect.stringContaining('more than 30 days old'),
    });
  });
});
