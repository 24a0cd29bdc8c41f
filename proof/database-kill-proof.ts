/**
 * PostgreSQL dies at random moments of an import, as in a power cut: the import ends with words that a person
 * can act on, what is published is one whole night, and the next import completes.
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
import { changeEverybody, publishedData } from '../tests/builders/published-data.ts';
import { startDurableServer } from './durable-server.ts';

export interface DatabaseKillOrder {
  readonly kills: number;
  readonly seed: number;
  readonly students: number;
  /** Kills as soon as the run says that it is in this phase, instead of at a random moment. */
  readonly at?: ImportPhase;
}

export interface DatabaseKillFigures {
  readonly kills: number;
  readonly seed: number;
  /** How each import ended that lost its server: by its exit status. */
  readonly ends: Readonly<Record<string, number>>;
  /** Kills after which the night before stood, and those after which the new one did. */
  readonly nightBefore: number;
  readonly nightAfter: number;
  /** In which phase the run was by its own record; `finished`: it had ended, or not begun. */
  readonly phases: Readonly<Record<string, number>>;
  readonly differences: readonly string[];
}

/** An import that lost its server ends by itself well within this. */
const endLimitMs = 90_000;

const domain = 'demo.example';
const importIt = ['import', '--district', domain, '--today', sandboxDate];

/** Plays so many imports; `differences` is empty when every promise was kept each time. */
export async function proveDatabaseKills(
  { kills, seed, students, at }: DatabaseKillOrder,
  tell: (sentence: string) => void,
): Promise<DatabaseKillFigures> {
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
    // Fed from the same Skyward, and nobody disturbs its nights: what the other has to come to.
    const undisturbed = await add('undisturbed.example');
    const quietNight = async () => runSandboxImport(pool, skyward, undisturbed);
    await daybreak.run(importIt);
    await quietNight();
    changeEverybody(skyward.sandbox, 0);
    const began = performance.now();
    await daybreak.run(importIt);
    const usualMs = performance.now() - began;
    await quietNight();

    const differences: string[] = [];
    const ends: Record<string, number> = {};
    const phases: Record<string, number> = {};
    let nightBefore = 0;
    let nightAfter = 0;
    for (let kill = 1; kill <= kills; kill++) {
      const fail = (what: string) => differences.push(`Kill ${kill}: ${what}`);
      changeEverybody(skyward.sandbox, kill);
      const before = await publishedData(pool, district);
      await quietNight();
      const after = await publishedData(pool, undisturbed);
      if (after === before) fail('the night would have changed nothing');

      const importing = startImport(daybreak);
      // The first part of the time the program only starts; at the end the night has been published.
      if (at === undefined) await delay(usualMs * (0.25 + (random.below(1000) / 1000) * 0.9));
      else await untilPhase(database, district, at);
      await server.kill();
      const end = await importing.end();
      if (end === undefined) fail('the import did not end by itself');
      ends[`${end?.status}`] = (ends[`${end?.status}`] ?? 0) + 1;
      if (end !== undefined && end.status !== 0) {
        for (const complaint of complaintsAbout(end)) fail(complaint);
      }
      await untilAnswers(database);
      const phase = await phaseOf(database, district);
      phases[phase] = (phases[phase] ?? 0) + 1;
      const found = await publishedData(pool, district);
      if (found === before) nightBefore++;
      else if (found === after) nightAfter++;
      else fail(`what is published is neither night (${phase})`);

      const next = await daybreak.run(importIt);
      if (next.status !== 0) fail(`the next import ended with ${next.status}: ${next.messages}`);
      if ((await publishedData(pool, district)) !== after) fail('the next import differs');
      if ((await phaseOf(database, district)) !== 'finished')
        fail('a run is still marked as running');
      if (kill % 10 === 0) tell(`${kill} kills, ${differences.length} differences.`);
    }
    return { kills, seed, ends, nightBefore, nightAfter, phases, differences };
  } finally {
    await daybreak.remove();
    await skyward.close();
    await database.close();
    await server.remove();
  }
}

const local = { entityId: null, allowPrivateAddress: true };

function startImport(daybreak: DaybreakProcesses) {
  const child = daybreak.start(importIt);
  child.stdin?.end();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const said = Promise.all([child.stdout, child.stderr].map(async (one) => (one ? text(one) : '')));
  return {
    /** Undefined: it hung, and was ended. */
    async end(): Promise<CommandResult | undefined> {
      const limit = new AbortController();
      const late = delay(endLimitMs, undefined, { signal: limit.signal }).catch(() => undefined);
      const status = await Promise.race([ended, late]);
      limit.abort();
      if (status === undefined) {
        child.kill('SIGKILL');
        return undefined;
      }
      const [output = '', messages = ''] = await said;
      return { status, output, messages };
    },
  };
}

/** Words for a person, with what to do next; nothing that only a programmer can read. */
function complaintsAbout({ output, messages }: CommandResult): string[] {
  const all = `${output}\n${messages}`;
  return [
    ...(/^\s+at /m.test(all) ? [`a stack trace: ${all.slice(0, 400)}`] : []),
    ...(/PostgreSQL server|database server/.test(all)
      ? []
      : [`no word about the server: ${all.slice(-400)}`]),
  ];
}

async function untilAnswers({ pool }: Database): Promise<void> {
  const deadline = performance.now() + endLimitMs;
  for (;;) {
    const answers = await pool.query('select 1').then(
      () => true,
      () => false,
    );
    if (answers) return;
    if (performance.now() > deadline) throw new Error('PostgreSQL did not come back.');
    await delay(100);
  }
}

async function untilPhase(database: Database, districtId: number, phase: ImportPhase) {
  const deadline = performance.now() + endLimitMs;
  while ((await phaseOf(database, districtId)) !== phase) {
    if (performance.now() > deadline) throw new Error(`No import came to the phase ${phase}.`);
  }
}

/** Of the run that is still marked as running; `finished` when there is none. */
async function phaseOf({ pool }: Database, districtId: number): Promise<string> {
  const { rows } = await pool.query<{ phase: string }>(
    "select phase from import_runs where district_id = $1 and state = 'running'",
    [districtId],
  );
  return rows[0]?.phase ?? 'finished';
}
