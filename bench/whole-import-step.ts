/** The step that runs a whole import, timed from opening the source to the recorded outcome. */
import type { Pool } from 'pg';
import { defaultStatusRules } from '../src/enrollment/status-settings.ts';
import { runImport } from '../src/import/import-run.ts';
import { createQmlativSource } from '../src/qmlativ/lists/roster-source.ts';
import { clientOptions, type StepResult, type StepOptions } from './step-options.ts';

export async function timeImport(
  pool: Pool,
  options: StepOptions,
): Promise<Omit<StepResult, 'peakBytes'>> {
  const start = performance.now();
  let requests = 0;
  const source = createQmlativSource({ ...clientOptions(options), onRequest: () => requests++ });
  try {
    const outcome = await runImport(pool, {
      districtId: options.districtId,
      source,
      today: Temporal.PlainDate.from(options.today),
      rules: defaultStatusRules,
      limits: {},
      isDryRun: false,
      allowsMassChange: false,
      now: () => Temporal.Now.instant(),
      onProgress: () => undefined,
    });
    const seconds = (performance.now() - start) / 1000;
    if (outcome.report === null || outcome.failure !== null)
      throw new Error(`The import failed: ${outcome.failure?.message ?? outcome.state}`, {
        cause: outcome.cause,
      });
    const rows = Object.values(outcome.report.rowsRead).reduce((sum, count) => sum + count, 0);
    return { seconds, rows, requests, outcome: outcome.state, phases: outcome.report.seconds };
  } finally {
    await source.close();
  }
}
