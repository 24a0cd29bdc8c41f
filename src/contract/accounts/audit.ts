/** What the audit trail keeps of people's doings, how each reads, and how it is searched. */
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
  .meta({ id: 'AuditAction', description: 'What somebody did.' });
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
      .meta({ description: 'As the person was called then; null: nobody was signed in.' }),
    action: AuditAction,
    student: z
      .strictObject({
        id: RecordId,
        name: z.string().nullable().meta({ description: 'null: the record is gone.' }),
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
      description: 'Give it as `before` to get what happened before these; null: nothing did.',
    }),
  })
  .meta({ id: 'AuditPage', description: 'What happened, newest first.' });
export type AuditPage = z.infer<typeof AuditPage>;

const filter = {
  user: z.uuid('must be the number of an account').optional(),
  action: AuditAction.optional(),
  from: Day.optional().meta({ description: "First day, by the district's clock." }),
  to: Day.optional().meta({ description: 'Last day, included.' }),
};
const districtFilter = { ...filter, student: RecordIdInPath.optional() };

const page = {
  before: RecordIdInPath.optional().meta({ description: 'Only what happened before this event.' }),
};

const AuditFilter = z.strictObject(districtFilter);
/** What the trail is narrowed to; all of it when empty. */
export type AuditFilter = z.infer<typeof AuditFilter>;

const listAudit = {
  method: 'GET',
  path: `${districtPath}/audit`,
  summary: 'Who looked at or changed what in the district, newest first, 50 at a time',
  access: administeringRoles,
  audit: { kind: 'search', action: 'audit-viewed' },
  limit: 'read',
  query: z.strictObject({ ...districtFilter, ...page }),
  response: AuditPage,
} as const satisfies Endpoint;

const exportAudit = {
  method: 'GET',
  path: `${districtPath}/audit.csv`,
  summary: 'The audit trail as a table, as far as it fits the filter',
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
  summary: 'Everybody of whom the audit trail of the district keeps something, by name',
  access: administeringRoles,
  audit: { kind: 'search', action: 'audit-viewed' },
  limit: 'read',
  response: AuditUsers,
} as const satisfies Endpoint;

const listVendorAudit = {
  method: 'GET',
  path: '/api/audit',
  summary: 'What concerns no district, such as technicians who signed in, newest first',
  access: technicianRole,
  audit: { kind: 'search', action: 'audit-viewed' },
  limit: 'read',
  query: z.strictObject({ ...filter, ...page }),
  response: AuditPage,
} as const satisfies Endpoint;

const listVendorAuditUsers = {
  method: 'GET',
  path: '/api/audit/users',
  summary: 'Everybody of whom the audit trail of no district keeps something, by name',
  access: technicianRole,
  audit: { kind: 'search', action: 'audit-viewed' },
  limit: 'read',
  response: AuditUsers,
} as const satisfies Endpoint;

/** What somebody did, as a sentence in parts: plain text, the student where a link belongs, how often. */
export function toAuditSentence({
  action,
  student,
  detail,
}: AuditEvent): readonly AuditSentencePart[] {
  const often = typeof detail['times'] === 'number' ? ` (${detail['times']} times)` : '';
  return `${auditSentences[action]}${often}`
    .split(/\{(\w+)\}/)
    .map((text, index): AuditSentencePart => {
      if (index % 2 === 0) return { text };
      if (text !== 'student') return { text: formatValue(detail[text]) };
      if (student === null) return { text: 'a student' };
      const { id, name } = student;
      return {
        text: name ?? `student no. ${id}, whose record is gone`,
        student: name === null ? undefined : id,
      };
    })
    .filter(({ text }) => text !== '');
}

export interface AuditSentencePart {
  readonly text: string;
  /** The student that the text names. */
  readonly student?: number | undefined;
}

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(formatValue).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '…';
}

/** The endpoints, in the order of the API's documentation. */
export const auditApi = {
  listAudit,
  listAuditUsers,
  exportAudit,
  listVendorAudit,
  listVendorAuditUsers,
};
