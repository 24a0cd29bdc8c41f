/** Changes of several documents at once. */
import type { CompletionResult } from '../contract/documents/documents.ts';
import { listEmptyRequired } from '../contract/documents/form-template.ts';
import type { DistrictDatabase } from '../database/district-and-school-scope.ts';
import { type DocumentContext, readDetailsOfStudents } from './document-context.ts';
import { changeDocument, findStoredDocuments, type StoredDocument } from './document-store.ts';
import { listSteps } from './document-work.ts';
import { findDetailsChanges, updateFields } from './filled-values.ts';

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

/** Updates the incomplete ones with all that has changed in Details; returns them in the order of their ids. */
export async function updateAllFromDetails(
  context: DocumentContext,
  documentIds: readonly number[],
): Promise<ChangedDocument[]> {
  const { database, person } = context;
  const stored = await findStoredDocuments(database, [...new Set(documentIds)], {
    forChange: true,
  });
  const open = stored.filter(
    ({ state, deletedAt }) => state === 'incomplete' && deletedAt === null,
  );
  const details = await readDetailsOfStudents(
    context,
    open.map(({ studentId }) => studentId),
  );
  const updated: ChangedDocument[] = [];
  for (const document of open) {
    const current = details.get(document.studentId);
    if (current === undefined) continue;
    const { id, version, form, fields } = document;
    const update = findDetailsChanges(form, fields, current).map(({ key }) => key);
    // Locked above, so the version is current.
    await changeDocument(database, id, version, {
      event: 'details-updated',
      author: { accountId: person.accountId, name: person.name },
      fields: updateFields(form, fields, current, { update, keep: [] }),
      hasReviewedDetails: true,
    });
    updated.push(document);
  }
  return updated.toSorted((a, b) => a.id - b.id);
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
