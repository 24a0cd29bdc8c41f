/** What a mail to the support address asks for: the completion of a district's integration, or a person's attention. Pure. */

/** The subject that a district writes (R17). */
export const requestSubject = 'Complete SameGoal Demographics Integration';

/** How sure it is that the mail comes from the domain it names. */
export type SenderVerdict =
  /** SPF or DKIM of that very domain passed. */
  | 'confirmed'
  /** The domain says nothing that could be checked. */
  | 'unknown'
  /** The domain says that this mail is not its own. */
  | 'contradicted';

/** A mail as far as the decision needs it. */
export interface SupportMail {
  /** MAIL FROM; empty for bounces. */
  readonly envelopeFrom: string;
  /** Addresses of the From header. */
  readonly from: readonly string[];
  readonly subject: string;
  /** Headers by their name in small letters, as text. */
  readonly headers: ReadonlyMap<string, string>;
  readonly sender: SenderVerdict;
}

/** What becomes of a mail. `inbox` and `ignored` say why, for the technician who wonders. */
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

/** The subject without marks of replying and forwarding, its space put in order: what it is compared by. */
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
 * Decides what a mail is (R15 to R18). A request comes from one address whose domain is a
 * district's and confirms the mail, with the subject of R17 in any case; its body does not matter. `districtOf`
 * gives the domain of the district that an e-mail domain belongs to.
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
  // Anybody can write any sender into a mail and its envelope: only the domain's own word counts.
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
  // RFC 3834: `no` is the one value that stands for a person.
  const submitted = headers.get('auto-submitted')?.trim() ?? 'no';
  const isAutomatic =
    !/^no\b/i.test(submitted) ||
    /^(?:bulk|junk|list|auto_reply)$/i.test(headers.get('precedence')?.trim() ?? '') ||
    headers.has('x-autoreply') ||
    headers.has('x-autorespond') ||
    headers.has('list-id');
  return isAutomatic ? 'automatic-reply' : undefined;
}

/** The part of an address behind the last `@`, in small letters; empty when there is none. */
export function getDomain(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? '' : address.slice(at + 1).toLowerCase();
}

/** The reasons in words, for the technician's inbox. */
export const inboxReasonSentences: Readonly<Record<InboxReason, string>> = {
  'other-subject': 'Its subject is not the one that completes an integration.',
  'no-sender': 'It names no sender.',
  'several-senders': 'It names several senders, so nobody can be answered for certain.',
  'unknown-district': "The sender's domain is no district's e-mail domain.",
  'sender-contradicted':
    "The sender's domain says that this mail is not its own (SPF, DKIM or DMARC failed). It may be forged.",
  'sender-unconfirmed':
    "The sender's domain publishes nothing to check the mail by (SPF, DKIM, DMARC). Anybody could have sent it: call the district before you open a request.",
};
