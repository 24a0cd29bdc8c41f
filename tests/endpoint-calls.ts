/** Calls any endpoint of the contract with what a request of the sample district would hold. */
import type { Endpoint } from '../src/contract/endpoint.ts';
import { endpoints } from '../src/contract/endpoints.ts';
import { shippedForms } from '../src/documents/shipped-forms.ts';
import type { SampleLife } from './sample-life.ts';

export type EndpointName = keyof typeof endpoints;

/** The sample district and what it holds besides. */
export interface CalledDistrict extends SampleLife {
  readonly domain: string;
  readonly pdfFormId: number;
}

/** What stands in a request, before it is written into an address or a body. */
export interface EndpointInput {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
}

/** Input with which reads of the district find something. */
export function readingInput(name: EndpointName, district: CalledDistrict): EndpointInput {
  const { studentId, documentId, pdfFormId, handKeptId, runs, pair } = district;
  const [template] = shippedForms;
  if (template === undefined) throw new Error('There is no shipped form');
  const { version: _, ...draft } = template;
  const { path } = endpoints[name];
  const inputs: Partial<Record<EndpointName, EndpointInput>> = {
    listStudents: { query: { search: 'Castillo', status: 'ENROLLED', page: 1 } },
    listDocuments: { query: { state: 'incomplete' } },
    getHandKeptStudent: { params: { id: handKeptId } },
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
  if (inputs[name] !== undefined) return { params: { id: runs.lastNight }, ...inputs[name] };
  if (path.includes('/students/{id}')) return { params: { id: studentId } };
  if (path.includes('/documents/{id}')) return { params: { id: documentId } };
  if (path.includes('/imports/{id}')) return { params: { id: runs.lastNight } };
  return {};
}

/** The request of an endpoint with this input. */
export function requestOf(
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
