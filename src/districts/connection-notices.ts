/** What the people who look after a district have to be told about its connection, and when. Pure. */

export type NoticeKind =
  | 'expires-30'
  | 'expires-7'
  | 'expires-1'
  | 'expired'
  | 'import-failed'
  | 'import-held'
  | 'no-changes';

/** Something to tell once; `about` is a day and makes it one of its kind. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly about: Temporal.PlainDate;
}

/** A night that has ended, dry runs aside. */
export interface FinishedRun {
  readonly importDate: Temporal.PlainDate;
  readonly state: 'published' | 'unchanged' | 'held' | 'failed';
}

export interface ConnectionFacts {
  /** The district's own date. */
  readonly today: Temporal.PlainDate;
  /** Null: the access never expires, or nobody has verified it. */
  readonly expiresOn: Temporal.PlainDate | null;
  /** The latest first; one a date, the last of the date. */
  readonly runs: readonly FinishedRun[];
}

/** So many nights in a row without anything new are worth a word. */
const unchangedRunsBeforeNotice = 3;

/**
 * Everything that should have been told by now. Whoever tells keeps what was told already; a notice that is
 * overtaken by a nearer one (a week is told where a month was missed) is left out.
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

/** Told once for a whole row of quiet nights: a summer is one row. */
function unchangedNotice(runs: readonly FinishedRun[]): Notice[] {
  const end = runs.findIndex(({ state }) => state !== 'unchanged');
  const unchanged = end === -1 ? runs : runs.slice(0, end);
  const first = unchanged.at(-1);
  return unchanged.length >= unchangedRunsBeforeNotice && first !== undefined
    ? [{ kind: 'no-changes', about: first.importDate }]
    : [];
}
