/** The mail that confirms a district's connection (R28). Pure. */
import { layOutMail } from '../mail/mail-layout.ts';
import type { Mail } from '../mail/mailer.ts';
import type { SetupRequest } from './setup-requests.ts';
import type { findThread } from './support-inbox.ts';
import { plainSubject, requestSubject } from './mail-classification.ts';

/** Replies in the thread of the request's mail; a request by button gets a mail to the user's address. */
export function confirmationMail(
  request: Pick<SetupRequest, 'districtId' | 'districtName' | 'requestedBy'>,
  thread: Awaited<ReturnType<typeof findThread>>,
  product: string,
): Mail {
  const content = layOutMail({
    heading: 'Your Skyward Qmlativ integration is complete',
    paragraphs: [
      `${request.districtName} is now connected to Skyward Qmlativ. The import runs nightly; students should appear the following morning.`,
      'To view the API credentials, log in as an administrative user and visit Settings > District Information. Under STUDENT INFORMATION SYSTEM INTEGRATION, Skyward Qmlativ, the section "add Nightly Demographics" holds API Base URL, Client Key and Client Secret.',
    ],
    closing: ['You receive this mail because you requested the integration.'],
    product,
  });
  return {
    districtId: request.districtId,
    kind: 'setup-confirmation',
    to: thread?.to ?? request.requestedBy,
    subject: `Re: ${plainSubject(thread?.subject ?? requestSubject)}`,
    ...content,
    ...(thread && { threadIds: thread.ids }),
  };
}
