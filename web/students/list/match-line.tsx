/** Shows why a search found a student whose own name does not match. */
import type { StudentMatch } from '../../../src/contract/students/student-list.ts';
import { fullName } from '../person-name.ts';

/** Renders nothing for a match by name or number, since the row shows both. */
export function MatchLine({ match }: { readonly match: StudentMatch | null }) {
  const sentence = match === null ? undefined : formatMatch(match);
  return sentence === undefined ? null : <span className="match">{sentence}</span>;
}

/** `Guardian: Lucía Hernández (Mother)`, `Phone of Andrés Paz: 512-555-0102`, `Similar name`. */
export function formatMatch({ by, isSimilar, guardian, phone }: StudentMatch): string | undefined {
  if (by === 'phone') {
    const whose = guardian === null ? 'Phone' : `Phone of ${fullName(guardian.name)}`;
    return phone === null ? whose : `${whose}: ${phone}`;
  }
  if (by === 'guardian' && guardian !== null) {
    const relationship = guardian.relationship === null ? '' : ` (${guardian.relationship})`;
    return `${isSimilar ? 'Similar guardian' : 'Guardian'}: ${fullName(guardian.name)}${relationship}`;
  }
  return isSimilar ? 'Similar name' : undefined;
}
