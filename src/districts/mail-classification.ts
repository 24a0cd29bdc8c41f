/** Decides whether a mail to the support address is a setup request, needs review or is ignored. Pure. */

/** The subject of a district's request (R17). */
export const requestSubject = 'Complete SameGoal Demographics Integration';

/** Whether the mail comes from the domain of its sender. */
export type SenderVerdict =
  /** SPF or DKIM passed for this domain. */
  | 'confirmed'
  /** The domain publishes nothing to check the mail by. */
  | 'unknown'
  /** The domain's records say that the mail is not from it. */
  | 'contradicted';

/** The parts of a mail that the decision needs. */
export interface SupportMail {
  /** MAIL FROM; empty for bounces. */
  readonly envelopeFrom: string;
  /** Addresses of the From header. */
  readonly from: readonly string[];
  readonly subject: string;
  /** Headers by their lower-case name, as text. */
  readonly headers: ReadonlyMap<string, string>;
  readonly sender: SenderVerdict;
}

/** What to do with a mail. `inbox` and `ignored` have the reason, which technicians see. */
export type SupportMailOutcome =
  | { readonly kind: 'request'; readonly domain: string; readonly from: string }
  | { readonly kind: 'inbox'; readonly reason: InboxReason }
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason };

export type InboxReason =
  | 'other-subject'
  | 'no-sender'
  | 'several-senders'
  | 'unknown-district'
  | 'sender-contradicted'
  | 'sender-unconfirmed';
export type IgnoredReason = 'bounce' | 'automatic-reply' | 'own-mail';

const maxPrefixes = 20;

/** Returns the subject without reply and forward prefixes and with single spaces, for comparing. */
export function plainSubject(subject: string): string {
  let plain = subject.replaceAll(/\s+/g, ' ').trim();
  for (let count = 0; count < maxPrefixes; count++) {
    const shorter = plain.replace(/^(?:re|fwd?|aw|wg)(?:\[\d+\])? ?: ?/i, '').trim();
    if (shorter === plain) break;
    plain = shorter;
  }
  return plain;
}

/**
 * Decides what to do with a mail (R15 to R18). A request has one sender, whose domain belongs to a district and
 * confirms the mail, and the subject of R17 in upper or lower case; its body does not matter. `findDistrictDomain`
 * returns the domain of the district that an e-mail domain belongs to.
 */
export function toOutcome(
  mail: SupportMail,
  ownAddresses: readonly string[],
  findDistrictDomain: (domain: string) => string | undefined,
): SupportMailOutcome {
  const ignored = reasonToIgnore(mail, ownAddresses);
  if (ignored !== undefined) return { kind: 'ignored', reason: ignored };
  if (plainSubject(mail.subject).toLowerCase() !== requestSubject.toLowerCase()) {
    return { kind: 'inbox', reason: 'other-subject' };
  }
  const [from, ...others] = mail.from;
  if (from === undefined) return { kind: 'inbox', reason: 'no-sender' };
  if (others.length > 0) return { kind: 'inbox', reason: 'several-senders' };
  const domain = findDistrictDomain(getDomain(from));
  if (domain === undefined) return { kind: 'inbox', reason: 'unknown-district' };
  if (mail.sender === 'contradicted') return { kind: 'inbox', reason: 'sender-contradicted' };
  // Anyone can write any sender into a mail and its envelope, so only the domain's records count.
  if (mail.sender === 'unknown') return { kind: 'inbox', reason: 'sender-unconfirmed' };
  return { kind: 'request', domain, from };
}

function reasonToIgnore(
  { envelopeFrom, from, headers }: SupportMail,
  ownAddresses: readonly string[],
): IgnoredReason | undefined {
  const own = new Set(ownAddresses.map((address) => address.toLowerCase()));
  if (from.some((address) => own.has(address.toLowerCase()))) return 'own-mail';
  const isReport = /^multipart\/report\b/i.test(headers.get('content-type') ?? '');
  const isDaemon = from.some((address) => /^(?:mailer-daemon|postmaster)@/i.test(address));
  if (envelopeFrom === '' || isReport || isDaemon) return 'bounce';
  // RFC 3834: only `no` means that a person wrote the mail.
  const submitted = headers.get('auto-submitted')?.trim() ?? 'no';
  const isAutomatic =
    !/^no\b/i.test(submitted) ||
    /^(?:bulk|junk|list|auto_reply)$/i.test(headers.get('precedence')?.trim() ?? '') ||
    headers.has('x-autoreply') ||
    headers.has('x-autorespond') ||
    headers.has('list-id');
  return isAutomatic ? 'automatic-reply' : undefined;
}

/** Returns the part of an address after the last `@` in lower case; empty if there is none. */
export function getDomain(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? '' : address.slice(at + 1).toLowerCase();
}

/** The reasons as sentences, for the technician's inbox. */
export const inboxReasonSentences: Readonly<Record<InboxReason, string>> = {
  'other-subject': 'Its subject is not the one of a setup request.',
  'no-sender': 'It has no sender.',
  'several-senders': 'It has several senders, so it is not clear whom to reply to.',
  'unknown-district': "The sender's domain is not a district's e-mail domain.",
  'sender-contradicted':
    'The check of the sender failed (SPF, DKIM or DMARC). The mail may be forged.',
  'sender-unconfirmed':
    "The sender's domain publishes nothing to check the mail by (SPF, DKIM, DMARC). Anyone could have sent it: call the district before you open a request.",
};
