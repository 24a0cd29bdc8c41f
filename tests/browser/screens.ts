/** Every screen of the app: address, roles, and the text that shows it is loaded, for tests and screenshots. */
import {
  administeringRoles,
  everyRole,
  type Role,
  technicianRole,
  writingRoles,
} from '../../src/contract/endpoint.ts';
import type { SampleHistory } from '../builders/sample-history.ts';

export interface Screen {
  /** Name of its screenshots. */
  readonly name: string;
  readonly address: (sample: SampleHistory) => string;
  /** Roles that may see it; `anyone` without signing in. */
  readonly roles: readonly Role[] | 'anyone';
  /** Its first-level heading. */
  readonly heading: string | RegExp;
  /** A text that is shown only when everything is loaded. */
  readonly shows: string | RegExp;
  /** Role for screenshots, if not the administrator. */
  readonly as?: Role;
}

const district = '/a/pineridge.example';
const student = ({ studentId }: SampleHistory) => `${district}/students/${studentId}`;
const featured = /María.* Castillo Vega/;

export const screens: readonly Screen[] = [
  {
    name: 'sign-in',
    address: () => '/sign-in',
    roles: 'anyone',
    heading: 'Sign in',
    shows: 'Password',
  },
  {
    name: 'forgot-password',
    address: () => '/forgot',
    roles: 'anyone',
    heading: /password/i,
    shows: 'E-mail',
  },
  {
    name: 'unsubscribe',
    address: () => '/unsubscribe/1-00000000-0000-4000-8000-000000000000',
    roles: 'anyone',
    heading: 'Weekly summary',
    shows: 'Unsubscribe',
  },
  {
    name: 'not-found',
    address: () => '/nowhere',
    roles: 'anyone',
    heading: 'Page not found',
    shows: 'Go to home',
  },
  {
    name: 'home',
    address: () => district,
    roles: everyRole,
    heading: 'Home',
    shows: /Needs attention|Recent students/,
  },
  {
    name: 'home-staff',
    address: () => district,
    roles: everyRole,
    heading: 'Home',
    shows: /Needs attention|Recent students/,
    as: 'staff',
  },
  {
    name: 'home-held',
    address: () => '/a/cedarhollow.example',
    roles: technicianRole,
    heading: 'Home',
    shows: /4 of 12/,
    as: 'technician',
  },
  {
    name: 'students',
    address: () => `${district}/students`,
    roles: everyRole,
    heading: 'Students',
    shows: 'Castillo Vega, María Elena',
  },
  {
    name: 'students-nothing-found',
    address: () => `${district}/students?search=zzzzz`,
    roles: everyRole,
    heading: 'Students',
    shows: /No students found/,
  },
  {
    name: 'student-details',
    address: (sample) => `${student(sample)}/details`,
    roles: everyRole,
    heading: featured,
    shows: 'Lucía Vega Romero',
  },
  {
    name: 'student-basics',
    address: (sample) => `${student(sample)}/basics`,
    roles: administeringRoles,
    heading: featured,
    shows: /Pre-Enrolled/,
  },
  {
    name: 'student-enrollment',
    address: (sample) => `${student(sample)}/enrollment`,
    roles: everyRole,
    heading: featured,
    shows: /Cedar Creek Middle/,
  },
  {
    name: 'student-history',
    address: (sample) => `${student(sample)}/history`,
    roles: everyRole,
    heading: featured,
    shows: /Renata Holloway/,
  },
  {
    name: 'student-documents',
    address: (sample) => `${student(sample)}/documents`,
    roles: everyRole,
    heading: featured,
    shows: /Meeting Notice/,
  },
  {
    name: 'documents',
    address: () => `${district}/documents`,
    roles: everyRole,
    heading: 'Documents',
    shows: /Meeting Notice/,
  },
  {
    name: 'document',
    address: ({ documentId }) => `${district}/documents/${documentId}`,
    roles: everyRole,
    heading: 'María Elena Castillo Vega: IEP Cover Page',
    // Users who only read see no fields to fill.
    shows: /1 of 3 required fields left|Incomplete/,
  },
  {
    name: 'document-new',
    address: () => `${district}/documents/new?form=meeting-notice`,
    roles: writingRoles,
    heading: 'New document',
    shows: /To create for several students/,
  },
  {
    name: 'forms',
    address: () => `${district}/forms`,
    roles: administeringRoles,
    heading: 'Form library',
    shows: 'Permission for a field trip',
  },
  {
    name: 'form',
    address: () => `${district}/forms/field-trip`,
    roles: administeringRoles,
    heading: 'Permission for a field trip',
    shows: /Ana María Reyes/,
  },
  {
    name: 'student-new',
    address: () => `${district}/students/new`,
    roles: writingRoles,
    heading: /student/i,
    shows: /Last name/,
  },
  {
    name: 'student-change',
    address: ({ manualStudentId }) => `${district}/students/${manualStudentId}/change`,
    // This student's school is not that of the sample's staff.
    roles: administeringRoles,
    heading: /Ashdown/,
    shows: /Last name/,
  },
  {
    name: 'duplicates',
    address: () => `${district}/duplicates`,
    roles: administeringRoles,
    heading: /Duplicates/,
    shows: /Farrow/,
  },
  {
    name: 'duplicate-compared',
    address: ({ pair: [first, second] }) => `${district}/duplicates/${first}/${second}`,
    roles: administeringRoles,
    heading: /./,
    shows: /H-2210/,
  },
  {
    name: 'imports',
    address: () => `${district}/imports`,
    roles: everyRole,
    heading: 'Import history',
    shows: 'All imports',
  },
  {
    name: 'import-run',
    address: ({ runs }) => `${district}/imports/${runs.lastImport}`,
    roles: everyRole,
    heading: /Nov 23, 2026/,
    shows: 'Date of birth missing',
  },
  {
    name: 'import-issues',
    address: () => `${district}/import-issues`,
    roles: administeringRoles,
    heading: 'Import issues',
    shows: 'Date of birth missing',
  },
  {
    name: 'upcoming-changes',
    address: () => `${district}/upcoming-changes`,
    roles: administeringRoles,
    heading: 'Upcoming changes',
    shows: 'By date',
  },
  {
    name: 'import-dry-run',
    address: ({ runs }) => `${district}/imports/${runs.dryRun}`,
    roles: everyRole,
    heading: /Nov 23, 2026/,
    shows: /Inactive/,
  },
  {
    name: 'import-failed',
    address: ({ runs }) => `${district}/imports/${runs.failed}`,
    roles: everyRole,
    heading: /Oct 7, 2026/,
    shows: /can’t be reached/,
  },
  {
    name: 'import-held',
    address: ({ runs }) => `/a/cedarhollow.example/imports/${runs.held}`,
    roles: technicianRole,
    heading: /Nov 23, 2026/,
    shows: /4 of 12/,
    as: 'technician',
  },
  {
    name: 'people',
    address: () => `${district}/users`,
    roles: administeringRoles,
    heading: 'Users',
    shows: 'lee.okafor@pineridge.example',
  },
  {
    name: 'user-students',
    address: ({ staffId }) => `${district}/users/${staffId}/students`,
    roles: administeringRoles,
    heading: 'Students of Robin Hale',
    shows: 'No students on this list yet',
  },
  {
    name: 'audit',
    address: () => `${district}/audit`,
    roles: administeringRoles,
    heading: 'Audit log',
    shows: /Ines Marlow viewed/,
  },
  {
    name: 'audit-nothing-found',
    address: () => `${district}/audit?to=2020-01-01`,
    roles: administeringRoles,
    heading: 'Audit log',
    shows: 'No entries found',
  },
  {
    name: 'pdf-forms',
    address: () => `${district}/pdf-forms`,
    roles: administeringRoles,
    heading: 'PDF forms',
    shows: 'No PDF forms yet',
  },
  {
    name: 'district-information',
    address: () => `${district}/settings/district-information`,
    roles: administeringRoles,
    heading: 'District Information',
    shows: 'Client Secret',
  },
  {
    name: 'district-information-before',
    address: () => '/a/cedarhollow.example/settings/district-information',
    roles: technicianRole,
    heading: 'District Information',
    shows: /Something is missing/,
    as: 'technician',
  },
  {
    name: 'settings-imports',
    address: () => `${district}/settings/imports`,
    roles: administeringRoles,
    heading: 'Imports',
    shows: 'Safety limits',
  },
  {
    name: 'settings-notifications',
    address: () => `${district}/settings/notifications`,
    roles: administeringRoles,
    heading: 'Notifications',
    shows: 'Weekly summary',
  },
  {
    name: 'settings-letterhead',
    address: () => `${district}/settings/letterhead`,
    roles: administeringRoles,
    heading: 'Letterhead',
    shows: /first one is printed large/,
  },
  {
    name: 'settings-sign-in',
    address: () => `${district}/settings/sign-in`,
    roles: administeringRoles,
    heading: 'Sign-in',
    shows: 'Client ID',
  },
  {
    name: 'settings-webhooks',
    address: () => `${district}/settings/webhooks`,
    roles: administeringRoles,
    heading: 'Webhooks',
    shows: 'No webhooks yet',
  },
  {
    name: 'account',
    address: () => '/account',
    roles: everyRole,
    heading: /account/i,
    shows: /[Tt]wo-step verification/,
  },
  {
    name: 'help',
    address: () => '/help',
    roles: everyRole,
    heading: 'Using the web app',
    shows: /two-step verification/,
  },
  {
    name: 'help-setup',
    address: () => '/help/setup',
    roles: everyRole,
    heading: 'Set up Skyward Qmlativ Demographics',
    shows: /Custom API Entities/,
  },
  {
    name: 'help-problems',
    address: () => '/help/problems',
    roles: everyRole,
    heading: 'Errors and problems',
    shows: 'wrong-credentials',
  },
  {
    name: 'districts',
    address: () => '/districts',
    roles: technicianRole,
    heading: 'Districts',
    shows: 'Cedar Hollow Schools',
    as: 'technician',
  },
  {
    name: 'support',
    address: () => '/support',
    roles: technicianRole,
    heading: 'Support',
    shows: 'What do you charge?',
    as: 'technician',
  },
  {
    name: 'support-request',
    address: ({ waiting }) => `/support/${waiting.districtId}/${waiting.requestId}`,
    roles: technicianRole,
    heading: 'Cedar Hollow Schools',
    shows: /Cedar Hollow Middle School/,
    as: 'technician',
  },
  {
    name: 'support-audit',
    address: () => '/audit',
    roles: technicianRole,
    heading: 'Support audit log',
    shows: /signed in/,
    as: 'technician',
  },
];

/** Returns the role that opens a screen in tests and screenshots; undefined without signing in. */
export const getViewer = ({ roles, as }: Screen): Role | undefined =>
  roles === 'anyone' ? undefined : (as ?? 'administrator');
