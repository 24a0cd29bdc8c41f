/** Says what completing several documents did, and why some were left. Pure. */
import type { CompletionResult } from '../../../src/contract/documents/documents.ts';
import { countOf } from '../value-format.ts';

/** A sentence for the notice: `Completed 9 documents.` */
export function completionSentence(results: readonly CompletionResult[]): string {
  const completed = results.filter(({ outcome }) => outcome === 'completed').length;
  const already = results.filter(({ outcome }) => outcome === 'already-complete').length;
  const before = already === 0 ? '' : ` ${countOf(already, 'document')} had been complete before.`;
  return `Completed ${countOf(completed, 'document')}.${before}`;
}

/** Why a document was left incomplete; undefined if it is complete now. */
export function leftReason({ outcome, missing }: CompletionResult): string | undefined {
  if (outcome === 'fields-missing')
    return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} empty`;
  if (outcome === 'not-allowed') return 'only its owner or an administrator can complete it';
  return outcome === 'not-found' ? 'it was deleted in the meantime' : undefined;
}

/** `Due date set for 9 documents. 3 complete documents were left unchanged.` */
export function dueSentence(changed: number, selected: number, isCleared: boolean): string {
  const done = `Due date ${isCleared ? 'cleared' : 'set'} for ${countOf(changed, 'document')}.`;
  const rest = selected - changed;
  if (rest === 0) return done;
  return `${done} ${countOf(rest, 'complete document')} ${rest === 1 ? 'was' : 'were'} left unchanged.`;
}
