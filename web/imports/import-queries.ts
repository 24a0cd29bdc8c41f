/** What the screens of imports ask the API. */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';

import { type PlanKind, importsApi } from '../../src/contract/imports.ts';
import { callApi } from '../api/api-client.ts';

const second = 1_000;

/** A page of runs; asked again every two seconds while one waits or runs. */
export const importsQuery = (domain: string, page: number) =>
  queryOptions({
    queryKey: [domain, 'imports', 'page', page],
    queryFn: ({ signal }) =>
      callApi(importsApi.listImports, { domain, query: { page: `${page}` } }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data?.running || data?.waiting ? 2 * second : 60 * second,
  });

export const importDaysQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'imports', 'days'],
    queryFn: ({ signal }) => callApi(importsApi.listImportDays, { domain }, signal),
  });

/** One run; while it goes on, its events tell more than this, which is asked again in case they can't come. */
export const runQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [domain, 'imports', 'run', id],
    queryFn: ({ signal }) => callApi(importsApi.getImport, { domain, params: { id } }, signal),
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? 10 * second : false),
  });

export const problemsQuery = (domain: string, id: string, kind: string, page: number) =>
  queryOptions({
    queryKey: [domain, 'imports', 'problems', id, kind, page],
    queryFn: ({ signal }) =>
      callApi(
        importsApi.listImportProblems,
        { domain, params: { id }, query: { kind, page: `${page}` } },
        signal,
      ),
    placeholderData: keepPreviousData,
  });

/** What to look for in a plan; stands in the address. */
export interface PlanSearch {
  readonly kind?: PlanKind | undefined;
  readonly search?: string | undefined;
  readonly page?: number | undefined;
}

export const planQuery = (domain: string, id: string, { kind, search, page }: PlanSearch) =>
  queryOptions({
    queryKey: [domain, 'imports', 'plan', id, { kind, search, page }],
    queryFn: ({ signal }) =>
      callApi(
        importsApi.listImportPlan,
        { domain, params: { id }, query: { kind, search, page: page?.toString() } },
        signal,
      ),
    placeholderData: keepPreviousData,
  });

/** An import has begun, ended or been decided about: everything that tells of imports is asked anew. */
export async function invalidateImports(queries: QueryClient, domain: string): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: [domain, 'imports'] }),
    queries.invalidateQueries({ queryKey: [domain, 'latest-import'] }),
  ]);
}
