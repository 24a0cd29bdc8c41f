/** The one error that reading from Skyward throws: a code for machines, a message for the log, advice for people. */

/** Every way in which reading from Skyward can fail. The words for people are in `advice` below. */
export type QmlativErrorCode =
  | 'wrong-credentials'
  | 'integration-token-unset'
  | 'access-refused'
  | 'entity-not-granted'
  | 'object-not-granted'
  | 'object-missing'
  | 'field-not-granted'
  | 'not-json'
  | 'unexpected-answer'
  | 'unreadable-answer'
  | 'unreadable-row'
  | 'empty-table'
  | 'unstable-list'
  | 'server-trouble'
  | 'rate-limited'
  | 'timeout'
  | 'unreachable'
  | 'address-refused'
  | 'redirected'
  | 'budget-spent'
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
    "Skyward gave no token. Compare the key with the Integration Access record (Administrative Access > API > Integration). If it is right, the vendor's integration token may be missing; generate a new secret only when that is not the cause.",
  'integration-token-unset':
    "The district's connection names an integration token that this installation does not have. Set it, or store the connection without the name.",
  'access-refused':
    'Skyward knows the key but refuses the access. Check in the Integration Access record that Is Active is ticked, that today lies between Effective Date and Expiration Date, that the authentication type is OAuth 2.0 or Any, and that the entity is among its Custom API Entities.',
  'entity-not-granted':
    'The Integration Access does not cover this entity. Add the District entity and every school to its Custom API Entities.',
  'object-not-granted':
    'The integration may not read this object, or a field of it that the import cannot do without. Ask Skyward or the vendor to approve both for the integration.',
  'object-missing':
    'Skyward has no such object at this address, or does not show it to the integration. Check that the API base URL is the one of this district, and ask Skyward or the vendor whether the object is approved for the integration.',
  'field-not-granted':
    'The integration may not read a field that the import cannot do without. Ask Skyward or the vendor to approve the field for the integration.',
  'not-json':
    'The answer was not JSON. If nothing has worked with this base URL, it is probably the web address, or more than the API address, which usually ends in API where the site ends in STS. If other requests worked, something in front of Skyward answered, such as a firewall, a sign-in page or a notice of maintenance: try again, and send this message to whoever runs it if it stays.',
  'unexpected-answer':
    'Skyward answered in a form that is not known. Try again; if it stays, send this message to support.',
  'unreadable-answer':
    'The bytes of the answer do not fit what its headers say, so its text cannot be trusted. A gateway or firewall in front of Skyward may be changing answers: send this message to whoever runs it, or to Skyward.',
  'unreadable-row':
    'The key of a row could not be read, so it cannot be told which rows are there. Send this message to support.',
  'empty-table':
    'The import cannot do without this table. An object that was not granted may answer with an empty list: ask Skyward or the vendor to approve it for the integration, and check that the District entity and every school are among the Custom API Entities of the Integration Access. Nothing was published.',
  'unstable-list':
    'The list changed while it was read, or Skyward paged it inconsistently. Reading it again usually helps; if not, set a smaller page size.',
  'server-trouble':
    'Skyward failed on its side again and again. Wait and try again; if it stays, report it to Skyward.',
  'rate-limited':
    'Skyward asked to slow down again and again. Lower the number of pages fetched at once, or run at a quieter time.',
  timeout:
    'Skyward did not finish its answer in time. Try again, set a smaller page size, or allow more time per request.',
  unreachable:
    'No connection to Skyward could be kept. Check the base URL, the network, and whether Skyward is being maintained.',
  'address-refused':
    'The base URL leads to an address that is not allowed. Enter the public https address of the API.',
  redirected:
    'The server sends the caller elsewhere. Enter the API address itself as the base URL, not one that forwards. If other requests worked, something in front of Skyward forwards this one, such as a firewall or a sign-in page: send this message to whoever runs it.',
  'budget-spent':
    'Skyward failed so often in this run that the run gave up repeating. What was published stays; run again when Skyward is well.',
  cancelled: 'The reading was stopped. Nothing is wrong; start it again when wanted.',
};

/**
 * A fault in reading from Skyward. `message` names the place for the log, `advice` says to a person what it
 * means and what to do next. Neither ever holds body text, a secret or a value of a row.
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
