/** What a person may be called: nothing that reads as an address once it stands in one of our mails. */
import { z } from 'zod';

const maxNameLength = 100;

/**
 * Nobody sees these, and some turn the writing around: controls, line ends, marks of direction, invisible signs. The
 * two joiners are letters' own in Persian and Indic names.
 */
const unseen = /[\p{Cc}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200C\u200D])\p{Cf}/u;

/**
 * What mail programs make a link of, or a person types into a browser: an e-mail or web address, a host, an IPv4
 * address, a scheme. A dot between two words is enough; one behind an initial ("J.R. Poe") is not.
 */
const address =
  /@|\/\/|\\\\|\bwww\b|[\p{L}\p{N}_-][.。][\p{L}\p{N}_-]{2}|\p{N}[.。]\p{N}|\p{L}:\S|\[\.\]/iu;

/** Whether this may be a name; full-width letters and dots count as what browsers take them for. */
export function isPersonalName(name: string): boolean {
  return (
    name.trim() !== '' &&
    name.length <= maxNameLength &&
    !unseen.test(name) &&
    !address.test(name.normalize('NFKC'))
  );
}

/** A name as somebody types it. */
export const PersonalName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(maxNameLength, `must have at most ${maxNameLength} characters`)
  .refine((name) => !unseen.test(name), 'must not hold line ends or characters that nobody sees')
  .refine(isPersonalName, 'must not hold an e-mail or web address; after a dot, leave a space');
