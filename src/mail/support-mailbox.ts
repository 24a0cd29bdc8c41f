/** The SMTP server of the support address: receives a mail, checks its sender, stores it, and only then accepts it. */
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';

import type { DNSResolver } from 'mailauth';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import type { Logger } from 'pino';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

import { checkSender, type SenderCheck, SenderCheckError } from './sender-check.ts';

/** A parsed mail with its parts limited in size and its sender checked. */
export interface ReceivedMail {
  readonly receivedAt: Temporal.Instant;
  /** MAIL FROM; empty for bounces. */
  readonly envelopeFrom: string;
  /** Addresses of the From header. */
  readonly from: readonly string[];
  readonly subject: string;
  /** Without angle brackets; generated if the mail has none. */
  readonly messageId: string;
  /** The ids of the mails before it in the thread, oldest first. */
  readonly references: readonly string[];
  /** Headers by their lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** The text of the body, cut after 20,000 characters. */
  readonly text: string;
  readonly bytes: number;
  readonly sender: SenderCheck;
}

export interface SupportMailboxOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** PEM texts for STARTTLS; without them, mail is received unencrypted. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** Our addresses. Mail to others is rejected, so this is no open relay. */
  readonly addresses: readonly string[];
  readonly isBehindRelay: boolean;
  readonly resolver?: DNSResolver | undefined;
  readonly log: Logger;
  readonly now: () => Temporal.Instant;
  /** Processes the mail. If it throws, the sending server is asked to try again later. */
  readonly onMail: (mail: ReceivedMail) => Promise<void>;
}

export interface SupportMailbox {
  readonly port: number;
  close(): Promise<void>;
}

/** A request needs no text, and even long threads are far smaller. */
const maxMailBytes = 1024 * 1024;
const maxHeaderBytes = 64 * 1024;
/** Enough for the sender, its mail provider and some mailing lists. */
const maxSignatures = 10;
const maxTextLength = 20_000;
/** Converting HTML to text blocks the process: 25 ms for this many characters. */
const maxHtmlLength = 100_000;
const maxHeaderLength = 1000;
const maxReferences = 50;
const maxConnections = 200;
/** A sending server needs one or two; one address must not use up all connections. */
const maxConnectionsPerAddress = 5;

/** Starts the server. Rejects with Node's error (EADDRINUSE, EACCES) if it cannot listen. */
export async function startSupportMailbox(options: SupportMailboxOptions): Promise<SupportMailbox> {
  const own = new Set(options.addresses.map((address) => address.toLowerCase()));
  const server = new SMTPServer({
    banner: 'Daybreak support mailbox',
    size: maxMailBytes,
    disabledCommands: ['AUTH', ...(options.tls === undefined ? ['STARTTLS'] : [])],
    ...options.tls,
    maxClients: maxConnections,
    socketTimeout: 60_000,
    disableReverseLookup: true,
    logger: false,
    onConnect({ remoteAddress }, done) {
      const fromAddress = [...server.connections].filter(
        (one) => one.remoteAddress === remoteAddress,
      );
      if (fromAddress.length <= maxConnectionsPerAddress) done();
      else done(smtpError(421, 'Too many connections from your address. Please try again later.'));
    },
    onRcptTo(address, _session, done) {
      if (own.has(address.address.toLowerCase())) done();
      else done(smtpError(550, `There is no mailbox ${address.address.slice(0, 200)} here.`));
    },
    onData(stream, session, reply) {
      void handleMail(stream, session, options).then((smtpFailure) => reply(smtpFailure));
    },
  });
  // After a broken connection, the sending server tries again.
  server.on('error', (error) => {
    options.log.warn({ part: 'support-mailbox', reason: error.message }, 'connection failed');
  });
  const listening = Promise.withResolvers<void>();
  server.server.once('error', listening.reject);
  server.listen(options.port, options.host, () => listening.resolve());
  await listening.promise;
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}

/** The error response to the sending server, whose mail program shows it to the user. */
class SmtpError extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}
const smtpError = (code: number, message: string) => new SmtpError(code, message);

/** Returns undefined if the mail was accepted, otherwise the error for the sending server. */
async function handleMail(
  stream: Readable,
  session: SMTPServerSession,
  options: SupportMailboxOptions,
): Promise<SmtpError | undefined> {
  try {
    await receive(stream, session, options);
    return undefined;
  } catch (error) {
    if (error instanceof SmtpError) return error;
    if (error instanceof SenderCheckError) {
      options.log.warn({ part: 'support-mailbox' }, 'the DNS of a sender did not respond');
      return smtpError(
        451,
        'The DNS of your domain did not respond, so the sender could not be checked. Please try again later.',
      );
    }
    options.log.error({ part: 'support-mailbox', err: error }, 'a mail could not be accepted');
    return smtpError(451, 'The mail could not be accepted at the moment. Please try again later.');
  }
}

async function receive(
  stream: Readable & { sizeExceeded?: boolean },
  session: SMTPServerSession,
  options: SupportMailboxOptions,
): Promise<void> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to the end in any case: only then the sender reads the response.
    if (bytes <= maxMailBytes) chunks.push(chunk);
  }
  if (bytes > maxMailBytes || stream.sizeExceeded === true) {
    throw smtpError(
      552,
      'This mail is larger than 1 MB. A request needs no text: please send it again without pictures and attachments.',
    );
  }
  const raw = Buffer.concat(chunks);
  rejectExpensiveHeaders(raw);
  const mail = await simpleParser(raw, {
    skipImageLinks: true,
    skipTextLinks: true,
    skipTextToHtml: true,
    maxHtmlLengthToParse: maxHtmlLength,
  });
  if (mail.attachments.some(({ related }) => !related)) {
    throw smtpError(
      554,
      'This address does not accept attachments. Please send the mail again without them.',
    );
  }
  const { mailFrom } = session.envelope;
  const envelopeFrom = mailFrom === false ? '' : mailFrom.address;
  const sender = await checkSender(
    raw,
    {
      from: envelopeFrom,
      remoteAddress: session.remoteAddress,
      helo: session.hostNameAppearsAs || 'unknown',
    },
    options,
  );
  await options.onMail({
    receivedAt: options.now(),
    envelopeFrom,
    from: listAddresses(mail.from),
    subject: mail.subject ?? '',
    messageId: parseMessageId(mail.messageId) ?? `without-id-${session.id}@localhost`,
    references: listReferences(mail),
    headers: new Map(
      mail.headerLines.map(({ key, line }) => [
        key.toLowerCase(),
        line.slice(line.indexOf(':') + 1, maxHeaderLength).trim(),
      ]),
    ),
    text: getText(mail).slice(0, maxTextLength),
    bytes,
    sender,
  });
}

/** Each signature needs DNS queries and a hash of the mail; the cost of folded lines is quadratic. */
function rejectExpensiveHeaders(raw: Buffer): void {
  const end = raw.indexOf('\r\n\r\n');
  const headers = raw.toString('latin1', 0, end < 0 ? raw.byteLength : end);
  const signatures = headers.match(/^dkim-signature[\t ]*:/gim)?.length ?? 0;
  if (headers.length <= maxHeaderBytes && signatures <= maxSignatures) return;
  throw smtpError(
    552,
    'The headers of this mail are too large. Please write a new mail instead of a reply.',
  );
}

const getText = ({ text, textConversionError }: ParsedMail): string =>
  textConversionError === undefined
    ? (text ?? '').replaceAll('\0', '')
    : '[This mail contains more HTML than can be shown here.]';

function listAddresses(from: AddressObject | undefined): string[] {
  return (from?.value ?? [])
    .flatMap((one) => (one.group === undefined ? [one] : one.group))
    .flatMap(({ address }) => (address === undefined || address === '' ? [] : [address]));
}

function listReferences({ references, inReplyTo }: ParsedMail): string[] {
  const all = references === undefined ? [] : [references].flat();
  const ids = (all.length === 0 && inReplyTo !== undefined ? [inReplyTo] : all).flatMap(
    (id) => parseMessageId(id) ?? [],
  );
  return ids.slice(-maxReferences);
}

const parseMessageId = (id: string | undefined): string | undefined =>
  id === undefined ? undefined : /^<?([^<>\s]{1,500})>?$/.exec(id.trim())?.[1];
