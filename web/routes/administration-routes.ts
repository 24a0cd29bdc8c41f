/**
 * The pages of a district for its administrators: users, audit log, duplicates, settings.
 *
 * This folder has the addresses of the app, by area, and who may open them.
 */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';

import { administeringRoles } from '../../src/contract/endpoint.ts';
import { parseAuditSearch } from '../audit/audit-queries.ts';
import { districtRoute, onlyFor } from './frame-routes.ts';

const usersRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/users',
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(() => import('../accounts/users/users-screen.tsx'), 'UsersScreen'),
});

const formerUsersRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/people',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/a/$domain/users', params, replace: true });
  },
});

const auditRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/audit',
  validateSearch: parseAuditSearch,
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(() => import('../audit/audit-screen.tsx'), 'AuditScreen'),
});

const duplicatesRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/duplicates',
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(
    () => import('../students/duplicates/duplicates-screen.tsx'),
    'DuplicatesScreen',
  ),
});

const comparisonRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/duplicates/$first/$second',
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(
    () => import('../students/duplicates/comparison-screen.tsx'),
    'ComparisonScreen',
  ),
});

const settingsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/settings',
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(
    () => import('../settings/district-information-screen.tsx'),
    'DistrictInformationScreen',
  ),
});

export const administrationRoutes = [
  usersRoute,
  formerUsersRoute,
  auditRoute,
  duplicatesRoute,
  comparisonRoute,
  settingsRoute,
] as const;
