/** How current the student data of a district is at a moment: its state, and the sentences for people. */
import { formatDay } from '../../src/contract/day-format.ts';
import type { ImportStatus } from '../../src/contract/imports/import-status.ts';
import { dayIn, daysUntil } from '../shell/dates.ts';

/**
 * ok: no nightly import was missed since the last completed import; late: one was missed; failed: one failed;
 * overdue: two were missed, and two days have passed; waiting: before the first import.
 */
export type ImportState =
  'not-connected' | 'waiting' | 'paused' | 'ok' | 'late' | 'failed' | 'overdue' | 'held';

/** Returns the state at `now`, in milliseconds. A failed manual import changes no state. */
export function assessImports(status: ImportStatus, now: number): ImportState {
  const { isConnected, isPaused, lastCompleted, heldRunId, failed, running } = status;
  if (heldRunId !== null) return 'held';
  if (!isConnected) return 'not-connected';
  if (isPaused || status.undoneAt !== null) return 'paused';
  if (isPast(status.overdueAt, now)) return 'overdue';
  if (status.missedByFailure || (lastCompleted === null && failed !== null)) return 'failed';
  if (isPast(status.lateAt, now) && running === null) return 'late';
  return lastCompleted === null ? 'waiting' : 'ok';
}

const isPast = (instant: string | null, now: number) =>
  instant !== null && Date.parse(instant) <= now;

/** The color of a state. */
export type StateTone = 'good' | 'warning' | 'bad' | 'quiet';

const tones: Readonly<Record<ImportState, StateTone>> = {
  'not-connected': 'quiet',
  waiting: 'quiet',
  paused: 'quiet',
  ok: 'good',
  late: 'warning',
  failed: 'warning',
  overdue: 'bad',
  held: 'warning',
};

/** Returns the color of the state at `now`. What is on hold turns red as late as everything else. */
export function getStateTone(status: ImportStatus, now: number): StateTone {
  const state = assessImports(status, now);
  if (state === 'failed' && status.lastCompleted === null) return 'bad';
  return state === 'held' && isPast(status.overdueAt, now) ? 'bad' : tones[state];
}

export const importStateLabels: Readonly<Record<ImportState, string>> = {
  'not-connected': 'Not connected',
  waiting: 'No import yet',
  paused: 'Paused',
  ok: 'Up to date',
  late: 'Late',
  failed: 'Failed',
  overdue: 'Overdue',
  held: 'On hold',
};

/** Formats an instant as `today 2:05 AM`, `yesterday 2:05 AM`, `3 days ago`, or after a month as `Oct 12, 2026`. */
export function formatAge(instant: string, timeZone: string, now: number): string {
  const moment = new Date(instant);
  const day = dayIn(moment, timeZone);
  const days = daysUntil(day, dayIn(new Date(now), timeZone));
  if (days > 31) return formatDay(day);
  return days > 1
    ? `${days} days ago`
    : `${days === 1 ? 'yesterday' : 'today'} ${formatTime(moment, timeZone)}`;
}

/** Formats a time of day: `2:05 AM`. */
export const formatTime = (moment: Date, timeZone: string) =>
  new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', timeZone })
    .format(moment)
    .replaceAll(/\s/gu, ' ');

/** Formats an instant for the time it comes: `today 1:40 AM`, `tomorrow 1:40 AM`, or `Nov 30 1:40 AM`. */
export function formatUpcoming(instant: string, timeZone: string, now: number): string {
  const moment = new Date(instant);
  const day = dayIn(moment, timeZone);
  const days = daysUntil(dayIn(new Date(now), timeZone), day);
  const name = days <= 0 ? 'today' : days === 1 ? 'tomorrow' : formatDay(day).slice(0, -6);
  return `${name} ${formatTime(moment, timeZone)}`;
}

interface Reader {
  readonly timeZone: string;
  readonly now: number;
  /** Whether the reader manages the district; others are told no reasons. */
  readonly isAdministrator: boolean;
}

/** Returns the line in the header: `Last import: today 2:05 AM`. */
export function describeLastImport(status: ImportStatus, reader: Reader): string {
  const { timeZone, now, isAdministrator } = reader;
  const { lastCompleted } = status;
  if (lastCompleted === null) return 'No imports yet';
  const state = assessImports(status, now);
  if (!isAdministrator && state !== 'ok' && state !== 'paused') {
    const day = dayIn(new Date(lastCompleted.at), timeZone);
    const isThisYear = day.slice(0, 4) === dayIn(new Date(now), timeZone).slice(0, 4);
    return `Student data was last updated ${isThisYear ? formatDay(day).slice(0, -6) : formatDay(day)}.`;
  }
  return `Last import: ${formatAge(lastCompleted.at, timeZone, now)}`;
}

/** A second line: what needs attention, with a link to the run or the list of imports. */
export interface StatusNote {
  readonly text: string;
  /** The text where space is short; empty if the link says it. */
  readonly brief: string;
  readonly link: { readonly label: string; readonly runId: number | null } | null;
}

/** Returns what else there is to say about the imports, most important first; null if nothing. */
export function describeTrouble(status: ImportStatus, reader: Reader): StatusNote | null {
  const { heldRunId, failed, running, isPaused } = status;
  const state = assessImports(status, reader.now);
  if (status.undoneAt !== null && reader.isAdministrator && running === null) {
    return {
      text: 'An import was undone, so imports wait.',
      brief: 'Imports wait after an undo.',
      link: { label: 'Let imports continue', runId: null },
    };
  }
  const paused: StatusNote | null = isPaused
    ? { text: 'Nightly imports are paused.', brief: 'Nightly imports are paused.', link: null }
    : null;
  if (!reader.isAdministrator) return paused;
  if (running !== null) {
    return {
      text: 'An import is running.',
      brief: 'Import running.',
      link: { label: 'View progress', runId: running.runId },
    };
  }
  if (heldRunId !== null) {
    return {
      text: '',
      brief: '',
      link: { label: 'Import on hold: needs review', runId: heldRunId },
    };
  }
  if (failed !== null) {
    return {
      text: formatFailure(status, reader),
      brief: isManualFailure(status) ? 'Manual import failed.' : formatFailureReason(failed.code),
      link: { label: 'View import report', runId: failed.runId },
    };
  }
  if (paused !== null) return paused;
  return state === 'late' || state === 'overdue'
    ? {
        text: 'The nightly import did not run.',
        brief: 'The nightly import did not run.',
        link: { label: 'View imports', runId: null },
      }
    : null;
}

/** A failure that does not make the data older than it should be. */
const isManualFailure = ({ failed, lastCompleted }: ImportStatus): boolean =>
  failed !== null && failed.origin !== 'schedule' && lastCompleted !== null;

function formatFailure(status: ImportStatus, { timeZone, now }: Reader): string {
  const { failed } = status;
  if (failed === null) return '';
  const reason = formatFailureReason(failed.code);
  if (!isManualFailure(status)) return reason;
  const who = failed.requestedBy === null ? 'A manual import' : `${failed.requestedBy}’s import`;
  return `${who} failed ${formatAge(failed.at, timeZone, now)}: ${reason}`;
}

const reasons: Readonly<Record<string, string>> = {
  unreachable: 'Skyward can’t be reached.',
  timeout: 'Skyward is responding too slowly.',
  'server-error': 'Skyward has a server error.',
  'retries-exhausted': 'Skyward failed too often.',
  'rate-limited': 'Skyward is busy.',
  'wrong-credentials': 'Skyward did not accept the client key or secret.',
  'access-denied': 'Skyward denied the access.',
  'no-entity-permission': 'A school is missing in the Skyward access.',
  'no-object-permission': 'The Skyward access is missing a permission.',
  'no-field-permission': 'The Skyward access is missing a permission.',
  interrupted: 'The import was interrupted.',
};

/** Returns why an import failed in a few words, without technical terms; its report says more. */
export const formatFailureReason = (code: string): string => reasons[code] ?? 'The import failed.';
