/** `npm run proof -- NAME`: the long proofs of docs/reliability.md, each with the figures that it prints. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { parseSwitchArguments } from '../sandbox/api/switches.ts';
import { openThrowawayDatabase, startThrowawayServer } from '../tests/servers/throwaway-server.ts';
import { openPool } from '../src/database/database.ts';
import { attackFamilies, proveAttacks } from './attack-proof.ts';
import { proveDatabaseKills } from './database-kill-proof.ts';
import { everyFault, proveFaults } from './fault-proof.ts';
import { proveFleet } from './fleet-proof.ts';
import { proveImage } from './image-proof.ts';
import { proveMutants } from './mutant-proof.ts';
import { createMutants, mutantCount, singleMutants } from './mutants.ts';
import { proveProbe } from './probe-proof.ts';
import { nightsAfter, proveYear } from './year-proof.ts';

const wholeNumber = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
};
const tell = (sentence: string) => process.stderr.write(`${sentence}\n`);

/** Prints the figures; any difference makes the command fail. */
function conclude(figures: { readonly differences: readonly string[] }): void {
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  if (figures.differences.length > 0) process.exitCode = 1;
}

const program = new Command('proof').description(
  'Proves that nights keep their promises; see docs/reliability.md.',
);

program
  .command('year')
  .description('a year of nights, every status compared with an oracle of its own')
  .option('--students <n>', 'students of the practice district', wholeNumber, 300)
  .option('--nights <n>', 'nights after the first', wholeNumber, 400)
  .option('--seed <n>', 'seed of the practice district', wholeNumber, 1)
  .option('--from <date>', 'the first night', '2026-11-23')
  .option('--year-end <when>', 'at-roll-over or on-last-day', 'at-roll-over')
  .action(
    async (options: {
      students: number;
      nights: number;
      seed: number;
      from: string;
      yearEnd: string;
    }) => {
      const database = await openThrowawayDatabase();
      try {
        const dates = nightsAfter(options.from, options.nights);
        const yearEnd = options.yearEnd === 'on-last-day' ? 'on-last-day' : 'at-roll-over';
        conclude(await proveYear(database, { ...options, dates, yearEnd }, tell));
      } finally {
        await database.close();
      }
    },
  );

program
  .command('faults')
  .description('every fault of the practice Skyward, on everything that a night asks for')
  .option('--object <name>', 'only faults on this object, such as Demographics/Name')
  .option('--kind <name>', 'only this kind of fault')
  .action(async (options: { object?: string; kind?: string }) => {
    const database = await openThrowawayDatabase();
    try {
      const faults = everyFault().filter(
        ({ object, kind }) =>
          (options.object ?? object) === object && (options.kind ?? kind) === kind,
      );
      conclude(await proveFaults(database, faults, tell));
    } finally {
      await database.close();
    }
  });

program
  .command('mutants')
  .description('imports from two hundred sandboxes that speak in other forms')
  .option('--from <n>', 'the first of them', wholeNumber, 0)
  .option('--count <n>', 'how many of them', wholeNumber, mutantCount)
  .option('--alone', 'each value of each switch alone instead')
  .option('--switch <name=value...>', 'one mutant of these switches instead')
  .option('--workers <n>', 'how many at once', wholeNumber, 2)
  .option('--no-shrink', 'leave out the search for the fewest switches that fail')
  .action(
    async (options: {
      from: number;
      count: number;
      alone?: boolean;
      switch?: string[];
      workers: number;
      shrink: boolean;
    }) => {
      const server = await startThrowawayServer();
      try {
        const template = await openPool(server.connection, { poolSize: 1 }, () =>
          Promise.resolve(),
        );
        await template.close();
        const all = options.alone === true ? singleMutants() : createMutants();
        const mutants =
          options.switch === undefined
            ? all.slice(options.from, options.from + options.count)
            : [parseSwitchArguments(options.switch)];
        const { from, workers, shrink: shrinks } = options;
        const figures = await proveMutants(
          server.connection,
          mutants,
          { from, workers, shrinks },
          tell,
        );
        tell(`${figures.right} of ${figures.mutants}`);
        conclude(figures);
      } finally {
        await server.release();
      }
    },
  );

program
  .command('probe')
  .description('probes two hundred sandboxes that speak in other forms')
  .option('--from <n>', 'the first of them', wholeNumber, 0)
  .option('--count <n>', 'how many of them', wholeNumber, mutantCount)
  .option('--alone', 'each value of each switch alone instead')
  .option('--switch <name=value...>', 'one mutant of these switches instead')
  .action(async (options: { from: number; count: number; alone?: boolean; switch?: string[] }) => {
    const all = options.alone === true ? singleMutants() : createMutants();
    const mutants =
      options.switch === undefined
        ? all.slice(options.from, options.from + options.count)
        : [parseSwitchArguments(options.switch)];
    const figures = await proveProbe(mutants, { from: options.from }, tell);
    tell(`${figures.found} of ${figures.observable}`);
    conclude(figures);
  });

program
  .command('fleet')
  .description('many districts and several workers; one of these and PostgreSQL are killed')
  .option('--districts <n>', 'districts, all due at once', wholeNumber, 300)
  .option('--students <n>', 'students of each', wholeNumber, 200)
  .option('--workers <n>', 'processes that work', wholeNumber, 3)
  .option('--concurrency <n>', 'imports at a time of each', wholeNumber, 2)
  .action(
    async (options: {
      districts: number;
      students: number;
      workers: number;
      concurrency: number;
    }) => {
      conclude(await proveFleet({ ...options, now: Temporal.Now.instant() }, tell));
    },
  );

program
  .command('database-kills')
  .description('kill -9 of PostgreSQL at random moments of an import')
  .option('--kills <n>', 'how often', wholeNumber, 100)
  .option('--seed <n>', 'seed of the moments', wholeNumber, 1)
  .option('--students <n>', 'students of the practice district', wholeNumber, 300)
  .action(async (options: { kills: number; seed: number; students: number }) => {
    conclude(await proveDatabaseKills(options, tell));
  });

program
  .command('kills')
  .description('kill -9 of the importer at random moments, ten for each round')
  .option('--rounds <n>', 'rounds of ten', wholeNumber, 10)
  .action(async (options: { rounds: number }) =>
    runTest(['src/import/import-crash.test.ts', '-t', 'killed at random moments'], {
      CRASH_ROUNDS: String(options.rounds),
    }),
  );

program
  .command('upgrades')
  .description('a database of each earlier schema, with data in it, is updated')
  .action(async () => runTest(['src/database/upgrade.test.ts'], { UPGRADE_FROM: 'all' }));

program
  .command('properties')
  .description('the properties that take long, many times, on many invented districts')
  .option('--factor <n>', 'how many times as often as in npm test', wholeNumber, 10)
  .action(async (options: { factor: number }) =>
    runTest(['sandbox', 'proof/status-command'], { PROPERTY_RUNS_FACTOR: String(options.factor) }),
  );

/** Runs a test in its long form, which the environment asks for. */
async function runTest(words: readonly string[], long: Record<string, string>): Promise<void> {
  const test = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...words], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, ...long },
    stdio: 'inherit',
  });
  const [code] = (await once(test, 'close')) as [number | null];
  process.exitCode = code ?? 1;
}

program
  .command('image')
  .description('builds the image without Docker, runs it, and looks into its layers')
  .option('--base <image>', 'base image that buildah can pull; left out: made from Debian')
  .option('--students <n>', 'students of the practice district', wholeNumber, 300)
  .action(async (options: { base?: string; students: number }) => {
    conclude(await proveImage({ base: options.base, students: options.students }, tell));
  });

program
  .command('attacks')
  .description('attacks a running server in every way that was ever tried')
  .option('--family <name...>', `only these: ${attackFamilies.map(({ name }) => name).join(', ')}`)
  .option('--quick', 'the sample that npm test takes')
  .option('--seed <n>', 'chooses the sample', wholeNumber, 1)
  .action(async (options: { family?: string[]; quick?: boolean; seed: number }) => {
    const server = await startThrowawayServer();
    const database = await openPool(server.connection, {}, () => server.release());
    try {
      const figures = await proveAttacks(
        database,
        server.connection,
        { isQuick: options.quick === true, seed: options.seed, families: options.family },
        tell,
      );
      process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
      if (figures.holes.length > 0) process.exitCode = 1;
    } finally {
      await database.close();
    }
  });

await program.parseAsync();
