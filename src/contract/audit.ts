/** What the audit trail keeps of people's doings, how each reads, and how it is searched. */
import { z } from 'zod';

/**
 * Every action with what it reads like after a person's name. `{student}` is the student's name, any
 * other word in braces the value of that name in the event's detail.
 */
export const auditSentences = {
  'access-refused': 'was refused {path}',
  'signed-in': 'signed in',
  'sign-in-refused': 'was refused at sign-in',
  'signed-out': 'signed out',
  'student-viewed': 'looked at {student}',
  'students-exported': 'exported students',
  'audit-exported': 'exported the audit trail',
} as const satisfies Readonly<Record<string, string>>;

export const AuditAction = z
  .enum(Object.keys(auditSentences) as [AuditAction, ...AuditAction[]])
  .meta({ id: 'AuditAction', description: 'What somebody did.' });
export type AuditAction = keyof typeof auditSentences;
