/** Formats and labels of import runs. */
import type { ImportDay, ImportRun } from '../../src/contract/imports/import-runs.ts';

const number = new Intl.NumberFormat('en-US');
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

export const formatCount = (count: number): string => number.format(count);

/** Formats a count as `1.2K`, where space is short. */
export const formatCompact = (count: number): string => compact.format(count);

/** Formats seconds as `0.4 s`, `12 s`, `3 min 5 s` or `2 h 10 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0.1, Math.round(seconds * 10) / 10)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The color of a run's state. */
export type RunTone = 'running' | 'good' | 'quiet' | 'held' | 'failed';

interface StateLabel {
  readonly label: string;
  readonly tone: RunTone;
}

const stateLabels: Readonly<Record<ImportRun['state'], StateLabel>> = {
  running: { label: 'Running', tone: 'running' },
  published: { label: 'Completed', tone: 'good' },
  unchanged: { label: 'No changes', tone: 'good' },
  planned: { label: 'Dry run', tone: 'quiet' },
  held: { label: 'On hold', tone: 'held' },
  failed: { label: 'Failed', tone: 'failed' },
  recalculated: { label: 'Daily status update', tone: 'quiet' },
  undone: { label: 'Undone', tone: 'quiet' },
  restored: { label: 'Undo', tone: 'quiet' },
};

/** Returns the label and color of a run's state. A reviewed run no longer needs attention. */
export function getStateLabel({
  state,
  review,
  failure,
  undo = null,
}: Pick<ImportRun, 'state' | 'review' | 'failure'> & {
  readonly undo?: ImportRun['undo'];
}): StateLabel {
  if (undo !== null && state === 'planned') return { label: 'Preview of undo', tone: 'quiet' };
  if (review !== null) {
    return { label: review.outcome === 'approved' ? 'Approved' : 'Discarded', tone: 'quiet' };
  }
  if (failure?.code === 'import-cancelled') return { label: 'Canceled', tone: 'quiet' };
  return stateLabels[state];
}

/** Who started a run, to follow `Started`. */
export function formatOrigin({ origin, requestedBy }: Pick<ImportRun, 'origin' | 'requestedBy'>) {
  if (requestedBy !== null) return `by ${requestedBy}`;
  if (origin === 'date') return 'automatically (date change)';
  return origin === 'schedule' ? 'by the nightly schedule' : 'from the server command line';
}

/** Labels of a run's phases, in their order. */
export const phaseLabels: Readonly<Record<string, string>> = {
  connecting: 'Connecting to Skyward',
  reading: 'Reading from Skyward',
  comparing: 'Comparing with the last import',
  deciding: 'Determining statuses',
  assembling: 'Building student records',
  checking: 'Checking safety limits',
  publishing: 'Publishing',
};

const notImportedLabels: Readonly<Record<string, string>> = {
  'without-enrollment': 'without any enrollment',
  cecs: 'with only CECS enrollments',
  'not-retrieved': 'with enrollments outside the counted period',
  'unreadable-date': 'with enrollments without a valid start date',
  'never-effective': 'with enrollments that never took effect',
};

/** Why new students were not imported. */
export const formatNotImportedReason = (reason: string): string =>
  notImportedLabels[reason] ?? reason;

/** Describes a run, to follow its date: `completed. 3 students added, 12 updated. Import time: 8 s.` */
export function formatRun(run: NonNullable<ImportDay['run']>): string {
  const { added, changed } = run.counts;
  const isPlan = run.state === 'planned' || run.state === 'held';
  const would = isPlan ? 'would be ' : '';
  const changes = [
    added ? `${formatStudents(added)} ${would}added` : '',
    changed ? `${added ? formatCount(changed) : formatStudents(changed)} ${would}updated` : '',
  ].filter((part) => part !== '');
  const sentences = [
    getStateLabel(run).label.toLowerCase(),
    ...(changes.length === 0 ? [] : [changes.join(', ')]),
    ...(run.seconds === null ? [] : [`Import time: ${formatSeconds(run.seconds)}`]),
  ];
  return `${sentences.join('. ')}.`;
}

const formatStudents = (count: number): string =>
  `${formatCount(count)} ${count === 1 ? 'student' : 'students'}`;
