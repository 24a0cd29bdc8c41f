/** GET /metrics: metrics for Prometheus, with the token of the settings. */
import { createHash, timingSafeEqual } from 'node:crypto';

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

import { healthApi } from '../../contract/health.ts';
import { importQueue } from '../../jobs/import-queue.ts';
import {
  lastImportStates,
  type ImportMetrics,
  readImportMetrics,
} from '../../jobs/import-metrics.ts';
import { readWebhookMetrics, type WebhookMetrics } from '../../webhooks/webhook-metrics.ts';
import { notFound } from '../api-error.ts';
import type { ApiOptions } from '../server/api-environment.ts';
import type { RouteContext } from '../route.ts';

/** Adds the route. Without the right token it returns the same 404 as an unknown address. */
export function addMetricsRoute({ route, options }: RouteContext): void {
  const { metricsToken, database } = options;
  const registry = new Registry();
  if (metricsToken !== undefined) collectDefaultMetrics({ register: registry });
  const show = createGauges(registry);
  const showWebhooks = createWebhookGauges(registry);
  const showWork = createWorkGauges(registry);
  route(healthApi.getMetrics, async ({ context }) => {
    const given = /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1];
    if (metricsToken === undefined || given === undefined || !isSame(given, metricsToken)) {
      throw notFound();
    }
    const now = options.now?.() ?? Temporal.Now.instant();
    show(await readImportMetrics(database.pool, importQueue, now));
    showWebhooks(await readWebhookMetrics(database.pool, now));
    showWork(options);
    return new Response(await registry.metrics(), {
      headers: { 'content-type': registry.contentType },
    });
  });
}

/** Compares in constant time, so that the token cannot be guessed letter by letter. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(toDigest(given), toDigest(wanted));
}

const toDigest = (text: string): Buffer => createHash('sha256').update(text).digest();

function createGauges(registry: Registry): (metrics: ImportMetrics) => void {
  const gauge = <Label extends string = never>(
    name: string,
    help: string,
    labelNames: Label[] = [],
  ) => new Gauge<Label>({ name, help, labelNames, registers: [registry] });
  const districts = gauge('daybreak_districts', 'Connected districts.', ['state']);
  const lastImports = gauge(
    'daybreak_last_imports',
    'Districts by the result of their last import.',
    ['outcome'],
  );
  const late = gauge(
    'daybreak_imports_late',
    'Active districts without a completed import for 26 hours.',
  );
  const rowsRead = gauge('daybreak_rows_read', 'Rows that the imports of the last day read.');
  const queue = gauge('daybreak_queue_imports', 'Imports in the queue.', ['state']);
  const oldest = gauge(
    'daybreak_queue_oldest_waiting_seconds',
    'How long the oldest import has been waiting for a worker.',
  );
  const failedMails = gauge(
    'daybreak_mails_failed',
    'Mails of the last day that could not be sent.',
  );
  const requests = gauge(
    'daybreak_skyward_requests',
    'Requests of the imports of the last day to each Skyward server.',
    ['host', 'outcome'],
  );
  const responses = gauge(
    'daybreak_skyward_response_seconds',
    'Average response time of each Skyward server over the last day.',
    ['host'],
  );
  return (metrics) => {
    requests.reset();
    responses.reset();
    for (const { host, requests: asked, failed, seconds } of metrics.skyward) {
      requests.set({ host, outcome: 'succeeded' }, asked - failed);
      requests.set({ host, outcome: 'failed' }, failed);
      responses.set({ host }, seconds / asked);
    }
    districts.set({ state: 'active' }, metrics.active);
    districts.set({ state: 'paused' }, metrics.paused);
    for (const outcome of lastImportStates) {
      lastImports.set({ outcome }, metrics.lastImports[outcome] ?? 0);
    }
    late.set(metrics.late);
    rowsRead.set(metrics.rowsRead);
    queue.set({ state: 'waiting' }, metrics.waiting);
    queue.set({ state: 'active' }, metrics.working);
    oldest.set(metrics.oldestWaitingSeconds);
    failedMails.set(metrics.failedMails);
  };
}

function createWorkGauges(
  registry: Registry,
): (of: Pick<ApiOptions, 'work' | 'temporaryFiles'>) => void {
  const registers = [registry];
  const work = new Gauge({
    name: 'daybreak_work',
    help: 'Expensive work of this process, running and waiting.',
    labelNames: ['kind', 'state'],
    registers,
  });
  const rejected = new Gauge({
    name: 'daybreak_work_rejected',
    help: 'Expensive work that this process has rejected with 429 since it started.',
    labelNames: ['kind'],
    registers,
  });
  const bytes = new Gauge({
    name: 'daybreak_temporary_file_bytes',
    help: 'Size of the temporary files of downloads.',
    registers,
  });
  return (of) => {
    for (const [kind, limiter] of Object.entries(of.work)) {
      const counts = limiter.counts();
      work.set({ kind, state: 'running' }, counts.running);
      work.set({ kind, state: 'waiting' }, counts.waiting);
      rejected.set({ kind }, counts.rejected);
    }
    bytes.set(of.temporaryFiles.bytes);
  };
}

function createWebhookGauges(registry: Registry): (metrics: WebhookMetrics) => void {
  const registers = [registry];
  const deliveries = new Gauge({
    name: 'daybreak_webhook_deliveries',
    help: 'Waiting messages to webhooks, and those that failed for good in the last day.',
    labelNames: ['state'],
    registers,
  });
  const oldest = new Gauge({
    name: 'daybreak_webhook_oldest_unsent_seconds',
    help: 'Age of the oldest message without an attempt to send it.',
    registers,
  });
  const turnedOff = new Gauge({
    name: 'daybreak_webhooks_disabled',
    help: 'Webhooks that were turned off automatically.',
    registers,
  });
  return ({ waiting, failed, oldestUntriedSeconds, turnedOff: off }) => {
    deliveries.set({ state: 'waiting' }, waiting);
    deliveries.set({ state: 'failed' }, failed);
    oldest.set(oldestUntriedSeconds);
    turnedOff.set(off);
  };
}
