/** Creates requests to any endpoint of the contract, with data of the sample district. */
import type { Endpoint } from '../../src/contract/endpoint.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import { builtInForms } from '../../src/documents/built-in-forms.ts';
import type { SampleHistory } from '../builders/sample-history.ts';

export type EndpointName = keyof typeof endpoints;

/** The sample district and ids of further records. */
export interface CalledDistrict extends SampleHistory {
  readonly domain: string;
  readonly pdfFormId: number;
}

/** Input of a request, before it is written as URL and body. */
export interface EndpointInput {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
}

/** Creates input with which reads of the district return data. */
export function createReadInput(name: EndpointName, district: CalledDistrict): EndpointInput {
  const { studentId, documentId, pdfFormId, manualStudentId, runs, pair } = district;
  const [template] = builtInForms;
  if (template === undefined) throw new Error('There is no built-in form');
  const { version: _, ...draft } = template;
  const { path } = endpoints[name];
  const inputs: Partial<Record<EndpointName, EndpointInput>> = {
    listStudents: { query: { search: 'Castillo', status: 'ENROLLED', page: 1 } },
    printStudents: { query: { ids: `${studentId}` } },
    listDocuments: { query: { state: 'incomplete' } },
    getManualStudent: { params: { id: manualStudentId } },
    findLikelyDuplicates: {
      body: { studentNumber: '1', first: 'A', last: 'B', birthDate: null, exceptId: null },
    },
    compareStudents: { params: { first: pair[0], second: pair[1] } },
    previewForm: { body: { template: draft, student: studentId } },
    getFormTemplate: { params: { key: template.key } },
    getFormVersion: { params: { key: template.key, version: 1 } },
    exportFormTemplate: { params: { key: template.key } },
    getDocumentVersion: { params: { id: documentId, version: 1 } },
    getPdfForm: { params: { id: pdfFormId } },
    previewPdfForm: { params: { id: pdfFormId }, body: { mapping: [], studentId } },
    printPdfFormPreview: { params: { id: pdfFormId }, query: { student: studentId } },
    listPdfFillings: { params: { id: studentId, form: pdfFormId } },
    fillPdfForm: { params: { id: studentId, form: pdfFormId } },
    listImportProblems: { query: { kind: 'duplicate' } },
  };
  if (inputs[name] !== undefined) return { params: { id: runs.lastImport }, ...inputs[name] };
  if (path.includes('/students/{id}')) return { params: { id: studentId } };
  if (path.includes('/documents/{id}')) return { params: { id: documentId } };
  if (path.includes('/imports/{id}')) return { params: { id: runs.lastImport } };
  return {};
}

/** Creates the request of an endpoint with this input. */
export function createRequest(
  endpoint: Endpoint,
  domain: string,
  { params = {}, query = {}, body }: EndpointInput,
): { readonly address: string; readonly init: RequestInit } {
  const path = endpoint.path
    .replace('{domain}', domain)
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name] ?? 1)));
  const asked = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  ).toString();
  return {
    address: asked === '' ? path : `${path}?${asked}`,
    init: {
      method: endpoint.method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    },
  };
}

/** Ids of records in requests. */
export interface RecordIds {
  readonly student: number;
  readonly otherStudent: number;
  readonly manualStudent: number;
  readonly document: number;
  readonly run: number;
  readonly pdfForm: number;
  readonly webhook: number;
  readonly invitation: string;
  readonly view: number;
  readonly removal: number;
  readonly account: string;
  readonly delivery: string;
  readonly districtId: number;
  readonly setupRequest: number;
}

/** Ids of records that do not exist. */
export const unknownIds: RecordIds = {
  student: 987_654_321,
  otherStudent: 987_654_322,
  manualStudent: 987_654_323,
  document: 987_654_324,
  run: 987_654_325,
  pdfForm: 987_654_326,
  webhook: 987_654_327,
  invitation: '99999999-9999-4999-8999-999999999997',
  view: 987_654_329,
  removal: 987_654_330,
  account: '99999999-9999-4999-8999-999999999999',
  delivery: '99999999-9999-4999-8999-999999999998',
  districtId: 987_654_331,
  setupRequest: 987_654_332,
};

/** Creates input about these records; `undefined` if the endpoint takes no ids. */
export function createInput(name: EndpointName, ids: RecordIds): EndpointInput | undefined {
  const { path }: Endpoint = endpoints[name];
  const params = paramsAbout(path, ids);
  const more = createInputs(ids)[name];
  if (Object.keys(params).length === 0 && more === undefined) return undefined;
  return { params, ...more };
}

function paramsAbout(path: string, ids: RecordIds): Readonly<Record<string, string | number>> {
  const id = {
    'students/{id}': ids.student,
    'manual-students/{id}': ids.manualStudent,
    'documents/{id}': ids.document,
    'imports/{id}': ids.run,
    'date-holds/{id}': ids.run,
    'pdf-forms/{id}': ids.pdfForm,
    'webhooks/{id}': ids.webhook,
    'invitations/{id}': ids.invitation,
    'student-views/{id}': ids.view,
    'removed-students/{id}': ids.removal,
    'users/{id}': ids.account,
    'recipients/{id}': ids.account,
    'requests/{id}': ids.setupRequest,
  };
  const [, of] = Object.entries(id).find(([end]) => path.includes(`/${end}`)) ?? [];
  const all = {
    ...(of !== undefined && { id: of }),
    first: ids.student,
    second: ids.otherStudent,
    runId: ids.run,
    recordId: ids.student,
    districtId: ids.districtId,
    form: ids.pdfForm,
    delivery: ids.delivery,
    field: 'notes',
    version: 1,
  };
  const isAboutRecord = of !== undefined || /\{(?:first|recordId|districtId)\}/.test(path);
  return isAboutRecord
    ? Object.fromEntries(Object.entries(all).filter(([word]) => path.includes(`{${word}}`)))
    : {};
}

const typedName = { first: 'Ann', middle: null, last: 'Lee', suffix: null };
const typedStudent = {
  name: typedName,
  legalName: null,
  birthDate: '2015-05-17',
  studentNumber: null,
  stateId: null,
  gender: null,
  grade: '05',
  school: null,
  homeLanguage: null,
  addresses: [],
  phones: [],
  emails: [],
  guardians: [],
  status: { value: 'ENROLLED', reason: null, since: '2026-01-05' },
};

/** Creates queries that filter by a record, and bodies. */
function createInputs(
  ids: RecordIds,
): Partial<Record<EndpointName, Omit<EndpointInput, 'params'>>> {
  const [template] = builtInForms;
  if (template === undefined) throw new Error('There is no built-in form');
  const { version: _, ...draft } = template;
  const version = { version: 1 };
  const events = ['document.created'];
  return {
    updateUser: { body: { role: 'staff', schools: null, version: '1' } },
    setSuspended: { body: { isSuspended: true } },
    chooseMail: { body: { notices: false, weekly: false } },
    changeWebhook: { body: { events, isActive: false } },
    updateSavedView: { body: { name: 'Ours', isShared: false, query: {} } },
    changeCaseload: { body: { students: [ids.student], isAdded: true } },
    saveStaffValue: { body: { value: 'x', version: 0 } },
    updateManualStudent: { body: { version: '1', values: typedStudent } },
    setManualStatus: {
      body: { version: '1', status: { value: 'INACTIVE', reason: 'x', since: '2026-01-05' } },
    },
    mergeStudents: {
      body: {
        kept: ids.student,
        removed: ids.otherStudent,
        keptVersion: '1',
        removedVersion: '1',
        take: [],
      },
    },
    previewForm: { body: { template: draft, student: ids.student } },
    createDocuments: { body: { form: template.key, students: [ids.student] } },
    saveDocument: { body: { ...version, values: {} } },
    setDocumentDue: { body: { dueOn: '2026-12-01' } },
    setDocumentsDue: { body: { ids: [ids.document], dueOn: '2026-12-01' } },
    completeDocuments: { body: { ids: [ids.document] } },
    updateDocumentsFromDetails: { body: { ids: [ids.document] } },
    updateFromDetails: { body: { ...version, update: [], keep: [] } },
    takeDocumentStep: { body: { ...version, step: 'delete' } },
    copyDocument: { body: {} },
    savePdfForm: { body: { ...version, title: 'Ours', mapping: [] } },
    setPdfFormRemoved: { body: { isRemoved: true } },
    previewPdfForm: { body: { mapping: [], studentId: ids.student } },
    printPdfFormPreview: { query: { student: ids.student } },
    acceptEmptyImportField: { body: { object: 'Student', field: 'Grade', reason: 'It is so' } },
    reviewImport: { body: { outcome: 'discarded', reason: 'It is so' } },
    undoImport: { body: { previewRunId: 1, reason: 'It is so' } },
    decideDateHold: { body: { choice: 'applied', reason: 'It is so' } },
    setMailHandled: { body: { isHandled: true } },
    openRequestFromMail: { body: { domain: null } },
    replyToMail: { body: { text: 'Yes.' } },
    takeSetupStep: { body: { ...version, step: 'complete' } },
    listImportProblems: { query: { kind: 'duplicate' } },
    listDocuments: { query: { student: ids.student } },
    exportDocuments: { query: { student: ids.student } },
    printDocuments: { query: { ids: ids.document } },
    packDocuments: { query: { ids: ids.document } },
    listAudit: { query: { student: ids.student } },
    exportAudit: { query: { person: ids.account } },
    findLikelyDuplicates: {
      body: {
        studentNumber: null,
        first: null,
        last: null,
        birthDate: null,
        exceptId: ids.student,
      },
    },
  };
}
