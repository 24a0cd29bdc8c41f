/** Records that an import matched by student number, and undoing such a match. */
import type { NumberMatch } from '../../contract/students/duplicates.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { selectDisplayName } from '../../database/display-name.ts';
import { type Editor, recordManualChanges } from '../history/manual-changes.ts';

/** Returns the matches that can be undone, newest first: the record still belongs to that student. */
export async function listNumberMatches(database: DistrictDatabase): Promise<NumberMatch[]> {
  const rows = await database.rows<
    Omit<NumberMatch, 'at'> & { readonly startedAt: Temporal.Instant }
  >(
    `select t.run_id as "runId", t.record_id as "recordId", t.sign as evidence, r.today as "importDate",
       coalesce(r.finished_at, r.started_at) as "startedAt",
       case when t.former_skyward_id is null then 'manual' else 'missing' end as formerly,
       ${selectDisplayName('s')} as name
     from record_takeovers t
     join students s on s.district_id = $1 and s.id = t.record_id and s.skyward_id = t.skyward_id
     join import_runs r on r.district_id = $1 and r.id = t.run_id
     where t.district_id = $1 and t.undone_at is null
     order by t.run_id desc, t.record_id limit 100`,
  );
  return rows.map(({ startedAt, ...row }) => ({ ...row, at: startedAt.toString() }));
}

/**
 * Undoes a match: reverts the changes of that import and later ones; staff values and documents stay. Returns false if
 * there is nothing to undo. The caller has blocked imports. Fails on the constraint `students_number_once` if the
 * record was a manual one and its number now belongs to another.
 */
export async function undoNumberMatch(
  database: DistrictDatabase,
  match: Pick<NumberMatch, 'runId' | 'recordId'>,
  editor: Editor,
): Promise<boolean> {
  const { runId, recordId } = match;
  const { rows } = await database.client.query<{ id: number | null }>(
    'select undo_takeover($1, $2, $3, $4) as id',
    [runId, recordId, editor.accountId, editor.name],
  );
  if (rows[0]?.id == null) return false;
  await recordManualChanges(database, recordId, editor, 'number-match-undone');
  return true;
}
