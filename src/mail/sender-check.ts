/** Who really sent a mail: SPF, DKIM and DMARC of the domain in its From header. */
import { authenticate, type DNSResolver } from 'mailauth';

/** Where a mail came from, as the SMTP connection had it. */
export interface MailEnvelope {
  readonly from: string;
  readonly remoteAddress: string;
  readonly helo: string;
}

/** What the sender's domain says of a mail. The single results are kept for people to look at. */
export interface SenderCheck {
  /**
   * `confirmed`: the domain itself vouches for the mail. `contradicted`: it says that the mail is not its own.
   * `unknown`: it publishes nothing to check by.
   */
  readonly verdict: 'confirmed' | 'unknown' | 'contradicted';
  readonly spf: string;
  readonly dkim: string;
  readonly dmarc: string;
}

export interface SenderCheckOptions {
  /** Mail reaches us through a relay of ours: its `Received` line tells who connected. */
  readonly isBehindRelay: boolean;
  /** Asks the DNS; the system's unless told. */
  readonly resolver?: DNSResolver | undefined;
}

/** The domain of a sender could not be asked; the mail can be checked when it is sent again. */
export class SenderCheckError extends Error {
  override readonly name = 'SenderCheckError';
}

/**
 * Checks a whole mail as it came. Throws `SenderCheckError` when the DNS did not answer and nothing that it did
 * answer confirms the sender: silence must not make a forged mail look like that of a domain that publishes nothing.
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
    throw new SenderCheckError('The domain of the sender could not be asked');
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
