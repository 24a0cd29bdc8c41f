/** Labels of the states and steps of a setup request. */
import type { SetupRequest } from '../../src/contract/districts/setup.ts';
import { formatInstant } from '../shell/dates.ts';

export const stateLabels: Readonly<Record<SetupRequest['state'], string>> = {
  requested: 'Requested',
  waiting: 'Waiting on district',
  verified: 'Verified',
  'secret-generated': 'Secret generated',
  connected: 'Connected',
  declined: 'Declined',
};

/** Messages after a step. */
export const stepConfirmations: Readonly<Record<SetupRequest['steps'][number], string>> = {
  verify: 'Checked in Skyward.',
  'confirm-manually': 'Marked as verified manually.',
  'generate-secret': 'Secret generated.',
  'enter-credentials': 'Credentials stored, sealed.',
  'discard-secret': 'Secret discarded.',
  complete: 'The district is connected. Its first import has started.',
  decline: 'Request declined.',
  reopen: 'Request reopened.',
  'resend-confirmation': 'Confirmation sent again.',
};

/** Formats an age: `2 days`, `3 hours`, `5 minutes`. */
export function formatAge(since: string, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
  const [count, unit] =
    minutes >= 48 * 60
      ? [Math.floor(minutes / (24 * 60)), 'day']
      : minutes >= 120
        ? [Math.floor(minutes / 60), 'hour']
        : [minutes, 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Formats an instant in the technician's own time zone. */
export const formatMoment = (instant: string): string =>
  formatInstant(instant, Intl.DateTimeFormat().resolvedOptions().timeZone);
