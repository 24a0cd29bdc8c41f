/**
 * Locks an e-mail address after too many wrong passwords, whether it has an account or not. A device that has
 * signed in before, and who is signed in, count for themselves: nobody else's tries lock them out.
 */
import type { Queryable } from '../../database/queryable.ts';

/** Tries that are checked before the lock; within `countedMinutes`. */
export const maxAttempts = 10;
const windowMinutes = 15;
export const lockoutMinutes = 15;
/** Rows are kept this long after the last lock could have ended. */
const retentionHours = 24;

/** Whose wrong passwords are counted. */
export interface AttemptKey {
  readonly email: string;
  /** A known device or an open session, which has a count of its own. */
  readonly own?: string | undefined;
}

/** What a row is found by; `own` never holds a space. */
const readKey = ({ email, own }: AttemptKey): string =>
  own === undefined ? email : `${email} ${own}`;

/** `locked`: nothing may be checked for so many seconds. */
export type AttemptOutcome =
  { readonly kind: 'counted' } | { readonly kind: 'locked'; readonly retryAfterSeconds: number };

/**
 * Counts an attempt before its password is looked at, so that a hundred at once count as a hundred. The
 * eleventh (or what comes after `limit`) within a quarter of an hour locks for a quarter of an hour.
 */
export async function countAttempt(
  client: Queryable,
  counted: AttemptKey,
  now: Temporal.Instant,
  limit = maxAttempts,
): Promise<AttemptOutcome> {
  const { rows } = await client.query<{ seconds: number | null }>(
    `insert into account_sign_in_failures as f (email_digest, failures, counted_from, own_of)
     values (sha256(convert_to(lower($1), 'UTF8')), 1, $2::timestamptz,
       sha256(convert_to(lower($6), 'UTF8')))
     on conflict (email_digest) do update set (failures, counted_from, locked_until) = (
       select case when n.is_locked then f.failures when n.is_over then 1 else f.failures + 1 end,
         case when n.is_over and not n.is_locked then $2::timestamptz else f.counted_from end,
         case when n.is_locked then f.locked_until
           when not n.is_over and f.failures >= $3 then $2::timestamptz + make_interval(mins => $4) end
       from (select coalesce(f.locked_until > $2::timestamptz, false) as is_locked,
         coalesce(f.locked_until <= $2::timestamptz, false)
           or f.counted_from < $2::timestamptz - make_interval(mins => $5) as is_over) n)
     returning ceil(extract(epoch from locked_until - $2::timestamptz))::int as seconds`,
    [
      readKey(counted),
      now.toString(),
      limit,
      lockoutMinutes,
      windowMinutes,
      counted.own === undefined ? null : counted.email,
    ],
  );
  const seconds = rows[0]?.seconds ?? null;
  return seconds === null ? { kind: 'counted' } : { kind: 'locked', retryAfterSeconds: seconds };
}

/** Takes one attempt back that was never checked. */
export async function undoAttempt(client: Queryable, counted: AttemptKey): Promise<void> {
  await client.query(
    `update account_sign_in_failures set failures = greatest(failures - 1, 0)
     where email_digest = sha256(convert_to(lower($1), 'UTF8'))`,
    [readKey(counted)],
  );
}

/** Forgets these failures: the password was right. */
export async function clearFailures(
  client: Queryable,
  counted: AttemptKey,
  now: Temporal.Instant,
): Promise<void> {
  await client.query(
    `delete from account_sign_in_failures
     where email_digest = sha256(convert_to(lower($1), 'UTF8'))
       or greatest(counted_from, locked_until) < $2::timestamptz - make_interval(hours => $3)`,
    [readKey(counted), now.toString(), retentionHours],
  );
}

/** Forgets every failure of an e-mail, those of its devices too: an administrator unlocked it. */
export async function clearAllFailures(client: Queryable, email: string): Promise<void> {
  await client.query(
    `delete from account_sign_in_failures
     where email_digest = sha256(convert_to(lower($1), 'UTF8'))
       or own_of = sha256(convert_to(lower($1), 'UTF8'))`,
    [email],
  );
}
