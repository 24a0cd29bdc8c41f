/** Pages outside of districts: those of technicians, the own account, help. */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';

import { technicianRole } from '../../src/contract/endpoint.ts';
import { parseAuditSearch } from '../audit/audit-queries.ts';
import { parseDistrictSearch } from '../districts/district-search.ts';
import { NotFoundScreen } from '../shell/not-found-screen.tsx';
import { onlyFor, signedInRoute } from './frame-routes.ts';

/** Leads to the home page of the user's district, or to the list of districts. */
const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: ({ context: { session } }) => {
    if (session.district === null) throw redirect({ to: '/districts', replace: true });
    const { domain } = session.district;
    throw redirect({ to: '/a/$domain', params: { domain }, replace: true });
  },
});

const districtsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/districts',
  validateSearch: parseDistrictSearch,
  beforeLoad: onlyFor(technicianRole),
  component: lazyRouteComponent(
    () => import('../districts/districts-screen.tsx'),
    'DistrictsScreen',
  ),
  notFoundComponent: NotFoundScreen,
});

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('../accounts/account-screen.tsx'), 'AccountScreen'),
});

const helpRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/help',
  component: lazyRouteComponent(() => import('../help/help-screen.tsx'), 'HelpScreen'),
});

const helpPageRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/help/$page',
  component: lazyRouteComponent(() => import('../help/help-screen.tsx'), 'HelpPageScreen'),
});

const vendorAuditRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/audit',
  validateSearch: parseAuditSearch,
  beforeLoad: onlyFor(technicianRole),
  component: lazyRouteComponent(() => import('../audit/audit-screen.tsx'), 'VendorAuditScreen'),
  notFoundComponent: NotFoundScreen,
});

const supportRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/support',
  beforeLoad: onlyFor(technicianRole),
  component: lazyRouteComponent(() => import('../support/support-screen.tsx'), 'SupportScreen'),
  notFoundComponent: NotFoundScreen,
});

const supportRequestRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/support/$districtId/$requestId',
  beforeLoad: onlyFor(technicianRole),
  component: lazyRouteComponent(() => import('../support/request-screen.tsx'), 'RequestScreen'),
  notFoundComponent: NotFoundScreen,
});

export const vendorRoutes = [
  homeRoute,
  districtsRoute,
  accountRoute,
  helpRoute,
  helpPageRoute,
  vendorAuditRoute,
  supportRoute,
  supportRequestRoute,
] as const;
