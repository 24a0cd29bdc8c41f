/** Names of users: nothing that mail programs would turn into a link. */
import { z } from 'zod';

const maxNameLength = 100;

/**
 * Invisible characters: controls, line ends, direction marks. The two joiners are allowed, since Persian and Indic
 * names need them.
 */
const unseen = /[\p{Cc}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200C\u200D])\p{Cf}/u;

/**
 * Text that mail programs turn into a link, or that could be typed into a browser: an e-mail or web address, a
 * host, an IPv4 address, a scheme. A dot between two words is enough; one after an initial ("J.R. Poe") is not.
 */
const address =
  /@|\/\/|\\\\|\bwww\b|[\p{L}\p{N}_-][.。][\p{L}\p{N}_-]{2}|\p{N}[.。]\p{N}|\p{L}:\S|\[\.\]/iu;

/** Returns whether this can be a name; full-width letters and dots are normalized as browsers do. */
export function isPersonalName(name: string): boolean {
  return (
    name.trim() !== '' &&
    name.length <= maxNameLength &&
    !unseen.test(name) &&
    !address.test(name.normalize('NFKC'))
  );
}

/** A name as typed. */
export const PersonalName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(maxNameLength, `must have at most ${maxNameLength} characters`)
  .refine((name) => !unseen.test(name), 'must not contain line breaks or invisible characters')
  .refine(isPersonalName, 'must not contain an e-mail or web address; after a dot, leave a space');
