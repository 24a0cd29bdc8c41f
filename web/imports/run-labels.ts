/** The words in which runs are told. */
import type { ImportRun } from '../../src/contract/imports.ts';

const number = new Intl.NumberFormat('en-US');
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

export const formatCount = (count: number): string => number.format(count);

/** `Birth date implausible` of `birth-date-implausible`. */
export function formatProblemKind(kind: string): string {
  const text = kind.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `1.2K`, where there is little room. */
export const formatCompact = (count: number): string => compact.format(count);

/** Seconds as people say them: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0.1, Math.round(seconds * 10) / 10)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How a run stands, for colors and words alike; a held one that was decided about waits no longer. */
export type RunTone = 'running' | 'good' | 'quiet' | 'held' | 'failed';

interface StateLabel {
  readonly label: string;
  readonly tone: RunTone;
}

const stateLabels: Readonly<Record<ImportRun['state'], StateLabel>> = {
  running: { label: 'Running', tone: 'running' },
  published: { label: 'Published', tone: 'good' },
  unchanged: { label: 'Nothing had changed', tone: 'good' },
  planned: { label: 'Dry run', tone: 'quiet' },
  held: { label: 'Held', tone: 'held' },
  failed: { label: 'Failed', tone: 'failed' },
  recalculated: { label: 'Statuses by the date', tone: 'quiet' },
};

/** The state of a run in a word or two. */
export function getStateLabel({
  state,
  review,
  failure,
}: Pick<ImportRun, 'state' | 'review' | 'failure'>): StateLabel {
  if (review !== null) {
    return {
      label: review.outcome === 'approved' ? 'Held, approved' : 'Held, discarded',
      tone: 'quiet',
    };
  }
  if (failure?.code === 'import-cancelled') return { label: 'Stopped', tone: 'quiet' };
  return stateLabels[state];
}

/** Who started a run, after `Started`. */
export function formatOrigin({ origin, requestedBy }: Pick<ImportRun, 'origin' | 'requestedBy'>) {
  if (requestedBy !== null) return `by ${requestedBy}`;
  if (origin === 'date') return 'by the new date';
  return origin === 'schedule' ? 'by the nightly schedule' : 'by a command on the server';
}

/** The phases of a night in their order, as a person reads them. */
export const phaseLabels: Readonly<Record<string, string>> = {
  connecting: 'Connecting to Skyward',
  reading: 'Reading from Skyward',
  comparing: 'Comparing with what is published',
  deciding: 'Deciding statuses',
  assembling: 'Putting records together',
  checking: 'Checking the plan',
  publishing: 'Publishing',
};

const notImportedLabels: Readonly<Record<string, string>> = {
  'without-enrollment': 'without any enrollment',
  cecs: 'whose only enrollments are CECS ones',
  'not-retrieved': 'whose enrollments lie outside the time that counts',
  'unreadable-date': 'whose enrollments have no start date that can be read',
  'never-effective': 'whose enrollments were never effective',
};

/** Why delivered students were not brought in. */
export const formatNotImportedReason = (reason: string): string =>
  notImportedLabels[reason] ?? reason;

/** One night in a sentence: `Published: 3 added, 12 changed, in 8 s`. */
export function formatRun(run: ImportRun): string {
  const { added, changed } = run.counts;
  const isPlan = run.state === 'planned' || run.state === 'held';
  const parts = [
    added ? `${formatCount(added)} ${isPlan ? 'would be added' : 'added'}` : '',
    changed ? `${formatCount(changed)} ${isPlan ? 'would change' : 'changed'}` : '',
    run.seconds === null ? '' : `took ${formatSeconds(run.seconds)}`,
  ].filter((part) => part !== '');
  const { label } = getStateLabel(run);
  return parts.length === 0 ? label : `${label}: ${parts.join(', ')}`;
}
