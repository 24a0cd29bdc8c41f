/**
 * Finds words on screens that only developers know: names of Skyward's API, ISO dates, error numbers, addresses. The
 * vocabulary test finds words that were replaced.
 */
import { objectPath } from '../../src/qmlativ/objects/qmlativ-object.ts';
import { qmlativObjects } from '../../src/qmlativ/objects/objects.ts';

const objects = Object.values(qmlativObjects);

/** Names of fields that are no word of their own, such as `LanguageIDNative`. */
const fieldNames = [...new Set(objects.flatMap(({ fields }) => Object.keys(fields)))].filter(
  (name) => /[a-z][A-Z]/.test(name),
);

const isOneOf = (names: readonly string[]) =>
  new RegExp(`(?<![\\w/])(?:${names.join('|')})(?![\\w/])`, 'g');

const patterns: readonly RegExp[] = [
  isOneOf(objects.map(objectPath)),
  isOneOf(fieldNames),
  // Fields of ours, such as `student.legalName`.
  /\b(?:student|guardian|enrollment|school)\.[a-z]\w*/g,
  /\b\d{4}-\d{2}-\d{2}\b/g,
  /\bE(?:CONN|NOTFOUND|TIMEDOUT|PIPE|HOST|ADDR|ACCES|AI_AGAIN|NOENT)[A-Z]*\b/g,
  /(?<![\w.])\/(?:api|home|var|tmp|usr)\/\S+/g,
];

/** Returns the technical words of a text. */
export const findTechnicalWords = (text: string): string[] =>
  patterns.flatMap((pattern) => text.match(pattern) ?? []);
