/**
 * Locks out an e-mail address after too many wrong passwords, whether it has an account or not. Known devices and
 * signed-in users are counted separately, so that attempts of others cannot lock them out.
 */
import type { Queryable } from '../../database/queryable.ts';

/** Attempts before the lockout, within `countedMinutes`. */
export const maxAttempts = 10;
const windowMinutes = 15;
export const lockoutMinutes = 15;
/** How long rows are stored after the last lockout could have ended. */
const retentionHours = 24;

/** Whose wrong passwords are counted. */
export interface AttemptKey {
  readonly email: string;
  /** A known device or an open session, which has a count of its own. */
  readonly own?: string | undefined;
}

/** The key of a row; `own` never contains a space. */
const readKey = ({ email, own }: AttemptKey): string =>
  own === undefined ? email : `${email} ${own}`;

/** `locked`: nothing is checked for this many seconds. */
export type AttemptOutcome =
  { readonly kind: 'counted' } | { readonly kind: 'locked'; readonly retryAfterSeconds: number };

/**
 * Counts an attempt before its password is checked, so that a hundred concurrent ones count as a hundred. One more
 * than `limit` (default 10) within 15 minutes locks for 15 minutes.
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

/** Removes an attempt that was not checked. */
export async function undoAttempt(client: Queryable, counted: AttemptKey): Promise<void> {
  await client.query(
    `update account_sign_in_failures set failures = greatest(failures - 1, 0)
     where email_digest = sha256(convert_to(lower($1), 'UTF8'))`,
    [readKey(counted)],
  );
}

/** Clears these failures after a correct password. */
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

/** Clears all failures of an e-mail and its devices, for an administrator who unlocks it. */
export async function clearAllFailures(client: Queryable, email: string): Promise<void> {
  await client.query(
    `delete from account_sign_in_failures
     where email_digest = sha256(convert_to(lower($1), 'UTF8'))
       or own_of = sha256(convert_to(lower($1), 'UTF8'))`,
    [email],
  );
}
