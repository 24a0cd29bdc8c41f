/** The API queries of the support console. */
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';

import { setupApi } from '../../src/contract/districts/setup.ts';
import { callApi } from '../api/api-client.ts';

/** Requests and mail arrive at any time, so lists are fetched every half minute. */
const refetchInterval = 30_000;

export type WhichRequests = 'open' | 'closed';
export type WhichMails = 'waiting' | 'all';
export type SupportMail = z.output<typeof setupApi.listSupportMails.response>['mails'][number];

export const requestsQuery = (which: WhichRequests) =>
  queryOptions({
    queryKey: ['support', 'requests', which],
    queryFn: ({ signal }) => callApi(setupApi.listSetupRequests, { query: { which } }, signal),
    refetchInterval,
  });

export const requestQuery = (districtId: string, id: string) =>
  queryOptions({
    queryKey: ['support', 'request', districtId, id],
    queryFn: ({ signal }) =>
      callApi(setupApi.getSetupRequest, { params: { districtId, id } }, signal),
    refetchInterval,
  });

export const mailsQuery = (which: WhichMails) =>
  queryOptions({
    queryKey: ['support', 'mails', which],
    queryFn: ({ signal }) => callApi(setupApi.listSupportMails, { query: { which } }, signal),
    refetchInterval,
  });

export const skywardDistrictsQuery = queryOptions({
  queryKey: ['support', 'skyward-districts'],
  queryFn: ({ signal }) => callApi(setupApi.listSkywardDistricts, {}, signal),
  staleTime: 60_000,
  retry: false,
});
