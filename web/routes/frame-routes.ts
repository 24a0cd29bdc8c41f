/** The routes around all others: the root, everything that needs a session, everything in a district. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router';

import type { Session } from '../../src/contract/accounts/session.ts';
import type { Role } from '../../src/contract/endpoint.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { ApiError } from '../api/api-client.ts';
import { districtQuery } from '../districts/district-query.ts';
import { AppFrame } from '../shell/frame/app-frame.tsx';
import { ErrorPage, ErrorScreen } from '../shell/error-screen.tsx';
import { noAccess, NotFoundPage, NotFoundScreen } from '../shell/not-found-screen.tsx';

export const rootRoute = createRootRouteWithContext<{ readonly queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: ErrorPage,
});

export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.fetchQuery(sessionQuery);
    if (session === null) throw redirect({ to: '/sign-in', search: { next: location.href } });
    if (session.account.needsTwoFactor && location.pathname !== '/account') {
      throw redirect({ to: '/account', replace: true });
    }
    return { session };
  },
  component: AppFrame,
});

export const districtRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/a/$domain',
  loader: async ({ context, params }) => {
    try {
      await context.queries.ensureQueryData(districtQuery(params.domain));
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not-found') throw notFound();
      throw error;
    }
  },
  component: Outlet,
  notFoundComponent: NotFoundScreen,
  errorComponent: ErrorScreen,
});

/** For `beforeLoad`: users with other roles are told that they don't have access to the page. */
export const onlyFor =
  (roles: readonly Role[]) =>
  ({ context: { session } }: { readonly context: { readonly session: Session } }): void => {
    if (!roles.includes(session.account.role)) throw notFound({ data: noAccess });
  };
