/**
 * The pages of a district for its administrators: users, audit log, duplicates, settings.
 *
 * This folder has the addresses of the app, by area, and who may open them.
 */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';

import { administeringRoles } from '../../src/contract/endpoint.ts';
import { parseAuditSearch } from '../audit/audit-queries.ts';
import { parseListSearch } from '../students/list/list-address.ts';
import { districtRoute, onlyFor } from './frame-routes.ts';

const usersRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/users',
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(() => import('../accounts/users/users-screen.tsx'), 'UsersScreen'),
});

const userStudentsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/users/$accountId/students',
  validateSearch: parseListSearch,
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(
    () => import('../accounts/users/user-students-screen.tsx'),
    'UserStudentsScreen',
  ),
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

/** Settings, a page for each subject. */
const settingsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/settings',
  beforeLoad: onlyFor(administeringRoles),
});

/** The former address of all settings. */
const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/a/$domain/settings/district-information', params, replace: true });
  },
});

const districtInformationRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/district-information',
  component: lazyRouteComponent(
    () => import('../settings/district-information-screen.tsx'),
    'DistrictInformationScreen',
  ),
});

const importsSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/imports',
  component: lazyRouteComponent(
    () => import('../settings/imports-settings-screen.tsx'),
    'ImportsSettingsScreen',
  ),
});

const notificationsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/notifications',
  component: lazyRouteComponent(
    () => import('../settings/notifications-screen.tsx'),
    'NotificationsScreen',
  ),
});

const letterheadRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/letterhead',
  component: lazyRouteComponent(
    () => import('../settings/letterhead-screen.tsx'),
    'LetterheadScreen',
  ),
});

const signInSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/sign-in',
  component: lazyRouteComponent(
    () => import('../settings/sign-in-settings-screen.tsx'),
    'SignInSettingsScreen',
  ),
});

const webhooksRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('../settings/webhooks-screen.tsx'), 'WebhooksScreen'),
});

export const administrationRoutes = [
  usersRoute,
  userStudentsRoute,
  formerUsersRoute,
  auditRoute,
  duplicatesRoute,
  comparisonRoute,
  settingsRoute.addChildren([
    settingsIndexRoute,
    districtInformationRoute,
    importsSettingsRoute,
    notificationsRoute,
    letterheadRoute,
    signInSettingsRoute,
    webhooksRoute,
  ]),
] as const;
