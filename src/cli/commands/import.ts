/** The work of `daybreak import`. */
import { getDistrict, listDistricts, type District } from '../../districts/district.ts';
import type { SealingKey } from '../../districts/sealed-secret.ts';
import { importDistrict } from '../../import/district-import.ts';
import { toFailure } from '../../import/import-error.ts';
import type { ImportOutcome } from '../../import/import-report.ts';
import { findLastRowsRead } from '../../import/runs/run-store.ts';
import {
  print,
  printMessage,
  withCommandContext,
  type CommandContext,
} from '../command-context.ts';
import { printError } from '../error-output.ts';
import { createImportProgressDisplay } from './import-progress.ts';
import { formatImportReport } from './import-report-text.ts';
import { readSealingKey } from '../settings.ts';

export interface ImportCommandOptions {
  readonly district?: string;
  readonly dryRun: boolean;
  readonly allowMassChange: boolean;
  readonly today?: Temporal.PlainDate;
  readonly json: boolean;
}

/** Imports one district or all. An error in one district does not stop the others. */
export async function runImportCommand(options: ImportCommandOptions): Promise<void> {
  await withCommandContext(async (context) => {
    const { pool } = context.database;
    const sealingKey = await readSealingKey(context.settings, process.env);
    const districts =
      options.district === undefined
        ? await listDistricts(pool)
        : [await getDistrict(pool, options.district)];
    if (districts.length === 0)
      printMessage('There are no districts yet. Add one with `daybreak district add`.');
    for (const district of districts) {
      if (context.signal.aborted) break;
      const succeeded = await importOne(context, district, sealingKey, options);
      if (!succeeded) process.exitCode = 1;
    }
  });
}

async function importOne(
  context: CommandContext,
  district: District,
  sealingKey: SealingKey,
  options: ImportCommandOptions,
): Promise<boolean> {
  try {
    const outcome = await importWithProgress(context, district, sealingKey, {
      isDryRun: options.dryRun,
      allowsMassChange: options.allowMassChange,
      today: options.today,
    });
    const { cause: _, ...shown } = outcome;
    print(
      options.json
        ? JSON.stringify({ district: district.domain, ...shown })
        : formatImportReport(district.domain, outcome),
    );
    return outcome.state !== 'failed' && outcome.state !== 'held';
  } catch (error) {
    if (options.json)
      print(
        JSON.stringify({ district: district.domain, state: 'failed', failure: toFailure(error) }),
      );
    printMessage(`${district.domain}:`);
    printError(error);
    return false;
  }
}

/** Runs one import and displays its progress on standard error. */
async function importWithProgress(
  context: Pick<CommandContext, 'database' | 'settings' | 'signal'>,
  district: District,
  sealingKey: SealingKey,
  options: {
    readonly isDryRun?: boolean;
    readonly allowsMassChange?: boolean;
    readonly today?: Temporal.PlainDate | undefined;
  } = {},
): Promise<ImportOutcome> {
  const { pool } = context.database;
  const display = createImportProgressDisplay({
    output: process.stderr,
    rowsExpected: await findLastRowsRead(pool, district.id),
    now: () => performance.now(),
  });
  try {
    return await importDistrict(pool, district, {
      ...options,
      sealingKey,
      vendor: context.settings.vendor,
      signal: context.signal,
      onProgress: (progress) => display.show(progress),
    });
  } finally {
    display.end();
  }
}
