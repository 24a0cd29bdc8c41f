/** The benchmark of the web app: how long the server takes while people search, leaf and read, and how large the app is. */
import type { Database } from '../src/database/database.ts';
import { verdict, type Verdict } from './measurement.ts';
import { withBenchServer } from './server-folder.ts';
import { fillDistrict } from './web-district.ts';
import {
  askAll,
  pathsOf,
  type RequestKind,
  requestKinds,
  type RequestTimes,
  timesAt,
} from './web-load.ts';
import { startSignedIn } from './web-process.ts';

/** What one kind of request took at the server. */
export interface KindResult extends RequestTimes {
  readonly kind: RequestKind;
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
  onProgress('Starting the server …');
  const { web, cookie } = await startSignedIn(database, databaseUrl, district.districtId);
  try {
    const asked = { url: `${web.url}/api/districts/${district.domain}`, cookie, inFlight };
    for (const kind of requestKinds) {
      onProgress(`Measuring: ${kind} …`);
      const paths = pathsOf(kind, district, requests + warmUp).map((path) => ({ path }));
      await askAll({ ...asked, kind: 'warm-up', requests: paths.slice(0, warmUp) });
      await askAll({ ...asked, kind, requests: paths.slice(warmUp) });
    }
    const firstPageBytes = await measureFirstPage(web.url);
    const { times } = await web.stop();
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
  return { kind, ...timesAt(times) };
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
