/** API queries of the duplicates screens. */
import { queryOptions } from '@tanstack/react-query';

import { duplicatesApi } from '../../../src/contract/students/duplicates.ts';
import { callApi } from '../../api/api-client.ts';

export const duplicatesQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'duplicates'],
    queryFn: ({ signal }) => callApi(duplicatesApi.listDuplicates, { domain }, signal),
  });

/** Never cached: a choice made here removes a record. */
export const comparisonQuery = (domain: string, first: string, second: string) =>
  queryOptions({
    queryKey: [domain, 'duplicates', first, second],
    queryFn: ({ signal }) =>
      callApi(duplicatesApi.compareStudents, { domain, params: { first, second } }, signal),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
