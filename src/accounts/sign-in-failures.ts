/** Locks an e-mail address after too many wrong passwords, whether it has an account or not. */
import type pg from 'pg';

/** Tries that are checked before the lock; within `countedMinutes`. */
export const triesBeforeLock = 10;
const countedMinutes = 15;
export const lockMinutes = 15;
/** Rows are kept this long after the last lock could have ended. */
const keptHours = 24;

type Client = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** `locked`: nothing may be checked for so many seconds. */
export type AttemptOutcome =
  { readonly kind: 'counted' } | { readonly kind: 'locked'; readonly retryAfterSeconds: number };

/**
 * Counts an attempt before its password is looked at, so that a hundred at once count as a hundred. The
 * eleventh within a quarter of an hour locks the address for a quarter of an hour.
 */
export async function countAttempt(
  client: Client,
  email: string,
  now: Temporal.Instant,
): Promise<AttemptOutcome> {
  const { rows } = await client.query<{ seconds: number | null }>(
    `insert into account_sign_in_failures as f (email_digest, failures, counted_from)
     values (sha256(convert_to(lower($1), 'UTF8')), 1, $2::timestamptz)
     on conflict (email_digest) do update set (failures, counted_from, locked_until) = (
       select case when n.is_locked then f.failures when n.is_over then 1 else f.failures + 1 end,
         case when n.is_over and not n.is_locked then $2::timestamptz else f.counted_from end,
         case when n.is_locked then f.locked_until
           when not n.is_over and f.failures >= $3 then $2::timestamptz + make_interval(mins => $4) end
       from (select coalesce(f.locked_until > $2::timestamptz, false) as is_locked,
         coalesce(f.locked_until <= $2::timestamptz, false)
           or f.counted_from < $2::timestamptz - make_interval(mins => $5) as is_over) n)
     returning ceil(extract(epoch from locked_until - $2::timestamptz))::int as seconds`,
    [email, now.toString(), triesBeforeLock, lockMinutes, countedMinutes],
  );
  const seconds = rows[0]?.seconds ?? null;
  return seconds === null ? { kind: 'counted' } : { kind: 'locked', retryAfterSeconds: seconds };
}

/** Takes one attempt back that was never checked. */
export async function takeBackAttempt(client: Client, email: string): Promise<void> {
  await client.query(
    `update account_sign_in_failures set failures = greatest(failures - 1, 0)
     where email_digest = sha256(convert_to(lower($1), 'UTF8'))`,
    [email],
  );
}

/** Forgets the failures of an address: the password was right, or an administrator unlocked it. */
export async function forgetFailures(
  client: Client,
  email: string,
  now: Temporal.Instant,
): Promise<void> {
  await client.query(
    `delete from account_sign_in_failures
     where email_digest = sha256(convert_to(lower($1), 'UTF8'))
       or greatest(counted_from, locked_until) < $2::timestamptz - make_interval(hours => $3)`,
    [email, now.toString(), keptHours],
  );
}
