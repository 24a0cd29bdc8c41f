/**
 * Kills PostgreSQL at random moments of an import, as a power cut would: the import must end with an error that a
 * person can act on, one import must be published as a whole, and the next import must complete.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { text } from 'node:stream/consumers';

import { createRandom } from '../sandbox/random.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { type Database, openPool } from '../src/database/database.ts';
import { addDistrict } from '../src/districts/district.ts';
import type { ImportPhase } from '../src/import/import-options.ts';
import { newSealingKey } from '../src/districts/sealed-secret.ts';
import {
  type CommandResult,
  type DaybreakProcesses,
  openDaybreakProcesses,
} from '../tests/servers/daybreak-process.ts';
import { sandboxDate, runSandboxImport } from '../tests/skyward/sandbox-district.ts';
import { changeAllStudents, publishedData } from '../tests/builders/published-data.ts';
import { startDurableServer } from './durable-server.ts';

export interface DatabaseKillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly students: number;
  /** Kills as soon as the run reaches this phase, instead of at a random moment. */
  readonly at?: ImportPhase;
}

export interface DatabaseKillResult {
  readonly kills: number;
  readonly seed: number;
  /** Number of interrupted imports by exit status. */
  readonly exitStatuses: Readonly<Record<string, number>>;
  /** Kills after which the previous import was published, and those after which the new one was. */
  readonly previousPublished: number;
  readonly newPublished: number;
  /** Number of kills by the recorded phase of the run; `finished` if it had ended or not started. */
  readonly phases: Readonly<Record<string, number>>;
  readonly differences: readonly string[];
}

/** An import that lost its server must end by itself within this time. */
const timeoutMs = 90_000;

const domain = 'demo.example';
// Every import changes every student, which the safety limits would hold.
const importArguments = [
  'import',
  '--district',
  domain,
  '--today',
  sandboxDate,
  '--allow-mass-change',
];

/** Runs and interrupts the imports; `differences` is empty if every promise was kept. */
export async function proveDatabaseKills(
  { kills, seed, students, at }: DatabaseKillOptions,
  onProgress: (sentence: string) => void,
): Promise<DatabaseKillResult> {
  const key = newSealingKey();
  const random = createRandom(seed);
  const server = await startDurableServer();
  const database = await openPool(server.connection, {}, async () => undefined);
  const { pool } = database;
  const skyward = await startSandbox({
    port: 0,
    students,
    seed: 31,
    today: sandboxDate,
    cacheResponses: true,
  });
  const daybreak = await openDaybreakProcesses(server.url, {
    DAYBREAK_SEALING_KEY: key.bytes.toString('base64'),
  });
  const add = async (name: string) => {
    const settings = { domain: name, name, timeZone: 'America/Chicago' };
    const { baseUrl, clientKey, clientSecret } = skyward;
    const connection = { baseUrl, clientKey, clientSecret, ...local };
    return (await addDistrict(pool, settings, connection, key)).id;
  };
  try {
    const district = await add(domain);
    // Imports from the same Skyward without interruption: the expected data.
    const undisturbed = await add('undisturbed.example');
    const importUndisturbed = async () => runSandboxImport(pool, skyward, undisturbed);
    await daybreak.run(importArguments);
    await importUndisturbed();
    changeAllStudents(skyward.sandbox, 0);
    const started = performance.now();
    await daybreak.run(importArguments);
    const importMs = performance.now() - started;
    await importUndisturbed();

    const differences: string[] = [];
    const exitStatuses: Record<string, number> = {};
    const phases: Record<string, number> = {};
    let previousPublished = 0;
    let newPublished = 0;
    for (let kill = 1; kill <= kills; kill++) {
      const addDifference = (what: string) => differences.push(`Kill ${kill}: ${what}`);
      changeAllStudents(skyward.sandbox, kill);
      const before = await publishedData(pool, district);
      await importUndisturbed();
      const after = await publishedData(pool, undisturbed);
      if (after === before) addDifference('the import would have changed nothing');

      const importing = startImport(daybreak);
      // At first the program only starts; at the end the import has been published.
      if (at === undefined) await delay(importMs * (0.25 + (random.below(1000) / 1000) * 0.9));
      else await waitForPhase(database, district, at);
      await server.kill();
      const waitForEnd = await importing.waitForEnd();
      if (waitForEnd === undefined) addDifference('the import did not end by itself');
      exitStatuses[`${waitForEnd?.status}`] = (exitStatuses[`${waitForEnd?.status}`] ?? 0) + 1;
      if (waitForEnd !== undefined && waitForEnd.status !== 0) {
        for (const problem of findMessageProblems(waitForEnd)) addDifference(problem);
      }
      await waitUntilAvailable(database);
      const phase = await readPhase(database, district);
      phases[phase] = (phases[phase] ?? 0) + 1;
      const found = await publishedData(pool, district);
      if (found === before) previousPublished++;
      else if (found === after) newPublished++;
      else addDifference(`the published data are of neither import (${phase})`);

      const next = await daybreak.run(importArguments);
      if (next.status !== 0)
        addDifference(`the next import ended with ${next.status}: ${next.messages}`);
      if ((await publishedData(pool, district)) !== after) addDifference('the next import differs');
      if ((await readPhase(database, district)) !== 'finished')
        addDifference('a run is still marked as running');
      if (kill % 10 === 0) onProgress(`${kill} kills, ${differences.length} differences.`);
    }
    return { kills, seed, exitStatuses, previousPublished, newPublished, phases, differences };
  } finally {
    await daybreak.remove();
    await skyward.close();
    await database.close();
    await server.remove();
  }
}

const local = { entityId: null, allowPrivateAddress: true };

function startImport(daybreak: DaybreakProcesses) {
  const child = daybreak.start(importArguments);
  child.stdin?.end();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const outputs = Promise.all(
    [child.stdout, child.stderr].map(async (one) => (one ? text(one) : '')),
  );
  return {
    /** Returns undefined if the import hung and had to be killed. */
    async waitForEnd(): Promise<CommandResult | undefined> {
      const limit = new AbortController();
      const timeout = delay(timeoutMs, undefined, { signal: limit.signal }).catch(() => undefined);
      const status = await Promise.race([ended, timeout]);
      limit.abort();
      if (status === undefined) {
        child.kill('SIGKILL');
        return undefined;
      }
      const [output = '', messages = ''] = await outputs;
      return { status, output, messages };
    },
  };
}

/** Returns what is wrong with the output: it must name the server, and have no stack trace. */
function findMessageProblems({ output, messages }: CommandResult): string[] {
  const all = `${output}\n${messages}`;
  return [
    ...(/^\s+at /m.test(all) ? [`a stack trace: ${all.slice(0, 400)}`] : []),
    ...(/PostgreSQL server|database server/.test(all)
      ? []
      : [`nothing about the server: ${all.slice(-400)}`]),
  ];
}

async function waitUntilAvailable({ pool }: Database): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const isAvailable = await pool.query('select 1').then(
      () => true,
      () => false,
    );
    if (isAvailable) return;
    if (performance.now() > deadline) throw new Error('PostgreSQL did not restart.');
    await delay(100);
  }
}

async function waitForPhase(database: Database, districtId: number, phase: ImportPhase) {
  const deadline = performance.now() + timeoutMs;
  while ((await readPhase(database, districtId)) !== phase) {
    if (performance.now() > deadline) throw new Error(`No import reached the phase ${phase}.`);
  }
}

/** Returns the phase of the run marked as running; `finished` if there is none. */
async function readPhase({ pool }: Database, districtId: number): Promise<string> {
  const { rows } = await pool.query<{ phase: string }>(
    "select phase from import_runs where district_id = $1 and state = 'running'",
    [districtId],
  );
  return rows[0]?.phase ?? 'finished';
}
