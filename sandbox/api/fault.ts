/** Faults that a test can ask for: the ways in which a real server misbehaves. */

export const faultKinds = [
  'slow',
  'status-401',
  'status-403',
  'status-500',
  'status-503',
  'status-429',
  'html',
  'cut-body',
  'wrong-json',
  'hang',
  'duplicate-page',
  'empty-page',
  'short-page',
  'missing-page',
  'shrinking-list',
  'wrong-type',
  'unknown-field',
  'expired-token',
] as const;

/** How long a slow answer takes. */
const slowMs = 300;

/** Which request goes wrong, and how. */
export interface Fault {
  /** `Module/Object`, `oauth/token` or `GetSystemMetadata`; any request when left out. */
  readonly object?: string;
  /** The page that is hit; any when left out. */
  readonly page?: number;
  readonly kind: (typeof faultKinds)[number];
  /** How often it happens; once when left out. */
  readonly times?: number | 'ever';
}

/** A fault that changes the whole answer, or the content of a page. */
export interface Faults {
  /** Takes the first fault that is due for a request; undefined when none is. */
  take(object: string, page: number | undefined): Fault['kind'] | undefined;
  add(fault: Fault): void;
  /** How many faults have happened since they were cleared. */
  countTaken(): number;
  clear(): void;
}

/** Keeps the faults that are still to happen. */
export function createFaults(faults: readonly Fault[] = []): Faults {
  const pending: { fault: Fault; remaining: number }[] = [];
  let taken = 0;
  const add = (fault: Fault): void => {
    pending.push({ fault, remaining: fault.times === 'ever' ? Infinity : (fault.times ?? 1) });
  };
  for (const fault of faults) add(fault);
  return {
    add,
    countTaken: () => taken,
    clear: () => {
      pending.length = 0;
      taken = 0;
    },
    take: (object, page) => {
      const due = pending.find(
        ({ fault, remaining }) =>
          remaining > 0 &&
          (fault.object === undefined || fault.object === object) &&
          (fault.page === undefined || fault.page === page),
      );
      if (due === undefined) return undefined;
      due.remaining -= 1;
      taken += 1;
      return due.fault.kind;
    },
  };
}

/** Waits as a slow server does. */
export async function delayResponse(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, slowMs));
}

/** What a fault does to the list that a page is cut from: `first` rows are gone from its start, the page is `page`. */
export function faultyPage(
  kind: Fault['kind'] | undefined,
  page: number,
): { readonly page: number; readonly first: number } {
  if (kind === 'duplicate-page') return { page: Math.max(1, page - 1), first: 0 };
  if (kind === 'missing-page') return { page: page + 1, first: 0 };
  return { page, first: kind === 'shrinking-list' ? 1 : 0 };
}

/** What a fault does to the rows of a page. */
export function faultyRows<Row>(kind: Fault['kind'] | undefined, rows: Row[]): Row[] {
  if (kind === 'empty-page') return [];
  return kind === 'short-page' ? rows.slice(0, Math.floor(rows.length / 2)) : rows;
}

/** What a fault does to the text of a row: a field too many, or something else than its kind in its last field. */
export function faultyRowWriter(
  kind: Fault['kind'] | undefined,
  write: (row: number) => string,
): (row: number) => string {
  if (kind === 'unknown-field') return (row) => `${write(row).slice(0, -1)},"NewInVersion":[1]}`;
  if (kind !== 'wrong-type') return write;
  return (row) => {
    const members = JSON.parse(write(row)) as Record<string, unknown>;
    const last = Object.keys(members).at(-1);
    if (last !== undefined) members[last] = { Value: 'not what it was' };
    return JSON.stringify(members);
  };
}

type FaultResponse = (signal: AbortSignal) => Response | Promise<Response>;

/** Faults that take the place of the real answer; those that are missing here change a page. */
const faultResponses: Partial<Record<Fault['kind'], FaultResponse>> = {
  'status-401': () =>
    jsonResponse(401, { error: 'Authorization has been denied for this request.' }),
  'status-403': () => jsonResponse(403, { error: 'Access denied.' }),
  'status-503': () => jsonResponse(503, { error: 'The service is unavailable.' }),
  'status-500': () => jsonResponse(500, { error: 'An unexpected error occurred.' }),
  'status-429': () => jsonResponse(429, { error: 'Too many requests.' }, { 'Retry-After': '1' }),
  'wrong-json': () => jsonResponse(200, { Objects: { message: 'not a list' }, Paging: 7 }),
  'expired-token': () => jsonResponse(403, { error: 'Token has expired' }),
  html: () =>
    new Response('<!DOCTYPE html><title>Sign In</title><h1>Skyward is being updated</h1>', {
      headers: { 'Content-Type': 'text/html; charset=utf-8' },
    }),
  hang: (signal) =>
    new Promise((resolve) => {
      const stop = (): void => resolve(jsonResponse(503, { error: 'The server is stopping.' }));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    }),
};

/** The answer of a fault that takes the place of the real one; undefined for the others. */
export function faultResponse(
  kind: Fault['kind'],
  signal: AbortSignal,
): Response | Promise<Response> | undefined {
  return faultResponses[kind]?.(signal);
}

function jsonResponse(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  });
}
