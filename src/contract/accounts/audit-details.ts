/** Formats the details of audit events in words: fields, steps, and what a denied request was for. */
import { sourceFieldLabel } from '../../roster/source-labels.ts';
import { districtPath } from '../endpoint.ts';

/** What a district's addresses show, by the first part of the path after the district. */
const districtAreas: Readonly<Record<string, string>> = {
  audit: 'the audit log',
  caseload: 'a list of students',
  connection: 'the Skyward connection',
  'document-counts': 'documents',
  documents: 'documents',
  duplicates: 'possible duplicates',
  'form-bindings': 'the form library',
  'form-previews': 'the form library',
  'form-templates': 'the form library',
  'date-hold': 'status changes on hold',
  'date-holds': 'status changes on hold',
  forms: 'the form library',
  home: 'the home page',
  'import-issues': 'import issues',
  imports: 'imports',
  information: 'District Information',
  invitations: 'invitations',
  letterhead: 'the letterhead',
  mail: 'notifications',
  'manual-students': 'students added manually',
  'next-school-year': 'the settings of the district',
  'pdf-forms': 'PDF forms',
  'removed-students': 'removed students',
  setup: 'the setup',
  'single-sign-on': 'the settings of single sign-on',
  'student-counts': 'students',
  'student-prints': 'students',
  'student-views': 'saved views',
  students: 'students',
  'two-factor-rule': 'the settings of two-step verification',
  'upcoming-changes': 'upcoming changes',
  users: 'the list of users',
  webhooks: 'webhooks',
};

const vendorAreas: Readonly<Record<string, string>> = {
  audit: 'the support audit log',
  districts: 'the districts',
  support: 'support requests',
};

/** Returns what a denied request was for: `open the audit log`, `change users`. */
export function describeAttempt(method: unknown, path: unknown): string {
  const text = typeof path === 'string' ? path : '';
  const isOfDistrict = text.startsWith(`${districtPath}/`);
  const [part = ''] = (isOfDistrict ? text.slice(districtPath.length) : text.replace(/^\/api/, ''))
    .split(/[/.]/)
    .slice(1);
  const area = isOfDistrict ? districtAreas[part] : vendorAreas[part];
  const verb = method === undefined || method === 'GET' ? 'open' : 'change';
  return `${verb} ${area ?? 'a page'}`;
}

/** `isRequired` and `generate-secret` as `is required` and `generate secret`. */
export const toWords = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll(/[-_]/g, ' ');

/** Names of details whose values are keys, which are shown as words. */
const keyDetails: ReadonlySet<string> = new Set(['fields', 'step', 'outcome', 'filters', 'was']);

/** Returns the value of a detail as people read it. */
export function formatAuditDetail(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => formatAuditDetail(name, one)).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '…';
  if (keyDetails.has(name)) return toWords(value);
  const source = name === 'field' ? /^(\w+\/\w+)\.(\w+)$/.exec(value) : null;
  return source === null
    ? value
    : sourceFieldLabel({ object: source[1] ?? '', field: source[2] ?? '' });
}
