/** What the screens of one student's record ask the API. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { getEnrollmentForecast } from '../../../src/contract/students/enrollment-forecast.ts';
import { getStaffValues } from '../../../src/contract/students/staff-values.ts';
import {
  type ChangeKind,
  listStudentHistory,
} from '../../../src/contract/students/student-history.ts';
import { getStudentBasics } from '../../../src/contract/students/student-basics.ts';
import { getStudent } from '../../../src/contract/students/students.ts';
import { callApi } from '../../api/api-client.ts';

/** Every key of one student's record begins like this, so that all of it can be asked again at once. */
export const recordKey = (domain: string, id: string) => [domain, 'student', id] as const;

export const studentQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: recordKey(domain, id),
    queryFn: ({ signal }) => callApi(getStudent, { domain, params: { id } }, signal),
  });

/** For administrators and technicians only. */
export const studentBasicsQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [...recordKey(domain, id), 'basics'],
    queryFn: ({ signal }) => callApi(getStudentBasics, { domain, params: { id } }, signal),
  });

export const staffValuesQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [...recordKey(domain, id), 'staff-values'],
    queryFn: ({ signal }) => callApi(getStaffValues, { domain, params: { id } }, signal),
  });

export const enrollmentForecastQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [...recordKey(domain, id), 'enrollment'],
    queryFn: ({ signal }) => callApi(getEnrollmentForecast, { domain, params: { id } }, signal),
  });

/** A page of the history; while the next one comes, the last one stays. */
export const studentHistoryQuery = (
  domain: string,
  id: string,
  kind: ChangeKind | undefined,
  page: number,
) =>
  queryOptions({
    queryKey: [...recordKey(domain, id), 'history', { kind, page }],
    queryFn: ({ signal }) =>
      callApi(
        listStudentHistory,
        { domain, params: { id }, query: { kind, page: page > 1 ? `${page}` : undefined } },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
