/**
 * A running import as server-sent events. What is told comes from the run's row, so that it does not matter
 * which process on which machine runs it, and a browser that connects anew hears all there is to know.
 */
import { setTimeout as rest } from 'node:timers/promises';

import { type SSEStreamingApi, streamSSE } from 'hono/streaming';

import { importEvents, type ImportEvent, importsApi } from '../../contract/imports.ts';
import { findProgress } from '../../import/runs/run-detail.ts';
import { found } from '../api-error.ts';
import type { RouteContext } from '../route.ts';

/** As often as a run writes how far it is. */
const pollMs = 1_000;

/** A stream ends after this many looks; the browser then connects again. */
const pollsPerStream = 120;

/** What the browser waits before it connects again. */
const reconnectMs = 1_000;

/** Adds GET …/imports/{id}/events. */
export function addImportEvents({ route, options }: RouteContext): void {
  const { accounts, closing, eventsEveryMs = pollMs } = options;
  route(importsApi.followImport, async ({ district, params, context }) => {
    const { method, signal } = context.req.raw;
    const { caller } = context.var;
    // Who has signed out, was suspended or lost the district sees nothing more from then on.
    const look = async (): Promise<ImportEvent | undefined> =>
      (await accounts.isCallerStillValid(caller)) ? find() : undefined;
    const find = async () =>
      district.read(async ({ client }) =>
        findProgress(client, district.id, params.id, options.now?.() ?? Temporal.Now.instant()),
      );
    const first = found(await look());
    // Nobody reads the body of a HEAD.
    if (method === 'HEAD') return new Response(null);

    const follow = async (stream: SSEStreamingApi): Promise<void> => {
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      const over = AbortSignal.any([gone.signal, signal, ...(closing ? [closing] : [])]);
      let event: ImportEvent | undefined = first;
      let told = '';
      for (let looks = 1; looks <= pollsPerStream && event !== undefined; looks += 1) {
        const data = JSON.stringify(importsApi.followImport.response.parse(event));
        const name = event.state === 'running' ? importEvents.progress : importEvents.ended;
        if (data !== told) await stream.writeSSE({ event: name, data, retry: reconnectMs });
        told = data;
        if (event.state !== 'running') return;
        // Ends early when the browser goes or the server closes.
        await rest(eventsEveryMs, undefined, { signal: over }).catch(() => undefined);
        if (over.aborted) return;
        event = await look();
      }
    };

    // The turn is held for as long as the stream is open, a database connection only while it looks.
    const answered = Promise.withResolvers<Response>();
    const serve = async () => {
      const ended = Promise.withResolvers<void>();
      answered.resolve(streamSSE(context, async (stream) => follow(stream).finally(ended.resolve)));
      await ended.promise;
    };
    district.withLimit('live updates', serve).catch(answered.reject);
    return answered.promise;
  });
}
