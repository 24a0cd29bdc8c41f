/** The report of a night in words for the person at the terminal. Pure. */
import { statusLabels } from '../../enrollment/enrollment-status.ts';
import { leftOutSentence } from '../../enrollment/status-reason.ts';
import type { ImportOutcome, ImportReport } from '../../import/import-report.ts';
import { problemKinds } from '../../roster/row-problem.ts';
import { textTable } from '../text-table.ts';

const stateSentences: Readonly<Record<ImportOutcome['state'], string>> = {
  published: 'The night was published.',
  unchanged: 'Nothing changed: every record is as it was.',
  planned: 'Dry run: nothing was published.',
  held: 'The night is held: nothing was published.',
  failed: 'The night failed: nothing was published.',
};

const notImportedLabels: Readonly<Record<string, string>> = {
  cecs: 'with cross-entity course enrollments (CECS) only',
  'unreadable-date': 'with enrollments without a readable start date only',
  'never-effective': 'with enrollments that never took effect only',
  'not-retrieved':
    'who left more than a year ago, or start in a school year that does not count yet',
  'without-enrollment': 'without any enrollment in the years read',
};

const formatNumber = (value: number) => value.toLocaleString('en-US');

/** The whole report, several lines. */
export function formatImportReport(district: string, outcome: ImportOutcome): string {
  const parts = [
    `${district}, ${outcome.today}${outcome.schoolYear === null ? '' : `, school year ${outcome.schoolYear - 1}-${outcome.schoolYear}`}`,
    stateSentences[outcome.state],
  ];
  if (outcome.failure !== null) parts.push(outcome.failure.message, outcome.failure.advice);
  if (outcome.report !== null) parts.push(...reportParts(outcome.report));
  return parts.join('\n');
}

function reportParts(report: ImportReport): string[] {
  return [
    '',
    statusTable(report),
    '',
    studentsTable(report),
    ...section('Left out of the decision', uncountedRows(report)),
    ...section('Not brought in', notImportedRows(report)),
    ...section('Changes by field', changeRows(report)),
    ...section('Problems', problemRows(report)),
    ...(Object.keys(report.problems).length === 0
      ? []
      : ['  Where each of them is: daybreak problems']),
    ...section(
      'Not granted to this access, and left out',
      report.notGranted.map((one) => [
        one.object,
        one.fields.length === 0 ? 'the whole object' : one.fields.join(', '),
      ]),
      false,
    ),
    ...section(
      'Came empty for everybody: published values kept until the empty ones are accepted',
      report.keptFields.map(({ object, field }) => [object, field]),
      false,
    ),
    ...section(
      'No row held these fields: if they are filled in in Skyward, have them approved',
      report.neverHeld.map(({ object, fields }) => [object, fields.join(', ')]),
      false,
    ),
    ...section(
      'Came without any row',
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
    ['no longer delivered', report.missing],
    ['left as last imported because of a problem', report.setAside],
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

const uncountedRows = (report: ImportReport) =>
  Object.entries(report.leftOut).map(([reason, count]) => [
    `${reason}: ${leftOutSentence(reason as Parameters<typeof leftOutSentence>[0])}`,
    formatNumber(count),
  ]);

const notImportedRows = (report: ImportReport) =>
  Object.entries(report.notCreated)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => [
      `students ${notImportedLabels[reason] ?? reason}`,
      formatNumber(count),
    ]);

const changeRows = (report: ImportReport) =>
  Object.entries(report.changesByField).map(([field, count]) => [field, formatNumber(count)]);

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
  return `${formatNumber(rows)} rows read in ${seconds.toFixed(1)} s${phases === '' ? '' : ` (${phases})`}`;
}
