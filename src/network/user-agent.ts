/** What every request that Daybreak sends says about its sender. */
import manifest from '../../package.json' with { type: 'json' };

/**
 * The User-Agent of outgoing requests, such as `Daybreak/0.1.0 (+mailto:support@example.com)`. Firewalls refuse
 * callers without one, and the other side can tell from it whom to ask. `contact` is a mail address.
 */
export const userAgent = (contact?: string): string =>
  `Daybreak/${manifest.version}${contact === undefined ? '' : ` (+mailto:${encodeURI(contact)})`}`;
