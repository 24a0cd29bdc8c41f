/** Details of an invented student, for previews and for the examples of the catalog of bindings. */
import type { Guardian } from '../contract/students/students.ts';
import type { Field } from '../roster/fields/catalog.ts';
import {
  placementFields,
  plainGuardianFields,
  plainStudentFields,
} from '../roster/fields/columns.ts';
import type { Details } from './bindings.ts';

type ExampleOf<F> = F extends { type: 'integer' | 'bigint' }
  ? number | null
  : F extends { type: 'boolean' }
    ? null
    : string | null;

/** The examples of the catalog of fields; null for a field that fills no document by itself. */
const examplesOf = <Catalog extends Readonly<Record<string, Field>>>(fields: Catalog) =>
  Object.fromEntries(
    Object.entries(fields).map(([key, { type, document }]) => {
      const example = document?.example ?? null;
      return [key, type === 'integer' && example !== null ? Number(example) : example];
    }),
  ) as { [Key in keyof Catalog]: ExampleOf<Catalog[Key]> };

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
  ...examplesOf(plainGuardianFields),
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
    sisStudentId: 4711,
    ...examplesOf(plainStudentFields),
    gender: 'F',
    addresses: [home],
    phones: [buildPhone(1, 'Home')],
    emails: [{ rank: 1, type: null, address: 'ana.reyes@pineridge.example' }],
    placement: { ...examplesOf(placementFields), entityName: 'Cedar Creek Middle' },
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
