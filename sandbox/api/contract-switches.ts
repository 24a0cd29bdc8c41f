/**
 * A named switch for every point on which the public sources leave Skyward's behavior open. The first value
 * of each is the default. The expected outcome of an import for each value was defined before any import ran against
 * it: either the right data, or a stop that names the cause and leaves the published data unchanged.
 */

/** The right data, or a stop whose message contains this text (an object, a field, a header or a cause). */
export type ExpectedOutcome = 'right-data' | { readonly stop: string };

export interface ContractSwitch {
  /** Section of the API notes that leaves the point open. */
  readonly section: string;
  /** What differs, in one sentence. */
  readonly about: string;
  /** Each value with the expected outcome of an import; the first is the default. */
  readonly values: Readonly<Record<string, ExpectedOutcome>>;
  /** Whether a probe of few requests can distinguish the values. */
  readonly isObservable: boolean;
}

const data = 'right-data';

export const contractSwitches = {
  // The token
  'token-form': {
    section: '2.1',
    about: 'The accepted kinds of token requests.',
    values: { any: data, 'post-form': data, 'post-basic': data, 'get-basic': data },
    isObservable: true,
  },
  'basic-pair': {
    section: '2.1',
    about: 'Whether key and secret in Basic authentication are plain or percent-encoded.',
    values: { either: data, plain: data, encoded: data },
    isObservable: false,
  },
  'integration-token': {
    section: '2.3',
    about:
      'Whether token requests need the vendor header; `other` expects another value than the vendor’s.',
    values: { ignored: data, required: data, other: { stop: 'integration token' } },
    isObservable: true,
  },
  'token-status': {
    section: '2.2',
    about: 'The status of a response with a token.',
    values: { 'status-200': data, 'status-201': data },
    isObservable: true,
  },
  'token-response': {
    section: '2.2',
    about: 'Further members next to access_token, and the form of the lifetime.',
    values: { full: data, 'token-only': data, 'lifetime-as-text': data },
    isObservable: true,
  },
  'token-lifetime': {
    section: '2.2',
    about: 'Number of requests after which a token expires unexpectedly.',
    values: { long: data, 'twenty-requests': data },
    isObservable: false,
  },
  'expired-token-response': {
    section: '2.2',
    about: 'The response to an expired token.',
    values: {
      '403-token-has-expired': data,
      '401-unauthorized': data,
      '401-empty': data,
      '400-access-token-has-expired': data,
      '403-your-token-expired': data,
      '200-token-expired': data,
    },
    isObservable: false,
  },
  'live-tokens': {
    section: '2.2',
    about: 'Whether a new token revokes the previous one.',
    values: { many: data, 'newest-only': data },
    isObservable: true,
  },
  'user-agent': {
    section: '3',
    about: 'Whether a gateway rejects requests without a User-Agent.',
    values: { ignored: data, required: data },
    isObservable: false,
  },
  // Addresses and metadata
  'path-case': {
    section: '4',
    about: 'The accepted case of prefix, module and object in a path.',
    values: { any: data, 'as-documented': data, 'lower-prefix': data },
    isObservable: true,
  },
  'doubled-slash': {
    section: '1',
    about: 'Whether a double slash in a path is accepted.',
    values: { taken: data, refused: data },
    isObservable: false,
  },
  'generic-prefix': {
    section: '4',
    about: 'Whether the older prefix works in addition to Custom.',
    values: { works: data, refused: data },
    isObservable: true,
  },
  'system-metadata': {
    section: '5',
    about:
      'Whether System is an object, a list, or refused; `without-current-year` omits the current year.',
    values: { object: data, list: data, refused: data, 'without-current-year': data },
    isObservable: true,
  },
  'field-metadata': {
    section: '6',
    about: 'Content of an object’s metadata about its fields.',
    values: { full: data, 'names-only': data, refused: data },
    isObservable: true,
  },
  'entity-picker': {
    section: '4',
    about: "Response for the district's entity if it is not selected in the Integration Access.",
    values: {
      picked: data,
      'refused-403': { stop: 'entity' },
      'refused-404': { stop: 'entity' },
      'empty-lists': { stop: 'Custom API Entities' },
    },
    isObservable: true,
  },
  // Lists and pages
  'envelope-case': {
    section: '8',
    about: 'The case of Objects, Paging and Next.',
    values: { documented: data, lower: data },
    isObservable: true,
  },
  'field-case': {
    section: '4',
    about: 'The case of the fields of a row.',
    values: { asked: data, 'lower-first': data, lower: data, upper: data },
    isObservable: true,
  },
  'row-extras': {
    section: '7.2',
    about: 'Members that were not requested, in rows and next to them.',
    values: { none: data, some: data },
    isObservable: true,
  },
  'next-form': {
    section: '7.1',
    about: 'The form of the next page’s address.',
    values: {
      path: data,
      'path-with-query': data,
      'lower-case-path': data,
      absolute: data,
      none: data,
    },
    isObservable: true,
  },
  'last-next': {
    section: '7.1',
    about: 'The value of Next on the last page.',
    values: { null: data, absent: data, empty: data, 'own-address': data },
    isObservable: true,
  },
  'past-the-end': {
    section: '7.1',
    about: 'The response to a page after the last one; relevant if pages have no Next.',
    values: {
      'empty-list': data,
      'status-404': data,
      'status-204': data,
      'null-list': data,
      'last-page-again': data,
    },
    isObservable: true,
  },
  'empty-list': {
    section: '7.1',
    about: 'The response for an object with permission but without rows.',
    values: { 'empty-list': data, 'status-204': data, 'null-list': data },
    isObservable: false,
  },
  'page-size': {
    section: '7.1',
    about: 'Handling of a page size that is too large.',
    values: { any: data, 'capped-at-50': data, 'refused-over-100': data },
    isObservable: true,
  },
  'page-length': {
    section: '7.1',
    about: 'Whether rows are removed from a page after paging.',
    values: { even: data, uneven: data },
    isObservable: false,
  },
  sort: {
    section: '8',
    about: 'Handling of SearchSort.',
    values: {
      obeyed: data,
      refused: data,
      'ignored-in-key-order': data,
      'ignored-in-other-order': { stop: 'order' },
    },
    isObservable: true,
  },
  'empty-group': {
    section: '8',
    about: 'Whether a condition group without conditions is accepted.',
    values: { taken: data, refused: data },
    isObservable: true,
  },
  'nested-groups': {
    section: '8',
    about: 'Whether a condition group can be inside another one.',
    values: { taken: data, refused: data },
    isObservable: true,
  },
  'condition-kind': {
    section: '8',
    about: 'Whether the kind of a condition must match the type of its field.',
    values: { any: data, 'fits-type': data },
    isObservable: true,
  },
  'school-year': {
    section: '7.4',
    about: 'Effect of the parameter SchoolYearID.',
    values: { filter: data, 'current-when-blank': data, 'context-only': data },
    isObservable: true,
  },
  'dotted-fields': {
    section: '7.3',
    about: 'The form of fields of related objects.',
    values: { nested: data, flat: data, refused: data },
    isObservable: true,
  },
  'rate-limit': {
    section: '10',
    about: 'Whether every fifteenth request gets 429 and Retry-After.',
    values: { none: data, 'status-429': data },
    isObservable: false,
  },
  // Missing permissions
  'list-not-granted': {
    section: '7.2',
    about:
      'Response for Demographics/NameEmail, which is optional for an import, without permission.',
    values: {
      granted: data,
      'refused-403': data,
      'refused-404': data,
      'refused-400': data,
      'refused-401': data,
      'refused-500': data,
      'error-with-200': data,
      'null-list': data,
      'empty-list': { stop: 'Demographics/NameEmail' },
    },
    isObservable: true,
  },
  'table-not-granted': {
    section: '7.2',
    about: 'Response for the code table Demographics/Relationship without permission.',
    values: { granted: data, 'refused-403': data, 'refused-404': data, 'empty-list': data },
    isObservable: true,
  },
  'required-not-granted': {
    section: '7.2',
    about: 'Response for Enrollment/WithdrawalCode, which an import needs, without permission.',
    values: {
      granted: data,
      'refused-403': { stop: 'Enrollment/WithdrawalCode' },
      'empty-list': { stop: 'Enrollment/WithdrawalCode' },
    },
    isObservable: true,
  },
  'field-not-granted': {
    section: '7.2',
    about: 'Demographics/Name MiddleName, which is optional for an import, without permission.',
    values: {
      granted: data,
      absent: data,
      'null-for-all': data,
      'refused-by-name': data,
      'refused-403-without-name': data,
      'refused-401-without-name': data,
      'refused-400-without-name': data,
      'error-with-200': data,
    },
    isObservable: true,
  },
  'required-field-not-granted': {
    section: '7.2',
    about: 'Enrollment/EntryWithdrawal EndDate, which an import needs, without permission.',
    values: {
      granted: data,
      absent: { stop: 'EndDate' },
      'null-for-all': { stop: 'EndDate' },
      'refused-by-name': { stop: 'EndDate' },
    },
    isObservable: true,
  },
  'error-body': {
    section: '10',
    about: 'The form of an error.',
    values: { error: data, 'errors-list': data, message: data, text: data, html: data },
    isObservable: true,
  },
  // Values
  'missing-value': {
    section: '7.5',
    about: 'Whether a missing value is null or absent.',
    values: { null: data, absent: data },
    isObservable: true,
  },
  'missing-text': {
    section: '7.5',
    about: 'Whether a missing text is null or empty.',
    values: { null: data, empty: data },
    isObservable: true,
  },
  'missing-id': {
    section: '7.5',
    about: 'Whether an empty reference is null or 0.',
    values: { null: data, zero: data },
    isObservable: true,
  },
  'missing-date': {
    section: '7.5',
    about: 'The form of a missing date.',
    values: { null: data, 'first-day-of-dotnet': data, 'last-day-of-dotnet': data, empty: data },
    isObservable: true,
  },
  'date-form': {
    section: '7.5',
    about: 'The form of dates.',
    values: {
      'iso-midnight': data,
      'iso-date': data,
      'iso-midnight-utc': data,
      'us-date': data,
      'us-midnight': data,
      'us-midnight-narrow-space': data,
      'day-month-name': { stop: 'Date' },
    },
    isObservable: true,
  },
  'byte-order-mark': {
    section: '7.5',
    about: 'Whether responses start with a byte order mark.',
    values: { none: data, everywhere: data, 'lists-only': data },
    isObservable: true,
  },
  charset: {
    section: '7.5',
    about: 'The charset of responses; `mislabeled` sends Latin-1 bytes as UTF-8.',
    values: { 'utf-8': data, 'latin-1': data, 'utf-16': data, mislabeled: { stop: 'UTF-8' } },
    isObservable: true,
  },
  'content-encoding': {
    section: '3',
    about: 'The compression of responses; `mislabeled` declares gzip for a plain body.',
    values: {
      none: data,
      gzip: data,
      'x-gzip': data,
      deflate: data,
      mislabeled: { stop: 'Content-Encoding' },
    },
    isObservable: true,
  },
  // Enrollments
  'withdrawal-date': {
    section: 'enrollment notes 2',
    about: 'How the withdrawal date is computed from the end date.',
    values: { 'next-school-day': data, 'next-day': data, 'end-date': data },
    isObservable: true,
  },
  'no-show': {
    section: 'enrollment notes 2',
    about: 'How a no-show is marked.',
    values: { flags: data, 'end-before-start': data, 'flags-not-granted': data },
    isObservable: false,
  },
} as const satisfies Readonly<Record<string, ContractSwitch>>;

export type SwitchName = keyof typeof contractSwitches;

/** One value for each switch. */
export type SwitchValues = {
  readonly [Name in SwitchName]: keyof (typeof contractSwitches)[Name]['values'] & string;
};

/** The default of each switch. */
export const defaultSwitchValues = Object.fromEntries(
  Object.entries(contractSwitches).map(([name, { values }]) => [name, Object.keys(values)[0]]),
) as unknown as SwitchValues;
