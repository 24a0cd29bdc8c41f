/** Merges two records of one student in a transaction that moves everything linked to the removed one. */
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { type Editor, recordManualChanges } from '../history/manual-changes.ts';
import { compareStudents, listTakenColumns } from './comparison.ts';

export interface MergeRequest {
  readonly kept: number;
  readonly removed: number;
  /** The versions of both records that the user saw. */
  readonly keptVersion: string;
  readonly removedVersion: string;
  /** Keys of compared fields whose value is taken from the removed record. */
  readonly take: readonly string[];
}

export type MergeOutcome =
  | { readonly state: 'merged'; readonly removalId: number }
  | { readonly state: 'refused'; readonly why: string }
  | { readonly state: 'conflict' }
  | { readonly state: 'missing' };

/**
 * Merges two records. If only one has a staff-owned value, that value is kept; if both do, `take` decides. Values from
 * Skyward never change. The caller has blocked imports.
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
  // Name and legal name are taken together, so that they never come from different records.
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
