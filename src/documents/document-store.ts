/** Documents in the database: creating, finding and changing them (migration 0014). */
import { DatabaseError } from 'pg';

import type { DocumentEvent, DocumentState } from '../contract/documents/documents.ts';
import { FormTemplate } from '../contract/documents/form-template.ts';
import type { PersonName } from '../contract/values.ts';
import type { DistrictDatabase } from '../database/district-and-school-scope.ts';
import { prepared } from '../database/prepared-statement.ts';
import { selectDisplayName } from '../database/display-name.ts';
import type { Author } from './document-context.ts';
import type { StoredFields } from './filled-values.ts';

/** Days for which a deleted document can be restored. */
export const daysToRestore = 90;

/** A stored document. */
export interface StoredDocument {
  readonly id: number;
  readonly studentId: number;
  readonly title: string;
  readonly state: DocumentState;
  readonly fields: StoredFields;
  readonly version: number;
  readonly form: FormTemplate;
  readonly createdAt: Temporal.Instant;
  readonly createdBy: string;
  readonly createdByName: string;
  readonly changedAt: Temporal.Instant;
  readonly changedByName: string;
  readonly completedAt: Temporal.Instant | null;
  readonly completedByName: string | null;
  readonly deletedAt: Temporal.Instant | null;
  readonly dueOn: string | null;
  readonly studentName: PersonName;
  readonly studentNumber: string | null;
  readonly schoolName: string | null;
  readonly grade: string | null;
}

/** SQL for documents `d` that are not deleted, or can be restored. */
const isAvailable = `(d.deleted_at is null or d.deleted_at > now() - interval '${daysToRestore} days')`;

const storedDocuments = `
  select d.id, d.student_id as "studentId", d.title, d.state, d.fields, d.version, f.definition as form,
    d.created_at as "createdAt", d.created_by as "createdBy", d.created_by_name as "createdByName",
    d.changed_at as "changedAt", d.changed_by_name as "changedByName", d.completed_at as "completedAt",
    -- A deleted and restored document was last changed by another user than the one who completed it.
    case d.state when 'complete' then (
      select v.changed_by_name from document_versions v
      where v.district_id = d.district_id and v.document_id = d.id and v.event = 'completed'
      order by v.version desc limit 1) end as "completedByName",
    d.deleted_at as "deletedAt", d.due_on as "dueOn", ${selectDisplayName('s')} as "studentName",
    s.student_number as "studentNumber", s.school_name as "schoolName", s.grade
  from documents d
  join students s on s.district_id = d.district_id and s.id = d.student_id
  join form_templates f on f.district_id = d.district_id and f.form_key = d.form_key
    and f.version = d.form_version
  where d.district_id = $1 and d.id = any($2) and ${isAvailable}`;

/**
 * Returns a document, including a deleted one that can be restored; `undefined` if there is none for the caller.
 * `forUpdate` locks it until the transaction ends.
 */
export async function findStoredDocument(
  database: DistrictDatabase,
  documentId: number,
  { forChange: forUpdate = false } = {},
): Promise<StoredDocument | undefined> {
  const row = await database.one<StoredDocument & { readonly form: unknown }>(
    prepared(`${storedDocuments} ${forUpdate ? 'for no key update of d' : ''}`),
    [documentId],
  );
  return row && { ...row, form: FormTemplate.parse(row.form) };
}

/** Returns the documents with these ids, in the order of the ids; `forChange` locks them, as for one document. */
export async function findStoredDocuments(
  database: DistrictDatabase,
  documentIds: readonly number[],
  { forChange: forUpdate = false } = {},
): Promise<StoredDocument[]> {
  const rows = await database.rows<
    StoredDocument & { readonly form: { readonly key: string; readonly version: number } }
  >(
    // Locked in the order of their ids, so that two changes do not deadlock.
    prepared(`${storedDocuments} ${forUpdate ? 'order by d.id for no key update of d' : ''}`),
    documentIds,
  );
  const forms = new Map<string, FormTemplate>();
  const formOf = (stored: { readonly key: string; readonly version: number }): FormTemplate => {
    const key = `${stored.key} ${stored.version}`;
    const form = forms.get(key) ?? FormTemplate.parse(stored);
    forms.set(key, form);
    return form;
  };
  const byId = new Map(rows.map((row) => [row.id, { ...row, form: formOf(row.form) }]));
  return documentIds.map((id) => byId.get(id)).filter((one) => one !== undefined);
}

/** Documents of one form that are created together. */
export interface NewDocuments {
  readonly form: FormTemplate;
  readonly author: Author;
  /** Id of the batch, so that a request can be repeated; null for none. */
  readonly batch: string | null;
  readonly dueOn: string | null;
  /** One for each student. */
  readonly documents: readonly { readonly studentId: number; readonly fields: StoredFields }[];
}

/*
 * Stores the current version of the form, so that documents do not change with it. This is a separate statement,
 * because the insert of documents would not see a row of its own statement.
 */
const insertForm = `
  insert into form_templates (district_id, form_key, version, definition)
  values ($1, $2, $3, $4) on conflict do nothing`;

const selectForm = `select from form_templates where district_id = $1 and form_key = $2 and version = $3`;

/**
 * Inserts documents; returns their ids by student. If a form allows only one incomplete document and the student has
 * one, returns that one with `isNew` false. A document created earlier by the same batch is new.
 */
export async function insertDocuments(
  database: DistrictDatabase,
  { form, author, batch, dueOn, documents }: NewDocuments,
): Promise<ReadonlyMap<number, { readonly id: number; readonly isNew: boolean }>> {
  if (documents.length === 0) return new Map();
  const formKey = [form.key, form.version];
  if ((await database.one(prepared(selectForm), ...formKey)) === undefined)
    await database.execute(insertForm, ...formKey, JSON.stringify(form));
  const rows = await database.rows<{ id: number; studentId: number }>(
    prepared(
      `insert into documents (district_id, student_id, form_key, form_version, title, fields, is_only_one,
         created_by, created_by_name, changed_by, changed_by_name, batch_id, due_on)
       select $1, given."studentId", $2, $3, $4, given.fields, $5, $6, $7, $6, $7, $8, $9
       from jsonb_to_recordset($10) as given ("studentId" bigint, fields jsonb)
       -- Ordered, so that two concurrent batches do not deadlock.
       order by given."studentId" on conflict do nothing returning id, student_id as "studentId"`,
    ),
    ...formKey,
    form.title,
    !form.allowsSeveral,
    author.accountId,
    author.name,
    batch,
    dueOn,
    JSON.stringify(documents),
  );
  const ids = new Map(rows.map(({ id, studentId }) => [studentId, { id, isNew: true }]));
  const others = documents.map(({ studentId }) => studentId).filter((id) => !ids.has(id));
  if (others.length === 0) return ids;
  const existing = await database.rows<{ id: number; studentId: number; isNew: boolean }>(
    `select distinct on (student_id) id, student_id as "studentId",
       batch_id is not distinct from $4 and batch_id is not null as "isNew"
     from documents where district_id = $1 and student_id = any($2) and form_key = $3
       and ((state = 'incomplete' and deleted_at is null) or batch_id = $4)
     order by student_id, (batch_id is not distinct from $4) desc, id`,
    others,
    form.key,
    batch,
  );
  for (const { studentId, id, isNew } of existing) ids.set(studentId, { id, isNew });
  return ids;
}

/** Sets or clears the due date of an incomplete document; returns false if there is none. */
export async function setDueDate(
  database: DistrictDatabase,
  documentId: number,
  dueOn: string | null,
): Promise<boolean> {
  return (
    (await database.execute(
      `update documents set due_on = $3
     where district_id = $1 and id = $2 and state = 'incomplete' and deleted_at is null`,
      documentId,
      dueOn,
    )) === 1
  );
}

/** A change of a document; absent members are unchanged. */
export interface DocumentChange {
  readonly event: DocumentEvent;
  readonly author: Author;
  readonly fields?: StoredFields;
  readonly state?: DocumentState;
  readonly isDeleted?: boolean;
  /** Whether changed Details were reviewed, so that earlier changes are no longer shown. */
  readonly hasReviewedDetails?: boolean;
}

/**
 * Writes a change if the version is still current; returns `conflict` if not, and `already-exists` if the form allows
 * only one incomplete document and the student has another one.
 */
export async function changeDocument(
  database: DistrictDatabase,
  documentId: number,
  version: number,
  change: DocumentChange,
): Promise<'done' | 'conflict' | 'already-exists'> {
  const { event, author, fields, state, isDeleted, hasReviewedDetails } = change;
  // A constraint violation must not abort the caller's transaction.
  await database.client.query('savepoint before_change');
  try {
    const rowCount = await database.execute(
      `update documents set version = version + 1, event = $4, changed_at = now(), changed_by = $5,
         changed_by_name = $6, fields = coalesce($7, fields), state = coalesce($8, state),
         completed_at = case $8 when 'complete' then now() when 'incomplete' then null else completed_at end,
         deleted_at = case $9::boolean when true then now() when false then null else deleted_at end,
         details_at = case when $10 then now() else details_at end
       where district_id = $1 and id = $2 and version = $3`,
      documentId,
      version,
      event,
      author.accountId,
      author.name,
      fields === undefined ? null : JSON.stringify(fields),
      state ?? null,
      isDeleted ?? null,
      hasReviewedDetails === true,
    );
    return rowCount === 1 ? 'done' : 'conflict';
  } catch (error) {
    const isDuplicate =
      error instanceof DatabaseError && error.constraint === 'documents_one_incomplete';
    if (!isDuplicate) throw error;
    await database.client.query('rollback to savepoint before_change');
    return 'already-exists';
  }
}
