/** A sandbox Skyward and a district in its own database, for tests of the import. */
import { startSandbox, type RunningSandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import type { Database } from '../../src/database/database.ts';
import { defaultStatusRules } from '../../src/enrollment/status-settings.ts';
import type { QmlativSourceOptions } from '../../src/qmlativ/lists/roster-source.ts';
import { limitKeys, type LimitOverrides } from '../../src/contract/safety-limits.ts';
import { createQmlativSource } from '../../src/qmlativ/lists/roster-source.ts';
import type { ImportOutcome } from '../../src/import/import-report.ts';
import type { ImportRunOptions } from '../../src/import/import-options.ts';
import { runImport } from '../../src/import/import-run.ts';

/** Limits that hold no test that changes all students: only students made inactive count, in the whole district. */
const onlyInactiveLimit: LimitOverrides = Object.fromEntries(
  limitKeys.map((key) => [
    key,
    {
      ...(key !== 'inactive' && key !== 'lists' && { district: { share: 1, minimum: 1 } }),
      school: { share: 1, minimum: 1 },
    },
  ]),
);

/** The default import date. */
export const sandboxDate = '2026-11-23';

/** Options of an import that a test can override. */
export interface ImportOverrides extends Partial<
  Omit<ImportRunOptions, 'districtId' | 'source' | 'today'>
> {
  readonly today?: string;
  /** Connection settings to override, for example a wrong secret. */
  readonly connection?: Partial<QmlativSourceOptions>;
}

/** A sandbox district of one test file. */
export interface SandboxDistrict {
  readonly database: Database;
  readonly skyward: RunningSandbox;
  readonly districtId: number;
  runImport(overrides?: ImportOverrides): Promise<ImportOutcome>;
  /** Returns the rows of a query whose first parameter is the district. */
  rows<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** Starts a sandbox Skyward and adds an empty district to a new database. */
export async function openSandboxDistrict(options: SandboxOptions): Promise<SandboxDistrict> {
  const database = await openTestDatabase();
  const skyward = await startSandbox({ port: 0, today: sandboxDate, ...options });
  const districtId = await addDistrict(database, 'demo.example');
  return {
    database,
    skyward,
    districtId,
    runImport: (overrides = {}) => runSandboxImport(database.pool, skyward, districtId, overrides),
    rows: async <Row extends object>(sql: string, parameters: readonly unknown[] = []) => {
      const { rows } = await database.pool.query<Row>(sql, [districtId, ...parameters]);
      return rows;
    },
    close: async () => {
      await skyward.close();
      await database.close();
    },
  };
}

/** Adds another district to the same database. */
export async function addDistrict(database: Database, domain: string): Promise<number> {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into districts (domain, name, time_zone) values ($1, 'Demo', 'America/Chicago') returning id`,
    [domain],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The district was not added');
  return id;
}

/** Few retries without delay, since the sandbox does not recover by waiting. */
const fastRetry = { attempts: 2, baseDelayMs: 1, maxDelayMs: 1, budget: 20 };

/** Runs one import of a district from a sandbox Skyward. */
export async function runSandboxImport(
  pool: Database['pool'],
  skyward: Pick<RunningSandbox, 'baseUrl' | 'clientKey' | 'clientSecret' | 'entityId'>,
  districtId: number,
  overrides: ImportOverrides = {},
): Promise<ImportOutcome> {
  const { today = sandboxDate, connection = {}, ...options } = overrides;
  const source = createQmlativSource({
    baseUrl: skyward.baseUrl,
    clientKey: skyward.clientKey,
    clientSecret: skyward.clientSecret,
    entityId: skyward.entityId,
    allowPrivateAddresses: true,
    // Small pages, so that longer lists have several.
    pageSize: 100,
    retry: fastRetry,
    ...connection,
  });
  try {
    return await runImport(pool, {
      districtId,
      source,
      today: Temporal.PlainDate.from(today),
      rules: defaultStatusRules,
      limits: onlyInactiveLimit,
      isDryRun: false,
      allowsMassChange: false,
      now: () => Temporal.Now.instant(),
      onProgress: () => undefined,
      ...options,
    });
  } finally {
    await source.close();
  }
}
