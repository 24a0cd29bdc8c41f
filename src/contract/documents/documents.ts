/**
 * Documents of special programs: created from a student's Details, changed, completed, printed.
 *
 * This folder has the endpoints of forms, documents and PDF forms.
 */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole, writingRoles } from '../endpoint.ts';
import { FieldValue, FormTemplate } from './form-template.ts';
import {
  Day,
  Instant,
  RecordId,
  RecordIdInPath,
  VersionInPath,
  VersionNumber,
  PersonName,
} from '../values.ts';
import { code, searchText, wholeNumber } from '../text.ts';

export const FormSummary = z
  .object(FormTemplate.shape)
  .pick({
    key: true,
    version: true,
    title: true,
    group: true,
    summary: true,
    allowsSeveral: true,
  })
  .meta({ id: 'FormSummary' });
export type FormSummary = z.infer<typeof FormSummary>;

const listForms = {
  method: 'GET',
  path: `${districtPath}/forms`,
  summary: 'The forms that documents are created from',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({ forms: z.array(FormSummary) }),
} as const satisfies Endpoint;

const listFormBindings = {
  method: 'GET',
  path: `${districtPath}/form-bindings`,
  summary: 'All values of Details that can fill a field of a form',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({
    bindings: z.array(
      z.strictObject({
        path: z.string(),
        holds: z.enum(['text', 'date', 'people']),
        meaning: z.string(),
        example: z.string(),
      }),
    ),
  }),
} as const satisfies Endpoint;

export const ValueSource = z
  .strictObject({
    kind: z.enum(['skyward', 'manual', 'calendar', 'district', 'form', 'typed']).meta({
      description:
        'skyward: imported; manual: entered by users in the record; calendar: the date; district: its name; form: the initial value of the form; typed: entered into this document.',
    }),
    importDate: Day.nullable().meta({ description: 'For skyward: the import date of the value.' }),
    by: z.string().nullable().meta({ description: 'For typed: who entered it.' }),
  })
  .meta({ id: 'ValueSource' });
export type ValueSource = z.infer<typeof ValueSource>;

export const DocumentField = z
  .strictObject({
    key: z.string(),
    value: FieldValue,
    source: ValueSource.nullable().meta({ description: 'null: the field is empty.' }),
    note: z.string().nullable().meta({ description: 'Why it could not be filled.' }),
  })
  .meta({ id: 'DocumentField' });
export type DocumentField = z.infer<typeof DocumentField>;

const DetailsChange = z
  .strictObject({
    key: z.string(),
    label: z.string(),
    before: FieldValue.meta({ description: 'In Details when it was copied.' }),
    current: FieldValue.meta({ description: 'In Details now.' }),
    documentValue: FieldValue.meta({ description: 'In the document.' }),
    source: ValueSource.nullable(),
  })
  .meta({ id: 'DetailsChange' });
export type DetailsChange = z.infer<typeof DetailsChange>;

export const DocumentState = z.enum(['incomplete', 'complete']).meta({ id: 'DocumentState' });
export type DocumentState = z.infer<typeof DocumentState>;

export const DocumentStep = z.enum(['complete', 'amend', 'reopen', 'delete', 'restore']).meta({
  id: 'DocumentStep',
  description:
    'complete: no further changes; amend: its owner makes it incomplete again; reopen: an administrator does; delete, restore: within 90 days.',
});
export type DocumentStep = z.infer<typeof DocumentStep>;

const DocumentStudent = z.strictObject({
  id: RecordId,
  name: PersonName,
  studentNumber: z.string().nullable(),
  schoolName: z.string().nullable(),
  grade: z.string().nullable(),
});

const common = {
  id: RecordId,
  title: z.string(),
  state: DocumentState,
  student: DocumentStudent,
  createdAt: Instant,
  createdBy: z.string(),
  changedAt: Instant,
  changedBy: z.string(),
  completedAt: Instant.nullable(),
  deletedAt: Instant.nullable(),
  dueOn: Day.nullable().meta({ description: 'The due date.' }),
};

export const Document = z
  .strictObject({
    ...common,
    completedBy: z.string().nullable().meta({ description: 'Who completed it.' }),
    version: z.int().positive().meta({ description: 'A change sends the version it is based on.' }),
    form: FormTemplate,
    fields: z.array(DocumentField),
    changes: z.array(DetailsChange).meta({
      description:
        'Values that have changed in Details since; always empty for a complete document.',
    }),
    mayChange: z.boolean(),
    steps: z.array(DocumentStep).meta({ description: 'What the caller may do with it.' }),
  })
  .meta({ id: 'Document' });
export type Document = z.infer<typeof Document>;

const DocumentRow = z
  .strictObject({
    ...common,
    formKey: z.string(),
    hasNewerDetails: z.boolean().meta({
      description:
        "Incomplete, and the student's record has changed since its values were copied or looked at.",
    }),
  })
  .meta({ id: 'DocumentRow' });
export type DocumentRow = z.infer<typeof DocumentRow>;

export const DueFilter = z.enum(['overdue', 'week', 'soon', 'month', 'any']).meta({
  id: 'DueFilter',
  description:
    'Incomplete ones that are overdue, due within 7 days, either of both (soon), due within 30 days, or have a due date.',
});
export type DueFilter = z.infer<typeof DueFilter>;

const filter = {
  search: searchText(100).optional().meta({
    description:
      'Words of the student’s name or number, the form or the owner; the beginning of a word is enough. Accents and case are ignored.',
  }),
  student: RecordIdInPath.optional(),
  form: code(60).optional(),
  state: DocumentState.optional(),
  school: RecordIdInPath.optional().meta({ description: 'Id of a school (entity).' }),
  owner: z
    .union([z.literal('me'), z.uuid()])
    .optional()
    .meta({
      description: 'Account that created it; me: the caller.',
    }),
  due: DueFilter.optional(),
  batch: z.uuid().optional().meta({ description: 'Documents that were created together.' }),
  changed: z.enum(['yes']).optional().meta({
    description: 'Only incomplete ones of students whose information has changed since.',
  }),
  deleted: z.enum(['yes']).optional().meta({
    description: 'Documents deleted in the last 90 days instead of existing ones.',
  }),
};
const DocumentFilter = z.strictObject(filter);
export type DocumentFilter = z.output<typeof DocumentFilter>;

/** Columns that the list can be sorted by. */
export const documentSortColumns = [
  'student',
  'grade',
  'school',
  'form',
  'status',
  'due',
  'owner',
  'changed',
] as const;

export const DocumentSort = z
  .enum(documentSortColumns.flatMap((column) => [column, `-${column}`] as const))
  .meta({
    id: 'DocumentSort',
    description: 'A column; with `-` in front, descending. By default, last changed first.',
  });
export type DocumentSort = z.infer<typeof DocumentSort>;

const listDocuments = {
  method: 'GET',
  path: `${districtPath}/documents`,
  summary: 'Documents of the district or of one student: searched, filtered, sorted, 50 a page',
  access: everyRole,
  audit: { kind: 'search', action: 'documents-listed' },
  limit: 'read',
  query: z.strictObject({
    ...filter,
    sort: DocumentSort.optional(),
    page: wholeNumber(5).optional(),
  }),
  response: z.strictObject({
    rows: z.array(DocumentRow),
    page: z.int().positive(),
    pageSize: z.int().positive(),
    total: z.int().nonnegative().meta({ description: 'At most 10,000 are counted.' }),
    hasMore: z.boolean().meta({ description: 'There is another page.' }),
  }),
} as const satisfies Endpoint;

const exportDocuments = {
  method: 'GET',
  path: `${districtPath}/documents.csv`,
  summary: 'Matching documents as a table (CSV)',
  access: everyRole,
  audit: { kind: 'search', action: 'documents-exported', everyTime: true },
  limit: 'heavy',
  query: DocumentFilter,
  response: z.string(),
  responseKind: 'download',
} as const satisfies Endpoint;

/** Maximum students of one request; the web app sends several requests for more. */
const maxStudents = 250;

const createDocuments = {
  method: 'POST',
  path: `${districtPath}/documents`,
  summary: 'Create a document of a form for each of these students, filled from their Details',
  access: writingRoles,
  audit: { kind: 'change', actions: ['document-created'] },
  limit: 'write',
  body: z.strictObject({
    form: code(60),
    students: z.array(RecordId).min(1).max(maxStudents),
    dueOn: Day.optional().meta({ description: 'The due date.' }),
    batch: z.uuid().optional().meta({
      description:
        'Identifies documents that are created together, by one or several requests. Repeating a request creates nothing twice.',
    }),
  }),
  response: z.strictObject({
    results: z.array(
      z.strictObject({
        studentId: RecordId,
        outcome: z.enum(['created', 'already-exists', 'student-not-found']),
        documentId: RecordId.nullable().meta({
          description: 'The new document; for already-exists, the existing incomplete one.',
        }),
      }),
    ),
  }),
  errors: ['not-found'],
} as const satisfies Endpoint;

const oneDocument = z.strictObject({ id: RecordIdInPath });
const seenVersion = VersionNumber.meta({ description: 'The version that the change is based on.' });

const getDocument = {
  method: 'GET',
  path: `${districtPath}/documents/{id}`,
  summary:
    'A document: its form, its values with their sources, and what has changed in Details since',
  access: everyRole,
  audit: { kind: 'look', action: 'document-viewed' },
  limit: 'read',
  params: oneDocument,
  response: Document,
  errors: ['not-found'],
} as const satisfies Endpoint;

const saveDocument = {
  method: 'PATCH',
  path: `${districtPath}/documents/{id}`,
  summary: 'Save fields of an incomplete document; 409 if it was changed since that version',
  access: writingRoles,
  audit: { kind: 'change', actions: ['document-changed'] },
  limit: 'write',
  params: oneDocument,
  body: z.strictObject({
    version: seenVersion,
    values: z.record(code(60), FieldValue),
  }),
  response: Document,
  errors: ['not-found', 'conflict', 'not-possible'],
} as const satisfies Endpoint;

const setDocumentDue = {
  method: 'PUT',
  path: `${districtPath}/documents/{id}/due`,
  summary: 'Set or clear the due date of an incomplete document',
  access: writingRoles,
  audit: { kind: 'change', actions: ['document-due-set'] },
  limit: 'write',
  params: oneDocument,
  body: z.strictObject({ dueOn: Day.nullable() }),
  response: z.strictObject({ dueOn: Day.nullable() }),
  errors: ['not-found', 'not-possible'],
} as const satisfies Endpoint;

/** Maximum documents of one change; their ids also fit into an address. */
export const maxSelectedDocuments = 250;

const selectedDocuments = z.array(RecordId).min(1).max(maxSelectedDocuments);

const setDocumentsDue = {
  method: 'PUT',
  path: `${districtPath}/documents/due`,
  summary: 'Set or clear the due date of these documents; complete ones are left unchanged',
  access: writingRoles,
  audit: { kind: 'change', actions: ['document-due-set'] },
  limit: 'write',
  body: z.strictObject({ ids: selectedDocuments, dueOn: Day.nullable() }),
  response: z.strictObject({
    changed: z.array(RecordId).meta({ description: 'The documents that were incomplete.' }),
  }),
} as const satisfies Endpoint;

const completeDocuments = {
  method: 'POST',
  path: `${districtPath}/documents/complete`,
  summary: 'Complete these documents, except those with empty required fields or of other owners',
  access: writingRoles,
  audit: { kind: 'change', actions: ['document-step'] },
  limit: 'write',
  body: z.strictObject({ ids: selectedDocuments }),
  response: z.strictObject({
    results: z.array(
      z.strictObject({
        documentId: RecordId,
        outcome: z
          .enum(['completed', 'already-complete', 'fields-missing', 'not-allowed', 'not-found'])
          .meta({ description: 'not-allowed: neither its owner nor an administrator.' }),
        missing: z.array(z.string()).meta({ description: 'Labels of empty required fields.' }),
      }),
    ),
  }),
} as const satisfies Endpoint;
export type CompletionResult = z.output<(typeof completeDocuments)['response']>['results'][number];

const updateFromDetails = {
  method: 'POST',
  path: `${districtPath}/documents/{id}/details`,
  summary: 'Update fields from Details, or keep the values of the document',
  access: writingRoles,
  audit: { kind: 'change', actions: ['document-changed'] },
  limit: 'write',
  params: oneDocument,
  body: z.strictObject({
    version: seenVersion,
    update: z.array(code(60)).max(2000),
    keep: z.array(code(60)).max(2000),
  }),
  response: Document,
  errors: ['not-found', 'conflict', 'not-possible'],
} as const satisfies Endpoint;

const updateDocumentsFromDetails = {
  method: 'POST',
  path: `${districtPath}/documents/details`,
  summary:
    'Update from Details all that has changed in these documents; complete ones are left unchanged',
  access: writingRoles,
  audit: { kind: 'change', actions: ['document-changed'] },
  limit: 'write',
  body: z.strictObject({ ids: selectedDocuments }),
  response: z.strictObject({
    updated: z.array(RecordId).meta({ description: 'The documents that were incomplete.' }),
  }),
} as const satisfies Endpoint;

const takeDocumentStep = {
  method: 'POST',
  path: `${districtPath}/documents/{id}/steps`,
  summary: 'Complete, amend, reopen, delete or restore a document',
  access: writingRoles,
  audit: { kind: 'change', actions: ['document-step'] },
  limit: 'write',
  params: oneDocument,
  body: z.strictObject({ version: seenVersion, step: DocumentStep }),
  response: Document,
  errors: ['not-found', 'conflict', 'not-possible'],
} as const satisfies Endpoint;

const copyDocument = {
  method: 'POST',
  path: `${districtPath}/documents/{id}/copies`,
  summary: 'Copy a document, with current demographics',
  access: writingRoles,
  audit: { kind: 'change', actions: ['document-created'] },
  limit: 'write',
  params: oneDocument,
  body: z.strictObject({}),
  response: z.strictObject({ id: RecordId }),
  errors: ['not-found', 'not-possible'],
} as const satisfies Endpoint;

const DocumentEvent = z
  .enum([
    'created',
    'edited',
    'details-updated',
    'completed',
    'amended',
    'reopened',
    'deleted',
    'restored',
  ])
  .meta({ id: 'DocumentEvent' });
export type DocumentEvent = z.infer<typeof DocumentEvent>;

const DocumentVersion = z
  .strictObject({
    version: z.int().positive(),
    event: DocumentEvent,
    at: Instant,
    by: z.string(),
    state: DocumentState,
  })
  .meta({ id: 'DocumentVersion' });
export type DocumentVersion = z.infer<typeof DocumentVersion>;

const listDocumentVersions = {
  method: 'GET',
  path: `${districtPath}/documents/{id}/versions`,
  summary: 'Versions of a document, the latest first',
  access: everyRole,
  audit: { kind: 'look', action: 'document-versions-viewed' },
  limit: 'read',
  params: oneDocument,
  response: z.strictObject({ versions: z.array(DocumentVersion) }),
  errors: ['not-found'],
} as const satisfies Endpoint;

const getDocumentVersion = {
  method: 'GET',
  path: `${districtPath}/documents/{id}/versions/{version}`,
  summary: 'One version of a document',
  access: everyRole,
  audit: { kind: 'look', action: 'document-version-viewed' },
  limit: 'read',
  params: z.strictObject({ id: RecordIdInPath, version: VersionInPath }),
  response: DocumentVersion.extend({ fields: z.array(DocumentField) }),
  errors: ['not-found'],
} as const satisfies Endpoint;

const print = z.enum(['yes']).optional().meta({
  description: 'The PDF opens the print dialog of the browser.',
});

const printDocument = {
  method: 'GET',
  path: `${districtPath}/documents/{id}/document.pdf`,
  summary: 'The document as PDF',
  access: everyRole,
  audit: { kind: 'look', action: 'document-printed', everyTime: true },
  limit: 'heavy',
  params: oneDocument,
  query: z.strictObject({ print }),
  response: z.string(),
  responseKind: 'download',
  errors: ['not-found', 'not-possible'],
} as const satisfies Endpoint;

/** Maximum documents of one print. */
export const maxPrinted = 1000;

const printed = DocumentFilter.omit({ deleted: true }).extend({
  ids: z
    .string()
    .regex(
      /^[1-9]\d{0,14}(,[1-9]\d{0,14}){0,249}$/,
      `must be up to ${maxSelectedDocuments} numbers with commas between`,
    )
    .transform((text) => text.split(',').map(Number))
    .optional()
    .meta({ description: 'Only documents with these ids.' }),
});

const printDocuments = {
  method: 'GET',
  path: `${districtPath}/documents.pdf`,
  summary: `Matching documents by student, as one PDF; at most ${maxPrinted}`,
  access: everyRole,
  audit: { kind: 'look', action: 'document-printed', everyTime: true },
  limit: 'heavy',
  query: printed.extend({ print }),
  response: z.string(),
  responseKind: 'download',
  errors: ['not-found', 'not-possible'],
} as const satisfies Endpoint;

const packDocuments = {
  method: 'GET',
  path: `${districtPath}/documents.zip`,
  summary: `Matching documents as PDFs in one zip file; at most ${maxPrinted}`,
  access: everyRole,
  audit: { kind: 'look', action: 'document-printed', everyTime: true },
  limit: 'heavy',
  query: printed,
  response: z.string(),
  responseKind: 'download',
  errors: ['not-found', 'not-possible'],
} as const satisfies Endpoint;

const count = z.int().nonnegative();

export const DocumentCounts = z
  .strictObject({
    incomplete: count,
    mine: count.meta({ description: 'Incomplete ones that the caller created.' }),
    overdue: count,
    dueThisWeek: count.meta({ description: 'From today within seven days.' }),
    changed: count.meta({ description: 'Incomplete, and student information has changed since.' }),
    owners: z
      .array(z.strictObject({ accountId: z.uuid(), name: z.string(), incomplete: count }))
      .meta({ description: 'Who has incomplete documents, most first; at most 200.' }),
  })
  .meta({ id: 'DocumentCounts' });
export type DocumentCounts = z.infer<typeof DocumentCounts>;

const countDocuments = {
  method: 'GET',
  path: `${districtPath}/document-counts`,
  summary: 'Counts of incomplete documents',
  access: everyRole,
  audit: { kind: 'search', action: 'documents-listed' },
  limit: 'read',
  response: DocumentCounts,
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const documentsApi = {
  listForms,
  listFormBindings,
  listDocuments,
  countDocuments,
  exportDocuments,
  printDocuments,
  packDocuments,
  createDocuments,
  getDocument,
  saveDocument,
  setDocumentDue,
  setDocumentsDue,
  completeDocuments,
  updateFromDetails,
  updateDocumentsFromDetails,
  takeDocumentStep,
  copyDocument,
  listDocumentVersions,
  getDocumentVersion,
  printDocument,
};
