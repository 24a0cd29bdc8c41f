/** What a district's people ask of the web app: letters typed one by one, pages of the list, students. */
import { Agent, request } from 'node:http';

import type { FilledDistrict } from './web-district.ts';

/** Tells the server's process which kind a request is. */
export const kindHeader = 'x-bench-kind';

/** What the server's process is told. */
export interface WebOrder {
  readonly databaseUrl: string;
  /** Of the role that the server signs in as. */
  readonly webPassword: string;
  readonly sessionSecret: string;
}

export const requestKinds = ['search', 'list', 'counts', 'student'] as const;
export type RequestKind = (typeof requestKinds)[number];

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function repeatable(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The paths of one kind below the district's, as many as asked for. */
export function pathsOf(kind: RequestKind, district: FilledDistrict, count: number): string[] {
  const chance = repeatable(requestKinds.indexOf(kind) + 1);
  const one = <Value>(values: readonly Value[]): Value => {
    const value = values[Math.floor(chance() * values.length)];
    if (value === undefined) throw new RangeError('There is nothing to choose from');
    return value;
  };
  const paths: string[] = [];
  while (paths.length < count) {
    if (kind === 'search') paths.push(...typed(wordsToFind(district, chance, one)));
    else if (kind === 'student') paths.push(`/students/${one(district.studentIds)}`);
    else paths.push(listed(kind, district, chance, one));
  }
  return paths.slice(0, count);
}

type One = <Value>(values: readonly Value[]) => Value;

/** What somebody looks for: mostly a name, often with a slip; sometimes a number, a guardian or a phone. */
function wordsToFind(district: FilledDistrict, chance: () => number, one: One): string {
  const { first, last, number } = one(district.names);
  const guardian = one(district.guardians);
  const words = one([
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
  return /\d/.test(words) || chance() > 0.25 ? words : misspelt(words, chance);
}

/** Two letters changed about, or one left out, somewhere after the first. */
function misspelt(words: string, chance: () => number): string {
  const at = 1 + Math.floor(chance() * Math.max(words.length - 3, 1));
  return chance() < 0.5
    ? `${words.slice(0, at)}${words.charAt(at + 1)}${words.charAt(at)}${words.slice(at + 2)}`
    : `${words.slice(0, at)}${words.slice(at + 1)}`;
}

/** A request after every key. */
const typed = (words: string): string[] =>
  Array.from(
    { length: words.length },
    (_, index) => `/students?${query({ search: words.slice(0, index + 1) })}`,
  );

/** A page of the list: the first of all, filtered, in another order, far back. Or the numbers beside the filters. */
function listed(
  kind: 'list' | 'counts',
  district: FilledDistrict,
  chance: () => number,
  one: One,
): string {
  const filter: Record<string, string> = one([
    {},
    {},
    { status: one(['ENROLLED', 'GRADUATED', 'INACTIVE,TRANSFERRED', 'PRE_ENROLLED']) },
    { school: String(one(district.schools)) },
    { grade: one(['KG', '05', '09', '11,12']) },
    { school: String(one(district.schools)), status: 'ENROLLED' },
    { changedSince: one(['2026-11-23', '2026-11-16']) },
    { problem: one(['any', 'missing', 'row']) },
  ]);
  if (kind === 'counts') return `/student-counts?${query(filter)}`;
  const order = one([
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
    chance() < 0.6 ? 1 : 1 + Math.floor(chance() * (isWhole && chance() < 0.3 ? pages : 10));
  return `/students?${query({ ...filter, sort: order, page: String(Math.max(page, 1)) })}`;
}

const query = (values: Readonly<Record<string, string>>): string =>
  new URLSearchParams(values).toString();

/** What requests took at the server, in milliseconds. */
export interface RequestTimes {
  readonly requests: number;
  /** Of requests that are sent as fast as they are answered, the inverse of how many are answered a second. */
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** The times below which half, 95 and 99 in a hundred lie. */
export function timesAt(times: readonly number[]): RequestTimes {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  const mean = sorted.reduce((sum, time) => sum + time, 0) / sorted.length;
  return { requests: sorted.length, mean, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** A request below the district's address; with a body it writes. */
export interface Asked {
  readonly path: string;
  readonly body?: unknown;
}

/** Sends all requests, always so many at once; ends with the last answer. Only this machine is asked. */
export async function askAll(options: {
  readonly url: string;
  readonly cookie: string;
  readonly kind: string;
  readonly requests: readonly Asked[];
  readonly inFlight: number;
}): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.inFlight });
  const waiting = options.requests.values();
  const work = async () => {
    for (const one of waiting) await ask(agent, options, one);
  };
  try {
    await Promise.all(Array.from({ length: options.inFlight }, work));
  } finally {
    agent.destroy();
  }
}

async function ask(
  agent: Agent,
  { url, cookie, kind }: { readonly url: string; readonly cookie: string; readonly kind: string },
  { path, body }: Asked,
): Promise<void> {
  const answered = Promise.withResolvers<number>();
  const asked = request(
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
      response.once('error', answered.reject);
      response.once('end', () => answered.resolve(response.statusCode ?? 0));
      response.resume();
    },
  );
  asked.once('error', answered.reject);
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  const status = await answered.promise;
  if (status !== 200) throw new Error(`The server answered ${status} to ${path}`);
}
