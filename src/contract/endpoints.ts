/** Every endpoint of the API by its name, in the order of the API's documentation. */
import { accountApi } from './accounts/account.ts';
import { auditApi } from './accounts/audit.ts';
import { sessionApi } from './accounts/session.ts';
import { singleSignOnApi } from './accounts/single-sign-on.ts';
import { usersApi } from './accounts/users.ts';
import { districtInformationApi } from './districts/district-information.ts';
import { districtMailApi } from './districts/district-mail.ts';
import { districtsApi } from './districts/districts.ts';
import { setupApi } from './districts/setup.ts';
import { webhooksApi } from './districts/webhooks.ts';
import { documentsApi } from './documents/documents.ts';
import { formsApi } from './documents/forms.ts';
import { pdfFormsApi } from './documents/pdf-forms.ts';
import type { Endpoint } from './endpoint.ts';
import { healthApi } from './health.ts';
import { homeApi } from './home.ts';
import { importActionsApi } from './imports/import-actions.ts';
import { importChangesApi } from './imports/import-changes.ts';
import { importIssuesApi } from './imports/import-issues.ts';
import { importUndoApi } from './imports/import-undo.ts';
import { importReportApi } from './imports/import-report.ts';
import { importRunsApi } from './imports/import-runs.ts';
import { importStatusApi } from './imports/import-status.ts';
import { upcomingChangesApi } from './imports/upcoming-changes.ts';
import { duplicatesApi } from './students/duplicates.ts';
import { enrollmentForecastApi } from './students/enrollment-forecast.ts';
import { manualStudentsApi } from './students/manual-students.ts';
import { caseloadApi } from './students/caseload.ts';
import { savedViewsApi } from './students/saved-views.ts';
import { staffValuesApi } from './students/staff-values.ts';
import { studentBasicsApi } from './students/student-basics.ts';
import { studentHistoryApi } from './students/student-history.ts';
import { studentListApi } from './students/student-list.ts';
import { studentsApi } from './students/students.ts';

export const endpoints = {
  ...sessionApi,
  ...accountApi,
  ...usersApi,
  ...singleSignOnApi,
  ...districtsApi,
  ...districtInformationApi,
  ...districtMailApi,
  ...webhooksApi,
  ...studentListApi,
  ...savedViewsApi,
  ...caseloadApi,
  ...studentsApi,
  ...studentBasicsApi,
  ...enrollmentForecastApi,
  ...studentHistoryApi,
  ...staffValuesApi,
  ...manualStudentsApi,
  ...duplicatesApi,
  ...documentsApi,
  ...formsApi,
  ...pdfFormsApi,
  ...homeApi,
  ...importStatusApi,
  ...importRunsApi,
  ...importReportApi,
  ...importIssuesApi,
  ...importChangesApi,
  ...importActionsApi,
  ...importUndoApi,
  ...upcomingChangesApi,
  ...auditApi,
  ...setupApi,
  ...healthApi,
} as const satisfies Readonly<Record<string, Endpoint>>;
