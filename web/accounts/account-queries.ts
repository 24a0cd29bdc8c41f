/**
 * Queries of the account and user screens.
 *
 * This folder has the screens of users, the own account and single sign-on.
 */
import { queryOptions } from '@tanstack/react-query';

import { accountApi } from '../../src/contract/accounts/account.ts';
import { usersApi } from '../../src/contract/accounts/users.ts';
import { singleSignOnApi } from '../../src/contract/accounts/single-sign-on.ts';
import { callApi } from '../api/api-client.ts';

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => callApi(accountApi.getAccount, {}, signal),
});

export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: ({ signal }) => callApi(accountApi.listSessions, {}, signal),
});

export const usersQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'users'],
    queryFn: ({ signal }) => callApi(usersApi.listUsers, { domain }, signal),
  });

export const singleSignOnSettingsQuery = (domain: string) =>
  queryOptions({
    queryKey: [domain, 'single-sign-on'],
    queryFn: ({ signal }) => callApi(singleSignOnApi.getSingleSignOnSettings, { domain }, signal),
  });
