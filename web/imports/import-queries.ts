/** API queries of the import screens. */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';

import { importChangesApi } from '../../src/contract/imports/import-changes.ts';
import { importIssuesApi } from '../../src/contract/imports/import-issues.ts';
import { importReportApi } from '../../src/contract/imports/import-report.ts';
import { importRunsApi } from '../../src/contract/imports/import-runs.ts';
import { importUndoApi } from '../../src/contract/imports/import-undo.ts';
import type { PlanKind } from '../../src/contract/values.ts';
import { callApi } from '../api/api-client.ts';

const second = 1_000;

/** A page of runs, refetched every two seconds while one is running or waiting. */
export const importsQuery = (domain: string, page: number) =>
  queryOptions({
    queryKey: [domain, 'imports', 'page', page],
    queryFn: ({ signal }) =>
      callApi(importRunsApi.listImports, { domain, query: { page: `${page}` } }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data?.running || data?.waiting ? 2 * second : 60 * second,
  });

export const importDaysQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'imports', 'days'],
    queryFn: ({ signal }) => callApi(importRunsApi.listImportDays, { domain }, signal),
  });

/** One run. While it runs, events update it; the interval covers browsers that cannot receive them. */
export const runQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [domain, 'imports', 'run', id],
    queryFn: ({ signal }) => callApi(importReportApi.getImport, { domain, params: { id } }, signal),
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? 10 * second : false),
  });

export const problemsQuery = (domain: string, id: string, kind: string, page: number) =>
  queryOptions({
    queryKey: [domain, 'imports', 'problems', id, kind, page],
    queryFn: ({ signal }) =>
      callApi(
        importIssuesApi.listImportProblems,
        { domain, params: { id }, query: { kind, page: `${page}` } },
        signal,
      ),
    placeholderData: keepPreviousData,
  });

/** The filters of the import issues, as in the page's address. */
export interface IssueSearch {
  readonly kind?: string | undefined;
  readonly search?: string | undefined;
  readonly page?: number | undefined;
}

export const openProblemsQuery = (domain: string, { kind, search, page }: IssueSearch) =>
  queryOptions({
    queryKey: [domain, 'imports', 'issues', { kind, search, page }],
    queryFn: ({ signal }) =>
      callApi(
        importIssuesApi.listOpenProblems,
        { domain, query: { kind, search, page: page?.toString() } },
        signal,
      ),
    placeholderData: keepPreviousData,
  });

/** The search of a plan, as in the page's address. */
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
        importChangesApi.listImportPlan,
        { domain, params: { id }, query: { kind, search, page: page?.toString() } },
        signal,
      ),
    placeholderData: keepPreviousData,
  });

/** Whether an import can be undone; every second while a preview is awaited. */
export const undoQuery = (domain: string, id: string, isAwaited: boolean) =>
  queryOptions({
    queryKey: [domain, 'imports', 'undo', id],
    queryFn: ({ signal }) =>
      callApi(importUndoApi.getImportUndo, { domain, params: { id } }, signal),
    refetchInterval: isAwaited ? second : false,
  });

/** Refetches everything about imports, after one has started, ended or been reviewed. */
export async function invalidateImports(queries: QueryClient, domain: string): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: [domain, 'imports'] }),
    queries.invalidateQueries({ queryKey: [domain, 'latest-import'] }),
  ]);
}
