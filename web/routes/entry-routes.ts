/** Pages without a session: signing in, passwords, invitations, unsubscribing. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { SingleSignOnProblem } from '../../src/contract/accounts/single-sign-on.ts';
import { AppPage } from '../../src/contract/app-page.ts';
import { rootRoute } from './frame-routes.ts';

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: ({ next, district, problem }: Record<string, unknown>): SignInSearch => {
    // The router keeps unknown search parameters from the address, so each name is set here.
    return {
      next: AppPage.safeParse(next).data,
      district: typeof district === 'string' ? district.slice(0, 253) : undefined,
      problem: SingleSignOnProblem.safeParse(problem).data,
    };
  },
  component: lazyRouteComponent(
    () => import('../accounts/sign-in/sign-in-screen.tsx'),
    'SignInScreen',
  ),
});

/** Search parameters of the sign-in page. */
interface SignInSearch {
  /** The page to go to afterward. */
  readonly next?: string | undefined;
  /** E-mail domain of the district whose single sign-on is offered at once. */
  readonly district?: string | undefined;
  readonly problem?: SingleSignOnProblem | undefined;
}

const forgotRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot',
  component: lazyRouteComponent(
    () => import('../accounts/sign-in/forgot-screen.tsx'),
    'ForgotScreen',
  ),
});

const newPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/new-password/$token',
  component: lazyRouteComponent(
    () => import('../accounts/sign-in/forgot-screen.tsx'),
    'NewPasswordScreen',
  ),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation/$token',
  component: lazyRouteComponent(
    () => import('../accounts/sign-in/invitation-screen.tsx'),
    'InvitationScreen',
  ),
});

const unsubscribeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/unsubscribe/$token',
  component: lazyRouteComponent(
    () => import('../accounts/unsubscribe-screen.tsx'),
    'UnsubscribeScreen',
  ),
});

export const entryRoutes = [
  signInRoute,
  forgotRoute,
  newPasswordRoute,
  invitationRoute,
  unsubscribeRoute,
] as const;
