/** The thread that reads lists beside the first one (see reading-thread.ts). */
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadMessage, ThreadOrder, ThreadStart } from './reading-thread.ts';
import type { RosterList, ThreadModule, ThreadRoster } from './roster-source.ts';
import { RowEncoder, RowMemory, type RowBuffers } from '../change-detection/row-encoding.ts';

/** Pages on their way at most: enough that nobody waits while the other side is busy with a page of its own. */
const mostUnderWay = 3;

const port = parentPort;
if (port === null) throw new Error('This file runs as a thread of reading-thread.ts');
const say = (message: ThreadMessage, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);

/** Memory for pages; undefined for some that is yet to be made. */
const free: (RowBuffers | undefined)[] = Array.from({ length: mostUnderWay }, () => undefined);
const waiting: ((buffers: RowBuffers | undefined) => void)[] = [];

const freeMemory = async (): Promise<RowMemory> => {
  const buffers =
    free.length > 0
      ? free.pop()
      : await new Promise<RowBuffers | undefined>((resolve) => waiting.push(resolve));
  return new RowMemory(buffers);
};

async function read(list: RosterList): Promise<void> {
  const encoder = new RowEncoder(list.table);
  for await (const { rows, unusable, unresolved } of list.pages()) {
    const memory = await freeMemory();
    const { count, text, hasBirthDates } = encoder.encode(rows, memory);
    const { buffers } = memory;
    const page = { count, textLength: text.length, hasBirthDates, unusable, unresolved };
    say({ kind: 'page', buffers, ...page }, [buffers.text, buffers.numbers]);
  }
}

const { module } = workerData as ThreadStart;
const source = (await import(module)) as ThreadModule;
const opened: { roster?: ThreadRoster } = {};

port.on('message', (order: ThreadOrder) => {
  if (order.kind === 'open') {
    opened.roster = source.openInThread(order.order, (message) => say({ kind: 'source', message }));
    return;
  }
  if (order.kind === 'taken') {
    const next = waiting.shift();
    if (next === undefined) free.push(order.buffers);
    else next(order.buffers);
    return;
  }
  const { roster } = opened;
  if (order.kind === 'source') return roster?.hear(order.message);
  const list = roster?.lists[order.place];
  if (roster === undefined || list === undefined) throw new Error('No such list was lent');
  read(list).then(
    () => say({ kind: 'end' }),
    (fault: unknown) => say({ kind: 'fault', told: roster.tell(fault) }),
  );
});
