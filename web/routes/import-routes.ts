/** Import history and the report of a run. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { administeringRoles } from '../../src/contract/endpoint.ts';
import { PlanKind } from '../../src/contract/values.ts';
import type { IssueSearch, PlanSearch } from '../imports/import-queries.ts';
import { districtRoute, onlyFor } from './frame-routes.ts';

const importsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/imports',
  validateSearch: (search: Record<string, unknown>): { readonly page?: number } => {
    const page = Number(search['page']);
    return Number.isInteger(page) && page > 1 && page <= 100_000 ? { page } : {};
  },
  component: lazyRouteComponent(() => import('../imports/imports-screen.tsx'), 'ImportsScreen'),
});

function parseSearchAndPage({ search, page }: Record<string, unknown>) {
  const number = Number(page);
  return {
    ...(typeof search === 'string' && search !== '' && { search: search.slice(0, 100) }),
    ...(Number.isInteger(number) && number > 1 && number <= 100_000 && { page: number }),
  };
}

const importRunRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/imports/$runId',
  validateSearch: (search: Record<string, unknown>): PlanSearch => {
    const kind = PlanKind.safeParse(search['kind']).data;
    return { ...(kind && { kind }), ...parseSearchAndPage(search) };
  },
  component: lazyRouteComponent(() => import('../imports/run-screen.tsx'), 'RunScreen'),
});

const importIssuesRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/import-issues',
  beforeLoad: onlyFor(administeringRoles),
  validateSearch: ({ kind, ...search }: Record<string, unknown>): IssueSearch => ({
    ...(typeof kind === 'string' && /^[a-z-]{1,60}$/.test(kind) && { kind }),
    ...parseSearchAndPage(search),
  }),
  component: lazyRouteComponent(
    () => import('../imports/import-issues-screen.tsx'),
    'ImportIssuesScreen',
  ),
});

const upcomingChangesRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/upcoming-changes',
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(
    () => import('../imports/upcoming-changes-screen.tsx'),
    'UpcomingChangesScreen',
  ),
});

export const importRoutes = [
  importsRoute,
  importRunRoute,
  importIssuesRoute,
  upcomingChangesRoute,
] as const;
