/** Formats the report of an import for the terminal. Pure. */
import { statusLabels } from '../../enrollment/enrollment-status.ts';
import { uncountedSentence } from '../../enrollment/status-reason.ts';
import type { ImportOutcome, ImportReport } from '../../import/import-report.ts';
import { countedField } from '../../roster/fields/labels.ts';
import { problemKinds } from '../../roster/row-problem.ts';
import { textTable } from '../text-table.ts';

const stateSentences: Readonly<Record<ImportOutcome['state'], string>> = {
  published: 'Completed.',
  unchanged: 'Completed: no changes.',
  planned: 'Dry run: nothing was changed.',
  held: 'On hold, needs review: nothing was changed.',
  failed: 'Failed: nothing was changed.',
  restored: 'Undone: the data is as it was before.',
};

const notImportedLabels: Readonly<Record<string, string>> = {
  cecs: 'with only cross-entity course enrollments (CECS)',
  'unreadable-date': 'with only enrollments without a readable start date',
  'never-effective': 'with only enrollments that never took effect',
  'not-retrieved':
    'who left more than a year ago, or start in a school year that is not counted yet',
  'without-enrollment': 'without any enrollment in the school years read',
};

const formatNumber = (value: number) => value.toLocaleString('en-US');

/** Returns the whole report, several lines. */
export function formatImportReport(district: string, outcome: ImportOutcome): string {
  const parts = [
    `${district}, ${outcome.today}${outcome.schoolYear === null ? '' : `, school year ${outcome.schoolYear - 1}-${outcome.schoolYear}`}`,
    stateSentences[outcome.state],
  ];
  if (outcome.failure !== null) {
    const { message, details, advice } = outcome.failure;
    parts.push(details === undefined ? message : `${message} (${details})`, advice);
  }
  if (outcome.report !== null) parts.push(...reportParts(outcome.report));
  return parts.join('\n');
}

function reportParts(report: ImportReport): string[] {
  return [
    '',
    statusTable(report),
    '',
    studentsTable(report),
    ...section('Undo', undoRows(report)),
    ...section('Enrollments not counted', uncountedRows(report)),
    ...section('Not imported', notImportedRows(report)),
    ...section('Fields updated', changeRows(report)),
    ...section('Problems', problemRows(report)),
    ...(Object.keys(report.problems).length === 0
      ? []
      : ['  For the place of each: daybreak problems']),
    ...section(
      'Missing Skyward permissions; these fields are not being updated',
      report.missingPermissions.map((one) => [
        one.object,
        one.fields.length === 0 ? 'the whole object' : one.fields.join(', '),
      ]),
      false,
    ),
    ...section(
      'Empty in Skyward for all students; values retained until the empty ones are accepted',
      report.retainedFields.map(({ object, field }) => [object, field]),
      false,
    ),
    ...section(
      'Never had a value; if filled in in Skyward, ask for permission',
      report.neverFilled.map(({ object, fields }) => [object, fields.join(', ')]),
      false,
    ),
    ...section(
      'Lists without rows',
      report.emptyLists.map((object) => [object]),
      false,
    ),
    '',
    formatDuration(report),
  ];
}

function statusTable(report: ImportReport): string {
  const statuses = Object.entries(statusLabels).filter(
    ([status]) => report.statusesBefore[status] || report.statusesAfter[status],
  );
  return textTable(
    [
      ['Students by status', 'before', 'now'],
      ...statuses.map(([status, label]) => [
        `  ${label}`,
        formatNumber(report.statusesBefore[status] ?? 0),
        formatNumber(report.statusesAfter[status] ?? 0),
      ]),
    ],
    ['left', 'right', 'right'],
  );
}

function studentsTable(report: ImportReport): string {
  const rows: [string, number][] = [
    ['added', report.added],
    ['changed', report.changed],
    ['unchanged', report.unchanged],
    ['no longer in Skyward', report.missing],
    ['status change on hold', report.onHold ?? 0],
    ['not updated (data problem)', report.skipped],
  ];
  return textTable(
    [
      ['Students', ''],
      ...rows
        .filter(([name, count]) => count > 0 || ['added', 'changed', 'unchanged'].includes(name))
        .map(([name, count]) => [`  ${name}`, formatNumber(count)]),
    ],
    ['left', 'right'],
  );
}

/** What an undo does in addition to changing values, and the imports that it undoes. */
function undoRows({ undo }: ImportReport): string[][] {
  if (undo === undefined) return [];
  const counts: [string, number][] = [
    ['students who stay, as no longer in Skyward', undo.created],
    ['students in Skyward, or no longer there, as before', undo.missingMarks],
    ['documents of these students, which stay as they are', undo.documents],
    ['records that keep their Skyward ID', undo.keptIds],
  ];
  return [
    ['imports undone (daybreak runs)', undo.imports.join(', ')],
    ...counts.filter(([, count]) => count > 0).map(([name, count]) => [name, formatNumber(count)]),
  ];
}

const uncountedRows = (report: ImportReport) =>
  Object.entries(report.uncounted).map(([reason, count]) => [
    `${reason}: ${uncountedSentence(reason as Parameters<typeof uncountedSentence>[0])}`,
    formatNumber(count),
  ]);

const notImportedRows = (report: ImportReport) =>
  Object.entries(report.notImported)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => [
      `students ${notImportedLabels[reason] ?? reason}`,
      formatNumber(count),
    ]);

const changeRows = (report: ImportReport) =>
  Object.entries(report.changesByField).map(([field, count]) => [
    countedField(field).label,
    formatNumber(count),
  ]);

const problemRows = (report: ImportReport) =>
  Object.entries(report.problems).map(([kind, count]) => [
    `${kind}: ${problemKinds[kind as keyof typeof problemKinds]}`,
    formatNumber(count),
  ]);

function section(title: string, rows: readonly string[][], isCount = true): string[] {
  if (rows.length === 0) return [];
  const indented = rows.map(([name = '', ...rest]) => [`  ${name}`, ...rest]);
  return ['', title, textTable(indented, ['left', isCount ? 'right' : 'left'])];
}

function formatDuration(report: ImportReport): string {
  const rows = Object.values(report.rowsRead).reduce((total, count) => total + count, 0);
  const seconds = Object.values(report.seconds).reduce((total, one) => total + one, 0);
  const phases = Object.entries(report.seconds)
    .filter(([, one]) => one >= 0.05)
    .map(([phase, one]) => `${phase} ${one.toFixed(1)} s`)
    .join(', ');
  const what = report.undo === undefined ? `${formatNumber(rows)} rows read in` : 'Took';
  return `${what} ${seconds.toFixed(1)} s${phases === '' ? '' : ` (${phases})`}`;
}
