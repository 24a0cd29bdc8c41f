/**
 * A running import as server-sent events. What is told comes from the run's row, so that it does not matter
 * which process on which machine runs it, and a browser that connects anew hears all there is to know.
 */
import { setTimeout as rest } from 'node:timers/promises';

import type { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';

import { followImport, importEvents, type ImportEvent } from '../contract/imports.ts';
import { findProgress } from '../import/run-detail.ts';
import type { ApiEnvironment, ApiOptions } from './api-environment.ts';
import { nothingHere } from './district-call.ts';
import { addRoute } from './route.ts';

/** As often as a run writes how far it is. */
const lookEveryMs = 1_000;

/** A stream ends after so many looks; the browser then connects anew. */
const looksOfOneStream = 120;

/** What the browser waits before it connects anew. */
const reconnectMs = 1_000;

/** Adds GET …/imports/{id}/events. */
export function addImportEvents(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  addRoute(app, options, followImport, async ({ district, params, context }) => {
    const { caller } = context.var;
    // Whoever has signed out, was locked or lost the district sees nothing more from then on.
    const look = async (): Promise<ImportEvent | undefined> =>
      (await options.accounts.isStillCaller(caller)) ? find() : undefined;
    const find = async () =>
      district.read(async ({ client }) =>
        findProgress(client, district.id, params.id, options.now?.() ?? Temporal.Now.instant()),
      );
    let event = await look();
    if (event === undefined) throw nothingHere();
    return streamSSE(context, async (stream) => {
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      const over = AbortSignal.any([gone.signal, ...(options.closing ? [options.closing] : [])]);
      let told = '';
      for (let looks = 0; looks < looksOfOneStream && event !== undefined; looks += 1) {
        const data = JSON.stringify(followImport.response.parse(event));
        const name = event.state === 'running' ? importEvents.progress : importEvents.ended;
        if (data !== told) await stream.writeSSE({ event: name, data, retry: reconnectMs });
        told = data;
        if (event.state !== 'running') return;
        // Ends early when the browser goes or the server closes.
        await rest(lookEveryMs, undefined, { signal: over }).catch(() => undefined);
        if (over.aborted) return;
        event = await look();
      }
    });
  });
}
