/** API queries of a student's record. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { enrollmentForecastApi } from '../../../src/contract/students/enrollment-forecast.ts';
import { staffValuesApi } from '../../../src/contract/students/staff-values.ts';
import {
  type ChangeKind,
  type ChangeSource,
  studentHistoryApi,
} from '../../../src/contract/students/student-history.ts';
import { studentBasicsApi } from '../../../src/contract/students/student-basics.ts';
import { studentsApi } from '../../../src/contract/students/students.ts';
import { callApi } from '../../api/api-client.ts';

/** Prefix of all query keys of a student's record, so they can be invalidated together. */
export const recordKey = (domain: string, id: string) => [domain, 'student', id] as const;

export const studentQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: recordKey(domain, id),
    queryFn: ({ signal }) => callApi(studentsApi.getStudent, { domain, params: { id } }, signal),
  });

/** For administrators and technicians only. */
export const studentBasicsQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [...recordKey(domain, id), 'basics'],
    queryFn: ({ signal }) =>
      callApi(studentBasicsApi.getStudentBasics, { domain, params: { id } }, signal),
  });

export const staffValuesQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [...recordKey(domain, id), 'staff-values'],
    queryFn: ({ signal }) =>
      callApi(staffValuesApi.getStaffValues, { domain, params: { id } }, signal),
  });

export const enrollmentForecastQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [...recordKey(domain, id), 'enrollment'],
    queryFn: ({ signal }) =>
      callApi(enrollmentForecastApi.getEnrollmentForecast, { domain, params: { id } }, signal),
  });

/** What the history is limited to. */
export interface HistoryFilter {
  readonly kind?: ChangeKind | undefined;
  readonly source?: ChangeSource | undefined;
  /** The label of a field. */
  readonly field?: string | undefined;
}

/** A page of the history; the previous page stays visible while the next one loads. */
export const studentHistoryQuery = (
  domain: string,
  id: string,
  filter: HistoryFilter,
  page: number,
) =>
  queryOptions({
    queryKey: [...recordKey(domain, id), 'history', { ...filter, page }],
    queryFn: ({ signal }) =>
      callApi(
        studentHistoryApi.listStudentHistory,
        { domain, params: { id }, query: { ...filter, page: page > 1 ? `${page}` : undefined } },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
