/** Fields with lists (addresses, phones, e-mail addresses, other names), and the parts of their entries. */
import type { Field, FieldParts } from './catalog.ts';
import { streets, suffixes, zips } from './code-tables.ts';

const line = 'StreetNumberAndNameIncludeSecondaryUnit';
const fullAddress = 'FormattedFullAddress';

/** Path of a part without which a row yields no entry. */
export const everyEntry = '$[*]';
const present = (part: string) => `$[*].${part} ? (@ != null)`;

// Keys are the members of an entry in the API, except those of the uses of an address.

const zipSources = (...fields: readonly string[]) => ['ZipID', zips, ...fields];

const addressParts = {
  lines: {
    column: 'lines',
    type: 'text',
    staged: 'addresses',
    sources: [
      [line, fullAddress, 'StreetNumber'],
      [line, fullAddress, 'StreetID'],
      [line, fullAddress, streets],
    ],
    held: '$[*].lines[*]',
  },
  city: {
    column: 'city',
    type: 'text',
    staged: 'addresses',
    sources: zipSources(`${zips}.City`),
    held: present('city'),
  },
  state: {
    column: 'state',
    type: 'text',
    staged: 'addresses',
    sources: zipSources(`${zips}.StateID`, 'SkySys/State'),
    held: present('state'),
  },
  zip: {
    column: 'zip',
    type: 'text',
    staged: 'addresses',
    sources: zipSources(`${zips}.ZipCode`),
    held: present('zip'),
  },
  county: {
    column: 'county',
    type: 'text',
    staged: 'addresses',
    sources: ['CountyID', 'Demographics/County'],
    held: present('county'),
  },
  country: {
    column: 'country',
    type: 'text',
    staged: 'addresses',
    sources: zipSources(),
    held: present('country'),
  },
  isHome: {
    column: 'is_home',
    type: 'boolean',
    staged: 'person_addresses',
    sources: ['IsPhysical'],
    held: '$[*] ? (@.uses.size() > 1)',
    hidesLoss: true,
  },
  isMailing: {
    column: 'is_mailing',
    type: 'boolean',
    staged: 'person_addresses',
    sources: ['IsMailing'],
    held: '$[*].uses[*] ? (@ == "mailing")',
    hidesLoss: true,
  },
} as const satisfies FieldParts['fields'];

const phoneParts = {
  rank: {
    column: 'rank',
    type: 'integer',
    staged: 'person_phones',
    sources: ['Rank'],
    held: '$[*].rank ? (@ > 1)',
    hidesLoss: true,
  },
  type: {
    column: 'type',
    type: 'text',
    staged: 'person_phones',
    sources: ['PhoneTypeID', 'Demographics/PhoneType'],
    held: present('type'),
  },
  number: {
    column: 'number',
    type: 'text',
    staged: 'person_phones',
    sources: [['FormattedPhoneNumber', 'PhoneNumber']],
    held: everyEntry,
    hidesLoss: true,
  },
  extension: {
    column: 'extension',
    type: 'text',
    staged: 'person_phones',
    copies: 'Extension',
    reads: 'code',
    held: present('extension'),
  },
  isConfidential: {
    column: 'is_confidential',
    type: 'boolean',
    staged: 'person_phones',
    sources: ['IsConfidential'],
    held: '$[*].isConfidential ? (@ == true)',
    hidesLoss: true,
  },
} as const satisfies FieldParts['fields'];

const emailParts = {
  rank: {
    column: 'rank',
    type: 'integer',
    staged: 'person_emails',
    sources: ['Rank'],
    held: '$[*].rank ? (@ > 1)',
    hidesLoss: true,
  },
  type: {
    column: 'type',
    type: 'text',
    staged: 'person_emails',
    sources: ['EmailTypeID', 'Demographics/EmailType'],
    held: present('type'),
  },
  address: {
    column: 'address',
    type: 'text',
    staged: 'person_emails',
    sources: ['EmailAddress'],
    held: everyEntry,
    hidesLoss: true,
  },
} as const satisfies FieldParts['fields'];

export const otherNameParts = {
  first: {
    column: 'first_name',
    type: 'text',
    staged: 'person_aliases',
    sources: ['FirstName'],
    held: present('first'),
  },
  middle: {
    column: 'middle_name',
    type: 'text',
    staged: 'person_aliases',
    sources: ['MiddleName'],
    held: present('middle'),
  },
  last: {
    column: 'last_name',
    type: 'text',
    staged: 'person_aliases',
    sources: ['LastName'],
    held: present('last'),
  },
  suffix: {
    column: 'suffix',
    type: 'text',
    staged: 'person_aliases',
    sources: ['NameSuffixID', suffixes],
    held: present('suffix'),
  },
  kind: {
    column: 'kind',
    type: 'text',
    staged: 'person_aliases',
    sources: ['IsLegalName', 'IsMaidenName'],
    held: '$[*].kind ? (@ != "other")',
    hidesLoss: true,
  },
} as const satisfies FieldParts['fields'];

export const contactFields = {
  addresses: {
    column: 'addresses',
    type: 'addresses',
    label: 'Addresses',
    filled: true,
    group: 'contact',
    needs: ['addresses', 'person_addresses'],
    parts: { fields: addressParts, links: { 'person_addresses.person_id': everyEntry } },
  },
  phones: {
    column: 'phones',
    type: 'phones',
    label: 'Phone numbers',
    filled: true,
    group: 'contact',
    needs: ['person_phones'],
    parts: { fields: phoneParts, links: { 'person_phones.person_id': everyEntry } },
  },
  emails: {
    column: 'emails',
    type: 'emails',
    label: 'E-mail addresses',
    filled: true,
    group: 'contact',
    needs: ['person_emails'],
    parts: { fields: emailParts, links: { 'person_emails.person_id': everyEntry } },
  },
} as const satisfies Readonly<Record<string, Field>>;
