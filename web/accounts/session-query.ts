/** Who is signed in, asked once and kept until signing out. */
import { queryOptions } from '@tanstack/react-query';

import { sessionApi } from '../../src/contract/accounts/session.ts';
import { ApiError, callApi } from '../api/api-client.ts';

/** The session; `null` when nobody is signed in. */
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
