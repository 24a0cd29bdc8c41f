/** The list of students, and the tabs of a student. */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';

import { administeringRoles, writingRoles } from '../../src/contract/endpoint.ts';
import { parseListSearch } from '../students/list/list-address.ts';
import { districtRoute, onlyFor } from './frame-routes.ts';

const studentsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/students',
  validateSearch: parseListSearch,
  component: lazyRouteComponent(
    () => import('../students/list/student-list-screen.tsx'),
    'StudentListScreen',
  ),
});

const newStudentRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/students/new',
  beforeLoad: onlyFor(writingRoles),
  component: lazyRouteComponent(
    () => import('../students/manual/new-student-screen.tsx'),
    'NewStudentScreen',
  ),
});

const changeStudentRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/students/$studentId/change',
  beforeLoad: onlyFor(writingRoles),
  component: lazyRouteComponent(
    () => import('../students/manual/edit-student-screen.tsx'),
    'ChangeStudentScreen',
  ),
});

const studentRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/students/$studentId',
  component: lazyRouteComponent(
    () => import('../students/record/student-screen.tsx'),
    'StudentScreen',
  ),
});

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
  component: lazyRouteComponent(() => import('../students/record/details-tab.tsx'), 'DetailsTab'),
});

const studentBasicsRoute = createRoute({
  getParentRoute: () => studentRoute,
  path: '/basics',
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(() => import('../students/record/basics-tab.tsx'), 'BasicsTab'),
});

const studentEnrollmentRoute = createRoute({
  getParentRoute: () => studentRoute,
  path: '/enrollment',
  component: lazyRouteComponent(
    () => import('../students/record/enrollment-tab.tsx'),
    'EnrollmentTab',
  ),
});

const studentHistoryRoute = createRoute({
  getParentRoute: () => studentRoute,
  path: '/history',
  component: lazyRouteComponent(() => import('../students/record/history-tab.tsx'), 'HistoryTab'),
});

const studentDocumentsRoute = createRoute({
  getParentRoute: () => studentRoute,
  path: '/documents',
  component: lazyRouteComponent(
    () => import('../students/record/documents-tab.tsx'),
    'DocumentsTab',
  ),
});

export const studentRoutes = [
  studentsRoute,
  newStudentRoute,
  changeStudentRoute,
  studentRoute.addChildren([
    studentIndexRoute,
    studentDetailsRoute,
    studentBasicsRoute,
    studentEnrollmentRoute,
    studentHistoryRoute,
    studentDocumentsRoute,
  ]),
] as const;
