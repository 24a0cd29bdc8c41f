/** What the account and people screens ask the server. */
import { queryOptions } from '@tanstack/react-query';

import { getAccount, listSessions } from '../../src/contract/account.ts';
import { listPeople } from '../../src/contract/people.ts';
import { getSingleSignOnSettings } from '../../src/contract/single-sign-on.ts';
import { callApi } from '../api/api-client.ts';

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => callApi(getAccount, {}, signal),
});

export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: ({ signal }) => callApi(listSessions, {}, signal),
});

export const peopleQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'people'],
    queryFn: ({ signal }) => callApi(listPeople, { domain }, signal),
  });

export const singleSignOnSettingsQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'single-sign-on'],
    queryFn: ({ signal }) => callApi(getSingleSignOnSettings, { domain }, signal),
  });
