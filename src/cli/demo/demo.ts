/**
 * The work of `daybreak demo`: a sandbox district in its third month, and the web app. Everything but Skyward is as in
 * production.
 *
 * This folder is the work of `daybreak demo`.
 */
import { existsSync } from 'node:fs';
import pino from 'pino';
import { createAccounts } from '../../accounts/accounts.ts';
import { buildWeb } from '../../api/server/web-build.ts';
import { findDistrict, type District } from '../../districts/district.ts';
import { startPeriodicTask } from '../../jobs/periodic-task.ts';
import type { SealingKey } from '../../districts/sealed-secret.ts';
import {
  print,
  printMessage,
  withCommandContext,
  type CommandContext,
} from '../command-context.ts';
import { readSealingKey, readSessionSecret, readSettings, SettingError } from '../settings.ts';
import { startWebServer, untilAborted } from '../web-server.ts';
import { ensureDemoAccounts, setUpAuthenticator } from './demo-accounts.ts';
import { connectDistrict, demoDomain, demoTimeZone, followSandbox } from './demo-connection.ts';
import { findLastImportDate, playDay } from './demo-history.ts';
import { findFreePort, takeDemoLock, type DemoLock } from './demo-lock.ts';
import { findLargestSchool, suggestChange } from './demo-skyward-changes.ts';
import { sandboxProgram, startDemoSkyward, type DemoSkyward } from './demo-skyward.ts';
import { addOtherDistricts } from './demo-other-districts.ts';
import {
  journalFile,
  listOpenDates,
  newDemoState,
  readDemoState,
  saveDemoState,
  type DemoState,
} from './demo-state.ts';
import { formatDemoSummary } from './demo-text.ts';
import { formatLogLine } from './plain-log.ts';

export interface DemoOptions {
  readonly port: number;
  readonly students: number;
  /** Days of imports in the past. */
  readonly days: number;
}

/** Runs the demo until Ctrl-C. Throws `SettingError` before it touches anything if one already runs. */
export async function runDemo(options: DemoOptions): Promise<void> {
  if (!existsSync(sandboxProgram)) {
    throw new SettingError(
      'The image does not contain the sandbox Skyward that the demo needs.',
      'Run `npm run demo` in a clone of the project.',
    );
  }
  const lock = await takeDemoLock(readSettings(process.env).dataDirectory);
  try {
    await withCommandContext(async (context) => runLocked(context, lock, options));
  } finally {
    await lock.release();
  }
  // After Ctrl-C, the web app may still be building and the sandbox starting; the next start repeats both.
  process.exit();
}

const logTo = {
  write: (line: string) => process.stderr.write(formatLogLine(line, demoTimeZone)),
};

const createLog = () => pino({ level: 'warn' }, logTo);

async function runLocked(
  context: CommandContext,
  lock: DemoLock,
  options: DemoOptions,
): Promise<void> {
  const { dataDirectory } = context.settings;
  const demo = await openDemo(context, options);
  printMessage(
    `Starting a sandbox Skyward with ${demo.state.students.toLocaleString('en-US')} students …`,
  );
  // Built while the days are imported.
  const web = buildWeb();
  web.catch(() => undefined);
  const starting = startDemoSkyward({
    port: await findFreePort(demo.state.sandboxPort),
    students: demo.state.students,
    startsOn: Temporal.PlainDate.from(demo.state.startedOn),
    accessExpiresOn: Temporal.PlainDate.from(demo.state.storyEndsOn).add({ days: accessDays }),
    journal: journalFile(dataDirectory),
  });
  const skyward = await Promise.race([starting, untilAborted(context.signal)]);
  if (skyward === undefined) return;
  try {
    const sealingKey = await readSealingKey(context.settings, process.env);
    const district = await openDistrict(context, demo, skyward, sealingKey);
    if (context.signal.aborted) return;
    await importPastDays(context, demo, { district, skyward, sealingKey });
    if (context.signal.aborted) return;
    await addOtherDistricts(context, {
      skyward,
      sealingKey,
      lastDay: Temporal.PlainDate.from(demo.state.storyEndsOn),
      options: {
        import: { sealingKey, vendor: context.settings.vendor, signal: context.signal },
        log: createLog(),
      },
    });
    await Promise.race([web, untilAborted(context.signal)]);
    if (context.signal.aborted) return;
    await serveDemo(context, lock, demo, { skyward, port: options.port });
  } finally {
    await skyward.stop();
  }
}

/** Days from the end of the story to the Expiration Date of the access: soon enough for a warning. */
const accessDays = 17;

/** The demo of a data folder. */
interface Demo {
  readonly state: DemoState;
  update(changes: Partial<DemoState>): Promise<void>;
}

async function openDemo(
  { database, settings: { dataDirectory } }: CommandContext,
  { students, days }: DemoOptions,
): Promise<Demo> {
  const stored = await readDemoState(dataDirectory);
  if (stored === undefined && (await findDistrict(database.pool, demoDomain)) !== undefined) {
    throw new SettingError(
      `The data folder ${dataDirectory} has a district ${demoDomain} that this demo did not create.`,
      'Set DAYBREAK_DATA to another folder, or delete this one if you do not need its data.',
    );
  }
  const now = Temporal.Now.instant();
  const lastDay = findLastImportDate(now, { id: 1, timeZone: demoTimeZone });
  let state = stored ?? newDemoState({ students, days, lastDay });
  const update = async (changes: Partial<DemoState>) => {
    state = { ...state, ...changes };
    await saveDemoState(dataDirectory, state);
  };
  return {
    get state() {
      return state;
    },
    update,
  };
}

/** Returns the district, connecting it before the first day, and saves where the sandbox is. */
async function openDistrict(
  context: CommandContext,
  demo: Demo,
  skyward: DemoSkyward,
  sealingKey: SealingKey,
): Promise<District> {
  const { pool } = context.database;
  const { addresses } = skyward;
  const found = await findDistrict(pool, demoDomain);
  await demo.update({
    sandboxPort: Number(new URL(addresses.baseUrl).port),
    schoolId: demo.state.schoolId ?? findLargestSchool(await skyward.facts()),
  });
  if (found !== undefined) {
    await followSandbox(context, found, addresses, sealingKey);
    return found;
  }
  const moment = Temporal.PlainDate.from(demo.state.startedOn)
    .subtract({ days: 1 })
    .toZonedDateTime({ timeZone: demoTimeZone, plainTime: '14:20' })
    .toInstant();
  return connectDistrict(context, addresses, sealingKey, moment);
}

/** Imports every day up to the last nightly import, each with its own clock; after a restart, only the missed ones. */
async function importPastDays(
  context: CommandContext,
  demo: Demo,
  given: {
    readonly district: District;
    readonly skyward: DemoSkyward;
    readonly sealingKey: SealingKey;
  },
): Promise<void> {
  const { database, settings, signal } = context;
  const { district, skyward, sealingKey } = given;
  const { pool } = database;
  const { schoolId, password } = demo.state;
  if (schoolId === null) throw new Error('The demo has no school');
  const log = createLog();
  const accounts = createAccounts({
    database: { web: database },
    secret: await readSessionSecret(settings, process.env),
    log,
  });
  const people = await ensureDemoAccounts(pool, accounts, {
    districtId: district.id,
    schoolId,
    password,
  });
  const now = Temporal.Now.instant();
  const dates = listOpenDates(demo.state, findLastImportDate(now, district));
  if (dates.length > 0) {
    printMessage(
      `Importing ${dates.length === 1 ? 'one day' : `${dates.length} days`}, as the nightly imports did …`,
    );
  }
  const lastDay = Temporal.PlainDate.from(demo.state.storyEndsOn);
  for (const today of dates) {
    await playDay(
      { pool, district, skyward, people, schoolId, today, lastDay },
      { import: { sealingKey, vendor: settings.vendor, signal }, log, now },
    );
    if (signal.aborted) return;
    await demo.update({ importedThrough: today.toString() });
  }
}

async function serveDemo(
  context: CommandContext,
  lock: DemoLock,
  demo: Demo,
  { skyward, port: wantedPort }: { readonly skyward: DemoSkyward; readonly port: number },
): Promise<void> {
  const port = await findFreePort(wantedPort);
  if (port !== wantedPort) {
    printMessage(`Port ${wantedPort} is in use by another program, so the demo uses ${port}.`);
  }
  const { addresses } = skyward;
  const settings = {
    ...context.settings,
    partner: { url: addresses.partnerUrl, token: addresses.partnerToken },
    allowPrivateAddresses: true,
  };
  const { server } = await startWebServer(
    { ...context, settings },
    { port, runsImports: true, logTo },
  );
  try {
    const url = `http://localhost:${server.port}`;
    await lock.publish(url);
    const { password } = demo.state;
    const technician = demo.state.technician ?? (await setUpAuthenticator(server.url, password));
    await demo.update({
      technician: { secret: technician.secret, backupCodes: [...technician.backupCodes] },
    });
    const change = suggestChange(await skyward.facts(), demo.state.schoolId ?? 0);
    print(formatDemoSummary({ url, password, technician, skyward: addresses, change }));
    letDaysPass(skyward, context.signal);
    await untilAborted(context.signal);
    printMessage('\nStopping …');
  } finally {
    await server.close();
  }
}

/** Lets the sandbox's days pass while the demo runs. */
function letDaysPass(skyward: DemoSkyward, signal: AbortSignal): void {
  const run = async () => skyward.advanceTo(Temporal.Now.plainDateISO(demoTimeZone));
  startPeriodicTask({ name: 'sandbox date', everyMs: 60_000, run }, createLog(), signal);
}
