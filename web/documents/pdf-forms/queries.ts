/** API queries and shared formatting of the PDF form screens. */
import { queryOptions } from '@tanstack/react-query';

import {
  type PdfFilling,
  type PdfFormField,
  pdfFormsApi,
} from '../../../src/contract/documents/pdf-forms.ts';
import { callApi } from '../../api/api-client.ts';

/** Prefix of all query keys of PDF forms. */
export const pdfFormsKey = (domain: string) => [domain, 'pdf-forms'] as const;

export const pdfFormsQuery = (domain: string, isRemoved = false) =>
  queryOptions({
    queryKey: [...pdfFormsKey(domain), 'list', isRemoved],
    queryFn: ({ signal }) =>
      callApi(
        pdfFormsApi.listPdfForms,
        { domain, query: isRemoved ? { removed: 'yes' } : {} },
        signal,
      ),
  });

export const pdfFormQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [...pdfFormsKey(domain), 'one', id],
    queryFn: ({ signal }) => callApi(pdfFormsApi.getPdfForm, { domain, params: { id } }, signal),
  });

export const pdfFillingsQuery = (domain: string, id: string, form: string) =>
  queryOptions({
    queryKey: [...pdfFormsKey(domain), 'fillings', id, form],
    queryFn: ({ signal }) =>
      callApi(pdfFormsApi.listPdfFillings, { domain, params: { id, form } }, signal),
    enabled: form !== '',
    // Details may have changed.
    staleTime: 0,
  });

/** Formats the kind of a PDF field. */
export function formatFieldKind({ kind, isComb, isMultiline, maxLength }: PdfFormField): string {
  if (kind !== 'text') return kindLabels[kind];
  const name = isComb ? 'Text with a box per character' : isMultiline ? 'Multi-line text' : 'Text';
  return maxLength === null ? name : `${name}, up to ${maxLength} characters`;
}

const kindLabels = {
  checkbox: 'Check box',
  radio: 'Radio buttons',
  dropdown: 'Dropdown',
  list: 'List',
  signature: 'Signature (signed on paper)',
  button: 'Button',
} as const satisfies Record<Exclude<PdfFormField['kind'], 'text'>, string>;

/** Formats how many fields are filled in and how many are left empty. */
export function formatFillingSummary(fillings: readonly PdfFilling[]): string {
  const filled = fillings.filter(({ value }) => value !== null).length;
  const empty = fillings.length - filled;
  const fields = filled === 1 ? '1 field is' : `${filled} fields are`;
  return empty === 0
    ? `${fields} filled in.`
    : `${fields} filled in; ${empty} ${empty === 1 ? 'is' : 'are'} left empty.`;
}
