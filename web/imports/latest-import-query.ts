/** The query of the district's latest import. */
import { queryOptions } from '@tanstack/react-query';

import { importsApi } from '../../src/contract/imports.ts';
import { callApi } from '../api/api-client.ts';

const minute = 60_000;

/** The latest run, refetched every minute so that the end of a running one is noticed. */
export const latestImportQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'latest-import'],
    queryFn: ({ signal }) => callApi(importsApi.getLatestImport, { domain }, signal),
    refetchInterval: minute,
  });
