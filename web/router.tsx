/** The router of the app. The addresses are in `routes`. */
import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';

import { administrationRoutes } from './routes/administration-routes.ts';
import { documentRoutes } from './routes/document-routes.ts';
import { entryRoutes } from './routes/entry-routes.ts';
import { districtRoute, rootRoute, signedInRoute } from './routes/frame-routes.ts';
import { homeRoutes } from './routes/home-routes.ts';
import { importRoutes } from './routes/import-routes.ts';
import { studentRoutes } from './routes/student-routes.ts';
import { vendorRoutes } from './routes/vendor-routes.ts';

const routeTree = rootRoute.addChildren([
  ...entryRoutes,
  signedInRoute.addChildren([
    ...vendorRoutes,
    districtRoute.addChildren([
      ...homeRoutes,
      ...studentRoutes,
      ...documentRoutes,
      ...importRoutes,
      ...administrationRoutes,
    ]),
  ]),
]);

/** Returns the router. Search parameters are kept as text: `?search=0012` is not a number. */
export const createAppRouter = (queries: QueryClient) =>
  createRouter({
    routeTree,
    context: { queries },
    defaultPreload: false,
    scrollRestoration: true,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const given = Object.entries(search).filter(([, value]) => value !== undefined);
      const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
      return text.size === 0 ? '' : `?${text.toString()}`;
    },
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
