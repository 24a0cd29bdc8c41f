/** Checks the sender of a mail by SPF, DKIM and DMARC of the domain in its From header. */
import { authenticate, type DNSResolver } from 'mailauth';

/** The sender of a mail according to the SMTP connection. */
export interface MailEnvelope {
  readonly from: string;
  readonly remoteAddress: string;
  readonly helo: string;
}

/** The result of checking the sender, with the single results for technicians. */
export interface SenderCheck {
  /**
   * `confirmed`: the domain confirms the mail. `contradicted`: its records say that the mail is not from it.
   * `unknown`: it publishes nothing to check by.
   */
  readonly verdict: 'confirmed' | 'unknown' | 'contradicted';
  readonly spf: string;
  readonly dkim: string;
  readonly dmarc: string;
}

export interface SenderCheckOptions {
  /** Mail arrives through our own relay, so the sending server is in its `Received` header. */
  readonly isBehindRelay: boolean;
  /** The DNS resolver; the system's by default. */
  readonly resolver?: DNSResolver | undefined;
}

/** The DNS of the sender's domain did not respond. The mail can be checked when it is sent again. */
export class SenderCheckError extends Error {
  override readonly name = 'SenderCheckError';
}

/**
 * Checks a mail as it was received. Throws `SenderCheckError` if the DNS did not respond to a query and its other
 * responses do not confirm the sender; otherwise a forged mail could pass as one of a domain without records.
 */
export async function checkSender(
  raw: Buffer,
  { from, remoteAddress, helo }: MailEnvelope,
  { isBehindRelay, resolver }: SenderCheckOptions,
): Promise<SenderCheck> {
  const { spf, dkim, dmarc } = await authenticate(raw, {
    sender: from,
    disableArc: true,
    disableBimi: true,
    ...(isBehindRelay ? { trustReceived: true } : { ip: remoteAddress, helo }),
    ...(resolver && { resolver }),
  });
  const spfResult = spf === false ? 'none' : spf.status.result;
  const dmarcResult = dmarc === false ? 'none' : dmarc.status.result;
  const author = getDomain(dkim.headerFrom.length === 1 ? (dkim.headerFrom[0] ?? '') : '');
  const dkimResults = dkim.results.map(({ status }) => status.result);
  const isAuthenticated =
    (spfResult === 'pass' && getDomain(from) === author) ||
    dkim.results.some(
      ({ status, signingDomain }) =>
        status.result === 'pass' && signingDomain?.toLowerCase() === author,
    );
  const verdict = toVerdict(dmarcResult, spfResult, author !== '' && isAuthenticated);
  if (verdict !== 'confirmed' && [spfResult, dmarcResult, ...dkimResults].includes('temperror')) {
    throw new SenderCheckError('The DNS of the domain of the sender did not respond');
  }
  return {
    verdict,
    spf: spfResult,
    dkim: dkimResults.includes('pass') ? 'pass' : (dkimResults[0] ?? 'none'),
    dmarc: dmarcResult,
  };
}

function toVerdict(dmarc: string, spf: string, isAuthenticated: boolean): SenderCheck['verdict'] {
  if (dmarc === 'pass' || isAuthenticated) return 'confirmed';
  return dmarc === 'fail' || spf === 'fail' ? 'contradicted' : 'unknown';
}

const getDomain = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();
