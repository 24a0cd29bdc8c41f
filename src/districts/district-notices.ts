/** Which notices about its connection a district is due, and when. Pure. */

export type NoticeKind =
  | 'expires-30'
  | 'expires-7'
  | 'expires-1'
  | 'expired'
  | 'import-failed'
  | 'import-held'
  | 'no-changes';

/** A notice to send once: `kind` and the day `about` identify it. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly about: Temporal.PlainDate;
}

/** A finished import that was not a dry run. */
export interface FinishedRun {
  readonly importDate: Temporal.PlainDate;
  readonly state: 'published' | 'unchanged' | 'held' | 'failed';
}

export interface ConnectionFacts {
  /** The district's own date. */
  readonly today: Temporal.PlainDate;
  /** Null: the access never expires, or was never verified. */
  readonly expiresOn: Temporal.PlainDate | null;
  /** Newest first; the last run of each date. */
  readonly runs: readonly FinishedRun[];
}

const unchangedRunsBeforeNotice = 3;

/**
 * Returns every notice that should have been sent by now. The caller remembers which were sent. Of the notices
 * about expiration, only the most urgent one is due.
 */
export function dueNotices({ today, expiresOn, runs }: ConnectionFacts): Notice[] {
  return [...expiryNotice(today, expiresOn), ...runNotice(runs), ...unchangedNotice(runs)];
}

function expiryNotice(today: Temporal.PlainDate, expiresOn: Temporal.PlainDate | null): Notice[] {
  if (expiresOn === null) return [];
  const days = today.until(expiresOn).days;
  if (days < 0) return [{ kind: 'expired', about: expiresOn }];
  if (days <= 1) return [{ kind: 'expires-1', about: expiresOn }];
  if (days <= 7) return [{ kind: 'expires-7', about: expiresOn }];
  return days <= 30 ? [{ kind: 'expires-30', about: expiresOn }] : [];
}

function runNotice([last]: readonly FinishedRun[]): Notice[] {
  if (last?.state === 'failed') return [{ kind: 'import-failed', about: last.importDate }];
  return last?.state === 'held' ? [{ kind: 'import-held', about: last.importDate }] : [];
}

/** One notice for a whole series of imports without changes, such as a summer. */
function unchangedNotice(runs: readonly FinishedRun[]): Notice[] {
  const end = runs.findIndex(({ state }) => state !== 'unchanged');
  const unchanged = end === -1 ? runs : runs.slice(0, end);
  const first = unchanged.at(-1);
  return unchanged.length >= unchangedRunsBeforeNotice && first !== undefined
    ? [{ kind: 'no-changes', about: first.importDate }]
    : [];
}
