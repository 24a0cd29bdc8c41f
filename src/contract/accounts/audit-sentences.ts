/** The English sentence of an audit event. */
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
      if (text !== 'student') return { text: formatValue(detail[text]) };
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

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(formatValue).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '…';
}
