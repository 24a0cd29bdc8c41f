/** The mail by which a technician replies to a mail to support. Pure. */
import { layOutMail } from '../mail/mail-layout.ts';
import type { Mail } from '../mail/mailer.ts';
import { plainSubject } from './mail-classification.ts';
import type { findReplyThread } from './support-inbox.ts';

interface ReplyOptions {
  /** The district of the mail, or 0. */
  readonly districtId: number;
  readonly product: string;
  /** The technician's name. */
  readonly by: string;
}

/** Replies in the thread of the mail; empty lines separate paragraphs. */
export function replyMail(
  mail: NonNullable<Awaited<ReturnType<typeof findReplyThread>>>,
  text: string,
  { districtId, product, by }: ReplyOptions,
): Mail {
  const subject = `Re: ${plainSubject(mail.subject)}`;
  return {
    districtId,
    kind: 'support-reply',
    to: mail.to,
    subject,
    threadIds: mail.ids,
    isWrittenByPerson: true,
    ...layOutMail({
      heading: subject,
      paragraphs: text.split(/\n\s*\n/).map((paragraph) => paragraph.trim()),
      closing: [`${by}, ${product} support`],
      product,
    }),
  };
}
