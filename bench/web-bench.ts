/** The benchmark of the web app: how long the server takes while people search, leaf and read, and how large the app is. */
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import pino from 'pino';

import { createAccounts } from '../src/accounts/accounts.ts';
import type { Database } from '../src/database/database.ts';
import { verdict, type Verdict } from './measurement.ts';
import { withBenchServer } from './server-folder.ts';
import { fillDistrict } from './web-district.ts';
import { askAll, pathsOf, type RequestKind, requestKinds, type WebOrder } from './web-load.ts';

/** What one kind of request took at the server, in milliseconds. */
export interface KindResult {
  readonly kind: RequestKind;
  readonly requests: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface WebResult {
  readonly students: number;
  readonly kinds: readonly KindResult[];
  /** Bytes of the app's first page as a browser gets them, compressed. */
  readonly firstPageBytes: number;
}

export interface WebBenchOptions {
  readonly students: number;
  /** Requests of each kind that are measured. */
  readonly requests: number;
  readonly inFlight: number;
  readonly onProgress: (sentence: string) => void;
}

/** Targets of the web app (issue "The web app", Speed). */
const targets = { p95Ms: 50, firstPageBytes: 250_000 } as const;

const person = { email: 'bench@bench.example', password: randomBytes(16).toString('hex') };

/** Fills a district, starts the server and measures each kind by itself. */
export async function benchWeb(options: WebBenchOptions): Promise<WebResult> {
  return withBenchServer(async ({ database, url }) => benchDatabase(database, url, options));
}

async function benchDatabase(
  database: Database,
  databaseUrl: string,
  { students, requests, inFlight, onProgress }: WebBenchOptions,
): Promise<WebResult> {
  onProgress(`Filling a district of ${students} students …`);
  const district = await fillDistrict(database.pool, students);
  const sessionSecret = randomBytes(32).toString('hex');
  const log = pino({ level: 'silent' });
  await createAccounts({ database, secret: sessionSecret, log }).createAccount({
    ...person,
    name: 'Bench',
    districtId: district.districtId,
    role: 'administrator',
  });
  onProgress('Starting the server …');
  const web = await startWebProcess({ databaseUrl, sessionSecret });
  try {
    const cookie = await signIn(web.url);
    const asked = { url: `${web.url}/api/districts/${district.domain}`, cookie, inFlight };
    for (const kind of requestKinds) {
      onProgress(`Measuring: ${kind} …`);
      const paths = pathsOf(kind, district, requests + warmUp);
      await askAll({ ...asked, kind: 'warm-up', paths: paths.slice(0, warmUp) });
      await askAll({ ...asked, kind, paths: paths.slice(warmUp) });
    }
    const firstPageBytes = await measureFirstPage(web.url);
    const times = await web.stop();
    return {
      students,
      kinds: requestKinds.map((kind) => kindResult(kind, times[kind] ?? [])),
      firstPageBytes,
    };
  } finally {
    await web.stop();
  }
}

/** Requests that are not counted: plans are made, code is compiled, pages are read from the disk. */
const warmUp = 300;

function kindResult(kind: RequestKind, times: readonly number[]): KindResult {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  return { kind, requests: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Holds the result to the targets. */
export function judgeWeb({ students, kinds, firstPageBytes }: WebResult): Verdict[] {
  const at = `${students.toLocaleString('en-US')} students`;
  return [
    ...kinds.map(({ kind, p95 }) =>
      verdict(
        `${kind}-p95-ms-${students}`,
        `${at}: ${kind}, 95 % within milliseconds at the server`,
        p95,
        targets.p95Ms,
      ),
    ),
    verdict(
      'first-page-bytes',
      'first page of the app, bytes compressed',
      firstPageBytes,
      targets.firstPageBytes,
    ),
  ];
}

type Times = Readonly<Record<string, readonly number[]>>;

interface WebProcess {
  readonly url: string;
  /** Ends it and gives its times; the second time too. */
  stop(): Promise<Times>;
}

async function startWebProcess(order: WebOrder): Promise<WebProcess> {
  const script = new URL('web-step.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [...process.execArgv, script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <Answer>(): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('The server of the benchmark ended early; see above');
    return JSON.parse(value) as Answer;
  };
  child.stdin.write(`${JSON.stringify(order)}\n`);
  const { url } = await next<{ url: string }>();
  let stopped: Promise<Times> | undefined;
  return {
    url,
    stop: async () => {
      child.stdin.end();
      return (stopped ??= next<Times>());
    },
  };
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(person),
  });
  if (!response.ok) throw new Error(`Signing in was answered with ${response.status}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** What a browser loads before the first screen is there: the page, and all that it names. */
async function measureFirstPage(url: string): Promise<number> {
  const headers = { 'accept-encoding': 'br' };
  const page = await fetch(url, { headers });
  const html = await page.text();
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((found) => found[1]);
  let bytes = Number(page.headers.get('content-length') ?? html.length);
  for (const file of new Set(files)) {
    const answer = await fetch(`${url}${file}`, { headers });
    bytes += Number(answer.headers.get('content-length') ?? 0);
    await answer.arrayBuffer();
  }
  return bytes;
}
