/** Starts the sandbox as a process: `npm run -s sandbox -- --port 4010 --students 500 --seed 7`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { contractSwitches, type SwitchValues } from './api/contract-switches.ts';
import {
  malformedDataKinds,
  parseMalformedDataKinds,
  type MalformedDataKind,
} from './district/malformed-data.ts';
import { openJournal } from './journal.ts';
import { startSandbox, vendorAccess, type SandboxOptions } from './sandbox.ts';
import { parseSwitchArguments, parseSwitchValues } from './api/switches.ts';

const help = `A sandbox Skyward Qmlativ with an invented district, in memory.

Usage: npm run -s sandbox -- [options]

  --port N             port on 127.0.0.1 (0: any free one)         4010
  --students N         current students                            5000
  --schools N          schools, plus one career center             12
  --years N            school years with data, the current last    3
  --seed N             the same seed gives the same district       1
  --today YYYY-MM-DD   the district's date                         this machine's
  --days N             days to simulate before it starts           0
  --journal FILE       records changes of the control API, and repeats
                       them at the next start with the same options
  --vendor-access DATE the printed key is of SameGoal Demographics, and
                       its access expires on this date
  --token-lifetime N   lifetime of a token in seconds              3600
  --cache-responses    cache rendered pages, for benchmarks
  --delay-ms N         delay of every response in milliseconds     0
  --malformed-data KINDS
                       add malformed data: all, or some of
                       ${malformedDataKinds.join(',\n                       ')}
  --switches FILE      a JSON file of switch names and values
  --switch NAME=VALUE  one switch; can be repeated, and overrides the file
  --help               this text

Switches, each with its default first:
${Object.entries(contractSwitches)
  .map(([name, { values }]) => `  ${name}: ${Object.keys(values).join(', ')}`)
  .join('\n')}

Once ready it prints one line of JSON: baseUrl, clientKey, clientSecret, entityId; adminUrl,
adminUser, adminPassword for the pages; partnerUrl, partnerToken for the partner interface;
controlUrl for simulated days, faults, switches and facts; integrationToken for token requests.
`;

function readOptions(): (SandboxOptions & { port: number; journal?: string }) | 'help' {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4010' },
      students: { type: 'string' },
      schools: { type: 'string' },
      years: { type: 'string' },
      seed: { type: 'string' },
      today: { type: 'string' },
      days: { type: 'string' },
      'token-lifetime': { type: 'string' },
      journal: { type: 'string' },
      'vendor-access': { type: 'string' },
      'cache-responses': { type: 'boolean', default: false },
      'delay-ms': { type: 'string' },
      'malformed-data': { type: 'string' },
      switches: { type: 'string' },
      switch: { type: 'string', multiple: true },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const days = parseWholeNumber('--days', values.days);
  const lifetime = parseWholeNumber('--token-lifetime', values['token-lifetime']);
  const delayMs = parseWholeNumber('--delay-ms', values['delay-ms']);
  const numbers = {
    students: parseWholeNumber('--students', values.students),
    schools: parseWholeNumber('--schools', values.schools),
    years: parseWholeNumber('--years', values.years),
    seed: parseWholeNumber('--seed', values.seed),
  };
  return {
    port: parseWholeNumber('--port', values.port) ?? 4010,
    cacheResponses: values['cache-responses'],
    malformedData: parseMalformedData(values['malformed-data']),
    switches: { ...readFile(values.switches), ...parseSwitchArguments(values.switch ?? []) },
    ...(values.journal === undefined ? {} : { journal: values.journal }),
    ...(values['vendor-access'] === undefined
      ? {}
      : { access: vendorAccess(values['vendor-access']) }),
    ...(values.today === undefined ? {} : { today: values.today }),
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(days === undefined ? {} : { days }),
    ...(lifetime === undefined ? {} : { tokenLifetimeSeconds: lifetime }),
    ...(numbers.students === undefined ? {} : { students: numbers.students }),
    ...(numbers.schools === undefined ? {} : { schools: numbers.schools }),
    ...(numbers.years === undefined ? {} : { years: numbers.years }),
    ...(numbers.seed === undefined ? {} : { seed: numbers.seed }),
  };
}

function parseWholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/u.test(text)) throw new RangeError(`${option} needs a whole number, not '${text}'.`);
  return Number(text);
}

function parseMalformedData(text: string | undefined): MalformedDataKind[] {
  if (text === undefined) return [];
  if (text === 'all') return [...malformedDataKinds];
  return parseMalformedDataKinds(text.split(',').map((word) => word.trim()));
}

function readFile(path: string | undefined): Partial<SwitchValues> {
  if (path === undefined) return {};
  const text = readFileSync(path, 'utf8');
  try {
    return parseSwitchValues(JSON.parse(text));
  } catch (error) {
    throw new RangeError(`--switches ${path}: ${formatError(error)}`, { cause: error });
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === 'help') {
    process.stdout.write(help);
    return;
  }
  const journal = options.journal === undefined ? undefined : openJournal(options.journal);
  const { sandbox, close, ...addresses } = await startSandbox({
    ...options,
    onControlChange: journal?.onControlChange,
  });
  await journal?.repeatOn(sandbox);
  const stop = (): void => {
    void close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const { adminUser, adminPassword, partnerToken, integrationToken } = sandbox;
  process.stdout.write(
    `${JSON.stringify({ ...addresses, adminUser, adminPassword, partnerToken, integrationToken })}\n`,
  );
}

function formatError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    return 'That port is in use. Stop what uses it, or choose another with --port (0 takes any).';
  }
  return error.message;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`sandbox: ${formatError(error)}\n`);
  process.exitCode = 1;
}
