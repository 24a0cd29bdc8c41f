/** The error that reading from Skyward throws: a code, a message for the log, and advice for users. */

/** Every way in which reading from Skyward can fail; the advice for each is below. */
export type QmlativErrorCode =
  | 'wrong-credentials'
  | 'integration-token-unset'
  | 'access-denied'
  | 'no-entity-permission'
  | 'no-object-permission'
  | 'object-missing'
  | 'no-field-permission'
  | 'not-json'
  | 'unexpected-response'
  | 'unreadable-response'
  | 'unreadable-row'
  | 'empty-table'
  | 'unstable-list'
  | 'server-error'
  | 'rate-limited'
  | 'timeout'
  | 'unreachable'
  | 'address-not-allowed'
  | 'redirected'
  | 'retries-exhausted'
  | 'cancelled';

/** Where in Skyward's data it happened. `object` is `Module/Object`; `row` counts from 1 within the page. */
export interface QmlativPlace {
  readonly object?: string;
  readonly page?: number;
  readonly row?: number;
  readonly field?: string;
}

const adviceByCode: Record<QmlativErrorCode, string> = {
  'wrong-credentials':
    "Skyward issued no token. Compare the key with the Integration Access record (Administrative Access > API > Integration). If it is right, the vendor's integration token may be missing; generate a new secret only if that is not the cause.",
  'integration-token-unset':
    "The district's connection names an integration token that this installation does not have. Set it, or store the connection without the name.",
  'access-denied':
    'Skyward knows the key but denies access. Check in the Integration Access record that Is Active is checked, that today is between Effective Date and Expiration Date, that the authentication type is OAuth 2.0 or Any, and that the entity is among its Custom API Entities.',
  'no-entity-permission':
    'The Integration Access does not cover this entity. Add the District entity and every school to its Custom API Entities.',
  'no-object-permission':
    'The integration is not allowed to read this object, or a field of it that the import needs. Ask Skyward or the vendor to approve both for the integration.',
  'object-missing':
    'Skyward has no such object at this address, or hides it from the integration. Check that this is the API base URL of the district, and ask Skyward or the vendor whether the object is approved for the integration.',
  'no-field-permission':
    'The integration is not allowed to read a field that the import needs. Ask Skyward or the vendor to approve the field for the integration.',
  'not-json':
    'The response was not JSON. If nothing has worked with this base URL, it is probably the web address instead of the API address, which usually ends in API where the site ends in STS. If other requests worked, the response came from something in front of Skyward, such as a firewall, a sign-in page or a maintenance page: try again, and if it fails again, send this message to the people who run it.',
  'unexpected-response':
    'Skyward responded in an unknown format. Try again; if it fails again, send this message to support.',
  'unreadable-response':
    'The response does not match its headers, so its text cannot be trusted. A gateway or firewall in front of Skyward may be changing responses: send this message to the people who run it, or to Skyward.',
  'unreadable-row':
    'The key of a row is unreadable, so it is unknown which rows the list has. Send this message to support.',
  'empty-table':
    'The import needs this table. An object without permission may return an empty list: ask Skyward or the vendor to approve it for the integration, and check that the District entity and every school are among the Custom API Entities of the Integration Access. No data was changed.',
  'unstable-list':
    'The list changed while it was being read, or Skyward paged it inconsistently. Run the import again; if it fails again, ask support to set a smaller page size.',
  'server-error':
    'Skyward had server errors repeatedly. Try again later; if it fails again, report it to Skyward.',
  'rate-limited':
    'Skyward limited our requests repeatedly. Run the import at a quieter time, or ask support to lower the number of simultaneous requests.',
  timeout:
    'Skyward did not respond in time. Try again; if it fails again, ask support to set a smaller page size.',
  unreachable:
    'Skyward cannot be reached. Check the base URL, the network, and whether Skyward is under maintenance.',
  'address-not-allowed':
    'The address of the base URL is not allowed. Enter the public https address of the API.',
  redirected:
    'The server redirects requests. Enter the final API address as the base URL. If other requests worked, something in front of Skyward redirects this one, such as a firewall or a sign-in page: send this message to the people who run it.',
  'retries-exhausted':
    'Skyward failed so often during this import that the import gave up. No data was changed; run the import again when Skyward works.',
  cancelled: 'The import was canceled. Start it again when you want to.',
};

/**
 * An error in reading from Skyward. `message` includes the place, `advice` says what it means and what to do. Neither
 * ever contains response text, a secret or a value of a row.
 */
export class QmlativError extends Error {
  override readonly name = 'QmlativError';
  readonly code: QmlativErrorCode;
  readonly place: QmlativPlace;
  readonly advice: string;

  constructor(
    code: QmlativErrorCode,
    message: string,
    options: { place?: QmlativPlace; advice?: string; cause?: unknown } = {},
  ) {
    const place = options.place ?? {};
    super(
      describePlace(place) + message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.place = place;
    this.advice = options.advice ?? adviceByCode[code];
  }

  /** The message without the place. */
  get messageWithoutPlace(): string {
    return this.message.slice(describePlace(this.place).length);
  }
}

function describePlace(place: QmlativPlace): string {
  const parts = [
    place.object,
    place.page === undefined ? undefined : `page ${place.page}`,
    place.row === undefined ? undefined : `row ${place.row}`,
    place.field === undefined ? undefined : `field ${place.field}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `${parts.join(', ')}: `;
}
