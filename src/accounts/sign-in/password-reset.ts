/** The mail with a link to reset the password. */
import type pg from 'pg';
import type { Logger } from 'pino';

import { layOutMail } from '../../mail/mail-layout.ts';
import type { Mailer } from '../../mail/mailer.ts';
import type { PasswordReset } from '../auth-options.ts';
import { findAccount, hasPassword } from '../users/user.ts';

/**
 * Returns whether a password can be reset: not if the account has none, since users who are removed at the
 * district's provider would keep access, and not if the district does not use passwords.
 */
export async function canResetPassword(pool: pg.Pool, accountId: string): Promise<boolean> {
  const account = await findAccount(pool, accountId);
  return account !== undefined && !account.isSuspended && hasPassword(pool, accountId);
}

/**
 * Sends the link to the account's address. Without mail only a log line is written; an administrator sends a new
 * invitation instead.
 */
export async function sendPasswordReset(
  {
    pool,
    mailer,
    productName,
    log,
  }: {
    readonly pool: pg.Pool;
    readonly mailer: Mailer | undefined;
    readonly productName: string;
    readonly log: Logger;
  },
  publicUrl: string | undefined,
  link: PasswordReset,
): Promise<void> {
  if (mailer === undefined || publicUrl === undefined) {
    log.warn({ part: 'accounts' }, 'a new password was asked for, but no mail server is set');
    return;
  }
  const account = await findAccount(pool, link.accountId);
  if (account === undefined || !(await canResetPassword(pool, link.accountId))) return;
  const address = `${publicUrl}/new-password/${link.token}`;
  await mailer.send({
    districtId: account.user.districtId ?? 0,
    kind: 'password-reset',
    to: link.email,
    subject: `Reset your ${productName} password`,
    ...layOutMail({
      heading: 'Choose a new password',
      paragraphs: [
        `Someone, probably you, asked to reset the password for ${link.email}. The link works once and for one hour.`,
      ],
      button: { label: 'Choose a new password', address },
      closing: ['If it was not you, ignore this message: your password stays the same.'],
      product: productName,
    }),
  });
}
