/** The work of `daybreak import undo` and `daybreak import continue`. */
import { recordAudit } from '../../accounts/audit/audit-trail.ts';
import { commandLine } from '../../contract/accounts/audit-actions.ts';
import { districtRules, getDistrict } from '../../districts/district.ts';
import { letImportsContinue } from '../../import/runs/waiting-imports.ts';
import { undoImport } from '../../import/undo/import-undo.ts';
import { print, printMessage, withCommandContext } from '../command-context.ts';
import { formatImportReport } from './import-report-text.ts';

export interface UndoCommandOptions {
  readonly of: string;
  readonly run: number;
  readonly reason?: string;
  readonly yes: boolean;
}

/** Shows what undoing an import would change, or undoes it with `--yes`. */
export async function runUndoCommand({ of, run, reason, yes }: UndoCommandOptions): Promise<void> {
  if (yes && (reason ?? '').trim().length < 3) {
    printMessage('Say why with --reason: it is stored with the run and in the audit log.');
    process.exitCode = 1;
    return;
  }
  await withCommandContext(async ({ database: { pool }, signal }) => {
    const district = await getDistrict(pool, of);
    const outcome = await undoImport(pool, {
      districtId: district.id,
      undoesRunId: run,
      reason: yes ? (reason ?? null) : null,
      request: { origin: 'command' },
      isDryRun: !yes,
      today: Temporal.Now.plainDateISO(district.timeZone),
      rules: districtRules(district),
      now: () => Temporal.Now.instant(),
      signal,
    });
    print(formatImportReport(district.domain, outcome));
    if (outcome.state === 'failed') process.exitCode = 1;
    else if (yes) {
      await recordAudit(pool, {
        districtId: district.id,
        user: undefined,
        action: 'import-undone',
        detail: { runId: run, reason: reason ?? '', by: commandLine },
      });
      printMessage('Imports wait now. Let them continue with `daybreak import continue`.');
    } else printMessage('Nothing was changed. Undo it with --yes and --reason.');
  });
}

/** Lets imports of a district continue after an undo. */
export async function runContinueCommand(domain: string): Promise<void> {
  await withCommandContext(async ({ database: { pool } }) => {
    const district = await getDistrict(pool, domain);
    const waited = await letImportsContinue(pool, district.id, commandLine);
    if (waited)
      await recordAudit(pool, {
        districtId: district.id,
        user: undefined,
        action: 'imports-continued',
        detail: { by: commandLine },
      });
    printMessage(waited ? 'Imports continue.' : 'Imports were not waiting.');
  });
}
