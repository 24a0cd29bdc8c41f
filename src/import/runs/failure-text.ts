/**
 * Describes why a run failed in words for users; the recorded message, which has technical terms, is for support.
 *
 * This folder stores and reads import runs: their progress, report, plan and review.
 */
import { objectLabel } from '../../roster/source-labels.ts';

/** A failure as it is stored with a run. */
interface RecordedFailure {
  readonly code: string;
  readonly message: string;
  readonly advice: string | null;
  readonly details?: string | undefined;
}

/** A failure as screens show it. */
export interface FailureText {
  readonly code: string;
  readonly message: string;
  readonly advice: string | null;
  /** The recorded message or place, with names of Skyward's API; null: the message says everything. */
  readonly details: string | null;
}

/** Sentences for errors whose recorded message names objects of Skyward's API, addresses or errors of the network. */
const sentences: Readonly<Record<string, string>> = {
  'wrong-credentials': 'Skyward did not accept the Client Key and Client Secret.',
  'integration-token-unset': 'The integration token of this connection is not set on the server.',
  'access-denied': 'Skyward denied access to the integration.',
  'no-entity-permission': 'The integration may not read the district or one of its schools.',
  'no-object-permission': 'The integration may not read data that the import needs.',
  'object-missing': 'Skyward does not offer data that the import needs.',
  'no-field-permission': 'The integration may not read a field that the import needs.',
  'not-json': 'Skyward sent a web page instead of data.',
  'unexpected-response': 'Skyward sent data in an unknown format.',
  'unreadable-response': 'Skyward’s response was damaged on its way.',
  'unreadable-row': 'Skyward sent a record that could not be identified.',
  'empty-table': 'Skyward sent an empty list that the import needs.',
  'unstable-list': 'The data in Skyward changed while it was being read.',
  'server-error': 'Skyward had an error.',
  'rate-limited': 'Skyward was too busy for the import.',
  timeout: 'Skyward did not respond in time.',
  unreachable: 'Skyward can’t be reached.',
  'address-not-allowed': 'The API Base URL is not allowed.',
  redirected: 'Skyward’s address has changed.',
  'retries-exhausted': 'Skyward failed too often during the import.',
  cancelled: 'The import was canceled.',
  'temporary-file-failed': 'The server had no space for the import.',
  'value-rejected': 'A value from Skyward could not be stored.',
  'too-many-unusable-rows': 'Too many records from Skyward could not be used.',
  'unexpected-error': 'The import failed because of an unexpected error.',
};

/** Skyward's object at the start of a message, such as `Student/Student, page 3: `. */
const placePattern = /^([A-Z]\w*\/[A-Z]\w*)\b/;

/** Returns the failure with a message that names no object, field, error number or path. */
export function describeFailure({ code, message, advice, details }: RecordedFailure): FailureText {
  const sentence = sentences[code];
  if (sentence === undefined) return { code, message, advice, details: details ?? null };
  const object = placePattern.exec(message)?.[1];
  return {
    code,
    message: object === undefined ? sentence : `${sentence} (List: ${objectLabel(object)})`,
    advice,
    details: details ?? (message === sentence ? null : message),
  };
}
