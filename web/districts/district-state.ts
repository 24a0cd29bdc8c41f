/** What a technician has to know about a district: its trouble, who is next in the setup, and the order of the list. */
import { byteOrderMark, csvLine } from '../../src/contract/csv-text.ts';
import { formatDay } from '../../src/contract/day-format.ts';
import type { DistrictOverview } from '../../src/contract/districts/districts.ts';
import {
  assessImports,
  formatAge,
  formatFailureReason,
  type ImportState,
  importStateLabels,
} from '../imports/import-state.ts';
import { daysUntil, formatInstant } from '../shell/dates.ts';
import { stateLabels } from '../support/request-labels.ts';
import type { DistrictFilter } from './district-search.ts';

/** From so many days before it, the end of an access is trouble. */
const expiresSoonDays = 30;

/** Returns the days until the access expires, if that is soon or past; null otherwise. */
export function daysToExpiry({ accessExpiresOn, today }: DistrictOverview): number | null {
  if (accessExpiresOn === null) return null;
  const days = daysUntil(today, accessExpiresOn);
  return days <= expiresSoonDays ? days : null;
}

/** Formats the end of an access that is soon or past: `in 15 days`, `expired`. */
export const formatExpiry = (days: number): string =>
  days < 0 ? 'expired' : days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;

interface Turn {
  readonly text: string;
  readonly isOurs: boolean;
}

/** Returns who is next in the setup; null when there is nothing to do. */
export function findTurn({ request, status }: DistrictOverview): Turn | null {
  if (request === null) return status.isConnected ? null : { text: 'Not requested', isOurs: false };
  if (request.state === 'connected') return null;
  const isOurs = request.state !== 'waiting' && request.state !== 'declined';
  return { text: stateLabels[request.state], isOurs };
}

/** Returns whether the filter shows the district. */
export function matchesFilter(
  district: DistrictOverview,
  filter: DistrictFilter,
  now: number,
): boolean {
  return filters[filter](district, assessImports(district.status, now));
}

const filters: Readonly<
  Record<DistrictFilter, (district: DistrictOverview, state: ImportState) => boolean>
> = {
  failed: (_, state) => state === 'failed' || state === 'overdue',
  held: (_, state) => state === 'held',
  late: (_, state) => state === 'late',
  expires: (district) => daysToExpiry(district) !== null,
  support: (district) =>
    findTurn(district)?.isOurs === true || district.lastMail?.needsReview === true,
  paused: (_, state) => state === 'paused',
  unconnected: ({ status }) => !status.isConnected,
};

/** Returns whether the name or domain contains the text; accents and case do not matter. */
export const matchesText = ({ name, domain }: DistrictOverview, text: string): boolean =>
  toSearchForm(`${name} ${domain}`).includes(toSearchForm(text.trim()));

const toSearchForm = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase();

/** The filters in the order of trouble: what comes first is most urgent. */
const troubles = ['overdue', 'failed', 'held', 'late', 'expires', 'support'] as const;

/** Returns the place of the district in the list, trouble first. */
export function rankTrouble(district: DistrictOverview, now: number): number {
  const state = assessImports(district.status, now);
  const place = troubles.findIndex((trouble) =>
    trouble === 'expires' || trouble === 'support'
      ? matchesFilter(district, trouble, now)
      : trouble === state,
  );
  return place === -1 ? troubles.length : place;
}

/** Sorts trouble first; of equal trouble the oldest data first, then by name. */
export const sortByTrouble = (
  districts: readonly DistrictOverview[],
  now: number,
): readonly DistrictOverview[] => {
  const ranks = new Map(districts.map((one) => [one, rankTrouble(one, now)]));
  return districts.toSorted((a, b) => {
    const [one = 0, other = 0] = [ranks.get(a), ranks.get(b)];
    if (one !== other) return one - other;
    // Without trouble the order is by name.
    return one === troubles.length ? 0 : getImportTime(a) - getImportTime(b);
  });
};

/** Returns when the last import completed, in milliseconds; 0 before the first. */
export const getImportTime = ({ status }: DistrictOverview): number =>
  status.lastCompleted === null ? 0 : Date.parse(status.lastCompleted.at);

/** Returns since when an import is on hold, or why it failed; null where there is nothing to say. */
export function formatStateDetail(
  { status, heldSince, timeZone }: DistrictOverview,
  now: number,
): string | null {
  if (heldSince !== null) return `since ${formatAge(heldSince, timeZone, now)}`;
  const state = assessImports(status, now);
  const isFailing = state === 'failed' || state === 'overdue';
  return isFailing && status.failed !== null ? formatFailureReason(status.failed.code) : null;
}

/** Returns the state as a phrase: `On hold since yesterday 2:01 AM`, `Failed. Skyward can’t be reached.` */
export function formatState(district: DistrictOverview, now: number): string {
  const label = importStateLabels[assessImports(district.status, now)];
  const detail = formatStateDetail(district, now);
  if (detail === null) return label;
  return district.heldSince === null ? `${label}. ${detail}` : `${label} ${detail}`;
}

/** Formats a change as `+12`, `−3` or nothing. */
export const formatChange = (change: number): string =>
  change === 0 ? '' : change > 0 ? `+${change}` : `−${-change}`;

const csvColumns: readonly (readonly [
  string,
  (district: DistrictOverview, now: number) => string | null,
])[] = [
  ['District', ({ name }) => name],
  ['E-mail domain', ({ domain }) => domain],
  ['Time zone', ({ timeZone }) => timeZone],
  [
    'Last import',
    ({ status, timeZone }) =>
      status.lastCompleted && formatInstant(status.lastCompleted.at, timeZone),
  ],
  ['State', formatState],
  ['Students', ({ students }) => (students === null ? null : String(students.total))],
  ['Change', ({ students }) => (students === null ? null : String(students.change))],
  ['Access expires', ({ accessExpiresOn }) => accessExpiresOn && formatDay(accessExpiresOn)],
  ['Setup', (district) => findTurn(district)?.text ?? null],
  [
    'Last support e-mail',
    ({ lastMail, timeZone }) => lastMail && formatInstant(lastMail.receivedAt, timeZone),
  ],
];

/** Returns the districts as a table in CSV. */
export const toCsv = (districts: readonly DistrictOverview[], now: number): string =>
  [
    csvColumns.map(([name]) => name),
    ...districts.map((district) => csvColumns.map(([, read]) => read(district, now))),
  ]
    .map(csvLine)
    .join('')
    .replace(/^/, byteOrderMark);
