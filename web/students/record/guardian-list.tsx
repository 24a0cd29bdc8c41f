/** Parents and guardians in Skyward's order, with restricted access on top of each card. */
import { Title } from '@mantine/core';

import type { Guardian } from '../../../src/contract/students/students.ts';
import { plainGuardianFields } from '../../../src/roster/fields/columns.ts';
import { guardianFields } from '../../../src/roster/fields/guardian.ts';
import { combinedFields } from '../../../src/roster/fields/student.ts';
import { WarningIcon } from '../../shell/icons.tsx';
import { ContactDetails } from './contact-details.tsx';
import { SourceMark } from './source-mark.tsx';
import type { FindSource } from './value-source.ts';
import { fullName } from '../person-name.ts';

interface GuardianListProps {
  readonly guardians: readonly Guardian[];
  readonly sourcesOf: (guardianId: number) => FindSource;
}

export function GuardianList({ guardians, sourcesOf }: GuardianListProps) {
  if (guardians.length === 0) return <p className="nothing">No parent or guardian recorded</p>;
  return (
    <ol className="guardians">
      {guardians.map((guardian) => (
        <li key={guardian.id} data-restricted={guardian.hasRestrictedAccess === true || undefined}>
          <GuardianCard guardian={guardian} sources={sourcesOf(guardian.id)} />
        </li>
      ))}
    </ol>
  );
}

/** The fields in the head of a guardian's card. */
const headFields = [...combinedFields.name.of, ...Object.keys(plainGuardianFields)].filter(
  (key) => key !== 'language' && key !== 'position',
);

interface GuardianCardProps {
  readonly guardian: Guardian;
  readonly sources: FindSource;
}

function GuardianCard({ guardian, sources }: GuardianCardProps) {
  const { addresses, phones, emails } = guardian;
  return (
    <article aria-label={fullName(guardian.name)}>
      <div className="guardian-head">
        <Title order={3} size="h5">
          {fullName(guardian.name)}
        </Title>
        <span className="quiet fact">
          {guardian.relationship ?? 'Relationship not recorded'}
          <SourceMark
            name={`the information about ${fullName(guardian.name)}`}
            sentence={sources(...headFields)}
            tabIndex={0}
          />
        </span>
      </div>
      {guardian.hasRestrictedAccess === true && (
        <p className="restriction">
          <WarningIcon />
          <span>
            <strong>Restricted access.</strong> Check with the school office before you share
            information about this student or let the student leave with this person.
          </span>
        </p>
      )}
      <GuardianRights guardian={guardian} />
      <ContactDetails
        addresses={addresses}
        phones={phones}
        emails={emails}
        language={guardian.language}
        sources={sources}
      />
    </article>
  );
}

/** Shows each right that Skyward has a value for, yes or no. */
function GuardianRights({ guardian }: { readonly guardian: Guardian }) {
  const rights = [
    [guardian.isCustodial, guardianFields.isCustodial.label, 'No custody'],
    [guardian.livesWith, guardianFields.livesWith.label, 'Student lives elsewhere'],
    [
      guardian.isEmergencyContact,
      guardianFields.isEmergencyContact.label,
      'Not an emergency contact',
    ],
    [guardian.allowsPickup, guardianFields.allowsPickup.label, 'May not pick up'],
    [guardian.hasFamilyAccess, guardianFields.hasFamilyAccess.label, 'No family access'],
  ] as const;
  const known = rights.filter(([value]) => value !== null);
  if (known.length === 0) return null;
  return (
    <ul className="marks">
      {known.map(([value, yes, no]) => (
        <li key={yes} className="mark" data-tone={value === true ? 'yes' : 'no'}>
          {value === true ? yes : no}
        </li>
      ))}
    </ul>
  );
}
