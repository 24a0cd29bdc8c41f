import { expect, it } from 'vitest';

import { listUndoEffects } from './undo-labels.ts';

const none = {
  students: 0,
  guardians: 0,
  enrollments: 0,
  created: 0,
  missingMarks: 0,
  documents: 0,
  keptIds: 0,
  statusMoves: [],
};
const imports = [{ id: 1, importDate: '2026-11-12' }];

it('says what comes back and what stays', () => {
  const counts = {
    ...none,
    students: 1204,
    guardians: 1,
    enrollments: 12,
    created: 1,
    documents: 3,
    statusMoves: [{ from: 'INACTIVE', to: 'ENROLLED', count: 1200 }],
  };
  const later = [...imports, { id: 2, importDate: '2026-11-13' }];
  expect(listUndoEffects({ imports: later, counts })).toEqual([
    'A later import is undone with it: Nov 13, 2026.',
    '1,204 students get earlier values back, with 1 guardian and 12 enrollments.',
    '1,200 students: Inactive → Enrolled.',
    '1 student added since stays, marked as no longer in Skyward.',
    '3 documents of these students stay as they are.',
  ]);
});

it('says so when nothing changes', () => {
  expect(listUndoEffects({ imports, counts: none })).toEqual(['No values change.']);
});
