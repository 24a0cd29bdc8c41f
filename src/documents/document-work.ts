/** Creates, saves, completes and copies documents. */
import type {
  Document,
  DocumentEvent,
  DocumentField,
  DocumentStep,
} from '../contract/documents/documents.ts';
import { administers } from '../contract/endpoint.ts';
import {
  emptyRequiredSentence,
  type FieldValue,
  fieldsOf,
  fieldValueProblem,
  type FormTemplate,
  listEmptyRequired,
} from '../contract/documents/form-template.ts';
import { type DocumentContext, readDetails, readDetailsOfStudents } from './document-context.ts';
import {
  changeDocument,
  type DocumentChange,
  findStoredDocument,
  insertDocuments,
  type StoredDocument,
} from './document-store.ts';
import {
  findDetailsChanges,
  copyFields,
  fillFields,
  isSameValue,
  type StoredFields,
  updateFields,
} from './filled-values.ts';

/** Result of a change; a rejection has its reason as a sentence for the user. */
export type Outcome =
  | { readonly outcome: 'done'; readonly document: Document }
  | { readonly outcome: 'document-not-found' }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'refused'; readonly why: string; readonly advice: string };

/** The outcome of creating a document for one student. */
export interface Creation {
  readonly studentId: number;
  readonly outcome: 'created' | 'already-exists' | 'student-not-found';
  readonly documentId: number | null;
}

/**
 * Creates a document of the form for each student, pre-filled from their Details (R5). Repeated with the same `batch`,
 * returns the documents created before.
 */
export async function createForStudents(
  context: DocumentContext,
  form: FormTemplate,
  studentIds: readonly number[],
  {
    batch = null,
    dueOn = null,
  }: {
    readonly batch?: string | null | undefined;
    readonly dueOn?: string | null | undefined;
  } = {},
): Promise<Creation[]> {
  const { database, person } = context;
  const details = await readDetailsOfStudents(context, studentIds);
  const documents = [...details].map(([studentId, studentDetails]) => ({
    studentId,
    fields: fillFields(form, studentDetails),
  }));
  const ids = await insertDocuments(database, {
    form,
    author: person,
    batch,
    dueOn,
    documents,
  });
  return [...new Set(studentIds)].map((studentId) => {
    const found = ids.get(studentId);
    if (found === undefined) return { studentId, outcome: 'student-not-found', documentId: null };
    const outcome = found.isNew ? 'created' : 'already-exists';
    return { studentId, outcome, documentId: found.id };
  });
}

/** Returns a document for its page; `undefined` if there is none for the caller. */
export async function openDocument(
  context: DocumentContext,
  documentId: number,
): Promise<Document | undefined> {
  const stored = await findStoredDocument(context.database, documentId);
  if (stored === undefined) return undefined;
  const isOpen = stored.state === 'incomplete' && stored.deletedAt === null;
  const details = isOpen ? await readDetails(context, stored.studentId) : undefined;
  const steps = listSteps(stored, context.person);
  return {
    id: stored.id,
    title: stored.title,
    state: stored.state,
    version: stored.version,
    form: stored.form,
    student: {
      id: stored.studentId,
      name: stored.studentName,
      studentNumber: stored.studentNumber,
      schoolName: stored.schoolName,
      grade: stored.grade,
    },
    createdAt: stored.createdAt.toString(),
    createdBy: stored.createdByName,
    changedAt: stored.changedAt.toString(),
    changedBy: stored.changedByName,
    completedAt: stored.completedAt?.toString() ?? null,
    completedBy: stored.completedByName,
    deletedAt: stored.deletedAt?.toString() ?? null,
    dueOn: stored.dueOn,
    fields: shownFields(stored.form, stored.fields),
    changes: details === undefined ? [] : findDetailsChanges(stored.form, stored.fields, details),
    mayChange: isOpen && context.person.role !== 'read-only',
    steps,
  };
}

/** Returns the fields in the order of the form, without internal values. */
export const shownFields = (form: FormTemplate, fields: StoredFields): DocumentField[] =>
  fieldsOf(form).map(({ key }) => {
    const { value, source, note } = fields[key] ?? { value: null, source: null, note: null };
    return { key, value, source, note };
  });

/** Lists the steps available to the user: only the owner and administrators complete, delete or reopen. */
export function listSteps(
  { state, deletedAt, createdBy }: StoredDocument,
  { accountId, role }: DocumentContext['person'],
): DocumentStep[] {
  const isOwner = createdBy === accountId;
  if (role === 'read-only' || !(isOwner || administers(role))) return [];
  if (deletedAt !== null) return ['restore'];
  if (state === 'incomplete') return ['complete', 'delete'];
  return [isOwner ? 'amend' : undefined, administers(role) ? 'reopen' : undefined, 'delete'].filter(
    (step): step is DocumentStep => step !== undefined,
  );
}

/** Applies the change that `plan` returns, if the version is still current. */
async function applyChange(
  context: DocumentContext,
  documentId: number,
  version: number,
  plan: (
    stored: StoredDocument,
  ) => Promise<
    Omit<DocumentChange, 'author'> | Extract<Outcome, { outcome: 'refused' }> | undefined
  >,
): Promise<Outcome> {
  const { database, person } = context;
  const stored = await findStoredDocument(database, documentId, { forChange: true });
  if (stored === undefined) return { outcome: 'document-not-found' };
  if (stored.version !== version) return { outcome: 'conflict' };
  const planned = await plan(stored);
  if (planned !== undefined) {
    if ('outcome' in planned) return planned;
    const author = { accountId: person.accountId, name: person.name };
    const outcome = await changeDocument(database, documentId, version, {
      ...planned,
      author,
    });
    if (outcome === 'conflict') return { outcome: 'conflict' };
    if (outcome === 'already-exists') return alreadyExists;
  }
  const document = await openDocument(context, documentId);
  return document === undefined ? { outcome: 'document-not-found' } : { outcome: 'done', document };
}

const reject = (why: string, advice: string) => ({ outcome: 'refused', why, advice }) as const;

const alreadyExists = reject(
  'This student already has an incomplete document of this form, and only one is allowed.',
  'Complete or delete that one first.',
);

const notEditable = reject(
  'This document is complete or deleted and can’t be edited.',
  'Amend it, or copy it to a new document.',
);

const isOpen = ({ state, deletedAt }: StoredDocument) =>
  state === 'incomplete' && deletedAt === null;

/** Saves entered values; unchanged values are ignored. */
export const saveFields = async (
  context: DocumentContext,
  documentId: number,
  version: number,
  values: Readonly<Record<string, FieldValue>>,
): Promise<Outcome> =>
  applyChange(context, documentId, version, async (stored) => {
    if (!isOpen(stored)) return notEditable;
    const known = new Map(fieldsOf(stored.form).map((field) => [field.key, field]));
    const fields: Record<string, StoredFields[string]> = { ...stored.fields };
    let hasChanged = false;
    for (const [key, given] of Object.entries(values)) {
      const field = known.get(key);
      const value = given === '' ? null : given;
      const problem = field === undefined ? 'is not in this form' : fieldValueProblem(field, value);
      if (problem !== undefined) {
        return reject(
          `The field "${field?.label ?? key}" ${problem}.`,
          'Correct it, then save again.',
        );
      }
      const before = fields[key] ?? { value: null, source: null, note: null, copied: null };
      if (isSameValue(before.value, value)) continue;
      hasChanged = true;
      const source = { kind: 'typed', importDate: null, by: context.person.name } as const;
      fields[key] = {
        value,
        source: value === null ? null : source,
        note: null,
        copied: before.copied,
      };
    }
    return Promise.resolve(hasChanged ? { event: 'edited', fields } : undefined);
  });

/** Updates the selected fields from Details and keeps the others as they are. */
export const applyDetails = async (
  context: DocumentContext,
  documentId: number,
  version: number,
  choice: { readonly update: readonly string[]; readonly keep: readonly string[] },
): Promise<Outcome> =>
  applyChange(context, documentId, version, async (stored) => {
    if (!isOpen(stored)) return notEditable;
    const details = await readDetails(context, stored.studentId);
    if (details === undefined) return undefined;
    const fields = updateFields(stored.form, stored.fields, details, choice);
    const isSettled = findDetailsChanges(stored.form, fields, details).length === 0;
    return { event: 'details-updated', fields, hasReviewedDetails: isSettled };
  });

const stepChanges = {
  complete: { event: 'completed', state: 'complete' },
  amend: { event: 'amended', state: 'incomplete' },
  reopen: { event: 'reopened', state: 'incomplete' },
  delete: { event: 'deleted', isDeleted: true },
  restore: { event: 'restored', isDeleted: false },
} as const satisfies Readonly<
  Record<DocumentStep, Omit<DocumentChange, 'author'> & { readonly event: DocumentEvent }>
>;

/** Completes, amends, reopens, deletes or restores a document, if the user may. */
export const performStep = async (
  context: DocumentContext,
  documentId: number,
  version: number,
  step: DocumentStep,
): Promise<Outcome> =>
  applyChange(context, documentId, version, async (stored) => {
    if (!listSteps(stored, context.person).includes(step)) {
      return reject(
        'This is not possible for this document now, or you do not have permission.',
        'Its owner can complete and amend it; an administrator can reopen it.',
      );
    }
    const missing =
      step === 'complete' ? listEmptyRequired(stored.form, (key) => stored.fields[key]?.value) : [];
    if (missing.length > 0) {
      return reject(
        emptyRequiredSentence(missing.map(({ label }) => label)),
        'Fill in these fields, then complete the document.',
      );
    }
    return Promise.resolve(stepChanges[step]);
  });

/** Creates a copy with the entered values of a document and current demographics. */
export async function createCopy(
  context: DocumentContext,
  documentId: number,
): Promise<{ readonly id: number; readonly isNew: boolean } | undefined> {
  const { database, person } = context;
  const stored = await findStoredDocument(database, documentId);
  const details = stored && (await readDetails(context, stored.studentId));
  if (stored === undefined || details === undefined || stored.deletedAt !== null) return undefined;
  const { studentId, form } = stored;
  const fields = copyFields(form, stored.fields, details);
  const documents = [{ studentId, fields }];
  const ids = await insertDocuments(database, {
    form,
    author: person,
    batch: null,
    dueOn: null,
    documents,
  });
  return ids.get(studentId);
}
