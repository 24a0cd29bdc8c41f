/** The English sentence of an audit event. */
import { describeAttempt, formatAuditDetail } from './audit-details.ts';
import { auditSentences } from './audit-actions.ts';
import type { AuditEvent } from './audit.ts';

/** Returns the sentence of an event in parts: text, and the student for a link. */
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
      if (text === 'attempt') return { text: describeAttempt(detail['method'], detail['path']) };
      if (text !== 'student') return { text: formatAuditDetail(text, detail[text]) };
      if (student === null) return { text: 'a student' };
      const { id, name } = student;
      return {
        text: name ?? `student ${id} (deleted record)`,
        student: name === null ? undefined : id,
      };
    })
    .filter(({ text }) => text !== '');
}

export interface AuditSentencePart {
  readonly text: string;
  /** The student whom the text names. */
  readonly student?: number | undefined;
}
