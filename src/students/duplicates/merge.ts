/** Merges two records of one student, in one transaction that moves whatever points at the removed one. */
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { type Editor, recordManualChanges } from '../history/manual-changes.ts';
import { compareStudents, listTakenColumns } from './comparison.ts';

export interface MergeRequest {
  readonly kept: number;
  readonly removed: number;
  /** Versions of both as the person saw them. */
  readonly keptVersion: string;
  readonly removedVersion: string;
  /** Keys of compared fields whose value the removed record gives. */
  readonly take: readonly string[];
}

export type MergeOutcome =
  | { readonly state: 'merged'; readonly removalId: number }
  | { readonly state: 'refused'; readonly why: string }
  | { readonly state: 'conflict' }
  | { readonly state: 'missing' };

/**
 * Merges. Where only one record has a value that people own, that value stays; where both have one, `take`
 * says whose. What Skyward says of a record that it keeps is never touched. The caller has held imports off.
 */
export async function mergeStudents(
  database: DistrictDatabase,
  request: MergeRequest,
  editor: Editor,
): Promise<MergeOutcome> {
  await database.execute(
    'select id from students where district_id = $1 and id in ($2, $3) and skyward_id is null order by id for update',
    request.kept,
    request.removed,
  );
  const comparison = await compareStudents(database, request.kept, request.removed);
  if (comparison === undefined) return { state: 'missing' };
  const isStale =
    comparison.versions.first !== request.keptVersion ||
    comparison.versions.second !== request.removedVersion;
  if (isStale) return { state: 'conflict' };
  if (!comparison.canKeep.includes('first')) return { state: 'refused', why: comparison.reason };
  const onlyInRemoved = comparison.fields
    .filter(({ owner, first, second }) => owner === 'people' && first === null && second !== null)
    .map(({ key }) => key);
  const keys = new Set([...request.take, ...onlyInRemoved]);
  // Both names go together: a legal name beside another name would be neither's.
  if (
    request.take.includes('name') &&
    comparison.fields.every(({ key, isSame }) => key !== 'legalName' || isSame)
  ) {
    keys.add('legalName');
  }
  const taken = listTakenColumns([...keys], comparison.first.origin);
  const { rows } = await database.client.query<{ entry: number | null }>(
    'select merge_students($1, $2, $3, $4, $5) as entry',
    [request.kept, request.removed, taken, editor.accountId, editor.name],
  );
  const removalId = rows[0]?.entry ?? null;
  if (removalId === null) return { state: 'missing' };
  await recordManualChanges(database, request.kept, editor, 'merged', [
    { after: { studentId: request.removed, taken: [...keys] } },
  ]);
  return { state: 'merged', removalId };
}
