/** Imports one district: its stored connection and rules, the district's own date, one run. */
import type pg from 'pg';
import { getConnection, type District } from '../districts/district.ts';
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
  /** Who we are to Skyward; nobody in particular when left out. */
  readonly vendor?: VendorIdentity | undefined;
  /** The day to import for; undefined: today in the district's time zone. */
  readonly today?: Temporal.PlainDate | undefined;
  readonly isDryRun?: boolean;
  readonly allowsMassChange?: boolean;
  /** Who asked for it; a command when left out. */
  readonly request?: RunRequest;
  readonly onStarted?: (runId: number) => void;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

/** Runs tonight's import of a district; see `runImport` for what it gives and throws. */
export async function importDistrict(
  pool: pg.Pool,
  district: District,
  options: DistrictImportOptions,
): Promise<ImportOutcome> {
  const connection = await getConnection(pool, district, options.sealingKey);
  // Ends the reading at once, even while Skyward lets it wait.
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
      rules: {
        graduationCode: district.graduationCode,
        ignoredCode: district.ignoredCode,
        nextSchoolYear: district.nextSchoolYear,
      },
      limits: { share: district.holdShare, minimum: district.holdMinimum },
      isDryRun: options.isDryRun ?? false,
      allowsMassChange: options.allowsMassChange ?? false,
      ...(options.request === undefined ? {} : { request: options.request }),
      onStarted: options.onStarted,
      now: () => Temporal.Now.instant(),
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
