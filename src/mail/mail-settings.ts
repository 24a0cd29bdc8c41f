/** The settings of outgoing mail: the SMTP server and the sender. */

export interface MailSettings {
  /** Host and port of the SMTP server. */
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps). Otherwise TLS starts as soon as the server offers it. */
  readonly isSecure: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** `SameGoal <no-reply@iep.example.org>` or a bare address. */
  readonly from: string;
}

export type MailSettingsOutcome =
  | { readonly kind: 'settings'; readonly settings: MailSettings }
  | { readonly kind: 'invalid'; readonly setting: 'url' | 'from'; readonly message: string };

/**
 * Parses `smtp://user:password@host:587` or `smtps://host:465` and the sender. Messages contain no part of the
 * address, since it may contain a password.
 */
export function parseMailSettings(address: string, from: string | undefined): MailSettingsOutcome {
  const url = URL.parse(address);
  const isReadable = url !== null && isDecodable(url.username) && isDecodable(url.password);
  if (!isReadable || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    return {
      kind: 'invalid',
      setting: 'url',
      message: 'The address of the SMTP server must have the form smtp://user:password@host:port.',
    };
  }
  if (
    from === undefined ||
    !/^(?:[^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/.test(from)
  ) {
    return {
      kind: 'invalid',
      setting: 'from',
      message: 'The sender must be an e-mail address, such as SameGoal <no-reply@iep.example.org>.',
    };
  }
  const isSecure = url.protocol === 'smtps:';
  return {
    kind: 'settings',
    settings: {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? (isSecure ? 465 : 587) : Number(url.port),
      isSecure,
      user: decoded(url.username),
      password: decoded(url.password),
      from,
    },
  };
}

const decoded = (part: string): string | undefined =>
  part === '' ? undefined : decodeURIComponent(part);

/** Percent signs without two digits can't be decoded. */
const isDecodable = (part: string): boolean => !/%(?![0-9a-f]{2})/i.test(part);
