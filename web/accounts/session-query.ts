/** The current session, loaded once and cached until signing out. */
import { queryOptions } from '@tanstack/react-query';

import { sessionApi } from '../../src/contract/accounts/session.ts';
import { ApiError, callApi } from '../api/api-client.ts';

/** Query of the session; `null` if nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    try {
      return await callApi(sessionApi.getSession, {}, signal);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not-signed-in') return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});
