/** Documents in the database: created filled in, found, saved, taken through their states (migration 0014). */
import { DatabaseError } from 'pg';

import type { DocumentEvent, DocumentState } from '../contract/documents.ts';
import { FormTemplate } from '../contract/form-template.ts';
import type { PersonName } from '../contract/students.ts';
import type { DistrictDatabase } from '../database/district-scope.ts';
import type { KeptFields } from './filled-values.ts';

type Client = Pick<DistrictDatabase, 'client'>;

/** Who writes. */
export interface Author {
  readonly accountId: string;
  readonly name: string;
}

/** Days for which a deleted document can be brought back. */
export const daysToRestore = 90;

/** A document as it is kept. */
export interface KeptDocument {
  readonly id: number;
  readonly studentId: number;
  readonly title: string;
  readonly state: DocumentState;
  readonly fields: KeptFields;
  readonly version: number;
  readonly form: FormTemplate;
  readonly createdAt: Temporal.Instant;
  readonly createdBy: string;
  readonly createdByName: string;
  readonly changedAt: Temporal.Instant;
  readonly changedByName: string;
  readonly completedAt: Temporal.Instant | null;
  readonly deletedAt: Temporal.Instant | null;
  readonly studentName: PersonName;
  readonly studentNumber: string | null;
  readonly schoolName: string | null;
  readonly grade: string | null;
}

/** SQL of a student's name in use, `s` being `students`. */
export const studentNameColumn = `jsonb_build_object('first', coalesce(s.first_name, s.legal_first_name),
  'middle', coalesce(s.middle_name, s.legal_middle_name), 'last', coalesce(s.last_name, s.legal_last_name),
  'suffix', coalesce(s.suffix, s.legal_suffix))`;

/** Deleted ones are there for as long as they can be brought back, `d` being `documents`. */
const isWithinReach = `(d.deleted_at is null or d.deleted_at > now() - interval '${daysToRestore} days')`;

/**
 * The document of this number, deleted ones within reach included; `undefined` when there is none for the
 * caller. `forChange` holds it until the transaction ends.
 */
export async function findKeptDocument(
  { client }: Client,
  districtId: number,
  documentId: number,
  { forChange = false } = {},
): Promise<KeptDocument | undefined> {
  const { rows } = await client.query<KeptDocument & { readonly form: unknown }>(
    `select d.id, d.student_id as "studentId", d.title, d.state, d.fields, d.version, f.definition as form,
       d.created_at as "createdAt", d.created_by as "createdBy", d.created_by_name as "createdByName",
       d.changed_at as "changedAt", d.changed_by_name as "changedByName", d.completed_at as "completedAt",
       d.deleted_at as "deletedAt", ${studentNameColumn} as "studentName",
       s.student_number as "studentNumber", s.school_name as "schoolName", s.grade
     from documents d
     join students s on s.district_id = d.district_id and s.id = d.student_id
     join form_templates f on f.district_id = d.district_id and f.form_key = d.form_key
       and f.version = d.form_version
     where d.district_id = $1 and d.id = $2 and ${isWithinReach} ${forChange ? 'for no key update of d' : ''}`,
    [districtId, documentId],
  );
  const [row] = rows;
  return row && { ...row, form: FormTemplate.parse(row.form) };
}

/** Keeps a form as it is now, so that its documents stay as they are when the form changes. */
export async function keepForm(
  { client }: Client,
  districtId: number,
  form: FormTemplate,
): Promise<void> {
  await client.query(
    `insert into form_templates (district_id, form_key, version, definition)
     select $1, $2, $3, $4 where not exists (
       select from form_templates where district_id = $1 and form_key = $2 and version = $3)
     on conflict do nothing`,
    [districtId, form.key, form.version, JSON.stringify(form)],
  );
}

/** What a new document is made of. */
export interface NewDocument {
  readonly studentId: number;
  readonly form: FormTemplate;
  readonly fields: KeptFields;
  readonly author: Author;
}

/**
 * Adds a document; gives its number. Where the student has an incomplete one of a form of which there may
 * be only one, nothing is written: `isNew` is false and the number is that one's.
 */
export async function insertDocument(
  { client }: Client,
  districtId: number,
  { studentId, form, fields, author }: NewDocument,
): Promise<{ readonly id: number; readonly isNew: boolean }> {
  const { rows } = await client.query<{ id: number }>(
    `insert into documents (district_id, student_id, form_key, form_version, title, fields, is_only_one,
       created_by, created_by_name, changed_by, changed_by_name)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, $9)
     on conflict (district_id, student_id, form_key)
       where state = 'incomplete' and deleted_at is null and is_only_one do nothing
     returning id`,
    [
      districtId,
      studentId,
      form.key,
      form.version,
      form.title,
      JSON.stringify(fields),
      !form.allowsSeveral,
      author.accountId,
      author.name,
    ],
  );
  const [added] = rows;
  if (added !== undefined) return { id: added.id, isNew: true };
  const there = await client.query<{ id: number }>(
    `select id from documents where district_id = $1 and student_id = $2 and form_key = $3
       and state = 'incomplete' and deleted_at is null order by id limit 1`,
    [districtId, studentId, form.key],
  );
  return { id: there.rows[0]?.id ?? 0, isNew: false };
}

/** A change of a document; what is absent stays. */
export interface DocumentChange {
  readonly event: DocumentEvent;
  readonly author: Author;
  readonly fields?: KeptFields;
  readonly state?: DocumentState;
  readonly isDeleted?: boolean;
  /** Details were looked at: what changed before is settled. */
  readonly hasSeenDetails?: boolean;
}

/**
 * Writes a change over the version that the caller has seen: `conflict` when there is a newer one, and
 * `there-already` when the student has another incomplete document of a form of which there may be only one.
 */
export async function changeDocument(
  { client }: Client,
  districtId: number,
  documentId: number,
  version: number,
  change: DocumentChange,
): Promise<'done' | 'conflict' | 'there-already'> {
  const { event, author, fields, state, isDeleted, hasSeenDetails } = change;
  // A refusal of the database must not end the transaction of the caller.
  await client.query('savepoint before_change');
  try {
    const { rowCount } = await client.query(
      `update documents set version = version + 1, event = $4, changed_at = now(), changed_by = $5,
         changed_by_name = $6, fields = coalesce($7, fields), state = coalesce($8, state),
         completed_at = case $8 when 'complete' then now() when 'incomplete' then null else completed_at end,
         deleted_at = case $9::boolean when true then now() when false then null else deleted_at end,
         details_at = case when $10 then now() else details_at end
       where district_id = $1 and id = $2 and version = $3`,
      [
        districtId,
        documentId,
        version,
        event,
        author.accountId,
        author.name,
        fields === undefined ? null : JSON.stringify(fields),
        state ?? null,
        isDeleted ?? null,
        hasSeenDetails === true,
      ],
    );
    return rowCount === 1 ? 'done' : 'conflict';
  } catch (error) {
    const isSecond =
      error instanceof DatabaseError && error.constraint === 'documents_one_incomplete';
    if (!isSecond) throw error;
    await client.query('rollback to savepoint before_change');
    return 'there-already';
  }
}
