/** Why a search found a student: which of the words typed are whose. */
import type { StudentMatch } from '../../contract/students/student-list.ts';
import type { Address, Email, Phone } from '../../contract/students/students.ts';
import type { PersonName } from '../../contract/values.ts';
import { toSearchWords } from './search-terms.ts';

interface Contacts {
  readonly phones: readonly Phone[];
  readonly emails: readonly Email[];
  readonly addresses: readonly Address[];
}

/** What of a student is searched. */
export interface SearchedStudent extends Contacts {
  /** Names, student number and state ID. */
  readonly names: readonly (string | null | undefined)[];
  readonly numbers: readonly (string | null | undefined)[];
  readonly guardians: readonly SearchedGuardian[];
}

export interface SearchedGuardian extends Contacts {
  readonly name: PersonName;
  readonly relationship: string | null;
}

/** Explains a hit of the words typed, or of words similar to them. */
export function explainMatch(
  typed: string,
  similarWords: readonly string[],
  student: SearchedStudent,
): StudentMatch {
  const words = toSearchWords(typed);
  const isSimilar = similarWords.length > 0;
  const has = (parts: readonly string[], word: string): boolean =>
    parts.some(
      (part) => part.startsWith(word) || (similarWords.includes(part) && isTypo(word, part)),
    );
  const none = { isSimilar, guardian: null, phone: null, email: null, address: null };
  const names = toParts(student.names);
  const numbers = toParts(student.numbers);
  const isNumber = words.some((word) => /^\d/.test(word) && has(numbers, word));
  const open = words.filter((word) => !has(names, word) && !has(numbers, word));
  if (open.length === 0) return { ...none, by: isNumber ? 'number' : 'name' };

  const findAt = (owner: Contacts) => ({
    phone: owner.phones.find(({ number }) => open.some((word) => isPhone(number, word)))?.number,
    email: owner.emails.find(({ address }) =>
      open.some((word) => has(toSearchWords(address), word)),
    )?.address,
  });
  const count = (parts: readonly string[]) => open.filter((word) => has(parts, word)).length;
  /** The address with most of the words, as far as it is needed to show them. */
  const findAddress = (addresses: readonly Address[]): string | undefined => {
    const [best] = addresses
      .map((one) => ({ one, found: count(toParts([...one.lines, one.city, one.zip])) }))
      .filter(({ found }) => found > 0)
      .toSorted((a, b) => b.found - a.found);
    if (best === undefined) return undefined;
    const { lines, city, zip } = best.one;
    const isInLines = count(toParts(lines)) === best.found;
    return [...lines, ...(isInLines ? [] : [city, zip])].filter(Boolean).join(', ');
  };
  for (const guardian of student.guardians) {
    const { phone, email } = findAt(guardian);
    const name = toParts(Object.values(guardian.name));
    const isNamed = open.some((word) => has(name, word));
    if (phone === undefined && email === undefined && !isNamed) continue;
    const found = { ...none, guardian: toNamed(guardian) };
    if (phone !== undefined) return { ...found, by: 'phone', phone };
    return isNamed ? { ...found, by: 'guardian' } : { ...found, by: 'email', email: email ?? null };
  }
  const { phone, email } = findAt(student);
  if (phone !== undefined) return { ...none, by: 'phone', phone };
  if (email !== undefined) return { ...none, by: 'email', email };
  const address = findAddress(student.addresses);
  if (address !== undefined) return { ...none, by: 'address', address };
  for (const guardian of student.guardians) {
    const theirs = findAddress(guardian.addresses);
    if (theirs !== undefined)
      return { ...none, guardian: toNamed(guardian), by: 'address', address: theirs };
  }
  return { ...none, by: 'school' };
}

const toNamed = ({ name, relationship }: SearchedGuardian) => ({ name, relationship });

const toParts = (texts: readonly (string | null | undefined)[]): readonly string[] =>
  toSearchWords(texts.filter(Boolean).join(' '));

/** Whether the phone begins with the typed digits, with or without its area code. */
function isPhone(number: string, typed: string): boolean {
  if (!/^\d{4,}$/.test(typed)) return false;
  const [digits, asked] = [number, typed].map((text) =>
    text.replaceAll(/\D/g, '').replace(/^1(?=\d{10}$)/, ''),
  );
  if (digits === undefined || asked === undefined) return false;
  return digits.startsWith(asked) || digits.slice(-7).startsWith(asked);
}

/** Whether the word is one of the similar words that the database found for this one, and not for another. */
function isTypo(typed: string, word: string): boolean {
  const beginning = word.slice(0, typed.length);
  return Math.min(editDistance(typed, word), editDistance(typed, beginning)) <= 2;
}

/** The number of letters to insert, remove or replace (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
