/** The query of how current the student data of a district is. */
import { queryOptions, useQuery } from '@tanstack/react-query';

import { importStatusApi } from '../../src/contract/imports/import-status.ts';
import { callApi } from '../api/api-client.ts';
import { useServerTime } from '../shell/server-time.ts';

const minute = 60_000;

/** How current the student data is, refetched every minute. */
const importStatusQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'latest-import', 'status'],
    queryFn: ({ signal }) => callApi(importStatusApi.getImportStatus, { domain }, signal),
    refetchInterval: minute,
  });

/** Returns the query of the import status, with the time on the server. */
export function useImportStatus(domain: string) {
  const query = useQuery(importStatusQuery(domain));
  return { ...query, now: useServerTime(query.data?.now, query.dataUpdatedAt) };
}
