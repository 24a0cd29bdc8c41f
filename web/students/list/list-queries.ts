/** API queries of the student list. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { caseloadApi } from '../../../src/contract/students/caseload.ts';
import { savedViewsApi } from '../../../src/contract/students/saved-views.ts';
import { studentListApi } from '../../../src/contract/students/student-list.ts';
import { callApi } from '../../api/api-client.ts';
import type { StudentListSearch } from './list-address.ts';

export const pageSize = 25;

/** The query as the API takes it. */
export const toFilter = ({ view, ...query }: StudentListSearch) => ({
  ...query,
  mine: view === 'mine' ? ('true' as const) : undefined,
});

/** A page of the list, or of a user's list; the previous page stays visible while the next one loads. */
export function studentListQuery(domain: string, query: StudentListSearch, caseload?: string) {
  const { columns: _, page, ...filter } = { ...toFilter(query), caseload };
  return queryOptions({
    queryKey: [domain, 'students', { ...filter, page }],
    queryFn: ({ signal }) =>
      callApi(
        studentListApi.listStudents,
        { domain, query: { ...filter, page: page?.toString(), pageSize: `${pageSize}` } },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

/** The counts next to the filter choices. */
export function studentCountsQuery(domain: string, query: StudentListSearch) {
  const { columns: _, page: _page, sort: _sort, ...filter } = toFilter(query);
  return queryOptions({
    queryKey: [domain, 'student-counts', filter],
    queryFn: ({ signal }) =>
      callApi(studentListApi.countStudents, { domain, query: filter }, signal),
    placeholderData: keepPreviousData,
  });
}

export const savedViewsQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'student-views'],
    queryFn: ({ signal }) => callApi(savedViewsApi.listSavedViews, { domain }, signal),
  });

/** The user's own students. */
export const caseloadQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'caseload'],
    queryFn: ({ signal }) => callApi(caseloadApi.getCaseload, { domain }, signal),
    staleTime: 60_000,
  });
