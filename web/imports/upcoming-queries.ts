/** API queries of status changes by date. */
import { type QueryClient, queryOptions } from '@tanstack/react-query';

import { upcomingChangesApi } from '../../src/contract/imports/upcoming-changes.ts';
import { callApi } from '../api/api-client.ts';

const second = 1_000;

/** Below the key of the latest import, which changes it. While a decision is carried out, it is fetched again soon. */
export const dateHoldQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'latest-import', 'date-hold'],
    queryFn: ({ signal }) => callApi(upcomingChangesApi.getDateHold, { domain }, signal),
    refetchInterval: ({ state: { data } }) => (data?.hold?.decision ? 5 * second : 60 * second),
  });

export const upcomingChangesQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'latest-import', 'upcoming'],
    queryFn: ({ signal }) => callApi(upcomingChangesApi.getUpcomingChanges, { domain }, signal),
    refetchInterval: 60 * second,
  });

/** Fetches everything again that a decision or another setting changes. */
export const invalidateUpcoming = async (queries: QueryClient, domain: string): Promise<void> =>
  queries.invalidateQueries({ queryKey: [domain] });
