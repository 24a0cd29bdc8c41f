/** Details of an invented student, for previews and for the examples of the catalog of bindings. */
import type { Guardian } from '../contract/students/students.ts';
import type { Details } from './bindings.ts';

const home = {
  uses: ['home' as const, 'mailing' as const],
  lines: ['12 Elm St'],
  city: 'Lufkin',
  state: 'TX',
  zip: '75901',
  county: null,
  country: null,
  text: '12 Elm St, Lufkin, TX 75901',
};
const buildPhone = (rank: number, type: string) => ({
  rank,
  type,
  number: '936-555-0114',
  extension: null,
  isConfidential: false,
});

const buildGuardian = (
  id: number,
  first: string,
  relationship: string,
  email: string,
): Guardian => ({
  id,
  position: id,
  name: { first, middle: null, last: 'Reyes', suffix: null },
  relationship,
  isCustodial: true,
  livesWith: true,
  isEmergencyContact: true,
  allowsPickup: true,
  hasFamilyAccess: true,
  hasRestrictedAccess: false,
  language: 'Spanish',
  addresses: [home],
  phones: ['Home', 'Cell', 'Work'].map((type, index) => buildPhone(index + 1, type)),
  emails: [{ rank: 1, type: null, address: email }],
});

/** Returns the example student's Details in a district of this name. */
export const exampleDetails = (
  districtName = 'Pine Ridge ISD',
  today = Temporal.PlainDate.from('2026-11-24'),
): Details => ({
  districtName,
  today,
  student: {
    id: 1,
    name: { first: 'Ana', middle: null, last: 'Reyes', suffix: null },
    legalName: { first: 'Ana', middle: 'María', last: 'Reyes', suffix: null },
    otherNames: [],
    studentNumber: '104117',
    stateId: '9140031220',
    sisStudentId: 4711,
    birthDate: '2013-04-17',
    gender: 'F',
    race: 'White',
    ethnicity: 'Hispanic or Latino',
    nativeLanguage: 'Spanish',
    homeLanguage: 'Spanish',
    graduationYear: 2031,
    addresses: [home],
    phones: [buildPhone(1, 'Home')],
    emails: [{ rank: 1, type: null, address: 'ana.reyes@pineridge.example' }],
    placement: {
      grade: '07',
      schoolName: 'Cedar Creek Middle',
      schoolStateId: '003-041',
      entityName: 'Cedar Creek Middle',
      homeroom: 'B12',
      homeroomTeacher: 'Ray Kim',
      advisor: 'Dana Cole',
    },
    status: 'ENROLLED',
    schoolYear: 2027,
    importDate: today.toString(),
    staffValues: { 'preferred-gender': 'Female' },
    guardians: [
      buildGuardian(1, 'Lucía', 'Mother', 'lucia.reyes@mail.example'),
      buildGuardian(2, 'Mateo', 'Father', 'mateo.reyes@mail.example'),
    ],
  },
});
