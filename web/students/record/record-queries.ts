/** What the screens of one student's record ask the API. */
import { queryOptions } from '@tanstack/react-query';

import { getStudentBasics } from '../../../src/contract/student-basics.ts';
import { getStudent } from '../../../src/contract/students.ts';
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
