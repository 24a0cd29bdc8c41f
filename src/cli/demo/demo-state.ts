/** What a demo remembers between two starts, in a file of the data folder. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Day = z.iso.date();

const DemoState = z.object({
  students: z.int(),
  /** The date of the first import. */
  startedOn: Day,
  /** The date of the last import of the invented past. */
  storyEndsOn: Day,
  /** Imports up to this date are done; null: none. */
  importedThrough: Day.nullable(),
  /** The case manager's school. */
  schoolId: z.int().nullable(),
  /** The password of all accounts. */
  password: z.string(),
  /** The technician's authenticator; null until it is set up. */
  technician: z.object({ secret: z.string(), backupCodes: z.array(z.string()) }).nullable(),
  /** The sandbox Skyward's last port, used again if it is free. */
  sandboxPort: z.int(),
});
export type DemoState = z.infer<typeof DemoState>;

const stateFile = (dataDirectory: string) => join(dataDirectory, 'demo.json');

/** The sandbox's journal, which belongs to the state. */
export const journalFile = (dataDirectory: string) => join(dataDirectory, 'demo-sandbox.jsonl');

/** Returns the state of the demo in this folder; `undefined` if there is none. */
export async function readDemoState(dataDirectory: string): Promise<DemoState | undefined> {
  const text = await readFile(stateFile(dataDirectory), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : DemoState.parse(JSON.parse(text));
}

/** Saves the state. A crash meanwhile leaves the previous one. */
export async function saveDemoState(dataDirectory: string, state: DemoState): Promise<void> {
  const draft = `${stateFile(dataDirectory)}.new`;
  await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, stateFile(dataDirectory));
}

/** The state of a new demo whose last import is that of `lastDay`. */
export const newDemoState = (options: {
  readonly students: number;
  readonly days: number;
  readonly lastDay: Temporal.PlainDate;
}): DemoState => ({
  students: options.students,
  startedOn: options.lastDay.subtract({ days: options.days - 1 }).toString(),
  storyEndsOn: options.lastDay.toString(),
  importedThrough: null,
  schoolId: null,
  password: randomBytes(9).toString('base64url'),
  technician: null,
  sandboxPort: 4010,
});

/** The dates of the imports to catch up on, up to `lastDay`. */
export function listOpenDates(state: DemoState, lastDay: Temporal.PlainDate): Temporal.PlainDate[] {
  const first =
    state.importedThrough === null
      ? Temporal.PlainDate.from(state.startedOn)
      : Temporal.PlainDate.from(state.importedThrough).add({ days: 1 });
  const count = Math.max(0, first.until(lastDay, { largestUnit: 'day' }).days + 1);
  return Array.from({ length: count }, (_, index) => first.add({ days: index }));
}
