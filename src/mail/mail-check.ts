/** Asks the SMTP server whether mail could go out, without sending any. */
import { createTransport } from 'nodemailer';
import type { MailSettings } from './mail-settings.ts';

const timeoutMs = 10_000;

/** Resolves when the server is there and takes the sign-in; rejects with its words otherwise. */
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
