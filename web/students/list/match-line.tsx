/** Says why a search found a student when it was not by the student's own name. */
import type { StudentMatch } from '../../../src/contract/students/student-list.ts';
import { fullName } from '../person-name.ts';

/** Nothing for a hit by name or number: those stand in the row. */
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
