/**
 * Checks the connection to the SMTP server without sending mail.
 *
 * This folder sends mail and reads the support mailbox.
 */
import { createTransport } from 'nodemailer';
import type { MailSettings } from './mail-settings.ts';

const timeoutMs = 10_000;

/** Resolves if the server responds and accepts the sign-in; otherwise rejects with its message. */
export async function checkMailServer(settings: MailSettings): Promise<void> {
  const { host, port, isSecure, user, password } = settings;
  const transport = createTransport({
    host,
    port,
    secure: isSecure,
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}
