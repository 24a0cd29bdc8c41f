/** The real server in a process of its own, which times its own requests: from the first byte read to the last written. */
import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';

import pino from 'pino';

import { createAccounts } from '../src/accounts/accounts.ts';
import { startServer } from '../src/api/server/server.ts';
import { generousLimits } from '../tests/servers/generous-limits.ts';
import { buildWeb } from '../src/api/server/web-build.ts';
import { openDatabase } from '../src/database/database.ts';
import { kindHeader, type WebOrder } from './web-load.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Milliseconds of each request by its kind, in the order in which they were answered. */
function timeRequests(): Readonly<Record<string, number[]>> {
  const times: Record<string, number[]> = {};
  const started = new WeakMap<IncomingMessage, number>();
  channel('http.server.request.start').subscribe((message) => {
    started.set((message as Exchange).request, performance.now());
  });
  channel('http.server.response.finish').subscribe((message) => {
    const { request } = message as Exchange;
    const start = started.get(request);
    const kind = request.headers[kindHeader];
    if (start === undefined || typeof kind !== 'string') return;
    (times[kind] ??= []).push(performance.now() - start);
  });
  return times;
}

// One line is the order, the end of the input the sign to stop.
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { value: line } = await lines.next();
const order = JSON.parse(String(line)) as WebOrder;
const times = timeRequests();
const { databaseUrl: url, webPassword } = order;
const database = await openDatabase({ url, webPassword, dataDirectory: '', migrate: false });
const log = pino({ level: 'warn' }, pino.destination(2));
const accounts = createAccounts({
  database,
  secret: order.sessionSecret,
  log,
});
const webFolder = await buildWeb();
const server = await startServer({
  database,
  accounts,
  log,
  webFolder,
  port: 0,
  rateLimits: generousLimits(),
});
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
await lines.next();
await server.close();
await database.close();
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(`${JSON.stringify({ times, peakBytes })}\n`);
