/**
 * API queries of the documents screens.
 *
 * This folder has the screens of documents; here is what they share.
 */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { DocumentSort, DueFilter, documentsApi } from '../../src/contract/documents/documents.ts';
import { callApi } from '../api/api-client.ts';

/** The filters of the document list, as in the address. */
export interface DocumentListSearch {
  readonly search?: string | undefined;
  readonly student?: string | undefined;
  readonly form?: string | undefined;
  readonly state?: 'incomplete' | 'complete' | undefined;
  readonly school?: string | undefined;
  readonly owner?: string | undefined;
  readonly due?: DueFilter | undefined;
  /** Documents created together. */
  readonly batch?: string | undefined;
  readonly changed?: 'yes' | undefined;
  readonly deleted?: 'yes' | undefined;
  readonly sort?: DocumentSort | undefined;
  readonly page?: string | undefined;
}

/** Parses the filters of an address; ignores unknown ones. */
export function parseDocumentListSearch(search: Record<string, unknown>): DocumentListSearch {
  const { form, state, school, owner, changed, deleted, batch, page } = search;
  const due = DueFilter.safeParse(search['due']).data;
  const sort = DocumentSort.safeParse(search['sort']).data;
  const words = search['search'];
  return {
    ...(typeof words === 'string' && words.trim() !== '' && { search: words.slice(0, 100) }),
    ...(typeof form === 'string' && form !== '' && { form: form.slice(0, 60) }),
    ...((state === 'incomplete' || state === 'complete') && { state }),
    ...(typeof school === 'string' && /^[1-9]\d{0,14}$/.test(school) && { school }),
    ...((owner === 'me' || isUuid(owner)) && { owner }),
    ...(due && { due }),
    ...(isUuid(batch) && { batch }),
    ...(changed === 'yes' && { changed }),
    ...(deleted === 'yes' && { deleted }),
    ...(sort && { sort }),
    ...(typeof page === 'string' && /^(?!1$)[1-9]\d{0,4}$/.test(page) && { page }),
  };
}

const isUuid = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

export const formsQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'forms'],
    queryFn: ({ signal }) => callApi(documentsApi.listForms, { domain }, signal),
    staleTime: 5 * 60_000,
  });

/** Prefix of all query keys of documents. */
export const documentsKey = (domain: string) => [domain, 'documents'] as const;

/** Prefix of the query keys of one document. */
export const documentKey = (domain: string, id: string) =>
  [...documentsKey(domain), 'one', id] as const;

export const documentListQuery = (domain: string, search: DocumentListSearch) =>
  queryOptions({
    queryKey: [...documentsKey(domain), 'list', search],
    queryFn: ({ signal }) =>
      callApi(documentsApi.listDocuments, { domain, query: { ...search } }, signal),
    placeholderData: keepPreviousData,
  });

export const documentCountsQuery = (domain: string) =>
  queryOptions({
    queryKey: [...documentsKey(domain), 'counts'],
    queryFn: ({ signal }) => callApi(documentsApi.countDocuments, { domain }, signal),
  });

export const documentQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: documentKey(domain, id),
    queryFn: ({ signal }) => callApi(documentsApi.getDocument, { domain, params: { id } }, signal),
  });

export const versionsQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [...documentKey(domain, id), 'versions'],
    queryFn: ({ signal }) =>
      callApi(documentsApi.listDocumentVersions, { domain, params: { id } }, signal),
  });

export const versionQuery = (domain: string, id: string, version: number) =>
  queryOptions({
    queryKey: [...documentKey(domain, id), 'versions', version],
    queryFn: ({ signal }) =>
      callApi(
        documentsApi.getDocumentVersion,
        { domain, params: { id, version: `${version}` } },
        signal,
      ),
  });
