/** The benchmark of the web app: response times of search, list and record, and the size of the first page. */
import type { Database } from '../src/database/database.ts';
import { verdict, type Verdict } from './measurement.ts';
import { withBenchServer } from './bench-server.ts';
import { fillDistrict } from './web-district.ts';
import {
  sendRequests,
  listPaths,
  type RequestKind,
  requestKinds,
  type RequestTimes,
  summarizeTimes,
} from './web-load.ts';
import { startSignedIn } from './web-process.ts';

/** Times of one kind of request at the server. */
export interface KindResult extends RequestTimes {
  readonly kind: RequestKind;
}

export interface WebResult {
  readonly students: number;
  readonly kinds: readonly KindResult[];
  /** Compressed bytes that a browser loads for the first page. */
  readonly firstPageBytes: number;
}

export interface WebBenchOptions {
  readonly students: number;
  /** Measured requests of each kind. */
  readonly requests: number;
  readonly inFlight: number;
  readonly onProgress: (sentence: string) => void;
}

/** Targets of the web app (README.md). */
const targets = { p95Ms: 50, firstPageBytes: 250_000 } as const;

/** Fills a district, starts the server and measures each kind separately. */
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
    const requestOptions = { url: `${web.url}/api/districts/${district.domain}`, cookie, inFlight };
    for (const kind of requestKinds) {
      onProgress(`Measuring: ${kind} …`);
      const paths = listPaths(kind, district, requests + warmUp).map((path) => ({ path }));
      await sendRequests({ ...requestOptions, kind: 'warm-up', requests: paths.slice(0, warmUp) });
      await sendRequests({ ...requestOptions, kind, requests: paths.slice(warmUp) });
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

/** Requests before measuring: they fill caches and let code be compiled. */
const warmUp = 300;

function kindResult(kind: RequestKind, times: readonly number[]): KindResult {
  return { kind, ...summarizeTimes(times) };
}

/** Compares the result with the targets. */
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

/** Returns the bytes that a browser loads for the first screen: the page and the files that it names. */
async function measureFirstPage(url: string): Promise<number> {
  const headers = { 'accept-encoding': 'br' };
  const page = await fetch(url, { headers });
  const html = await page.text();
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((found) => found[1]);
  let bytes = Number(page.headers.get('content-length') ?? html.length);
  for (const file of new Set(files)) {
    const response = await fetch(`${url}${file}`, { headers });
    bytes += Number(response.headers.get('content-length') ?? 0);
    await response.arrayBuffer();
  }
  return bytes;
}
