/** The API queries of the open district: its name, time zone, date and schools. */
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { type District, districtsApi } from '../../src/contract/districts/districts.ts';
import { callApi } from '../api/api-client.ts';

export const districtQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'district'],
    queryFn: ({ signal }) => callApi(districtsApi.getDistrict, { domain }, signal),
    staleTime: 5 * 60_000,
  });

export const districtsQuery = queryOptions({
  queryKey: ['districts'],
  queryFn: ({ signal }) => callApi(districtsApi.listDistricts, {}, signal),
  refetchInterval: 60_000,
});

/** Returns the domain in the address, which every query about the district needs. */
export function useDomain(): string {
  return useParams({ from: '/signed-in/a/$domain' }).domain;
}

/** Returns the open district, which the route has loaded. */
export function useDistrict(): District {
  return useSuspenseQuery(districtQuery(useDomain())).data;
}
