import { expect, it } from 'vitest';
import type { ImportOutcome, ImportReport } from '../../import/import-report.ts';
import { formatImportReport } from './import-report-text.ts';

const createReport = (differing: Partial<ImportReport> = {}): ImportReport => ({
  received: 1200,
  added: 3,
  changed: 14,
  unchanged: 1183,
  missing: 0,
  newlyMissing: 0,
  newlyMissingActive: 0,
  activeBefore: 1100,
  turningInactive: 2,
  statusesBefore: { ENROLLED: 1100, INACTIVE: 97 },
  statusesAfter: { ENROLLED: 1101, INACTIVE: 99 },
  statusMoves: [],
  uncounted: {},
  changesByField: {},
  rowsRead: { 'Student/Student': 1200, 'Demographics/Name': 3000 },
  compared: 17,
  skipped: 0,
  notImported: {},
  problems: {},
  missingPermissions: [],
  retainedFields: [],
  neverFilled: [],
  emptyLists: [],
  emptyFields: [],
  seconds: { reading: 2, publishing: 0.5 },
  ...differing,
});

const createOutcome = (differing: Partial<ImportOutcome> = {}): ImportOutcome => ({
  runId: 1,
  state: 'published',
  today: '2026-11-23',
  schoolYear: 2027,
  report: createReport(),
  failure: null,
  ...differing,
});

it('shows the import, students by status before and now, and counts of added and changed students', () => {
  const text = formatImportReport('Demo ISD', createOutcome());
  expect(text).toContain('Demo ISD, 2026-11-23, school year 2026-2027\nCompleted.');
  expect(text).toMatch(/Enrolled +1,100 +1,101/);
  expect(text).toMatch(/Inactive +97 +99/);
  expect(text).toMatch(/added +3\n +changed +14\n +unchanged +1,183/);
  expect(text).toContain('4,200 rows read in 2.5 s (reading 2.0 s, publishing 0.5 s)');
});

it('counts students on hold, if there are any', () => {
  const report = createReport({ onHold: 1034 });
  expect(formatImportReport('Demo ISD', createOutcome({ report }))).toMatch(
    /status change on hold +1,034/,
  );
  expect(formatImportReport('Demo ISD', createOutcome())).not.toContain('on hold');
});

it('shows only sections that are not empty', () => {
  const unchanged = formatImportReport('Demo ISD', createOutcome());
  for (const title of [
    'Problems',
    'Missing Skyward',
    'not counted',
    'Not imported',
    'Fields updated',
  ]) {
    expect(unchanged).not.toContain(title);
  }
  const changed = formatImportReport(
    'Demo ISD',
    createOutcome({
      report: createReport({
        uncounted: { cecs: 7 },
        notImported: { cecs: 2, 'without-enrollment': 0 },
        changesByField: { grade: 5, 'guardian.phones': 3, enrollment: 2 },
        problems: { 'birth-date-implausible': 1 },
        missingPermissions: [
          { object: 'Student/Student', fields: ['LanguageIDNative'] },
          { object: 'Demographics/NamePhone', fields: [] },
        ],
        skipped: 1,
      }),
    }),
  );
  expect(changed).toMatch(/Enrollments not counted\n +cecs: .+ 7/);
  expect(changed).toMatch(/Not imported\n.+CECS.+ 2/);
  expect(changed).not.toContain('without any enrollment');
  expect(changed).toMatch(
    /Fields updated\n +Grade +5\n +Guardian phone numbers +3\n +Enrollments added or removed +2/,
  );
  expect(changed).toMatch(/Problems\n +birth-date-implausible: .+ 1/);
  expect(changed).toContain('LanguageIDNative');
  expect(changed).toMatch(/NamePhone +the whole object/);
  expect(changed).toMatch(/not updated \(data problem\) +1/);
});

it('says of an undo which imports it undoes, and who and what stays', () => {
  const undo = {
    imports: [7, 9],
    guardians: 1,
    enrollments: 0,
    created: 2,
    missingMarks: 0,
    documents: 3,
    keptIds: 0,
  };
  const text = formatImportReport('Demo ISD', createOutcome({ report: createReport({ undo }) }));
  expect(text).toMatch(
    /Undo\n +imports undone \(daybreak runs\) +7, 9\n +students who stay, .+ 2\n +documents .+ 3\n/,
  );
  expect(text).toMatch(/\nTook \d/);
});

it('shows the error and the advice of a failed import', () => {
  const text = formatImportReport(
    'Demo ISD',
    createOutcome({
      state: 'failed',
      schoolYear: null,
      report: null,
      failure: { code: 'timeout', message: 'It took too long.', advice: 'Try again.' },
    }),
  );
  expect(text.split('\n')).toEqual([
    'Demo ISD, 2026-11-23',
    'Failed: nothing was changed.',
    'It took too long.',
    'Try again.',
  ]);
});
