/** Shows why a search found a student whose own name does not match. */
import type { StudentMatch } from '../../../src/contract/students/student-list.ts';
import { fullName } from '../person-name.ts';

/** Renders nothing for a match by name, number or school, since the row shows them. */
export function MatchLine({ match }: { readonly match: StudentMatch | null }) {
  const sentence = match === null ? undefined : formatMatch(match);
  return sentence === undefined ? null : <span className="match">{sentence}</span>;
}

/**
 * `Guardian: Lucía Hernández (Mother)`, `Phone of Andrés Paz: 512-555-0102`, `Address: 77 Juniper Hill Rd`,
 * `Similar name`.
 */
export function formatMatch(match: StudentMatch): string | undefined {
  const { by, isSimilar, guardian } = match;
  if (by === 'guardian' && guardian !== null) {
    const relationship = guardian.relationship === null ? '' : ` (${guardian.relationship})`;
    return `${isSimilar ? 'Similar guardian' : 'Guardian'}: ${fullName(guardian.name)}${relationship}`;
  }
  if (by === 'phone' || by === 'email' || by === 'address') {
    const label = contactLabels[by];
    const whose = guardian === null ? label : `${label} of ${fullName(guardian.name)}`;
    return match[by] === null ? whose : `${whose}: ${match[by]}`;
  }
  return isSimilar ? 'Similar name' : undefined;
}

const contactLabels = { phone: 'Phone', email: 'E-mail', address: 'Address' } as const;
