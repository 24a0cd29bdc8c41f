/** The API queries of the home page. */
import { queryOptions } from '@tanstack/react-query';

import { homeApi } from '../../src/contract/home.ts';
import { callApi } from '../api/api-client.ts';

const minute = 60_000;

/** Below the key of the latest import, so that a started, ended or reviewed import fetches it again. */
export const administratorHomeQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'latest-import', 'home'],
    queryFn: ({ signal }) => callApi(homeApi.getAdministratorHome, { domain }, signal),
    staleTime: 0,
    refetchInterval: minute,
  });

export const staffHomeQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'home'],
    queryFn: ({ signal }) => callApi(homeApi.getStaffHome, { domain }, signal),
    staleTime: 0,
  });
