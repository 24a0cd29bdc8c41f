/** How the district's last night went. */
import { queryOptions } from '@tanstack/react-query';

import { importsApi } from '../../src/contract/imports.ts';
import { callApi } from '../api/api-client.ts';

const minute = 60_000;

/** The latest run, asked again every minute so that a run under way is seen to end. */
export const latestImportQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'latest-import'],
    queryFn: ({ signal }) => callApi(importsApi.getLatestImport, { domain }, signal),
    refetchInterval: minute,
  });
