/** The home page of a district. */
import { createRoute, redirect } from '@tanstack/react-router';

import { districtRoute } from './frame-routes.ts';

const districtHomeRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/a/$domain/students', params, replace: true });
  },
});

export const homeRoutes = [districtHomeRoute] as const;
