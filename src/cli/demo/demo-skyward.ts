/** The sandbox Skyward of the demo, in a thread that ends with this process, and what the demo changes in it. */
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

export const sandboxProgram = new URL('../../../sandbox/main.ts', import.meta.url);

const SandboxReady = z.object({
  baseUrl: z.string(),
  clientKey: z.string(),
  clientSecret: z.string(),
  entityId: z.int(),
  adminUrl: z.string(),
  adminUser: z.string(),
  adminPassword: z.string(),
  partnerUrl: z.string(),
  partnerToken: z.string(),
  controlUrl: z.string(),
});

const Enrollment = z.object({
  id: z.int(),
  entityId: z.int(),
  schoolYear: z.int(),
  startDate: z.string(),
  endDate: z.string().nullable(),
  withdrawalDate: z.string().nullable(),
  withdrawalCode: z.string().nullable(),
  isDefaultEntity: z.boolean(),
});

const Facts = z.object({
  today: z.string(),
  schoolYear: z.int(),
  students: z.array(
    z.object({
      studentNumber: z.string().nullable(),
      nameId: z.int(),
      firstName: z.string().nullable(),
      lastName: z.string().nullable(),
      enrollments: z.array(Enrollment),
      guardians: z.array(z.object({ nameId: z.int() })),
    }),
  ),
});
/** The students of the sandbox, as it has them. */
export type SkywardFacts = z.infer<typeof Facts>;

/** New values of an object's rows, by key. */
export type RowChanges = Readonly<Record<string, Readonly<Record<string, string | null>>>>;

export interface DemoSkyward {
  readonly addresses: z.infer<typeof SandboxReady>;
  /** Simulates the days up to this date, unless it has passed. */
  advanceTo(date: Temporal.PlainDate): Promise<void>;
  facts(): Promise<SkywardFacts>;
  /** Returns every row of an object. */
  rows(object: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  changeRows(object: string, rows: RowChanges): Promise<void>;
  /** Lets the sandbox reject every token request, or no longer. */
  rejectTokens(isRejecting: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the sandbox. With the same options and journal, it continues where the last one stopped. */
export async function startDemoSkyward(options: {
  readonly port: number;
  readonly students: number;
  /** The date of the generated district, before any simulated day. */
  readonly startsOn: Temporal.PlainDate;
  readonly accessExpiresOn: Temporal.PlainDate;
  /** Without it, a restart forgets what has changed. */
  readonly journal?: string;
  readonly seed?: number;
}): Promise<DemoSkyward> {
  const given = {
    port: options.port,
    students: options.students,
    seed: options.seed ?? 7,
    today: options.startsOn,
    'vendor-access': options.accessExpiresOn,
    ...(options.journal !== undefined && { journal: options.journal }),
  };
  const worker = new Worker(sandboxProgram, {
    argv: Object.entries(given).flatMap(([name, value]) => [`--${name}`, String(value)]),
    stdout: true,
  });
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The sandbox Skyward ended before it was ready.')));
  });
  // After it is ready, the thread exits only when we terminate it.
  failed.catch(() => undefined);
  const lines = createInterface({ input: worker.stdout });
  const firstLine = new Promise<string>((resolve) => lines.once('line', resolve));
  const addresses = SandboxReady.parse(JSON.parse(await Promise.race([firstLine, failed])));
  const request = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${addresses.controlUrl}${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The sandbox Skyward rejected ${path}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const Today = z.object({ today: z.string() });
  return {
    addresses,
    advanceTo: async (date) => {
      const { today } = Today.parse(await request('GET', ''));
      if (date.toString() > today) await request('POST', '/days', { to: date.toString() });
    },
    facts: async () => Facts.parse(await request('GET', '/facts')),
    rows: async (object) =>
      z
        .object({ rows: z.array(z.record(z.string(), z.unknown())) })
        .parse(await request('GET', `/rows?object=${encodeURIComponent(object)}`)).rows,
    changeRows: async (object, rows) => {
      await request('POST', '/rows', { object, rows });
    },
    rejectTokens: async (isRejecting) => {
      if (!isRejecting) await request('DELETE', '/faults');
      else
        await request('POST', '/faults', {
          object: 'oauth/token',
          kind: 'status-403',
          times: 'ever',
        });
    },
    stop: async () => {
      await worker.terminate();
    },
  };
}
