/** An SMTP server that stores received mails, for tests of outgoing mail. */
import type { AddressInfo } from 'node:net';

import { type ParsedMail, simpleParser } from 'mailparser';
import type pg from 'pg';
import pino from 'pino';
import { SMTPServer } from 'smtp-server';

import { createMailer, type Mailer } from '../../src/mail/mailer.ts';

export interface MailCatcher {
  /** For DAYBREAK_SMTP_URL. */
  readonly url: string;
  readonly port: number;
  /** Everything that arrived, the oldest first. */
  readonly mails: readonly ParsedMail[];
  /** Returns the first link to this path in the latest mail to this address. */
  linkTo(address: string, path: string): string;
  close(): Promise<void>;
}

export interface MailCatcherOptions {
  /** Rejects this recipient, as for a deleted mailbox. */
  readonly rejectedRecipient?: string;
}

/** Starts on a free port of this machine. */
export async function startMailCatcher({
  rejectedRecipient,
}: MailCatcherOptions = {}): Promise<MailCatcher> {
  const mails: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      done(address === rejectedRecipient ? new Error('no such mailbox') : null),
    onData: (stream, _session, done) => {
      simpleParser(stream, {}, (error: unknown, mail) => {
        if (error === null) mails.push(mail);
        done(error instanceof Error ? error : null);
      });
    },
  });
  const listening = Promise.withResolvers<void>();
  server.on('error', listening.reject);
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    linkTo: (address, path) => {
      const mail = mails.findLast(({ to }) => [to].flat().some((one) => one?.text === address));
      const found = new RegExp(`https?://\\S+${path}\\S*`).exec(mail?.text ?? '')?.[0];
      if (found === undefined) throw new Error(`no mail to ${address} leads to ${path}`);
      return found;
    },
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}

/** Returns a mailer that sends to it. */
export const mailerTo = ({ port }: MailCatcher, pool: pg.Pool): Mailer =>
  createMailer({
    pool,
    log: pino({ level: 'silent' }),
    settings: {
      host: '127.0.0.1',
      port,
      isSecure: false,
      user: undefined,
      password: undefined,
      from: 'SameGoal <no-reply@samegoal.example>',
    },
  });
