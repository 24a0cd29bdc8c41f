/** Documents, the form library and PDF forms. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { administeringRoles, writingRoles } from '../../src/contract/endpoint.ts';
import { parseDocumentListSearch } from '../documents/document-queries.ts';
import { districtRoute, onlyFor } from './frame-routes.ts';

const documentsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/documents',
  validateSearch: parseDocumentListSearch,
  component: lazyRouteComponent(
    () => import('../documents/list/documents-screen.tsx'),
    'DocumentsScreen',
  ),
});

const newDocumentRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/documents/new',
  validateSearch: ({ form }: Record<string, unknown>): { readonly form?: string } =>
    typeof form === 'string' && form !== '' ? { form: form.slice(0, 60) } : {},
  beforeLoad: onlyFor(writingRoles),
  component: lazyRouteComponent(
    () => import('../documents/new-document-screen.tsx'),
    'NewDocumentScreen',
  ),
});

const documentRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/documents/$documentId',
  component: lazyRouteComponent(
    () => import('../documents/page/document-screen.tsx'),
    'DocumentScreen',
  ),
});

const formsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/forms',
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(() => import('../forms/forms-screen.tsx'), 'FormsScreen'),
});

const formRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/forms/$formKey',
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(() => import('../forms/form-screen.tsx'), 'FormScreen'),
});

const pdfFormsRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/pdf-forms',
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(
    () => import('../documents/pdf-forms/list-screen.tsx'),
    'PdfFormsScreen',
  ),
});

const pdfFormRoute = createRoute({
  getParentRoute: () => districtRoute,
  path: '/pdf-forms/$formId',
  beforeLoad: onlyFor(administeringRoles),
  component: lazyRouteComponent(
    () => import('../documents/pdf-forms/form-screen.tsx'),
    'PdfFormScreen',
  ),
});

export const documentRoutes = [
  documentsRoute,
  newDocumentRoute,
  documentRoute,
  formsRoute,
  formRoute,
  pdfFormsRoute,
  pdfFormRoute,
] as const;
