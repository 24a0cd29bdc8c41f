/** What the audit trail keeps of people's doings, how each reads, and how it is searched. */
import { z } from 'zod';

import {
  administeringRoles,
  districtPath,
  type Endpoint,
  Role,
  technicianRole,
} from './endpoint.ts';
import { Day, Instant, RecordId, RecordIdInPath } from './values.ts';

/**
 * Every action with what it reads like after a person's name. `{student}` is the student's name, any
 * other word in braces the value of that name in the event's detail.
 */
export const auditSentences = {
  'access-refused': 'was refused {path}',
  'signed-in': 'signed in',
  'sign-in-refused': 'was refused at sign-in',
  'signed-out': 'signed out',
  'session-ended': 'ended a session',
  'every-session-ended': 'signed out everywhere',
  'name-changed': 'changed their name',
  'password-changed': 'changed their password',
  'password-reset': 'set a new password by mail',
  'two-factor-on': 'turned their second factor on',
  'two-factor-off': 'turned their second factor off',
  'backup-codes-renewed': 'made new backup codes',
  'person-invited': 'invited {email} as {role}',
  'invitation-withdrawn': 'withdrew the invitation of {email}',
  'invitation-accepted': 'accepted an invitation',
  'person-changed': 'made {email} {role}',
  'person-locked': 'locked the account of {email}',
  'person-unlocked': 'unlocked the account of {email}',
  'person-removed': 'removed the account of {email}',
  'person-two-factor-off': 'turned the second factor of {email} off',
  'two-factor-rule-changed': 'set whether administrators need a second factor: {isRequired}',
  'sign-on-changed': 'changed single sign-on (turned on: {isEnabled})',
  'student-viewed': 'looked at {student}',
  'students-exported': 'exported students',
  'student-entered': 'entered {student} by hand',
  'student-changed': 'changed {student}: {fields}',
  'student-deleted': 'deleted student {id}, kept by hand',
  'student-restored': 'brought {student} back',
  'status-set': 'set the status of {student} by hand',
  'status-released': 'let Skyward decide the status of {student} again',
  'students-merged': 'merged student {removedId} into {student}',
  'merge-undone': 'undid a merge: student {id} is back',
  'takeover-undone': 'gave {student} back the record that an import had taken over',
  'identity-confirmed': 'confirmed that StudentID {skywardId} is the same student as before',
  'identity-unconfirmed': 'took back that StudentID {skywardId} is the same student as before',
  'students-kept-apart': 'judged {pair} to be two students',
  'students-listed-again': 'let {pair} be listed as duplicates again',
  'document-created': 'created the document {form} of {student}',
  'document-viewed': 'looked at the document {form} of {student}',
  'document-printed': 'printed the document {form} of {student}',
  'document-step': 'took the step {step} with the document {form} of {student}',
  'document-due-set': 'set the day by which the document {form} of {student} is wanted',
  'form-saved': 'saved version {version} of the form {form}',
  'form-offered': 'set whether the form {form} is offered: {isOffered}',
  'documents-exported': 'exported {count} lines about documents',
  'pdf-form-uploaded': 'added the PDF form {form}',
  'pdf-form-changed': 'changed the PDF form {form}',
  'pdf-form-removed': 'removed the PDF form {form}',
  'pdf-form-restored': 'brought the PDF form {form} back',
  'pdf-form-tried': 'looked at what fills the PDF form {form} for {student}',
  'pdf-form-filled': 'filled the PDF form {form} with the Details of {student}',
  'audit-exported': 'exported the audit trail',
  'setup-requested': 'asked to complete the Skyward integration',
  'setup-step-taken': 'took the step {step} of connecting the district',
  'settings-changed': 'changed the settings of the district: {fields}',
  'secret-shown': 'saw the client secret of the Skyward connection',
  'connection-tested': 'tested the Skyward connection: {outcome}',
  'connection-replaced': 'replaced the key and secret of the Skyward connection',
  'webhook-added': 'added a webhook to {host}',
  'webhook-changed': 'changed the webhook to {host} (turned on: {isActive})',
  'webhook-removed': 'removed the webhook to {host}',
  'webhook-secret-changed': 'gave the webhook to {host} a new secret',
  'webhook-tested': 'tested the webhook to {host}: {outcome}',
  'webhook-sent-again': 'had a delivery sent to {host} again',
  'import-started': 'started an import',
  'dry-run-started': 'started a dry run',
  'import-stopped': 'stopped an import',
  'import-released': 'released the held import {runId}: {reason}',
  'empty-field-accepted': 'accepted after the import {runId} that {field} is empty: {reason}',
  'import-rejected': 'rejected the held import {runId}: {reason}',
} as const satisfies Readonly<Record<string, string>>;

export const AuditAction = z
  .enum(Object.keys(auditSentences) as [AuditAction, ...AuditAction[]])
  .meta({ id: 'AuditAction', description: 'What somebody did.' });
export type AuditAction = keyof typeof auditSentences;

const AuditEvent = z
  .strictObject({
    id: RecordId,
    happenedAt: Instant,
    person: z
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
  person: z.uuid('must be the number of an account').optional(),
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

export const listAudit = {
  method: 'GET',
  path: `${districtPath}/audit`,
  summary: 'Who looked at or changed what in the district, newest first, 50 at a time',
  access: administeringRoles,
  query: z.strictObject({ ...districtFilter, ...page }),
  response: AuditPage,
} as const satisfies Endpoint;

export const exportAudit = {
  method: 'GET',
  path: `${districtPath}/audit.csv`,
  summary: 'The audit trail as a table, as far as it fits the filter',
  access: administeringRoles,
  query: AuditFilter,
  response: z.string(),
  answers: 'download',
} as const satisfies Endpoint;

const AuditPerson = z
  .strictObject({ accountId: z.string(), name: z.string(), email: z.string().nullable() })
  .meta({ id: 'AuditPerson' });
export type AuditPerson = z.infer<typeof AuditPerson>;

const AuditPeople = z.strictObject({ people: z.array(AuditPerson) });

export const listAuditPeople = {
  method: 'GET',
  path: `${districtPath}/audit/people`,
  summary: 'Everybody of whom the audit trail of the district keeps something, by name',
  access: administeringRoles,
  response: AuditPeople,
} as const satisfies Endpoint;

export const listVendorAudit = {
  method: 'GET',
  path: '/api/audit',
  summary: 'What concerns no district, such as technicians who signed in, newest first',
  access: technicianRole,
  query: z.strictObject({ ...filter, ...page }),
  response: AuditPage,
} as const satisfies Endpoint;

export const listVendorAuditPeople = {
  method: 'GET',
  path: '/api/audit/people',
  summary: 'Everybody of whom the audit trail of no district keeps something, by name',
  access: technicianRole,
  response: AuditPeople,
} as const satisfies Endpoint;

/** What somebody did, as a sentence in parts: plain text, and the student where a link belongs. */
export function sentenceOf({ action, student, detail }: AuditEvent): readonly AuditSentencePart[] {
  return auditSentences[action]
    .split(/\{(\w+)\}/)
    .map((text, index): AuditSentencePart => {
      if (index % 2 === 0) return { text };
      if (text !== 'student') return { text: wordOf(detail[text]) };
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

function wordOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordOf).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '…';
}
