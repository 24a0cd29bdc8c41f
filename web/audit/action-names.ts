/** Actions as the filter of the audit trail names them. */
import { type AuditAction, auditSentences } from '../../src/contract/accounts/audit-actions.ts';

/** The sentence of the action without what stands in braces: `Looked at …`. */
export function actionNames(action: AuditAction): string {
  const words = auditSentences[action].replaceAll(/\{\w+\}/g, '…').replace(/[ :…]+$/, '');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
