/** Lists the fields in which two versions of a form differ, as text. */
import type { Status } from '../../../src/contract/values.ts';
import {
  combinedFields,
  decidedFields,
  studentFields,
} from '../../../src/roster/fields/student.ts';
import type { ContactDraft, GuardianDraft, StudentDraft } from './student-draft.ts';

/** A field with both values formatted. */
export interface Difference {
  readonly name: string;
  readonly first: string;
  readonly second: string;
}

/** Returns only the fields that differ; an empty value is shown as `–`. */
export function findDifferences(
  first: StudentDraft,
  second: StudentDraft,
  statusLabels: Readonly<Record<Status, string>>,
): Difference[] {
  return fields
    .map(({ name, show }) => ({
      name,
      first: show(first, statusLabels) || '–',
      second: show(second, statusLabels) || '–',
    }))
    .filter((field) => field.first !== field.second);
}

interface Field {
  readonly name: string;
  readonly show: (draft: StudentDraft, labels: Readonly<Record<Status, string>>) => string;
}

const joinText = (parts: readonly (string | null)[], between = ' '): string =>
  parts
    .map((part) => part?.trim() ?? '')
    .filter((part) => part !== '')
    .join(between);

const formatName = (name: StudentDraft['name']): string =>
  joinText([name.first, name.middle, name.last, name.suffix]);

const formatContact = ({ phones, emails, addresses }: ContactDraft): string =>
  joinText(
    [
      ...phones.map(({ type, number, extension }) => joinText([type, number, extension])),
      ...emails.map(({ address }) => address),
      ...addresses.map(({ street, unit, city, state, zip, uses }) =>
        joinText([street, unit, city, joinText([state, zip]), `(${uses.join(', ')})`], ', '),
      ),
    ],
    '; ',
  );

const formatGuardian = (guardian: GuardianDraft): string =>
  joinText(
    [
      formatName(guardian),
      guardian.relationship,
      guardian.language,
      guardian.isCustodial ? 'custody' : null,
      guardian.livesWith ? 'lives with the student' : null,
      guardian.isEmergencyContact ? 'emergency contact' : null,
      guardian.allowsPickup ? 'may pick up' : null,
      guardian.hasRestrictedAccess ? 'restricted access' : null,
      formatContact(guardian),
    ],
    ', ',
  );

const fields: readonly Field[] = [
  { name: combinedFields.name.label, show: (draft) => formatName(draft.name) },
  {
    name: combinedFields.legalName.label,
    show: (draft) => (draft.legalName === null ? 'the same' : formatName(draft.legalName)),
  },
  { name: studentFields.birthDate.label, show: (draft) => draft.birthDate },
  { name: studentFields.studentNumber.label, show: (draft) => joinText([draft.studentNumber]) },
  { name: studentFields.stateId.label, show: (draft) => joinText([draft.stateId]) },
  { name: studentFields.gender.label, show: (draft) => joinText([draft.gender]) },
  { name: studentFields.homeLanguage.label, show: (draft) => joinText([draft.homeLanguage]) },
  {
    name: combinedFields.school.label,
    show: ({ school }) =>
      school === null
        ? ''
        : 'entityId' in school
          ? `Entity ${school.entityId}`
          : joinText([school.name]),
  },
  { name: studentFields.grade.label, show: (draft) => joinText([draft.grade]) },
  {
    name: decidedFields.status.label,
    show: ({ status }, labels) =>
      joinText([labels[status.value], `since ${status.since}`, status.reason], ', '),
  },
  { name: 'Contact', show: (draft) => formatContact(draft) },
  {
    name: combinedFields.guardians.label,
    show: (draft) =>
      joinText(
        draft.guardians.map((guardian) => formatGuardian(guardian)),
        ' / ',
      ),
  },
];
