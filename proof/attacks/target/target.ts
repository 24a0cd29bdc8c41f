/**
 * The attacked target: `daybreak serve` as in an installation, and users of every role in two districts.
 *
 * This folder starts and fills the server that is attacked.
 */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';

import pino from 'pino';

import { createAccounts } from '../../../src/accounts/accounts.ts';
import type { Role } from '../../../src/contract/endpoint.ts';
import type { DistrictRole } from '../../../src/contract/accounts/users.ts';
import type { Database } from '../../../src/database/database.ts';
import type { EmbeddedServer } from '../../../src/database/embedded/shared-server.ts';
import { newSealingKey } from '../../../src/districts/sealed-secret.ts';
import {
  type DaybreakProcesses,
  openDaybreakProcesses,
} from '../../../tests/servers/daybreak-process.ts';
import { type MailCatcher, startMailCatcher } from '../../../tests/servers/mail-catcher.ts';
import { type HttpResponse, sendRequest, publicUrl } from './http-client.ts';
import {
  secretCanary,
  type DistrictName,
  type Caller,
  password,
  schoolIds,
  listCallerKinds,
  type SendAs,
  type FindCaller,
} from './callers.ts';
import { type DistrictRecords, fillDistricts } from './district-records.ts';
import { type Operation, readOperations } from './operations.ts';

export interface Server {
  readonly url: string;
  /** Returns its log so far. */
  log(): string;
  readonly pid: number;
}

export interface Target {
  /** As in an installation: behind a proxy, no private addresses allowed. */
  readonly main: Server;
  /** A second server on the same database, which may call this machine and trusts no proxy. */
  readonly direct: Server;
  readonly database: Database;
  readonly connection: EmbeddedServer['connection'];
  readonly mails: MailCatcher;
  readonly daybreak: DaybreakProcesses;
  readonly supportMailPort: number;
  readonly operations: readonly Operation[];
  readonly records: Readonly<Record<DistrictName, DistrictRecords>>;
  readonly callers: readonly Caller[];
  readonly caller: FindCaller;
  /** Creates a user, for attacks that would affect other users. */
  createUser(role: DistrictRole, district: DistrictName): Promise<Caller>;
  /** Sends a request; once the user's rate limit is reached, continues as another user of the same kind. */
  readonly sendWithinLimits: SendAs;
  /** Creates a user in another district and returns the cookie of a session. */
  createSession(role: DistrictRole, districtId: number): Promise<string>;
  /** Sends a request to the main server as this caller. */
  readonly send: SendAs;
  /** Signs a user in; the response sets the session's cookie. */
  readonly signIn: (email: string, from?: string) => Promise<HttpResponse>;
  close(): Promise<void>;
}

export const metricsToken = `metrics-${secretCanary}-0123456789`;
export const supportAddress = 'support@vendor.example';

/** Returns a random address, so that rate limits by address do not affect an attempt. */
export function randomAddress(): string {
  const [one = 0, two = 0, three = 0] = randomBytes(3);
  return `203.${one}.${two}.${three}`;
}

/** Starts the servers on the database; `close` stops them. */
export async function openTarget(
  database: Database,
  connection: EmbeddedServer['connection'],
): Promise<Target> {
  const { user, password: ownerPassword, host, port, webPassword } = connection;
  const databaseUrl = `postgres://${user}:${ownerPassword}@${host}:${port}/${connection.database}`;
  const sealingKey = newSealingKey();
  const sessionSecret = `${secretCanary}-${randomBytes(32).toString('hex')}`;
  // A failed start must leave no process and no folder.
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
  const directDaybreak = await openDaybreakProcesses(databaseUrl, {
    ...shared,
    DAYBREAK_ALLOW_PRIVATE_ISSUERS: '1',
    DAYBREAK_ALLOW_PRIVATE_WEBHOOKS: '1',
  });
  cleanUp.defer(() => directDaybreak.remove());
  const log = pino({ level: 'silent' });
  const accounts = createAccounts({ database, secret: sessionSecret, log });
  // One after the other, since the first builds the web app if necessary.
  const main = await startServer(daybreak, ['serve', '--port', '0']);
  cleanUp.defer(() => main.stop());
  const direct = await startServer(directDaybreak, ['web', '--port', '0']);
  cleanUp.defer(() => direct.stop());
  const send: Target['send'] = async (caller, requestOptions) =>
    sendRequest(main.url, { cookie: caller?.cookie, ...requestOptions });
  const signIn: Target['signIn'] = async (email, from = randomAddress()) =>
    send(undefined, {
      method: 'POST',
      path: '/api/session',
      body: { email, password },
      clientAddress: from,
    });
  const { districtIds, ...planted } = await fillDistricts(database, sealingKey);
  const callerKinds = listCallerKinds();
  for (const { email, role, district, isOfOneSchool } of callerKinds) {
    if (role === undefined) continue;
    await accounts.createAccount({
      email,
      password,
      name: district === undefined ? 'Tess Tech' : `Zq${district}pers ${role}`,
      role,
      districtId: district === undefined ? null : districtIds[district],
      ...(isOfOneSchool && district && { schools: [schoolIds[district][0]] }),
    });
  }
  const callers: Caller[] = [];
  for (const person of callerKinds)
    callers.push({
      ...person,
      cookie: person.role && (await signInSession(person.email, person.role)),
    });

  async function signInSession(email: string, role: Role): Promise<string> {
    const opened = await signIn(email);
    if (opened.status !== 200) throw new Error(`${email} cannot sign in: ${opened.text}`);
    if (role !== 'technician') return opened.cookies;
    // Technicians need two-factor sign-in; a backup code avoids waiting for the next app code.
    return openWithTwoFactor(send, signIn, email, opened.cookies);
  }
  const caller: Target['caller'] = (kind) => {
    const found = callers.find((one) => one.kind === kind);
    if (found === undefined) throw new Error(`Caller ${kind} does not exist`);
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
    return { email, cookie: await signInSession(email, role) };
  };
  const substitutes = new Map<string, Promise<Caller>>();
  const sendWithinLimits: SendAs = async (person, requestOptions) => {
    if (person?.role === undefined) return send(person, requestOptions);
    const { kind, role, district, isOfOneSchool } = person;
    const current = (await substitutes.get(kind)) ?? person;
    const response = await send(current, requestOptions);
    // This limit applies to all users of the district.
    if (response.status !== 429 || response.text.includes('your district')) return response;
    if ((await substitutes.get(kind)) === (current === person ? undefined : current)) {
      const schools = district && isOfOneSchool ? [schoolIds[district][0]] : undefined;
      const districtId = district === undefined ? null : districtIds[district];
      const name = district === undefined ? 'Tess Tech' : `Zq${district}pers another`;
      substitutes.set(
        kind,
        newAccount(role, districtId, name, schools).then((added) => ({ ...person, ...added })),
      );
    }
    return send(await substitutes.get(kind), requestOptions);
  };
  const createUser: Target['createUser'] = async (role, district) => {
    const templateCaller = caller(`${role} of ${district}`);
    const added = await newAccount(role, districtIds[district], `Zq${district}pers new`);
    return { ...templateCaller, kind: `new ${templateCaller.kind}`, ...added };
  };
  const openApi = await send(undefined, { path: '/api/openapi.json' });
  const records = await planted.addByApi(send, caller);
  const cleanUpStack = cleanUp.move();
  return {
    main,
    direct,
    database,
    connection,
    mails,
    daybreak,
    supportMailPort,
    operations: readOperations(JSON.parse(openApi.text)),
    records,
    callers,
    caller,
    createUser,
    sendWithinLimits,
    createSession: async (role, districtId) => (await newAccount(role, districtId, 'New')).cookie,
    send,
    signIn,
    close: () => cleanUpStack.disposeAsync(),
  };
}

/** Sets up two-factor sign-in, signs in with a backup code, and returns the session's cookie. */
async function openWithTwoFactor(
  send: Target['send'],
  signIn: Target['signIn'],
  email: string,
  cookie: string,
): Promise<string> {
  const { backupCodes } = await setUpTwoFactor(send, cookie);
  const firstStep = await signIn(email);
  const opened = await send(undefined, {
    method: 'POST',
    path: '/api/session/two-factor',
    cookie: firstStep.cookies,
    clientAddress: randomAddress(),
    body: { code: backupCodes[0], kind: 'backup', trustDevice: false },
  });
  if (opened.status !== 200) throw new Error(`The code was rejected: ${opened.text}`);
  return opened.cookies;
}

/** Sets up two-factor sign-in for the user of a session. */
export async function setUpTwoFactor(
  send: Target['send'],
  cookie: string,
): Promise<{ readonly uri: string; readonly backupCodes: readonly string[] }> {
  const { oneTimeCode } = await import('../../../tests/builders/one-time-code.ts');
  const begun = await send(undefined, {
    method: 'POST',
    path: '/api/account/two-factor',
    cookie,
    body: { password },
  });
  if (begun.status !== 200) throw new Error(`Two-factor sign-in was not set up: ${begun.text}`);
  const factor = JSON.parse(begun.text) as { uri: string; backupCodes: string[] };
  const confirmed = await send(undefined, {
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
  commandArguments: readonly string[],
): Promise<Server & { stop(): Promise<void> }> {
  const child = daybreak.start(commandArguments);
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
