/**
 * The progress of a running import as server-sent events. It is read from the run's row, so the import may run in any
 * process on any machine, and a browser that reconnects gets the complete progress.
 */
import { setTimeout as rest } from 'node:timers/promises';

import { type SSEStreamingApi, streamSSE } from 'hono/streaming';

import {
  importEvents,
  type ImportEvent,
  importReportApi,
} from '../../contract/imports/import-report.ts';
import { findProgress } from '../../import/runs/run-detail.ts';
import { found } from '../api-error.ts';
import type { RouteContext } from '../route.ts';

/** As often as a run writes its progress. */
const pollMs = 1_000;

/** A stream ends after this many polls; the browser then reconnects. */
const pollsPerStream = 120;

/** How long the browser waits before it reconnects. */
const reconnectMs = 1_000;

/** Adds GET …/imports/{id}/events. */
export function addImportEvents({ route, options }: RouteContext): void {
  const { accounts, closing, eventsEveryMs = pollMs } = options;
  route(importReportApi.followImport, async ({ district, params, context }) => {
    const { method, signal } = context.req.raw;
    const { caller } = context.var;
    // Ends the stream for users who have signed out, were suspended or lost the district.
    const poll = async (): Promise<ImportEvent | undefined> =>
      (await accounts.isCallerStillValid(caller)) ? find() : undefined;
    const find = async () =>
      district.read(async ({ client }) =>
        findProgress(client, district.id, params.id, options.now?.() ?? Temporal.Now.instant()),
      );
    const first = found(await poll());
    // A HEAD request has no body.
    if (method === 'HEAD') return new Response(null);

    const follow = async (stream: SSEStreamingApi): Promise<void> => {
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      const over = AbortSignal.any([gone.signal, signal, ...(closing ? [closing] : [])]);
      let event: ImportEvent | undefined = first;
      let sent = '';
      for (let polls = 1; polls <= pollsPerStream && event !== undefined; polls += 1) {
        const data = JSON.stringify(importReportApi.followImport.response.parse(event));
        const name = event.state === 'running' ? importEvents.progress : importEvents.ended;
        if (data !== sent) await stream.writeSSE({ event: name, data, retry: reconnectMs });
        sent = data;
        if (event.state !== 'running') return;
        // Ends early when the browser disconnects or the server closes.
        await rest(eventsEveryMs, undefined, { signal: over }).catch(() => undefined);
        if (over.aborted) return;
        event = await poll();
      }
    };

    // The concurrency slot is held while the stream is open, a database connection only during a poll.
    const response = Promise.withResolvers<Response>();
    const serve = async () => {
      const ended = Promise.withResolvers<void>();
      response.resolve(streamSSE(context, async (stream) => follow(stream).finally(ended.resolve)));
      await ended.promise;
    };
    district.withLimit('live updates', serve).catch(response.reject);
    return response.promise;
  });
}
