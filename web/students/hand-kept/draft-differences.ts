/** What two versions of a form differ in, in words. */
import type { Status } from '../../../src/contract/values.ts';
import type { ContactDraft, GuardianDraft, StudentDraft } from './student-draft.ts';

/** A field with both of its values as people read them. */
export interface Difference {
  readonly name: string;
  readonly first: string;
  readonly second: string;
}

/** Only the fields that differ; an empty value reads `–`. */
export function differencesOf(
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

const words = (parts: readonly (string | null)[], between = ' '): string =>
  parts
    .map((part) => part?.trim() ?? '')
    .filter((part) => part !== '')
    .join(between);

const nameOf = (name: StudentDraft['name']): string =>
  words([name.first, name.middle, name.last, name.suffix]);

const contactOf = ({ phones, emails, addresses }: ContactDraft): string =>
  words(
    [
      ...phones.map(({ type, number, extension }) => words([type, number, extension])),
      ...emails.map(({ address }) => address),
      ...addresses.map(({ street, unit, city, state, zip, uses }) =>
        words([street, unit, city, words([state, zip]), `(${uses.join(', ')})`], ', '),
      ),
    ],
    '; ',
  );

const guardianOf = (guardian: GuardianDraft): string =>
  words(
    [
      nameOf(guardian),
      guardian.relationship,
      guardian.language,
      guardian.isCustodial ? 'custody' : null,
      guardian.livesWith ? 'lives with the student' : null,
      guardian.isEmergencyContact ? 'emergency contact' : null,
      guardian.allowsPickup ? 'may pick up' : null,
      guardian.hasRestrictedAccess ? 'restricted access' : null,
      contactOf(guardian),
    ],
    ', ',
  );

const fields: readonly Field[] = [
  { name: 'Name', show: (draft) => nameOf(draft.name) },
  {
    name: 'Legal name',
    show: (draft) => (draft.legalName === null ? 'the same' : nameOf(draft.legalName)),
  },
  { name: 'Birth date', show: (draft) => draft.birthDate },
  { name: 'Student number', show: (draft) => words([draft.studentNumber]) },
  { name: 'State id', show: (draft) => words([draft.stateId]) },
  { name: 'Gender', show: (draft) => words([draft.gender]) },
  { name: 'Home language', show: (draft) => words([draft.homeLanguage]) },
  {
    name: 'School',
    show: ({ school }) =>
      school === null ? '' : 'entityId' in school ? `no. ${school.entityId}` : words([school.name]),
  },
  { name: 'Grade', show: (draft) => words([draft.grade]) },
  {
    name: 'Status',
    show: ({ status }, labels) =>
      words([labels[status.value], `since ${status.since}`, status.reason], ', '),
  },
  { name: 'Contact', show: (draft) => contactOf(draft) },
  {
    name: 'Guardians',
    show: (draft) =>
      words(
        draft.guardians.map((guardian) => guardianOf(guardian)),
        ' / ',
      ),
  },
];
