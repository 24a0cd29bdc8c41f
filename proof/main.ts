/** `npm run proof -- NAME`: the long proofs of docs/reliability.md, each prints its result as JSON. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { parseSwitchArguments } from '../sandbox/api/switches.ts';
import { openThrowawayDatabase, startThrowawayServer } from '../tests/servers/throwaway-server.ts';
import { openPool } from '../src/database/database.ts';
import { attackFamilies, proveAttacks } from './attacks/attack-proof.ts';
import { proveDatabaseKills } from './database-kill-proof.ts';
import { listFaults, proveFaults } from './fault-proof.ts';
import { proveFleet } from './fleet-proof.ts';
import { proveImage } from './image/image-proof.ts';
import { proveMutants } from './mutants/mutant-proof.ts';
import { createMutants, mutantCount, singleMutants } from './mutants/mutants.ts';
import { proveProbe } from './mutants/probe-proof.ts';
import { listPoisonDistricts } from './poison/poison-districts.ts';
import { provePoison } from './poison/poison-proof.ts';
import { secondKinds } from './poison/second-kinds.ts';
import { importSummers } from './summers/summer-imports.ts';
import { proveSummers } from './summers/summer-proof.ts';
import { proveUndo } from './undo/undo-proof.ts';
import { listDatesAfter, proveYear } from './year-proof.ts';

const wholeNumber = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
};
const printProgress = (sentence: string) => process.stderr.write(`${sentence}\n`);

/** Prints the result; any difference makes the command fail. */
function printResult(result: { readonly differences: readonly string[] }): void {
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (result.differences.length > 0) process.exitCode = 1;
}

const program = new Command('proof').description(
  'Proves that imports keep their promises; see docs/reliability.md.',
);

program
  .command('year')
  .description('a year of imports, every status compared with an independent oracle')
  .option('--students <n>', 'students of the sandbox district', wholeNumber, 300)
  .option('--imports <n>', 'imports after the first, one a day', wholeNumber, 400)
  .option('--seed <n>', 'seed of the sandbox district', wholeNumber, 1)
  .option('--from <date>', 'date of the first import', '2026-11-23')
  .option('--year-end <when>', 'at-roll-over or on-last-day', 'at-roll-over')
  .action(
    async (options: {
      students: number;
      imports: number;
      seed: number;
      from: string;
      yearEnd: string;
    }) => {
      const database = await openThrowawayDatabase();
      try {
        const dates = listDatesAfter(options.from, options.imports);
        const yearEnd = options.yearEnd === 'on-last-day' ? 'on-last-day' : 'at-roll-over';
        printResult(await proveYear(database, { ...options, dates, yearEnd }, printProgress));
      } finally {
        await database.close();
      }
    },
  );

program
  .command('summers')
  .description('every way of ending, preparing and turning a school year, April to September')
  .option('--students <n>', 'students of each district', wholeNumber, 200)
  .option('--seed <n>', 'seed of the first district', wholeNumber, 1)
  .option('--step <n>', 'play only every n-th district-year', wholeNumber, 1)
  .option(
    '--imports <n>',
    'play this many district-years through real imports instead',
    wholeNumber,
  )
  .action(async (options: { students: number; seed: number; step: number; imports?: number }) => {
    if (options.imports === undefined) {
      printResult(proveSummers(options, printProgress));
      return;
    }
    const database = await openThrowawayDatabase();
    try {
      printResult(await importSummers(database, options.imports, options, printProgress));
    } finally {
      await database.close();
    }
  });

program
  .command('faults')
  .description('every fault of the sandbox Skyward, on everything that an import requests')
  .option('--object <name>', 'only faults on this object, such as Demographics/Name')
  .option('--kind <name>', 'only this kind of fault')
  .action(async (options: { object?: string; kind?: string }) => {
    const database = await openThrowawayDatabase();
    try {
      const faults = listFaults().filter(
        ({ object, kind }) =>
          (options.object ?? object) === object && (options.kind ?? kind) === kind,
      );
      printResult(await proveFaults(database, faults, printProgress));
    } finally {
      await database.close();
    }
  });

program
  .command('mutants')
  .description('imports from two hundred sandboxes with other forms of responses')
  .option('--from <n>', 'the first of them', wholeNumber, 0)
  .option('--count <n>', 'how many', wholeNumber, mutantCount)
  .option('--alone', 'each value of each switch alone')
  .option('--switch <name=value...>', 'one mutant with these switches')
  .option('--workers <n>', 'how many at the same time', wholeNumber, 2)
  .option('--no-shrink', 'do not search for the fewest switches that fail')
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
        const result = await proveMutants(
          server.connection,
          mutants,
          { from, workers, shrinks },
          printProgress,
        );
        printProgress(`${result.correct} of ${result.mutants}`);
        printResult(result);
      } finally {
        await server.release();
      }
    },
  );

program
  .command('probe')
  .description('probes two hundred sandboxes with other forms of responses')
  .option('--from <n>', 'the first of them', wholeNumber, 0)
  .option('--count <n>', 'how many', wholeNumber, mutantCount)
  .option('--alone', 'each value of each switch alone')
  .option('--switch <name=value...>', 'one mutant with these switches')
  .action(async (options: { from: number; count: number; alone?: boolean; switch?: string[] }) => {
    const all = options.alone === true ? singleMutants() : createMutants();
    const mutants =
      options.switch === undefined
        ? all.slice(options.from, options.from + options.count)
        : [parseSwitchArguments(options.switch)];
    const result = await proveProbe(mutants, { from: options.from }, printProgress);
    printProgress(`${result.found} of ${result.observable}`);
    printResult(result);
  });

program
  .command('fleet')
  .description('many districts and several workers; a worker and PostgreSQL are killed')
  .option('--districts <n>', 'districts, all due at once', wholeNumber, 300)
  .option('--students <n>', 'students of each', wholeNumber, 200)
  .option('--workers <n>', 'worker processes', wholeNumber, 3)
  .option('--concurrency <n>', 'concurrent imports of each', wholeNumber, 2)
  .action(
    async (options: {
      districts: number;
      students: number;
      workers: number;
      concurrency: number;
    }) => {
      printResult(await proveFleet({ ...options, now: Temporal.Now.instant() }, printProgress));
    },
  );

program
  .command('database-kills')
  .description('kill -9 of PostgreSQL at random moments of an import')
  .option('--kills <n>', 'number of kills', wholeNumber, 100)
  .option('--seed <n>', 'seed of the moments', wholeNumber, 1)
  .option('--students <n>', 'students of the sandbox district', wholeNumber, 300)
  .action(async (options: { kills: number; seed: number; students: number }) => {
    printResult(await proveDatabaseKills(options, printProgress));
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
  .command('undo')
  .description('random histories, each undone to a random import and compared value by value')
  .option('--histories <n>', 'number of histories', wholeNumber, 1_000)
  .option('--from <n>', 'the first of them', wholeNumber, 0)
  .action(async (options: { histories: number; from: number }) => {
    const database = await openThrowawayDatabase();
    try {
      printResult(await proveUndo(database, options, printProgress));
    } finally {
      await database.close();
    }
  });

program
  .command('poison')
  .description(
    'wrong but plausible data in a year of healthy imports: held or named, or published?',
  )
  .option('--imports <n>', 'daily imports of each district after the first', wholeNumber, 365)
  .option('--students <n...>', 'only the districts of these sizes (60, 300, 1200)')
  .option('--second', 'only the kinds written after the limits were set')
  .action(async (options: { imports: number; students?: string[]; second?: true }) => {
    const database = await openThrowawayDatabase();
    try {
      const districts = listPoisonDistricts(options.imports).filter(
        ({ students }) => options.students?.includes(String(students)) ?? true,
      );
      const kinds = options.second && { first: [], second: secondKinds };
      printResult(await provePoison(database, districts, printProgress, kinds));
    } finally {
      await database.close();
    }
  });

program
  .command('limits')
  .description('the largest share of each measure in years of healthy imports')
  .option('--imports <n>', 'daily imports of each district after the first', wholeNumber, 365)
  .option('--students <n...>', 'only the districts of these sizes (60, 300, 1200)')
  .action(async (options: { imports: number; students?: string[] }) => {
    const database = await openThrowawayDatabase();
    try {
      const districts = listPoisonDistricts(options.imports)
        .filter(({ students }) => options.students?.includes(String(students)) ?? true)
        .map((district) => ({ ...district, poisonAfter: [] }));
      const kinds = { first: [], second: [] };
      const result = await provePoison(database, districts, printProgress, kinds);
      const { healthyImports, falseHolds, maxShares, differences } = result;
      const printed = { healthyImports, falseHolds, maxShares, differences };
      printResult(printed);
    } finally {
      await database.close();
    }
  });

program
  .command('upgrades')
  .description('updates a filled database of each earlier schema')
  .action(async () => runTest(['src/database/upgrade.test.ts'], { UPGRADE_FROM: 'all' }));

program
  .command('properties')
  .description('the long property tests, many times, on many invented districts')
  .option('--factor <n>', 'how many times as many runs as in npm test', wholeNumber, 10)
  .action(async (options: { factor: number }) =>
    runTest(['sandbox', 'proof/status-command'], { PROPERTY_RUNS_FACTOR: String(options.factor) }),
  );

/** Runs a test in its long form, selected by environment variables. */
async function runTest(
  testArguments: readonly string[],
  long: Record<string, string>,
): Promise<void> {
  const test = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...testArguments],
    {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, ...long },
      stdio: 'inherit',
    },
  );
  const [code] = (await once(test, 'close')) as [number | null];
  process.exitCode = code ?? 1;
}

program
  .command('image')
  .description('builds the image without Docker, runs it, and searches its layers')
  .option('--base <image>', 'base image that buildah can pull (default: built from Debian)')
  .option('--students <n>', 'students of the sandbox district', wholeNumber, 300)
  .action(async (options: { base?: string; students: number }) => {
    printResult(
      await proveImage({ base: options.base, students: options.students }, printProgress),
    );
  });

program
  .command('attacks')
  .description('attacks a running server in every known way')
  .option('--family <name...>', `only these: ${attackFamilies.map(({ name }) => name).join(', ')}`)
  .option('--quick', 'the sample of npm test')
  .option('--seed <n>', 'chooses the sample', wholeNumber, 1)
  .action(async (options: { family?: string[]; quick?: boolean; seed: number }) => {
    const server = await startThrowawayServer();
    const database = await openPool(server.connection, {}, () => server.release());
    try {
      const result = await proveAttacks(
        database,
        server.connection,
        { isQuick: options.quick === true, seed: options.seed, families: options.family },
        printProgress,
      );
      process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      if (result.findings.length > 0) process.exitCode = 1;
    } finally {
      await database.close();
    }
  });

await program.parseAsync();
