/** What the account and people screens ask the server. */
import { queryOptions } from '@tanstack/react-query';

import { getAccount, listSessions } from '../../src/contract/accounts/account.ts';
import { listUsers } from '../../src/contract/accounts/users.ts';
import { getSingleSignOnSettings } from '../../src/contract/accounts/single-sign-on.ts';
import { callApi } from '../api/api-client.ts';

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => callApi(getAccount, {}, signal),
});

export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: ({ signal }) => callApi(listSessions, {}, signal),
});

export const usersQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'users'],
    queryFn: ({ signal }) => callApi(listUsers, { domain }, signal),
  });

export const singleSignOnSettingsQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'single-sign-on'],
    queryFn: ({ signal }) => callApi(getSingleSignOnSettings, { domain }, signal),
  });
