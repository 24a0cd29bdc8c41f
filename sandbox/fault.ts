/** Faults that a test can ask for: the ways in which a real server misbehaves. */

export const faultKinds = [
  'status-500',
  'status-429',
  'html',
  'cut-body',
  'wrong-json',
  'hang',
  'duplicate-page',
  'empty-page',
  'short-page',
  'expired-token',
] as const;

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
  clear(): void;
}

/** Keeps the faults that are still to happen. */
export function createFaults(faults: readonly Fault[] = []): Faults {
  const pending: { fault: Fault; left: number }[] = [];
  const add = (fault: Fault): void => {
    pending.push({ fault, left: fault.times === 'ever' ? Infinity : (fault.times ?? 1) });
  };
  for (const fault of faults) add(fault);
  return {
    add,
    clear: () => {
      pending.length = 0;
    },
    take: (object, page) => {
      const due = pending.find(
        ({ fault, left }) =>
          left > 0 &&
          (fault.object === undefined || fault.object === object) &&
          (fault.page === undefined || fault.page === page),
      );
      if (due === undefined) return undefined;
      due.left -= 1;
      return due.fault.kind;
    },
  };
}

type WholeAnswer = (signal: AbortSignal) => Response | Promise<Response>;

/** Faults that take the place of the real answer; those that are missing here change a page. */
const wholeAnswers: Partial<Record<Fault['kind'], WholeAnswer>> = {
  'status-500': () => jsonAnswer(500, { error: 'An unexpected error occurred.' }),
  'status-429': () => jsonAnswer(429, { error: 'Too many requests.' }, { 'Retry-After': '1' }),
  'wrong-json': () => jsonAnswer(200, { Objects: { message: 'not a list' }, Paging: 7 }),
  'expired-token': () => jsonAnswer(403, { error: 'Token has expired' }),
  html: () =>
    new Response('<!DOCTYPE html><title>Sign In</title><h1>Skyward is being updated</h1>', {
      headers: { 'Content-Type': 'text/html; charset=utf-8' },
    }),
  hang: (signal) =>
    new Promise((resolve) => {
      const stop = (): void => resolve(jsonAnswer(503, { error: 'The server is stopping.' }));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    }),
};

/** The answer of a fault that takes the place of the real one; undefined for the others. */
export function faultAnswer(
  kind: Fault['kind'],
  signal: AbortSignal,
): Response | Promise<Response> | undefined {
  return wholeAnswers[kind]?.(signal);
}

function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  });
}
