/** Starts the real server of the web app in its own process, and signs a user in. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';

import pino from 'pino';

import { createAccounts } from '../src/accounts/accounts.ts';
import { buildWeb } from '../src/api/server/web-build.ts';
import type { Database } from '../src/database/database.ts';
import type { WebServerOptions } from './web-load.ts';

const account = { email: 'bench@bench.example', password: randomBytes(16).toString('hex') };

/** Starts the server on this database; returns it with the cookie of a district administrator. */
export async function startSignedIn(
  database: Database,
  databaseUrl: string,
  districtId: number,
): Promise<{ readonly web: WebProcess; readonly cookie: string }> {
  // Built here, so that the build's memory is not counted as the server's.
  await buildWeb();
  const sessionSecret = randomBytes(32).toString('hex');
  const log = pino({ level: 'silent' });
  await createAccounts({ database, secret: sessionSecret, log }).createAccount({
    ...account,
    name: 'Bench',
    districtId,
    role: 'administrator',
  });
  const webPassword = String(database.web.pool.options.password);
  const web = await startWebProcess({ databaseUrl, webPassword, sessionSecret });
  return { web, cookie: await signIn(web.url) };
}

/** Report of the server's process when it ends. */
export interface WebReport {
  /** Milliseconds of each request, by kind. */
  readonly times: Readonly<Record<string, readonly number[]>>;
  /** Highest resident memory of the process. */
  readonly peakBytes: number;
}

export interface WebProcess {
  readonly url: string;
  /** Ends the process and returns its report; safe to call twice. */
  stop(): Promise<WebReport>;
}

async function startWebProcess(options: WebServerOptions): Promise<WebProcess> {
  const script = new URL('web-step.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [...process.execArgv, script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <Message>(): Promise<Message> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('The server of the benchmark ended early; see above');
    return JSON.parse(value) as Message;
  };
  child.stdin.write(`${JSON.stringify(options)}\n`);
  const { url } = await next<{ url: string }>();
  let stopped: Promise<WebReport> | undefined;
  return {
    url,
    stop: async () => {
      child.stdin.end();
      return (stopped ??= next<WebReport>());
    },
  };
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(account),
  });
  if (!response.ok) throw new Error(`Signing in failed with status ${response.status}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
