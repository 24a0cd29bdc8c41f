/** Import history and the report of a run. */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';

import { PlanKind } from '../../src/contract/imports.ts';
import type { PlanSearch } from '../imports/import-queries.ts';
import { districtRoute } from './frame-routes.ts';

const importsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/imports',
  validateSearch: (search: Record<string, unknown>): { readonly page?: number } => {
    const page = Number(search['page']);
    return Number.isInteger(page) && page > 1 && page <= 100_000 ? { page } : {};
  },
  component: lazyRouteComponent(() => import('../imports/imports-screen.tsx'), 'ImportsScreen'),
});

const importRunRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/imports/$runId',
  validateSearch: (search: Record<string, unknown>): PlanSearch => {
    const kind = PlanKind.safeParse(search['kind']).data;
    const page = Number(search['page']);
    const text = search['search'];
    return {
      ...(kind && { kind }),
      ...(typeof text === 'string' && text !== '' && { search: text.slice(0, 100) }),
      ...(Number.isInteger(page) && page > 1 && page <= 100_000 && { page }),
    };
  },
  component: lazyRouteComponent(() => import('../imports/run-screen.tsx'), 'RunScreen'),
});

/** Students with import issues. */
const importIssuesRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/import-issues',
  beforeLoad: ({ params }) => {
    throw redirect({
      to: '/a/$domain/students',
      params,
      search: { problem: 'any' },
      replace: true,
    });
  },
});

export const importRoutes = [importsRoute, importRunRoute, importIssuesRoute] as const;
