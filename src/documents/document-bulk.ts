/** Changes of several documents at once, each by one statement for all of them. */
import type { CompletionResult } from '../contract/documents/documents.ts';
import { listEmptyRequired } from '../contract/documents/form-template.ts';
import type { DistrictDatabase } from '../database/district-and-school-scope.ts';
import type { DocumentContext } from './document-context.ts';
import { findStoredDocuments, type StoredDocument } from './document-store.ts';
import { listSteps } from './document-work.ts';

/** A changed document, for the audit trail. */
export type ChangedDocument = Pick<StoredDocument, 'id' | 'studentId' | 'title'>;

/** Sets or clears the due date of those that are incomplete; returns them in the order of their ids. */
export async function setDueDates(
  database: DistrictDatabase,
  documentIds: readonly number[],
  dueOn: string | null,
): Promise<ChangedDocument[]> {
  const changed = await database.rows<ChangedDocument>(
    `update documents set due_on = $3
     where district_id = $1 and id = any($2) and state = 'incomplete' and deleted_at is null
     returning id, student_id as "studentId", title`,
    documentIds,
    dueOn,
  );
  return changed.toSorted((a, b) => a.id - b.id);
}

/** Completes those that the user may complete and that have all required fields; says why not of the others. */
export async function completeDocuments(
  { database, person }: DocumentContext,
  documentIds: readonly number[],
): Promise<{ readonly results: CompletionResult[]; readonly changed: ChangedDocument[] }> {
  const ids = [...new Set(documentIds)];
  const stored = await findStoredDocuments(database, ids, { forChange: true });
  const planned = new Map(stored.map((one) => [one.id, planCompletion(one, person)]));
  const ready = stored.filter(({ id }) => planned.get(id)?.outcome === 'completed');
  await database.execute(
    `update documents set version = version + 1, event = 'completed', state = 'complete', completed_at = now(),
       changed_at = now(), changed_by = $3, changed_by_name = $4
     where district_id = $1 and id = any($2)`,
    ready.map(({ id }) => id),
    person.accountId,
    person.name,
  );
  const results = ids.map((documentId): CompletionResult => ({
    documentId,
    outcome: 'not-found',
    missing: [],
    ...planned.get(documentId),
  }));
  return { results, changed: ready };
}

function planCompletion(
  stored: StoredDocument,
  person: DocumentContext['person'],
): Omit<CompletionResult, 'documentId'> {
  if (stored.deletedAt !== null) return { outcome: 'not-found', missing: [] };
  if (stored.state === 'complete') return { outcome: 'already-complete', missing: [] };
  if (!listSteps(stored, person).includes('complete')) {
    return { outcome: 'not-allowed', missing: [] };
  }
  const empty = listEmptyRequired(stored.form, (key) => stored.fields[key]?.value);
  const missing = empty.map(({ label }) => label);
  return { outcome: missing.length > 0 ? 'fields-missing' : 'completed', missing };
}
