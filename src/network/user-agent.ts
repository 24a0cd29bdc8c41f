/** The User-Agent header of requests that Daybreak sends. */
import manifest from '../../package.json' with { type: 'json' };

/**
 * Returns the User-Agent of outgoing requests, such as `Daybreak/0.1.0 (+mailto:support@example.com)`. Firewalls
 * reject callers without one, and the receiver can see whom to contact. `contact` is an e-mail address.
 */
export const userAgent = (contact?: string): string =>
  `Daybreak/${manifest.version}${contact === undefined ? '' : ` (+mailto:${encodeURI(contact)})`}`;
