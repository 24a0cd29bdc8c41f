/**
 * Labels of actions in the filter of the audit trail.
 *
 * This folder has the screens of the audit trail.
 */
import { type AuditAction, auditSentences } from '../../src/contract/accounts/audit-actions.ts';

/** Returns the sentence of an action without its placeholders: `Viewed …`. */
export function actionNames(action: AuditAction): string {
  const words = auditSentences[action].replaceAll(/\{\w+\}/g, '…').replace(/[ :…]+$/, '');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
