/** Fault injection: faults of a real server that a test can request. */

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

/** Delay of a slow response. */
const slowMs = 300;

/** A fault of certain requests. */
export interface Fault {
  /** `Module/Object`, `oauth/token` or `GetSystemMetadata`; any request if undefined. */
  readonly object?: string;
  /** The affected page; any if undefined. */
  readonly page?: number;
  readonly kind: (typeof faultKinds)[number];
  /** How often it occurs; once if undefined. */
  readonly times?: number | 'ever';
}

/** The pending faults of a sandbox. */
export interface Faults {
  /** Takes the first pending fault for a request; undefined if there is none. */
  take(object: string, page: number | undefined): Fault['kind'] | undefined;
  add(fault: Fault): void;
  /** Returns how many faults have occurred since they were cleared. */
  countTaken(): number;
  clear(): void;
}

/** Creates a list of pending faults. */
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

/** Waits like a slow server. */
export async function delayResponse(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, slowMs));
}

/** Returns which page a fault serves instead, and how many rows are removed from the start of the list (`first`). */
export function faultyPage(
  kind: Fault['kind'] | undefined,
  page: number,
): { readonly page: number; readonly first: number } {
  if (kind === 'duplicate-page') return { page: Math.max(1, page - 1), first: 0 };
  if (kind === 'missing-page') return { page: page + 1, first: 0 };
  return { page, first: kind === 'shrinking-list' ? 1 : 0 };
}

/** Applies a fault to the rows of a page. */
export function faultyRows<Row>(kind: Fault['kind'] | undefined, rows: Row[]): Row[] {
  if (kind === 'empty-page') return [];
  return kind === 'short-page' ? rows.slice(0, Math.floor(rows.length / 2)) : rows;
}

/** Applies a fault to the text of a row: an additional field, or a wrong type in the last field. */
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

/** Faults that replace the whole response; the others change a page. */
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

/** Returns the response of a fault that replaces the real one; undefined for the others. */
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
