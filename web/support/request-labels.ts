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

/** Formats an instant in the technician's own time zone. */
export const formatMoment = (instant: string): string =>
  formatInstant(instant, Intl.DateTimeFormat().resolvedOptions().timeZone);
