/** Requests of the web benchmark: search text typed letter by letter, pages of the list, students. */
import { Agent, request } from 'node:http';

import type { FilledDistrict } from './web-district.ts';

/** Header with the kind of a request, for the server's process. */
export const kindHeader = 'x-bench-kind';

/** Settings of the server's process. */
export interface WebServerOptions {
  readonly databaseUrl: string;
  /** Password of the role that the server connects as. */
  readonly webPassword: string;
  readonly sessionSecret: string;
}

export const requestKinds = ['search', 'list', 'counts', 'student'] as const;
export type RequestKind = (typeof requestKinds)[number];

/** Returns a generator of numbers from 0 to 1 that are the same in every run (mulberry32). */
function createSeededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Returns `count` paths of one kind, relative to the district's. */
export function listPaths(kind: RequestKind, district: FilledDistrict, count: number): string[] {
  const random = createSeededRandom(requestKinds.indexOf(kind) + 1);
  const pickOne = <Value>(values: readonly Value[]): Value => {
    const value = values[Math.floor(random() * values.length)];
    if (value === undefined) throw new RangeError('Cannot pick from an empty list');
    return value;
  };
  const paths: string[] = [];
  while (paths.length < count) {
    if (kind === 'search') paths.push(...keystrokePaths(searchText(district, random, pickOne)));
    else if (kind === 'student') paths.push(`/students/${pickOne(district.studentIds)}`);
    else paths.push(listPath(kind, district, random, pickOne));
  }
  return paths.slice(0, count);
}

type PickOne = <Value>(values: readonly Value[]) => Value;

/** Returns a search text: mostly a name, often with a typo; sometimes a number, a guardian or a phone. */
function searchText(district: FilledDistrict, random: () => number, pickOne: PickOne): string {
  const { first, last, number } = pickOne(district.names);
  const guardian = pickOne(district.guardians);
  const text = pickOne([
    last,
    last,
    last,
    `${first} ${last}`,
    `${last} ${first}`,
    first,
    number,
    guardian.last,
    guardian.phone,
    guardian.phone.replaceAll(/\D/g, ''),
  ]);
  return /\d/.test(text) || random() > 0.25 ? text : misspell(text, random);
}

/** Swaps two letters or removes one, anywhere after the first. */
function misspell(text: string, random: () => number): string {
  const position = 1 + Math.floor(random() * Math.max(text.length - 3, 1));
  return random() < 0.5
    ? `${text.slice(0, position)}${text.charAt(position + 1)}${text.charAt(position)}${text.slice(position + 2)}`
    : `${text.slice(0, position)}${text.slice(position + 1)}`;
}

/** Returns one request for each keystroke. */
const keystrokePaths = (text: string): string[] =>
  Array.from(
    { length: text.length },
    (_, index) => `/students?${query({ search: text.slice(0, index + 1) })}`,
  );

/** Returns a page of the list (first, filtered, sorted, far back), or the counts for the filters. */
function listPath(
  kind: 'list' | 'counts',
  district: FilledDistrict,
  random: () => number,
  pickOne: PickOne,
): string {
  const filter: Record<string, string> = pickOne([
    {},
    {},
    { status: pickOne(['ENROLLED', 'GRADUATED', 'INACTIVE,TRANSFERRED', 'PRE_ENROLLED']) },
    { school: String(pickOne(district.schools)) },
    { grade: pickOne(['KG', '05', '09', '11,12']) },
    { school: String(pickOne(district.schools)), status: 'ENROLLED' },
    { changedSince: pickOne(['2026-11-23', '2026-11-16']) },
    { problem: pickOne(['any', 'missing', 'row']) },
  ]);
  if (kind === 'counts') return `/student-counts?${query(filter)}`;
  const order = pickOne([
    'name',
    'name',
    '-name',
    'grade',
    'school',
    '-status',
    'number',
    '-birthDate',
    '-changed',
  ]);
  const isWhole = Object.keys(filter).length === 0;
  const pages = Math.floor(district.studentCount / 25);
  const page =
    random() < 0.6 ? 1 : 1 + Math.floor(random() * (isWhole && random() < 0.3 ? pages : 10));
  return `/students?${query({ ...filter, sort: order, page: String(Math.max(page, 1)) })}`;
}

const query = (values: Readonly<Record<string, string>>): string =>
  new URLSearchParams(values).toString();

/** Times of requests at the server, in milliseconds. */
export interface RequestTimes {
  readonly requests: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Returns the mean and the percentiles of times. */
export function summarizeTimes(times: readonly number[]): RequestTimes {
  const sorted = times.toSorted((a, b) => a - b);
  const position = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  const mean = sorted.reduce((sum, time) => sum + time, 0) / sorted.length;
  return {
    requests: sorted.length,
    mean,
    p50: position(0.5),
    p95: position(0.95),
    p99: position(0.99),
  };
}

/** A request relative to the district's URL; a POST if it has a body. */
export interface BenchRequest {
  readonly path: string;
  readonly body?: unknown;
}

/** Sends all requests, `inFlight` at a time. */
export async function sendRequests(options: {
  readonly url: string;
  readonly cookie: string;
  readonly kind: string;
  readonly requests: readonly BenchRequest[];
  readonly inFlight: number;
}): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.inFlight });
  const remaining = options.requests.values();
  const work = async () => {
    for (const next of remaining) await sendRequest(agent, options, next);
  };
  try {
    await Promise.all(Array.from({ length: options.inFlight }, work));
  } finally {
    agent.destroy();
  }
}

async function sendRequest(
  agent: Agent,
  { url, cookie, kind }: { readonly url: string; readonly cookie: string; readonly kind: string },
  { path, body }: BenchRequest,
): Promise<void> {
  const finished = Promise.withResolvers<number>();
  const clientRequest = request(
    `${url}${path}`,
    {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        cookie,
        origin: new URL(url).origin,
        'content-type': 'application/json',
        [kindHeader]: kind,
      },
    },
    (response) => {
      response.once('error', finished.reject);
      response.once('end', () => finished.resolve(response.statusCode ?? 0));
      response.resume();
    },
  );
  clientRequest.once('error', finished.reject);
  clientRequest.end(body === undefined ? undefined : JSON.stringify(body));
  const status = await finished.promise;
  if (status !== 200) throw new Error(`The server responded with ${status} to ${path}`);
}
