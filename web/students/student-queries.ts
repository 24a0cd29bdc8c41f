/** What the screens of students ask the API. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { listStudents } from '../../src/contract/students.ts';
import type { Status } from '../../src/contract/values.ts';
import { callApi } from '../api/api-client.ts';

export interface StudentListSearch {
  readonly search?: string | undefined;
  readonly status?: Status | undefined;
  readonly page?: number | undefined;
}

export const pageSize = 25;

/** A page of the list; while the next one comes, the last one stays. */
export const studentListQuery = (domain: string, { search, status, page }: StudentListSearch) =>
  queryOptions({
    queryKey: [domain, 'students', { search, status, page }],
    queryFn: ({ signal }) =>
      callApi(
        listStudents,
        { domain, query: { search, status, page: page?.toString(), pageSize: `${pageSize}` } },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
