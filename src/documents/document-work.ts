/** What people do with documents: create, open, save, take Details over, complete, copy, delete. */
import type {
  Document,
  DocumentEvent,
  DocumentField,
  DocumentStep,
} from '../contract/documents.ts';
import { administers } from '../contract/endpoint.ts';
import {
  type FieldValue,
  fieldsOf,
  fieldValueProblem,
  type FormTemplate,
} from '../contract/form-template.ts';
import { type Desk, readDetails, readDetailsOf } from './desk.ts';
import {
  changeDocument,
  type DocumentChange,
  findKeptDocument,
  insertDocuments,
  type KeptDocument,
} from './document-store.ts';
import {
  changesOfDetails,
  copiedValues,
  filledValues,
  isSameValue,
  type KeptFields,
  withDetails,
} from './filled-values.ts';

/** How a change ended. `refused` says why, as a sentence for the person. */
export type Outcome =
  | { readonly outcome: 'done'; readonly document: Document }
  | { readonly outcome: 'no-such-document' }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'refused'; readonly why: string; readonly advice: string };

/** One student's part of a creation. */
export interface Creation {
  readonly studentId: number;
  readonly outcome: 'created' | 'there-already' | 'no-such-student';
  readonly documentId: number | null;
}

/**
 * Creates a document of the form for each student, filled in with Details as they are now (R5). Sent again with
 * the same `batch`, it gives the documents of the first time and creates none twice.
 */
export async function createForStudents(
  desk: Desk,
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
  const { database, districtId, person } = desk;
  const details = await readDetailsOf(desk, studentIds);
  const documents = [...details].map(([studentId, read]) => ({
    studentId,
    fields: filledValues(form, read),
  }));
  const ids = await insertDocuments(database, districtId, {
    form,
    author: person,
    batch,
    dueOn,
    documents,
  });
  return [...new Set(studentIds)].map((studentId) => {
    const found = ids.get(studentId);
    if (found === undefined) return { studentId, outcome: 'no-such-student', documentId: null };
    const outcome = found.isNew ? 'created' : 'there-already';
    return { studentId, outcome, documentId: found.id };
  });
}

/** A document as its page shows it; `undefined` when there is none for the caller. */
export async function openDocument(desk: Desk, documentId: number): Promise<Document | undefined> {
  const kept = await findKeptDocument(desk.database, desk.districtId, documentId);
  if (kept === undefined) return undefined;
  const isOpen = kept.state === 'incomplete' && kept.deletedAt === null;
  const details = isOpen ? await readDetails(desk, kept.studentId) : undefined;
  const steps = stepsFor(kept, desk.person);
  return {
    id: kept.id,
    title: kept.title,
    state: kept.state,
    version: kept.version,
    form: kept.form,
    student: {
      id: kept.studentId,
      name: kept.studentName,
      studentNumber: kept.studentNumber,
      schoolName: kept.schoolName,
      grade: kept.grade,
    },
    createdAt: kept.createdAt.toString(),
    createdBy: kept.createdByName,
    changedAt: kept.changedAt.toString(),
    changedBy: kept.changedByName,
    completedAt: kept.completedAt?.toString() ?? null,
    deletedAt: kept.deletedAt?.toString() ?? null,
    dueOn: kept.dueOn,
    fields: shownFields(kept.form, kept.fields),
    changes: details === undefined ? [] : changesOfDetails(kept.form, kept.fields, details),
    mayChange: isOpen && desk.person.role !== 'read-only',
    steps,
  };
}

/** The fields in the order of the form, without what is for comparing only. */
export const shownFields = (form: FormTemplate, fields: KeptFields): DocumentField[] =>
  fieldsOf(form).map(({ key }) => {
    const { value, source, note } = fields[key] ?? { value: null, source: null, note: null };
    return { key, value, source, note };
  });

/** What this person may do now: its owner and administrators complete and delete, only they open it again. */
function stepsFor(
  { state, deletedAt, createdBy }: KeptDocument,
  { accountId, role }: Desk['person'],
): DocumentStep[] {
  const isOwner = createdBy === accountId;
  if (role === 'read-only' || !(isOwner || administers(role))) return [];
  if (deletedAt !== null) return ['restore'];
  if (state === 'incomplete') return ['complete', 'delete'];
  return [
    isOwner ? 'amend' : undefined,
    administers(role) ? 'set-back' : undefined,
    'delete',
  ].filter((step): step is DocumentStep => step !== undefined);
}

/** Writes what `plan` makes of the document, over the version that the caller has seen. */
async function change(
  desk: Desk,
  documentId: number,
  version: number,
  plan: (
    kept: KeptDocument,
  ) => Promise<
    Omit<DocumentChange, 'author'> | Extract<Outcome, { outcome: 'refused' }> | undefined
  >,
): Promise<Outcome> {
  const { database, districtId, person } = desk;
  const kept = await findKeptDocument(database, districtId, documentId, { forChange: true });
  if (kept === undefined) return { outcome: 'no-such-document' };
  if (kept.version !== version) return { outcome: 'conflict' };
  const planned = await plan(kept);
  if (planned !== undefined) {
    if ('outcome' in planned) return planned;
    const author = { accountId: person.accountId, name: person.name };
    const done = await changeDocument(database, districtId, documentId, version, {
      ...planned,
      author,
    });
    if (done === 'conflict') return { outcome: 'conflict' };
    if (done === 'there-already') return secondOne;
  }
  const document = await openDocument(desk, documentId);
  return document === undefined ? { outcome: 'no-such-document' } : { outcome: 'done', document };
}

const refused = (why: string, advice: string) => ({ outcome: 'refused', why, advice }) as const;

const secondOne = refused(
  'This student has another incomplete document of this form, and there may be only one.',
  'Complete or delete that one first.',
);

const notOpen = refused(
  'This document is complete or deleted, so it does not change any more.',
  'Amend it, or copy it to a new document.',
);

const isOpen = ({ state, deletedAt }: KeptDocument) => state === 'incomplete' && deletedAt === null;

/** Saves what somebody has written; what is the same as before is no change. */
export const saveFields = async (
  desk: Desk,
  documentId: number,
  version: number,
  values: Readonly<Record<string, FieldValue>>,
): Promise<Outcome> =>
  change(desk, documentId, version, async (kept) => {
    if (!isOpen(kept)) return notOpen;
    const known = new Map(fieldsOf(kept.form).map((field) => [field.key, field]));
    const fields: Record<string, KeptFields[string]> = { ...kept.fields };
    let hasChanged = false;
    for (const [key, given] of Object.entries(values)) {
      const field = known.get(key);
      const value = given === '' ? null : given;
      const problem = field === undefined ? 'is not in this form' : fieldValueProblem(field, value);
      if (problem !== undefined) {
        return refused(
          `The field "${field?.label ?? key}" ${problem}.`,
          'Change it, then save it again.',
        );
      }
      const before = fields[key] ?? { value: null, source: null, note: null, copied: null };
      if (isSameValue(before.value, value)) continue;
      hasChanged = true;
      const source = { kind: 'typed', night: null, by: desk.person.name } as const;
      fields[key] = {
        value,
        source: value === null ? null : source,
        note: null,
        copied: before.copied,
      };
    }
    return Promise.resolve(hasChanged ? { event: 'edited', fields } : undefined);
  });

/** Takes over some of what Details say now and keeps the rest as the document has it. */
export const takeDetails = async (
  desk: Desk,
  documentId: number,
  version: number,
  choice: { readonly take: readonly string[]; readonly keep: readonly string[] },
): Promise<Outcome> =>
  change(desk, documentId, version, async (kept) => {
    if (!isOpen(kept)) return notOpen;
    const details = await readDetails(desk, kept.studentId);
    if (details === undefined) return undefined;
    const fields = withDetails(kept.form, kept.fields, details, choice);
    const isSettled = changesOfDetails(kept.form, fields, details).length === 0;
    return { event: 'details-taken', fields, hasSeenDetails: isSettled };
  });

const eventOfStep = {
  complete: { event: 'completed', state: 'complete' },
  amend: { event: 'amended', state: 'incomplete' },
  'set-back': { event: 'set-back', state: 'incomplete' },
  delete: { event: 'deleted', isDeleted: true },
  restore: { event: 'restored', isDeleted: false },
} as const satisfies Readonly<
  Record<DocumentStep, Omit<DocumentChange, 'author'> & { readonly event: DocumentEvent }>
>;

/** Completes, amends, sets back, deletes a document or brings it back, as far as the person may. */
export const takeStep = async (
  desk: Desk,
  documentId: number,
  version: number,
  step: DocumentStep,
): Promise<Outcome> =>
  change(desk, documentId, version, async (kept) => {
    if (!stepsFor(kept, desk.person).includes(step)) {
      return refused(
        'This can not be done with this document now, or not by you.',
        'Its owner completes and amends it; an administrator can set it back.',
      );
    }
    const missing = step === 'complete' ? requiredAndEmpty(kept) : [];
    if (missing.length > 0) {
      return refused(
        `The document can not be completed yet: ${missing.join(', ')} must be filled in.`,
        'Fill these fields in, then complete it.',
      );
    }
    return Promise.resolve(eventOfStep[step]);
  });

const requiredAndEmpty = ({ form, fields }: KeptDocument): string[] =>
  fieldsOf(form)
    .filter(({ key, isRequired }) => isRequired === true && (fields[key]?.value ?? null) === null)
    .map(({ label }) => `"${label}"`);

/** A new document with the words of this one and the demographics of today. */
export async function copyToNew(
  desk: Desk,
  documentId: number,
): Promise<{ readonly id: number; readonly isNew: boolean } | undefined> {
  const { database, districtId, person } = desk;
  const kept = await findKeptDocument(database, districtId, documentId);
  const details = kept && (await readDetails(desk, kept.studentId));
  if (kept === undefined || details === undefined || kept.deletedAt !== null) return undefined;
  const { studentId, form } = kept;
  const fields = copiedValues(form, kept.fields, details);
  const documents = [{ studentId, fields }];
  const ids = await insertDocuments(database, districtId, {
    form,
    author: person,
    batch: null,
    dueOn: null,
    documents,
  });
  return ids.get(studentId);
}
