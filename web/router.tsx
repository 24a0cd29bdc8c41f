/** The screens of the app and their addresses. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router';

import { administers } from '../src/contract/endpoint.ts';
import { AppPage } from '../src/contract/app-page.ts';
import { SingleSignOnProblem } from '../src/contract/accounts/single-sign-on.ts';
import { PlanKind } from '../src/contract/imports.ts';
import { sessionQuery } from './accounts/session-query.ts';
import { SignInScreen } from './accounts/sign-in/sign-in-screen.tsx';
import { ApiError } from './api/api-client.ts';
import { parseAuditSearch } from './audit/audit-queries.ts';
import { districtQuery } from './districts/district-query.ts';
import { DistrictsScreen } from './districts/districts-screen.tsx';
import { parseDocumentListSearch } from './documents/document-queries.ts';
import type { PlanSearch } from './imports/import-queries.ts';
import { AppFrame } from './shell/app-frame.tsx';
import { ErrorPage, ErrorScreen } from './shell/error-screen.tsx';
import { NotFoundPage, NotFoundScreen } from './shell/not-found-screen.tsx';
import { parseListSearch } from './students/list/list-address.ts';
import { StudentListScreen } from './students/list/student-list-screen.tsx';

const rootRoute = createRootRouteWithContext<{ readonly queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: ErrorPage,
});

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
  component: SignInScreen,
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
    () => import('./accounts/sign-in/forgot-screen.tsx'),
    'ForgotScreen',
  ),
});

const newPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/new-password/$token',
  component: lazyRouteComponent(
    () => import('./accounts/sign-in/forgot-screen.tsx'),
    'NewPasswordScreen',
  ),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation/$token',
  component: lazyRouteComponent(
    () => import('./accounts/sign-in/invitation-screen.tsx'),
    'InvitationScreen',
  ),
});

const unsubscribeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/unsubscribe/$token',
  component: lazyRouteComponent(
    () => import('./accounts/unsubscribe-screen.tsx'),
    'UnsubscribeScreen',
  ),
});

const signedInRoute = createRoute({
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

/** The home page: the students of the user's district, or the list of districts. */
const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: ({ context: { session } }) => {
    if (session.district === null) throw redirect({ to: '/districts', replace: true });
    const { domain } = session.district;
    throw redirect({ to: '/a/$domain/students', params: { domain }, replace: true });
  },
});

const districtsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/districts',
  component: DistrictsScreen,
});

const districtRoute = createRoute({
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

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./accounts/account-screen.tsx'), 'AccountScreen'),
});

const helpRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/help',
  component: lazyRouteComponent(() => import('./help/help-screen.tsx'), 'HelpScreen'),
});

const helpPageRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/help/$page',
  component: lazyRouteComponent(() => import('./help/help-screen.tsx'), 'HelpPageScreen'),
});

const usersRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/users',
  beforeLoad: ({ context: { session } }) => {
    if (!administers(session.account.role)) throw notFound();
  },
  component: lazyRouteComponent(() => import('./accounts/users/users-screen.tsx'), 'UsersScreen'),
});

/** The former address, for bookmarks. */
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
  beforeLoad: ({ context: { session } }) => {
    if (!administers(session.account.role)) throw notFound();
  },
  component: lazyRouteComponent(() => import('./audit/audit-screen.tsx'), 'AuditScreen'),
});

const settingsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/settings',
  beforeLoad: ({ context: { session } }) => {
    if (!administers(session.account.role)) throw notFound();
  },
  component: lazyRouteComponent(
    () => import('./settings/district-information-screen.tsx'),
    'DistrictInformationScreen',
  ),
});

/** Screens outside of districts, for technicians. */
const vendorAuditRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/audit',
  validateSearch: parseAuditSearch,
  beforeLoad: ({ context: { session } }) => {
    if (session.district !== null) throw notFound();
  },
  component: lazyRouteComponent(() => import('./audit/audit-screen.tsx'), 'VendorAuditScreen'),
  notFoundComponent: NotFoundScreen,
});

const supportRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/support',
  beforeLoad: ({ context: { session } }) => {
    if (session.district !== null) throw notFound();
  },
  component: lazyRouteComponent(() => import('./support/support-screen.tsx'), 'SupportScreen'),
  notFoundComponent: NotFoundScreen,
});

const supportRequestRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/support/$districtId/$requestId',
  beforeLoad: ({ context: { session } }) => {
    if (session.district !== null) throw notFound();
  },
  component: lazyRouteComponent(() => import('./support/request-screen.tsx'), 'RequestScreen'),
  notFoundComponent: NotFoundScreen,
});

const studentsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/students',
  validateSearch: parseListSearch,
  component: StudentListScreen,
});

const newStudentRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/students/new',
  beforeLoad: ({ context: { session } }) => {
    if (session.account.role === 'read-only') throw notFound();
  },
  component: lazyRouteComponent(
    () => import('./students/manual/new-student-screen.tsx'),
    'NewStudentScreen',
  ),
});

const changeStudentRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/students/$studentId/change',
  beforeLoad: ({ context: { session } }) => {
    if (session.account.role === 'read-only') throw notFound();
  },
  component: lazyRouteComponent(
    () => import('./students/manual/edit-student-screen.tsx'),
    'ChangeStudentScreen',
  ),
});

const duplicatesRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/duplicates',
  beforeLoad: ({ context: { session } }) => {
    if (!administers(session.account.role)) throw notFound();
  },
  component: lazyRouteComponent(
    () => import('./students/duplicates/duplicates-screen.tsx'),
    'DuplicatesScreen',
  ),
});

const comparisonRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/duplicates/$first/$second',
  beforeLoad: ({ context: { session } }) => {
    if (!administers(session.account.role)) throw notFound();
  },
  component: lazyRouteComponent(
    () => import('./students/duplicates/comparison-screen.tsx'),
    'ComparisonScreen',
  ),
});

const studentRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/students/$studentId',
  component: lazyRouteComponent(
    () => import('./students/record/student-screen.tsx'),
    'StudentScreen',
  ),
});

/** A student's address leads to the first tab. */
const studentIndexRoute = createRoute({
  getParentRoute: () => studentRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/a/$domain/students/$studentId/details', params, replace: true });
  },
});

const studentDetailsRoute = createRoute({
  getParentRoute: () => studentRoute,
  path: '/details',
  component: lazyRouteComponent(() => import('./students/record/details-tab.tsx'), 'DetailsTab'),
});

const studentBasicsRoute = createRoute({
  getParentRoute: () => studentRoute,
  path: '/basics',
  // Other roles see that the page is not found, as in the API.
  beforeLoad: ({ context: { session } }) => {
    if (!administers(session.account.role)) throw notFound();
  },
  component: lazyRouteComponent(() => import('./students/record/basics-tab.tsx'), 'BasicsTab'),
});

const studentEnrollmentRoute = createRoute({
  getParentRoute: () => studentRoute,
  path: '/enrollment',
  component: lazyRouteComponent(
    () => import('./students/record/enrollment-tab.tsx'),
    'EnrollmentTab',
  ),
});

const studentHistoryRoute = createRoute({
  getParentRoute: () => studentRoute,
  path: '/history',
  component: lazyRouteComponent(() => import('./students/record/history-tab.tsx'), 'HistoryTab'),
});

const studentDocumentsRoute = createRoute({
  getParentRoute: () => studentRoute,
  path: '/documents',
  component: lazyRouteComponent(
    () => import('./students/record/documents-tab.tsx'),
    'DocumentsTab',
  ),
});

const documentsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/documents',
  validateSearch: parseDocumentListSearch,
  component: lazyRouteComponent(
    () => import('./documents/documents-screen.tsx'),
    'DocumentsScreen',
  ),
});

const newDocumentRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/documents/new',
  validateSearch: ({ form }: Record<string, unknown>): { readonly form?: string } =>
    typeof form === 'string' && form !== '' ? { form: form.slice(0, 60) } : {},
  beforeLoad: ({ context: { session } }) => {
    if (session.account.role === 'read-only') throw notFound();
  },
  component: lazyRouteComponent(
    () => import('./documents/new-document-screen.tsx'),
    'NewDocumentScreen',
  ),
});

const documentRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/documents/$documentId',
  component: lazyRouteComponent(() => import('./documents/document-screen.tsx'), 'DocumentScreen'),
});

const formsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/forms',
  beforeLoad: ({ context: { session } }) => {
    if (!administers(session.account.role)) throw notFound();
  },
  component: lazyRouteComponent(() => import('./forms/forms-screen.tsx'), 'FormsScreen'),
});

const formRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/forms/$formKey',
  beforeLoad: ({ context: { session } }) => {
    if (!administers(session.account.role)) throw notFound();
  },
  component: lazyRouteComponent(() => import('./forms/form-screen.tsx'), 'FormScreen'),
});

const pdfFormsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/pdf-forms',
  beforeLoad: ({ context: { session } }) => {
    if (!administers(session.account.role)) throw notFound();
  },
  component: lazyRouteComponent(
    () => import('./documents/pdf-forms/list-screen.tsx'),
    'PdfFormsScreen',
  ),
});

const pdfFormRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/pdf-forms/$formId',
  beforeLoad: ({ context: { session } }) => {
    if (!administers(session.account.role)) throw notFound();
  },
  component: lazyRouteComponent(
    () => import('./documents/pdf-forms/form-screen.tsx'),
    'PdfFormScreen',
  ),
});

const importsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/imports',
  validateSearch: (search: Record<string, unknown>): { readonly page?: number } => {
    const page = Number(search['page']);
    return Number.isInteger(page) && page > 1 && page <= 100_000 ? { page } : {};
  },
  component: lazyRouteComponent(() => import('./imports/imports-screen.tsx'), 'ImportsScreen'),
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
  component: lazyRouteComponent(() => import('./imports/run-screen.tsx'), 'RunScreen'),
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  forgotRoute,
  newPasswordRoute,
  invitationRoute,
  unsubscribeRoute,
  signedInRoute.addChildren([
    homeRoute,
    districtsRoute,
    accountRoute,
    helpRoute,
    helpPageRoute,
    vendorAuditRoute,
    supportRoute,
    supportRequestRoute,
    districtRoute.addChildren([
      usersRoute,
      formerUsersRoute,
      auditRoute,
      settingsRoute,
      studentsRoute,
      newStudentRoute,
      changeStudentRoute,
      duplicatesRoute,
      comparisonRoute,
      documentsRoute,
      newDocumentRoute,
      documentRoute,
      formsRoute,
      formRoute,
      pdfFormsRoute,
      pdfFormRoute,
      importsRoute,
      importRunRoute,
      studentRoute.addChildren([
        studentIndexRoute,
        studentDetailsRoute,
        studentBasicsRoute,
        studentEnrollmentRoute,
        studentHistoryRoute,
        studentDocumentsRoute,
      ]),
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
