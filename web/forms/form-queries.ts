/** API queries of the forms screens. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { documentsApi } from '../../src/contract/documents/documents.ts';
import { type FormDraft, formsApi } from '../../src/contract/documents/forms.ts';
import { callApi } from '../api/api-client.ts';

/** Prefix of all query keys of forms, including the form menu's. */
export const formsKey = (domain: string) => [domain, 'forms'] as const;

export const formTemplatesQuery = (domain: string) =>
  queryOptions({
    queryKey: [...formsKey(domain), 'templates'],
    queryFn: ({ signal }) => callApi(formsApi.listFormTemplates, { domain }, signal),
  });

export const formTemplateQuery = (domain: string, key: string) =>
  queryOptions({
    queryKey: [...formsKey(domain), 'templates', key],
    queryFn: ({ signal }) => callApi(formsApi.getFormTemplate, { domain, params: { key } }, signal),
  });

export const bindingsQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'form-bindings'],
    queryFn: ({ signal }) => callApi(documentsApi.listFormBindings, { domain }, signal),
    staleTime: Infinity,
  });

/** Preview of a new document of the form; the previous result stays visible while the next one loads. */
export const previewQuery = (domain: string, template: FormDraft, student: number | null) =>
  queryOptions({
    queryKey: [domain, 'form-preview', template, student],
    queryFn: ({ signal }) =>
      callApi(formsApi.previewForm, { domain, body: { template, student } }, signal),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
