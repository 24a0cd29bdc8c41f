/** The process of the measured web server. It times its own requests, from the first byte read to the last written. */
import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';

import pino from 'pino';

import { createAccounts } from '../src/accounts/accounts.ts';
import { startServer } from '../src/api/server/server.ts';
import { generousLimits } from '../tests/servers/generous-limits.ts';
import { buildWeb } from '../src/api/server/web-build.ts';
import { openDatabase } from '../src/database/database.ts';
import { kindHeader, type WebServerOptions } from './web-load.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Collects the milliseconds of each request by kind. */
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

// The first line has the options; the end of the input stops the server.
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { value: line } = await lines.next();
const options = JSON.parse(String(line)) as WebServerOptions;
const times = timeRequests();
const { databaseUrl: url, webPassword } = options;
const database = await openDatabase({ url, webPassword, dataDirectory: '', migrate: false });
const log = pino({ level: 'warn' }, pino.destination(2));
const accounts = createAccounts({
  database,
  secret: options.sessionSecret,
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
