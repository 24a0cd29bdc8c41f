/** What is attacked: `daybreak serve` as it runs in earnest, with people of every role in two districts. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';

import pino from 'pino';

import { createAccounts } from '../../src/accounts/accounts.ts';
import type { Role } from '../../src/contract/endpoint.ts';
import type { DistrictRole } from '../../src/contract/accounts/users.ts';
import type { Database } from '../../src/database/database.ts';
import type { EmbeddedServer } from '../../src/database/embedded/server.ts';
import { newSealingKey } from '../../src/districts/sealed-secret.ts';
import {
  type DaybreakProcesses,
  openDaybreakProcesses,
} from '../../tests/servers/daybreak-process.ts';
import { type MailCatcher, startMailCatcher } from '../../tests/servers/mail-catcher.ts';
import { type Answer, askServer, publicUrl } from './http-client.ts';
import {
  secretCanary,
  type DistrictName,
  type Caller,
  password,
  schoolsOf,
  personKinds,
  type AskAs,
  type FindCaller,
} from './callers.ts';
import { type DistrictRecords, fillDistricts } from './district-records.ts';
import { type Operation, readOperations } from './operations.ts';

export interface Server {
  readonly url: string;
  /** Everything it wrote to its log so far. */
  log(): string;
  readonly pid: number;
}

export interface Target {
  /** As run in earnest: behind a proxy, no private address allowed. */
  readonly main: Server;
  /** A second one on the same database, which may call this machine and believes no proxy. */
  readonly inner: Server;
  readonly database: Database;
  readonly connection: EmbeddedServer['connection'];
  readonly mails: MailCatcher;
  readonly daybreak: DaybreakProcesses;
  readonly supportMailPort: number;
  readonly operations: readonly Operation[];
  readonly records: Readonly<Record<DistrictName, DistrictRecords>>;
  readonly callers: readonly Caller[];
  readonly caller: FindCaller;
  /** Somebody new, for what would put others out. */
  newPerson(role: DistrictRole, district: DistrictName): Promise<Caller>;
  /** Asks, and where a limit of this person is used up, asks as somebody else of the same kind from now on. */
  readonly askPatiently: AskAs;
  /** The same in a district of an attack's own; gives the session's cookie. */
  newSession(role: DistrictRole, districtId: number): Promise<string>;
  /** Asks the main server as this caller. */
  readonly ask: AskAs;
  /** Signs somebody in; the answer's cookie is the session's. */
  readonly signIn: (email: string, from?: string) => Promise<Answer>;
  close(): Promise<void>;
}

export const metricsToken = `metrics-${secretCanary}-0123456789`;
export const supportAddress = 'support@vendor.example';

/** Another address each time, so that no limit by address stands in the way of what a try is about. */
export function freshAddress(): string {
  const [one = 0, two = 0, three = 0] = randomBytes(3);
  return `203.${one}.${two}.${three}`;
}

/** Starts everything in the database; `close` ends it all but the database. */
export async function openTarget(
  database: Database,
  connection: EmbeddedServer['connection'],
): Promise<Target> {
  const { user, password: ownerPassword, host, port, webPassword } = connection;
  const databaseUrl = `postgres://${user}:${ownerPassword}@${host}:${port}/${connection.database}`;
  const sealingKey = newSealingKey();
  const sessionSecret = `${secretCanary}-${randomBytes(32).toString('hex')}`;
  // A start that fails leaves no process and no folder behind.
  await using cleanUp = new AsyncDisposableStack();
  const mails = await startMailCatcher();
  cleanUp.defer(() => mails.close());
  const supportMailPort = await freePort();
  const shared = {
    DATABASE_WEB_PASSWORD: webPassword,
    DAYBREAK_SEALING_KEY: sealingKey.bytes.toString('base64'),
    DAYBREAK_SESSION_SECRET: sessionSecret,
    DAYBREAK_PUBLIC_URL: publicUrl,
    DAYBREAK_SMTP_URL: mails.url,
    DAYBREAK_MAIL_FROM: 'SameGoal <no-reply@iep.example>',
    DAYBREAK_METRICS_TOKEN: metricsToken,
    DAYBREAK_SUPPORT_ADDRESS: supportAddress,
    DAYBREAK_LOG_LEVEL: 'debug',
    NO_PROXY: '*',
  };
  const daybreak = await openDaybreakProcesses(databaseUrl, {
    ...shared,
    DAYBREAK_TRUSTED_PROXIES: '127.0.0.0/8',
    DAYBREAK_SUPPORT_MAIL_PORT: String(supportMailPort),
  });
  cleanUp.defer(() => daybreak.remove());
  const innerDaybreak = await openDaybreakProcesses(databaseUrl, {
    ...shared,
    DAYBREAK_ALLOW_PRIVATE_ISSUERS: '1',
    DAYBREAK_ALLOW_PRIVATE_WEBHOOKS: '1',
  });
  cleanUp.defer(() => innerDaybreak.remove());
  const log = pino({ level: 'silent' });
  const accounts = createAccounts({ database, secret: sessionSecret, log });
  // One after the other: the first builds the web app, if it has to.
  const main = await startServer(daybreak, ['serve', '--port', '0']);
  cleanUp.defer(() => main.stop());
  const inner = await startServer(innerDaybreak, ['web', '--port', '0']);
  cleanUp.defer(() => inner.stop());
  const ask: Target['ask'] = async (caller, given) =>
    askServer(main.url, { cookie: caller?.cookie, ...given });
  const signIn: Target['signIn'] = async (email, from = freshAddress()) =>
    ask(undefined, { method: 'POST', path: '/api/session', body: { email, password }, from });
  const { districtIds, ...planted } = await fillDistricts(database, sealingKey);
  const people = personKinds();
  for (const { email, role, district, isOfOneSchool } of people) {
    if (role === undefined) continue;
    await accounts.createAccount({
      email,
      password,
      name: district === undefined ? 'Tess Tech' : `Zq${district}pers ${role}`,
      role,
      districtId: district === undefined ? null : districtIds[district],
      ...(isOfOneSchool && district && { schools: [schoolsOf[district][0]] }),
    });
  }
  const callers: Caller[] = [];
  for (const person of people)
    callers.push({
      ...person,
      cookie: person.role && (await openSession(person.email, person.role)),
    });

  async function openSession(email: string, role: Role): Promise<string> {
    const opened = await signIn(email);
    if (opened.status !== 200) throw new Error(`${email} cannot sign in: ${opened.text}`);
    if (role !== 'technician') return opened.cookies;
    // Technicians need a second factor; a backup code does not have to wait for the next half minute.
    return openWithTwoFactor(ask, signIn, email, opened.cookies);
  }
  const caller: Target['caller'] = (kind) => {
    const found = callers.find((one) => one.kind === kind);
    if (found === undefined) throw new Error(`There is no caller ${kind}`);
    return found;
  };
  const newAccount = async (
    role: Role,
    districtId: number | null,
    name: string,
    schools?: readonly number[],
  ) => {
    const email = `${randomBytes(6).toString('hex')}@people.example`;
    await accounts.createAccount({
      email,
      password,
      name,
      role,
      districtId,
      ...(schools && { schools }),
    });
    return { email, cookie: await openSession(email, role) };
  };
  const substitutes = new Map<string, Promise<Caller>>();
  const askPatiently: AskAs = async (person, given) => {
    if (person?.role === undefined) return ask(person, given);
    const { kind, role, district, isOfOneSchool } = person;
    const current = (await substitutes.get(kind)) ?? person;
    const answer = await ask(current, given);
    // Nobody of the same district gets further than that.
    if (answer.status !== 429 || answer.text.includes('your district')) return answer;
    if ((await substitutes.get(kind)) === (current === person ? undefined : current)) {
      const schools = district && isOfOneSchool ? [schoolsOf[district][0]] : undefined;
      const districtId = district === undefined ? null : districtIds[district];
      const name = district === undefined ? 'Tess Tech' : `Zq${district}pers another`;
      substitutes.set(
        kind,
        newAccount(role, districtId, name, schools).then((added) => ({ ...person, ...added })),
      );
    }
    return ask(await substitutes.get(kind), given);
  };
  const newPerson: Target['newPerson'] = async (role, district) => {
    const like = caller(`${role} of ${district}`);
    const added = await newAccount(role, districtIds[district], `Zq${district}pers new`);
    return { ...like, kind: `new ${like.kind}`, ...added };
  };
  const openApi = await ask(undefined, { path: '/api/openapi.json' });
  const records = await planted.addByApi(ask, caller);
  const ends = cleanUp.move();
  return {
    main,
    inner,
    database,
    connection,
    mails,
    daybreak,
    supportMailPort,
    operations: readOperations(JSON.parse(openApi.text)),
    records,
    callers,
    caller,
    newPerson,
    askPatiently,
    newSession: async (role, districtId) => (await newAccount(role, districtId, 'New')).cookie,
    ask,
    signIn,
    close: () => ends.disposeAsync(),
  };
}

/** Sets a second factor up and signs in with a backup code; gives the session's cookie. */
async function openWithTwoFactor(
  ask: Target['ask'],
  signIn: Target['signIn'],
  email: string,
  cookie: string,
): Promise<string> {
  const { backupCodes } = await setUpTwoFactor(ask, cookie);
  const firstStep = await signIn(email);
  const opened = await ask(undefined, {
    method: 'POST',
    path: '/api/session/two-factor',
    cookie: firstStep.cookies,
    from: freshAddress(),
    body: { code: backupCodes[0], kind: 'backup', trustDevice: false },
  });
  if (opened.status !== 200) throw new Error(`The second step was refused: ${opened.text}`);
  return opened.cookies;
}

/** Sets a second factor up for whoever is signed in. */
export async function setUpTwoFactor(
  ask: Target['ask'],
  cookie: string,
): Promise<{ readonly uri: string; readonly backupCodes: readonly string[] }> {
  const { oneTimeCode } = await import('../../tests/builders/one-time-code.ts');
  const begun = await ask(undefined, {
    method: 'POST',
    path: '/api/account/two-factor',
    cookie,
    body: { password },
  });
  if (begun.status !== 200) throw new Error(`No second factor was set up: ${begun.text}`);
  const factor = JSON.parse(begun.text) as { uri: string; backupCodes: string[] };
  const confirmed = await ask(undefined, {
    method: 'PUT',
    path: '/api/account/two-factor',
    cookie,
    body: { code: oneTimeCode(factor.uri, Temporal.Now.instant().epochMilliseconds) },
  });
  if (confirmed.status !== 200) throw new Error(`No code was confirmed: ${confirmed.text}`);
  return factor;
}

async function startServer(
  daybreak: DaybreakProcesses,
  words: readonly string[],
): Promise<Server & { stop(): Promise<void> }> {
  const child = daybreak.start(words);
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (child.stdout === null) throw new Error('The server has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('http')) continue;
    return {
      url: line,
      log: () => log,
      pid: child.pid ?? 0,
      stop: async () => {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error(`The server ended early: ${log}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
