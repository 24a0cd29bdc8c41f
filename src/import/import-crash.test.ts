/** A run that dies at any moment leaves the published records intact, and the next run completes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createRandom } from '../../sandbox/random.ts';
import {
  changeAllStudents as changeAll,
  publishedData,
} from '../../tests/builders/published-data.ts';
import { toFailure } from './import-error.ts';
import type { ImportPhase } from './import-options.ts';
import type { ImportProcessOptions } from '../../tests/skyward/import-process.ts';
import {
  addDistrict,
  openSandboxDistrict,
  runSandboxImport,
  type SandboxDistrict,
} from '../../tests/skyward/sandbox-district.ts';

let district: SandboxDistrict;
/** A district of the same Skyward whose imports are not interrupted: the result that the other must reach. */
let undisturbed: number;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 31, cacheResponses: true });
  undisturbed = await addDistrict(district.database, 'undisturbed.example');
  expect((await district.runImport()).state).toBe('published');
  expect((await runUndisturbed()).state).toBe('published');
});
afterAll(() => district.close());

const runUndisturbed = () =>
  runSandboxImport(district.database.pool, district.skyward, undisturbed);

const published = (districtId: number) => publishedData(district.database.pool, districtId);
const changeEverybody = (round: number) => changeAll(district.skyward.sandbox, round);

interface Importer {
  readonly process: ChildProcess;
  /** Resolves when the line has been told, or the process has ended. */
  told(line: string): Promise<void>;
  /** When each line came, in milliseconds. */
  readonly times: ReadonlyMap<string, number>;
  /** Resolves with the signal that ended it; null if it ended by itself. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

function startImporter(killedAt?: ImportPhase): Importer {
  const order: ImportProcessOptions = {
    database: {
      ...inject('testServer'),
      database: String(district.database.pool.options.database),
    },
    skyward: {
      baseUrl: district.skyward.baseUrl,
      clientKey: district.skyward.clientKey,
      clientSecret: district.skyward.clientSecret,
      entityId: district.skyward.entityId,
    },
    districtId: district.districtId,
    ...(killedAt && { killedAt }),
  };
  const script = fileURLToPath(new URL('../../tests/skyward/import-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const times = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    times.set(line, performance.now());
    waiting.get(line)?.();
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_status, signal) => resolve(signal));
  });
  return {
    process: child,
    times,
    ended,
    told: (line) =>
      times.has(line)
        ? Promise.resolve()
        : Promise.race([
            ended.then(() => undefined),
            new Promise<void>((resolve) => waiting.set(line, resolve)),
          ]),
  };
}

const phases: readonly ImportPhase[] = [
  'connecting',
  'reading',
  'comparing',
  'deciding',
  'assembling',
  'checking',
  'publishing',
  'finished',
];

/** Milliseconds that each phase of an undisturbed run takes in a process of its own. */
async function measurePhases(): Promise<ReadonlyMap<ImportPhase, number>> {
  const importer = startImporter();
  await importer.ended;
  return new Map(
    phases.slice(0, -1).map((phase, index) => {
      const [from, to] = [phase, phases[index + 1] ?? 'finished'].map((one) =>
        importer.times.get(one),
      );
      return [phase, (to ?? 0) - (from ?? 0)];
    }),
  );
}

/** Ten moments over all phases, more of them where a run spends its time and where it writes. */
const tenMoments: readonly ImportPhase[] = [
  'connecting',
  'reading',
  'reading',
  'comparing',
  'deciding',
  'assembling',
  'checking',
  'publishing',
  'publishing',
  'publishing',
];

/** How often ten random moments are tried: none here; `npm run proof -- kills` sets it. */
const rounds = Array.from(
  { length: Number(process.env['CRASH_ROUNDS'] ?? 0) },
  (_, index) => index,
);
const seed = Number(process.env['CRASH_SEED'] ?? randomInt(1_000_000));

/** Changes all students and returns what is published and what the next good run has to publish. */
async function changeToCome(round: number) {
  changeEverybody(round);
  const before = await published(district.districtId);
  await runUndisturbed();
  const after = await published(undisturbed);
  expect(after).not.toBe(before);
  return { before, after };
}

/** Compares what a killed importer left, and what the next run publishes, with both. */
async function expectWhole({ before, after }: { readonly before: string; readonly after: string }) {
  expect([before, after]).toContain(await published(district.districtId));
  const next = await district.runImport();
  expect(['published', 'unchanged']).toContain(next.state);
  expect(await published(district.districtId)).toBe(after);
}

const countInterrupted = async (): Promise<number> => {
  const runs = await district.rows<{ state: string; code: string | null; count: number }>(
    `select state, failure ->> 'code' as code, count(*)::integer as count from import_runs
     where district_id = $1 group by 1, 2`,
  );
  expect(runs.map(({ state }) => state)).not.toContain('running');
  const interrupted = runs.find(({ code }) => code === 'interrupted');
  expect(interrupted?.state ?? 'failed').toBe('failed');
  return interrupted?.count ?? 0;
};

it.each(['reading', 'assembling', 'publishing'] as const)(
  'leaves published data whole when killed as the phase %s begins, and the next run completes',
  async (phase) => {
    const interrupted = await countInterrupted();
    const versions = await changeToCome(phases.indexOf(phase));
    expect(await startImporter(phase).ended).toBe('SIGKILL');
    expect(await published(district.districtId)).toBe(versions.before);
    await expectWhole(versions);
    expect(await countInterrupted()).toBe(interrupted + 1);
  },
);

it.each(rounds)(
  'leaves published data whole when killed at random moments, and the next run completes: round %i',
  async (round) => {
    process.stdout.write(`Moments of the kills: CRASH_SEED=${seed}\n`);
    const random = createRandom(seed + round);
    changeEverybody(20);
    const durations = await measurePhases();
    await runUndisturbed();
    const before = await countInterrupted();

    for (const [index, phase] of tenMoments.entries()) {
      const versions = await changeToCome(21 + index);
      const importer = startImporter();
      await importer.told(phase);
      await wait((random.below(1000) / 1000) * (durations.get(phase) ?? 0));
      importer.process.kill('SIGKILL');
      await importer.ended;
      await expectWhole(versions);
    }

    const interrupted = (await countInterrupted()) - before;
    // Of the ten, those killed before the last phase cannot have ended by themselves.
    expect(interrupted).toBeGreaterThanOrEqual(5);
    process.stdout.write(
      `${tenMoments.length} kills, ${interrupted} of them before the end of the run\n`,
    );
  },
  120_000,
);

/** Runs an import and ends its database connection as soon as a phase begins. */
async function runLosingItsConnection(phase: ImportPhase) {
  let ending: Promise<unknown> | undefined;
  const run = await district.runImport({
    onProgress: (progress) => {
      if (progress.phase !== phase) return;
      ending ??= district.database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'daybreak import' and datname = current_database()`,
      );
    },
  });
  await ending;
  return run;
}

it.each(['reading', 'comparing'] as const)(
  'tells a database connection lost while %s, publishes nothing, and the next run completes',
  async (phase) => {
    changeEverybody(100 + phases.indexOf(phase));
    const before = await published(district.districtId);
    await runUndisturbed();
    const run = await runLosingItsConnection(phase);
    expect(run).toMatchObject({
      state: 'failed',
      failure: { code: 'database-connection-lost' },
    });
    expect(await published(district.districtId)).toBe(before);
    expect((await district.runImport()).state).toBe('published');
    expect(await published(district.districtId)).toBe(await published(undisturbed));
  },
);

it.each(['assembling', 'checking', 'publishing'] as const)(
  'publishes all or nothing when the connection is lost while %s',
  async (phase) => {
    changeEverybody(110 + phases.indexOf(phase));
    const before = await published(district.districtId);
    await runUndisturbed();
    const after = await published(undisturbed);
    // These phases are short: the run may be over before its connection is.
    const run = await runLosingItsConnection(phase);
    const now = await published(district.districtId);
    expect([`failed ${before}`, `published ${after}`]).toContain(`${run.state} ${now}`);
    await district.runImport();
    expect(await published(district.districtId)).toBe(after);
  },
);

it('runs two imports of a district one after another', async () => {
  changeEverybody(200);
  const [one, other] = await Promise.all([district.runImport(), district.runImport()]);
  expect([one.state, other.state].toSorted()).toEqual(['published', 'unchanged']);
  const runs = await district.rows<{ overlaps: boolean }>(
    `select a.finished_at > b.started_at as overlaps from import_runs a, import_runs b
     where a.district_id = $1 and b.district_id = $1 and a.id = $2 and b.id = $3`,
    [Math.min(one.runId, other.runId), Math.max(one.runId, other.runId)],
  );
  expect(runs).toEqual([{ overlaps: false }]);
});

it('reports that another import is running if it does not end', async () => {
  let refused: Promise<unknown> | undefined;
  await district.runImport({
    onProgress: (progress) => {
      if (progress.phase === 'connecting') refused ??= district.runImport({ lockWaitMs: 1 });
      refused?.catch(() => undefined);
    },
  });
  const fault: unknown = await refused?.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(toFailure(fault)).toMatchObject({
    code: 'import-already-running',
    advice: expect.stringMatching(/daybreak runs/),
  });
});

it('publishes one district without changing another in the same database', async () => {
  changeEverybody(300);
  const before = await published(undisturbed);
  await district.runImport();
  expect(await published(undisturbed)).toBe(before);
});
