import { expect, it } from 'vitest';

import type { CompletionResult } from '../../../src/contract/documents/documents.ts';
import { completionSentence, dueSentence, leftReason } from './selection-summary.ts';

const completed: CompletionResult = { documentId: 1, outcome: 'completed', missing: [] };

it('counts what was completed', () => {
  expect(completionSentence([completed])).toBe('Completed 1 document.');
  expect(completionSentence([completed, { ...completed, outcome: 'already-complete' }])).toBe(
    'Completed 1 document. 1 document had been complete before.',
  );
});

it('says why a document was left', () => {
  expect(leftReason(completed)).toBeUndefined();
  expect(leftReason({ documentId: 1, outcome: 'fields-missing', missing: ['Meeting date'] })).toBe(
    'Meeting date is empty',
  );
  expect(leftReason({ documentId: 1, outcome: 'fields-missing', missing: ['Date', 'Team'] })).toBe(
    'Date, Team are empty',
  );
});

it('says which due dates were left', () => {
  expect(dueSentence(9, 9, false)).toBe('Due date set for 9 documents.');
  expect(dueSentence(1, 2, true)).toBe(
    'Due date cleared for 1 document. 1 complete document was left unchanged.',
  );
});
