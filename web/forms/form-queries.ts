/** What the screens of forms ask the API. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { documentsApi } from '../../src/contract/documents/documents.ts';
import { type FormDraft, formsApi } from '../../src/contract/documents/forms.ts';
import { callApi } from '../api/api-client.ts';

/** Every key of forms begins like this; the menu of forms too. */
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

/** What a document of the form would begin with; the last answer stays until the next one is there. */
export const previewQuery = (domain: string, template: FormDraft, student: number | null) =>
  queryOptions({
    queryKey: [domain, 'form-preview', template, student],
    queryFn: ({ signal }) =>
      callApi(formsApi.previewForm, { domain, body: { template, student } }, signal),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
