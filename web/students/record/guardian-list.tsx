/** Parents and guardians in Skyward's order, each with how to reach them; restricted access on top of the card. */
import { Title } from '@mantine/core';
import type { ReactNode } from 'react';

import type { Guardian, Student } from '../../../src/contract/students/students.ts';
import { plainGuardianFields } from '../../../src/roster/fields/columns.ts';
import { guardianFields } from '../../../src/roster/fields/guardian.ts';
import { combinedFields } from '../../../src/roster/fields/student.ts';
import { WarningIcon } from '../../shell/icons.tsx';
import { fullName } from '../person-name.ts';
import { contactFacts } from './contact-details.tsx';
import { fieldText } from './field-text.ts';
import { Facts } from './record-section.tsx';
import { missingNote, recentChangesOf } from './value-notes.ts';

interface GuardianListProps {
  readonly student: Student;
  readonly today: string;
}

export function GuardianList({ student, today }: GuardianListProps) {
  const { guardians, notAvailable } = student;
  if (guardians.length === 0) {
    return (
      <p className="nothing">
        {notAvailable.guardians
          ? 'Not available (missing permission)'
          : 'No parent or guardian recorded'}
      </p>
    );
  }
  return (
    <>
      {isRestrictionUnknown(student) && (
        <Restriction title="Restricted access can’t be read from Skyward.">
          It isn’t known who may not have access to this student. Check with the school office
          before you share information about this student or let the student leave with anyone.
        </Restriction>
      )}
      <ol className="guardians">
        {guardians.map((guardian) => (
          <li
            key={guardian.id}
            data-restricted={guardian.hasRestrictedAccess === true || undefined}
          >
            <GuardianCard guardian={guardian} student={student} today={today} />
          </li>
        ))}
      </ol>
    </>
  );
}

/** Whether restricted access of the guardians could not be read. */
export const isRestrictionUnknown = ({ guardians, notAvailable }: Student): boolean =>
  guardians.length > 0 && notAvailable.guardian.includes('hasRestrictedAccess');

/** The fields in the head of a guardian's card. */
const headFields: readonly string[] = [
  ...combinedFields.name.of,
  'position',
  'relationship',
  'isCustodial',
  'livesWith',
  'isEmergencyContact',
  'allowsPickup',
  'hasFamilyAccess',
  'hasRestrictedAccess',
];

/** All other fields, below the contacts. */
const factKeys = (Object.keys(plainGuardianFields) as (keyof typeof plainGuardianFields)[]).filter(
  (key) => !headFields.includes(key),
);

interface GuardianCardProps extends GuardianListProps {
  readonly guardian: Guardian;
}

function GuardianCard({ guardian, student, today }: GuardianCardProps) {
  const findChange = recentChangesOf(student, today, 'guardian', guardian.id);
  const missing = (field: string) => missingNote(student, 'guardian', field);
  const headChange = findChange(...headFields);
  return (
    <article aria-label={fullName(guardian.name)}>
      <div className="guardian-head">
        <Title order={3} size="h5">
          {fullName(guardian.name)}
        </Title>
        <span className="quiet">
          {guardian.relationship ?? `Relationship: ${missing('relationship') ?? 'not entered'}`}
        </span>
        {student.guardians.length > 1 && (
          <span className="quiet guardian-order">
            {student.guardians.indexOf(guardian) + 1} of {student.guardians.length}
          </span>
        )}
      </div>
      {guardian.hasRestrictedAccess === true && (
        <Restriction title="Restricted access.">
          Check with the school office before you share information about this student or let the
          student leave with this person.
        </Restriction>
      )}
      <GuardianRights guardian={guardian} />
      {headChange !== undefined && <p className="recent-change">{headChange}</p>}
      <Facts
        className="contact"
        facts={[
          ...contactFacts({ ...guardian, findChange, missing }),
          ...factKeys.map((key) => ({
            name: plainGuardianFields[key].label,
            value: fieldText(plainGuardianFields[key].type, guardian[key]),
            missing: missing(key),
            change: findChange(key),
          })),
        ]}
      />
    </article>
  );
}

function Restriction({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <p className="restriction">
      <WarningIcon />
      <span>
        <strong>{title}</strong> {children}
      </span>
    </p>
  );
}

/** Shows each right that Skyward has a value for, yes or no. */
function GuardianRights({ guardian }: { readonly guardian: Guardian }) {
  const rights = [
    [guardian.livesWith, guardianFields.livesWith.label, 'Student lives elsewhere'],
    [guardian.isCustodial, guardianFields.isCustodial.label, 'No custody'],
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
