/**
 * Mail: sending it, and the mailbox of the support address. This file sends mail by SMTP and records each mail's
 * recipient and subject, never its text.
 */
import { createTransport } from 'nodemailer';
import type pg from 'pg';
import type { Logger } from 'pino';

import type { MailSettings } from './mail-settings.ts';

export interface Mail {
  /** 0: nothing of one district. */
  readonly districtId: number;
  /** What the mail is for, such as `invitation` or `password-reset`. */
  /** What the mail is for, such as `invitation` or `password-reset`. */
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The thread that this mail replies to: message ids without angle brackets, oldest first. */
  readonly threadIds?: readonly string[];
  /** A user wrote it: out-of-office replies are welcome. */
  readonly isWrittenByPerson?: boolean;
  /** The address that a mail program calls by POST to unsubscribe (RFC 8058). */
  readonly unsubscribeAddress?: string;
}

/** The reason of `failed` is the message of the SMTP server or the network; it contains no part of the mail. */
export type MailOutcome =
  { readonly kind: 'sent' } | { readonly kind: 'failed'; readonly reason: string };

export interface Mailer {
  /** Sends a mail or gives up after half a minute. Errors of the mail server are returned, not thrown. */
  send(mail: Mail): Promise<MailOutcome>;
}

export interface MailerOptions {
  readonly pool: pg.Pool;
  readonly settings: MailSettings;
  readonly log: Logger;
}

const connectTimeoutMs = 10_000;
const socketTimeoutMs = 20_000;

/** Returns a mailer for one SMTP server. It opens a connection for each mail, since there are few. */
export function createMailer({ pool, settings, log }: MailerOptions): Mailer {
  const { host, port, isSecure, user, password, from } = settings;
  const transport = createTransport({
    host,
    port,
    secure: isSecure,
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: socketTimeoutMs,
    // Nothing in a mail may make this machine read a file or a web page.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const deliver = async (mail: Mail): Promise<Delivery> => {
    try {
      const { to, subject, text, html, threadIds = [], unsubscribeAddress } = mail;
      const isWrittenByPerson = mail.isWrittenByPerson ?? false;
      const sent = await transport.sendMail({
        from,
        to: { name: '', address: to },
        subject,
        text,
        html,
        ...threadHeaders(threadIds),
        // RFC 3834: prevents out-of-office replies.
        headers: {
          ...(!isWrittenByPerson && { 'Auto-Submitted': 'auto-generated' }),
          ...(unsubscribeAddress !== undefined && {
            'List-Unsubscribe': `<${unsubscribeAddress}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
        },
      });
      return { state: 'sent', response: shorten(sent.response), messageId: sent.messageId };
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      log.warn({ part: 'mail', kind: mail.kind, host, port }, 'a mail could not be sent');
      return { state: 'failed', response: shorten(reason), messageId: null };
    }
  };
  return {
    async send(mail) {
      const { state, response, messageId } = await deliver(mail);
      await pool.query(
        `insert into sent_mails (district_id, kind, recipient, subject, state, answer, message_id)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [mail.districtId, mail.kind, mail.to, mail.subject, state, response, messageId],
      );
      return state === 'sent' ? { kind: 'sent' } : { kind: 'failed', reason: response };
    },
  };
}

/** Headers that make mail programs show this mail in its thread. */
function threadHeaders(threadIds: readonly string[]) {
  const last = threadIds.at(-1);
  if (last === undefined) return {};
  return { inReplyTo: `<${last}>`, references: threadIds.map((id) => `<${id}>`) };
}

interface Delivery {
  readonly state: 'sent' | 'failed';
  readonly response: string;
  readonly messageId: string | null;
}

const shorten = (text: string): string => text.slice(0, 500);
