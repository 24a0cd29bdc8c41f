/** What states and steps of a request are called. */
import type { SetupRequest } from '../../src/contract/districts/setup.ts';
import { formatInstant } from '../shell/dates.ts';

export const stateLabels: Readonly<Record<SetupRequest['state'], string>> = {
  requested: 'Requested',
  waiting: 'Waiting for the access record',
  verified: 'Verified',
  'secret-generated': 'Secret generated',
  connected: 'Connected',
  declined: 'Declined',
};

/** What a step did, once it is taken. */
export const stepConfirmations: Readonly<Record<SetupRequest['steps'][number], string>> = {
  verify: 'Verified at Skyward.',
  'confirm-manually': 'Taken as verified by hand.',
  'generate-secret': 'A secret is paired with the key.',
  'enter-credentials': 'The credentials are kept, sealed.',
  'discard-secret': 'The secret is thrown away.',
  complete: 'The district is connected; its first import begins.',
  decline: 'The request is declined.',
  reopen: 'The request is open again.',
  'resend-confirmation': 'The confirmation has gone out again.',
};

/** How long something has waited: `2 days`, `3 hours`, `5 minutes`. */
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

/** A moment by the technician's own clock, its zone named. */
export const formatMoment = (instant: string): string =>
  formatInstant(instant, Intl.DateTimeFormat().resolvedOptions().timeZone);
