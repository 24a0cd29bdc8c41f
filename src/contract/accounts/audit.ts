/** The audit trail: its events, their sentences, and how they are searched. */
import { z } from 'zod';

import { auditSentences } from './audit-actions.ts';
import {
  administeringRoles,
  districtPath,
  type Endpoint,
  Role,
  technicianRole,
} from '../endpoint.ts';
import { Day, Instant, RecordId, RecordIdInPath } from '../values.ts';

type Action = keyof typeof auditSentences;
export const AuditAction = z
  .enum(Object.keys(auditSentences) as [Action, ...Action[]])
  .meta({ id: 'AuditAction', description: 'What a user did.' });
export type AuditAction = z.infer<typeof AuditAction>;

const AuditEvent = z
  .strictObject({
    id: RecordId,
    happenedAt: Instant,
    user: z
      .strictObject({
        accountId: z.string().nullable(),
        name: z.string(),
        email: z.string().nullable(),
        role: Role.nullable(),
      })
      .nullable()
      .meta({ description: "The user's name at that time; null: nobody was signed in." }),
    action: AuditAction,
    student: z
      .strictObject({
        id: RecordId,
        name: z.string().nullable().meta({ description: 'null: the record was deleted.' }),
      })
      .nullable(),
    detail: z.record(z.string(), z.json()),
    address: z.string().nullable().meta({ description: 'Network address of the caller.' }),
    requestId: z.string().nullable(),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEvent = z.infer<typeof AuditEvent>;

const AuditPage = z
  .strictObject({
    events: z.array(AuditEvent),
    older: RecordId.nullable().meta({
      description: 'Pass it as `before` to get the page of older events; null: there are none.',
    }),
  })
  .meta({ id: 'AuditPage', description: 'Events, newest first.' });
export type AuditPage = z.infer<typeof AuditPage>;

const filter = {
  user: z.uuid('must be the number of an account').optional(),
  action: AuditAction.optional(),
  from: Day.optional().meta({ description: "First day, in the district's time zone." }),
  to: Day.optional().meta({ description: 'Last day, included.' }),
};
const districtFilter = { ...filter, student: RecordIdInPath.optional() };

const page = {
  before: RecordIdInPath.optional().meta({ description: 'Only events before this one.' }),
};

const AuditFilter = z.strictObject(districtFilter);
/** Filters of the audit trail. */
export type AuditFilter = z.infer<typeof AuditFilter>;

const listAudit = {
  method: 'GET',
  path: `${districtPath}/audit`,
  summary: 'The audit trail of the district, newest first, 50 at a time',
  access: administeringRoles,
  audit: { kind: 'search', action: 'audit-viewed' },
  limit: 'read',
  query: z.strictObject({ ...districtFilter, ...page }),
  response: AuditPage,
} as const satisfies Endpoint;

const exportAudit = {
  method: 'GET',
  path: `${districtPath}/audit.csv`,
  summary: 'The filtered audit trail as a table (CSV)',
  access: administeringRoles,
  audit: { kind: 'search', action: 'audit-exported', everyTime: true },
  limit: 'heavy',
  query: AuditFilter,
  response: z.string(),
  responseKind: 'download',
} as const satisfies Endpoint;

const AuditUser = z
  .strictObject({ accountId: z.string(), name: z.string(), email: z.string().nullable() })
  .meta({ id: 'AuditPerson' });
export type AuditUser = z.infer<typeof AuditUser>;

const AuditUsers = z.strictObject({ users: z.array(AuditUser) });

const listAuditUsers = {
  method: 'GET',
  path: `${districtPath}/audit/users`,
  summary: 'All users in the audit trail of the district, by name',
  access: administeringRoles,
  audit: { kind: 'search', action: 'audit-viewed' },
  limit: 'read',
  response: AuditUsers,
} as const satisfies Endpoint;

const listVendorAudit = {
  method: 'GET',
  path: '/api/audit',
  summary: 'Events that belong to no district, such as sign-ins of technicians, newest first',
  access: technicianRole,
  audit: { kind: 'search', action: 'audit-viewed' },
  limit: 'read',
  query: z.strictObject({ ...filter, ...page }),
  response: AuditPage,
} as const satisfies Endpoint;

const listVendorAuditUsers = {
  method: 'GET',
  path: '/api/audit/users',
  summary: 'All users with events that belong to no district, by name',
  access: technicianRole,
  audit: { kind: 'search', action: 'audit-viewed' },
  limit: 'read',
  response: AuditUsers,
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const auditApi = {
  listAudit,
  listAuditUsers,
  exportAudit,
  listVendorAudit,
  listVendorAuditUsers,
};
