/**
 * Imports one district, with its stored connection, rules and limits.
 *
 * This folder is one import run: it reads Skyward, plans the changes and publishes them.
 */
import type pg from 'pg';
import { districtRules, getConnection, type District } from '../districts/district.ts';
import type { SealingKey } from '../districts/sealed-secret.ts';
import { createQmlativSource } from '../qmlativ/lists/roster-source.ts';
import {
  integrationTokenFor,
  unnamedVendor,
  type VendorIdentity,
} from '../qmlativ/vendor-identity.ts';
import type { ImportOutcome } from './import-report.ts';
import type { ImportProgress } from './import-options.ts';
import { runImport } from './import-run.ts';
import type { RunRequest } from './runs/run-store.ts';
import { createRequestCounter, recordRequestStatistics } from './runs/request-statistics.ts';

export interface DistrictImportOptions {
  readonly sealingKey: SealingKey;
  /** How requests to Skyward identify us. */
  readonly vendor?: VendorIdentity | undefined;
  /** The import date; by default today in the district's time zone. */
  readonly today?: Temporal.PlainDate | undefined;
  readonly isDryRun?: boolean;
  readonly allowsMassChange?: boolean;
  /** Who requested it; a command by default. */
  readonly request?: RunRequest;
  readonly onStarted?: (runId: number) => void;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
  /** The clock of the run; the system's by default. */
  readonly now?: () => Temporal.Instant;
}

/** Runs an import of a district; see `runImport`. */
export async function importDistrict(
  pool: pg.Pool,
  district: District,
  options: DistrictImportOptions,
): Promise<ImportOutcome> {
  const connection = await getConnection(pool, district, options.sealingKey);
  // Also aborts requests that wait for Skyward.
  const cancel = new AbortController();
  const signal = AbortSignal.any([cancel.signal, ...(options.signal ? [options.signal] : [])]);
  const statistics = createRequestCounter();
  const vendor = options.vendor ?? unnamedVendor;
  const source = createQmlativSource({
    userAgent: vendor.userAgent,
    integrationToken: integrationTokenFor(vendor, connection),
    baseUrl: connection.baseUrl,
    clientKey: connection.clientKey,
    clientSecret: connection.clientSecret,
    pageSize: connection.pageSize,
    concurrency: connection.concurrency,
    allowPrivateAddresses: connection.allowPrivateAddress,
    ...(connection.entityId === null ? {} : { entityId: connection.entityId }),
    signal,
    onRequest: statistics.add,
  });
  try {
    const outcome = await runImport(pool, {
      districtId: district.id,
      source,
      today: options.today ?? Temporal.Now.plainDateISO(district.timeZone),
      rules: districtRules(district),
      limits: district.ownLimits,
      isDryRun: options.isDryRun ?? false,
      allowsMassChange: options.allowsMassChange ?? false,
      ...(options.request === undefined ? {} : { request: options.request }),
      onStarted: options.onStarted,
      now: options.now ?? (() => Temporal.Now.instant()),
      onProgress: options.onProgress ?? (() => undefined),
      signal,
      onCancelRequested: (fault) => cancel.abort(fault),
    });
    await recordRequestStatistics(pool, district.id, outcome.runId, statistics.total());
    return outcome;
  } finally {
    await source.close();
  }
}
