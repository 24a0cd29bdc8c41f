/** The values of the manual student form, and their problems. */
import type { z } from 'zod';

import {
  birthDateProblem,
  ManualStudentValues,
  sinceProblem,
} from '../../../src/contract/students/manual-students.ts';

/** The form as typed; the contract's schema parses it. */
export type StudentDraft = z.input<typeof ManualStudentValues>;
export type GuardianDraft = StudentDraft['guardians'][number];
export type ContactDraft = Pick<StudentDraft, 'addresses' | 'phones' | 'emails'>;
export type StatusDraft = StudentDraft['status'];

/** Messages by the path of their field: `guardians.0.last`. */
export type DraftProblems = ReadonlyMap<string, string>;

export const emptyName = { first: '', middle: '', last: '', suffix: '' };

export const emptyAddress: ContactDraft['addresses'][number] = {
  uses: ['home', 'mailing'],
  street: '',
  unit: '',
  city: '',
  state: '',
  zip: '',
};
export const emptyPhone: ContactDraft['phones'][number] = {
  type: 'Cell',
  number: '',
  extension: '',
  isConfidential: false,
};
export const emptyEmail: ContactDraft['emails'][number] = { type: null, address: '' };

export const emptyGuardian: GuardianDraft = {
  ...emptyName,
  relationship: '',
  language: '',
  isCustodial: true,
  livesWith: true,
  isEmergencyContact: false,
  allowsPickup: false,
  hasRestrictedAccess: false,
  addresses: [],
  phones: [],
  emails: [],
};

/** Returns an empty form; the status defaults to Enrolled as of today. */
export const emptyDraft = (today: string, school: StudentDraft['school'] = null): StudentDraft => ({
  name: emptyName,
  legalName: null,
  birthDate: '',
  studentNumber: '',
  stateId: '',
  gender: '',
  grade: '',
  school,
  homeLanguage: '',
  addresses: [],
  phones: [],
  emails: [],
  guardians: [],
  status: { value: 'ENROLLED', reason: '', since: today },
});

/** Returns the parsed values, or one message per invalid field. */
export function readDraft(
  draft: StudentDraft,
  today: string,
):
  | { readonly values: ManualStudentValues; readonly problems?: never }
  | { readonly values?: never; readonly problems: DraftProblems } {
  const problems = new Map<string, string>();
  const note = (path: string, message: string | undefined) => {
    if (message !== undefined && !problems.has(path)) problems.set(path, asSentence(message));
  };
  const parsed = ManualStudentValues.safeParse(draft);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) note(path.join('.'), message);
  }
  note('birthDate', draft.birthDate === '' ? undefined : birthDateProblem(draft.birthDate, today));
  note('status.since', sinceProblem(draft.status.since, today));
  return parsed.success && problems.size === 0 ? { values: parsed.data } : { problems };
}

/** Turns `enter the last name` into `Enter the last name.` */
export const asSentence = (message: string): string =>
  `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`;
