/** The tabs of a student's record in order, and who sees them. */
import { administeringRoles, everyRole, type Role } from '../../../src/contract/endpoint.ts';

export interface RecordTab {
  /** Last segment of the tab's address. */
  readonly path: 'details' | 'basics' | 'enrollment' | 'history' | 'documents';
  readonly name: string;
  readonly roles: readonly Role[];
}

const recordTabs: readonly RecordTab[] = [
  { path: 'details', name: 'Details', roles: everyRole },
  { path: 'documents', name: 'Documents', roles: everyRole },
  { path: 'enrollment', name: 'Enrollment', roles: everyRole },
  { path: 'history', name: 'History', roles: everyRole },
  { path: 'basics', name: 'Basics', roles: administeringRoles },
];

/** Returns the tabs that this role sees. */
export const listTabs = (role: Role): readonly RecordTab[] =>
  recordTabs.filter(({ roles }) => roles.includes(role));
