/** The home page of a district. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { districtRoute } from './frame-routes.ts';

const districtHomeRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../home/home-screen.tsx'), 'HomeScreen'),
});

export const homeRoutes = [districtHomeRoute] as const;
