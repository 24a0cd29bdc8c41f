/** What the people who look after a district have to be told about its connection, and when. Pure. */

export type NoticeKind =
  | 'expires-30'
  | 'expires-7'
  | 'expires-1'
  | 'expired'
  | 'night-failed'
  | 'night-held'
  | 'nothing-new';

/** Something to tell once; `about` is a day and makes it one of its kind. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly about: Temporal.PlainDate;
}

/** A night that has ended, dry runs aside. */
export interface EndedNight {
  readonly night: Temporal.PlainDate;
  readonly state: 'published' | 'unchanged' | 'held' | 'failed';
}

export interface ConnectionFacts {
  /** The district's own date. */
  readonly today: Temporal.PlainDate;
  /** Null: the access never expires, or nobody has verified it. */
  readonly expiresOn: Temporal.PlainDate | null;
  /** The latest first; one a date, the last of the date. */
  readonly nights: readonly EndedNight[];
}

/** So many nights in a row without anything new are worth a word. */
const quietNights = 3;

/**
 * Everything that should have been told by now. Whoever tells keeps what was told already; a notice that is
 * overtaken by a nearer one (a week is told where a month was missed) is left out.
 */
export function dueNotices({ today, expiresOn, nights }: ConnectionFacts): Notice[] {
  return [...expiryNotice(today, expiresOn), ...nightNotice(nights), ...quietNotice(nights)];
}

function expiryNotice(today: Temporal.PlainDate, expiresOn: Temporal.PlainDate | null): Notice[] {
  if (expiresOn === null) return [];
  const days = today.until(expiresOn).days;
  if (days < 0) return [{ kind: 'expired', about: expiresOn }];
  if (days <= 1) return [{ kind: 'expires-1', about: expiresOn }];
  if (days <= 7) return [{ kind: 'expires-7', about: expiresOn }];
  return days <= 30 ? [{ kind: 'expires-30', about: expiresOn }] : [];
}

function nightNotice([last]: readonly EndedNight[]): Notice[] {
  if (last?.state === 'failed') return [{ kind: 'night-failed', about: last.night }];
  return last?.state === 'held' ? [{ kind: 'night-held', about: last.night }] : [];
}

/** Told once for a whole row of quiet nights: a summer is one row. */
function quietNotice(nights: readonly EndedNight[]): Notice[] {
  const end = nights.findIndex(({ state }) => state !== 'unchanged');
  const quiet = end === -1 ? nights : nights.slice(0, end);
  const first = quiet.at(-1);
  return quiet.length >= quietNights && first !== undefined
    ? [{ kind: 'nothing-new', about: first.night }]
    : [];
}
