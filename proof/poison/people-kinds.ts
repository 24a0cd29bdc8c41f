/** Kinds of poison in people: names, dates of birth, numbers, guardians, contacts, addresses. */
import {
  allAsFirst,
  allSet,
  doubled,
  eachRow,
  emptied,
  moved,
  removed,
  rewritten,
  shifted,
  type PoisonKind,
} from './poison-kind.ts';

const nameFields = ['FirstName', 'MiddleName', 'LastName'] as const;

const toMojibake = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

const nameKinds: readonly PoisonKind[] = [
  {
    name: 'last names emptied',
    story: 'An interface wrote an empty column over the last names.',
    changes: { studentNames: emptied('LastName') },
  },
  {
    name: 'middle names emptied',
    story: 'An interface without middle names wrote over them.',
    changes: { studentNames: emptied('MiddleName') },
  },
  {
    name: 'names shifted by one row',
    story: 'Names were pasted one row too low.',
    changes: { studentNames: shifted(...nameFields) },
  },
  {
    name: 'first and last names exchanged',
    story: 'Two columns of a mass import were exchanged.',
    changes: {
      studentNames: eachRow(({ FirstName = null, LastName = null }) => ({
        FirstName: LastName,
        LastName: FirstName,
      })),
    },
  },
  {
    name: 'names masked',
    story: 'The data of a training environment were copied to the live one.',
    changes: { studentNames: allSet({ FirstName: 'XXXX', LastName: 'XXXX' }) },
  },
  {
    name: 'names in a wrong encoding',
    story: 'UTF-8 was read as Latin-1, twice.',
    changes: { studentNames: rewritten(nameFields, (text) => toMojibake(toMojibake(text))) },
  },
  {
    name: 'accents lost',
    story: 'Names went through a file that holds only ASCII.',
    changes: {
      studentNames: rewritten(nameFields, (text) => text.replaceAll(/[^ -~]/gu, '?')),
      guardianNames: rewritten(nameFields, (text) => text.replaceAll(/[^ -~]/gu, '?')),
    },
  },
  {
    name: 'last names cut to five letters',
    story: 'A fixed-width file cut the last names.',
    changes: { studentNames: rewritten(['LastName'], (text) => text.slice(0, 5)) },
  },
  {
    name: 'names in capitals',
    story: 'A state file in capitals was imported.',
    changes: { studentNames: rewritten(nameFields, (text) => text.toUpperCase()) },
  },
  {
    name: 'legal names lost',
    story: 'The switch for a separate legal name was turned off for all students.',
    changes: {
      studentNames: allSet({
        FirstNameLegal: null,
        LastNameLegal: null,
        SpecifySeparateLegalName: false,
      }),
    },
  },
  {
    name: 'genders exchanged',
    story: 'The codes of a mass update were exchanged.',
    changes: {
      studentNames: eachRow(({ GenderCode }) =>
        GenderCode === 'F'
          ? { Gender: 'Male', GenderCode: 'M' }
          : { Gender: 'Female', GenderCode: 'F' },
      ),
    },
  },
  {
    name: 'genders emptied',
    story: 'Genders were emptied by a mass update.',
    changes: { studentNames: emptied('Gender', 'GenderCode') },
  },
  {
    name: 'birth dates emptied',
    story: 'Dates of birth were emptied by a mass update.',
    changes: { studentNames: emptied('BirthDate') },
  },
  {
    name: 'birth dates a year off',
    story: 'A formula of a spreadsheet was a year off.',
    changes: { studentNames: moved(['BirthDate'], { years: -1 }) },
  },
  {
    name: 'birth dates a day off',
    story: 'A time zone moved midnight to the day before.',
    changes: { studentNames: moved(['BirthDate'], { days: -1 }) },
  },
  {
    name: 'month and day of birth exchanged',
    story: 'Dates were read as day/month where both readings are dates.',
    changes: {
      studentNames: rewritten(['BirthDate'], (text) =>
        Number(text.slice(8, 10)) <= 12
          ? `${text.slice(0, 5)}${text.slice(8, 10)}-${text.slice(5, 7)}${text.slice(10)}`
          : text,
      ),
    },
  },
  {
    name: 'birth dates shifted by one row',
    story: 'Dates of birth were pasted one row too low.',
    changes: { studentNames: shifted('BirthDate') },
  },
  {
    name: 'born on January 1',
    story: 'Only the year of birth was converted.',
    changes: {
      studentNames: rewritten(['BirthDate'], (text) => `${text.slice(0, 4)}-01-01T00:00:00`),
    },
  },
];

const numberKinds: readonly PoisonKind[] = [
  {
    name: 'student numbers shifted by one row',
    story: 'Student numbers were pasted one row too low.',
    changes: { students: shifted('StudentNumber') },
  },
  {
    name: 'student numbers issued again',
    story: 'A batch job gave all students a new number.',
    changes: {
      students: eachRow((_, __, index) => ({ StudentNumber: String(70_000_000 + index) })),
    },
  },
  {
    name: 'leading zeros of numbers lost',
    story: 'A spreadsheet took student numbers for numbers.',
    changes: { students: rewritten(['StudentNumber'], (text) => text.replace(/^0+/u, '')) },
  },
  {
    name: 'state IDs shifted by one row',
    story: 'State IDs were pasted one row too low.',
    changes: { students: shifted('StudentStateID', 'CalculatedStudentStateID') },
  },
  {
    name: 'state IDs emptied',
    story: 'State IDs were emptied before a state upload.',
    changes: { students: emptied('StudentStateID', 'CalculatedStudentStateID') },
  },
  {
    name: 'languages reset',
    story: 'A mass update set the native language to the default.',
    changes: { students: allAsFirst('LanguageIDNative', 'LanguageIDPrimary') },
  },
  {
    name: 'home languages shifted by one row',
    story: 'Home languages were pasted one row too low.',
    changes: { families: shifted('LanguageIDHome') },
  },
];

const guardianKinds: readonly PoisonKind[] = [
  {
    name: 'guardians exchanged among students',
    story: 'Guardian keys were pasted one row too low.',
    changes: { guardianLinks: shifted('NameIDGuardian') },
  },
  {
    name: 'guardians gone',
    story: 'A cleanup deleted the links to guardians.',
    changes: { guardianLinks: removed },
  },
  {
    name: 'second guardians gone',
    story: 'A file with one guardian for each student replaced the links.',
    changes: { guardianLinks: (rows) => rows.filter(({ values }) => values['Rank'] === 1) },
  },
  {
    name: 'order of guardians reversed',
    story: 'Ranks were sorted the other way around.',
    changes: {
      guardianLinks: eachRow(({ Rank }) => ({ Rank: 10 - Number(Rank) })),
      familyLinks: eachRow(({ Rank }) => ({ Rank: 10 - Number(Rank) })),
    },
  },
  {
    name: 'relationships reset',
    story: 'A mass update set every relationship to the first one.',
    changes: { guardianLinks: allAsFirst('RelationshipID') },
  },
  {
    name: 'guardians doubled',
    story: 'The links to guardians were imported twice.',
    changes: { guardianLinks: doubled() },
  },
  {
    name: 'guardians masked',
    story: 'Names of guardians were masked.',
    changes: { guardianNames: allSet({ FirstName: 'XXXX', LastName: 'XXXX' }) },
  },
  {
    name: 'guardians named as the one before',
    story: 'Names of guardians were pasted one row too low.',
    changes: { guardianNames: shifted(...nameFields) },
  },
  {
    name: 'custody lost',
    story: 'The flags of custody were reset.',
    changes: {
      guardianLinks: allSet({ IsCustodialGuardian: false }),
      familyLinks: allSet({ IsCustodialGuardian: false }),
    },
  },
  {
    name: 'emergency contacts lost',
    story: 'The flags of emergency contacts and pickup were reset.',
    changes: { guardianLinks: allSet({ IsEmergencyContact: false, AllowStudentPickup: false }) },
  },
];

const contactKinds: readonly PoisonKind[] = [
  {
    name: 'phones all the same',
    story: 'The number of the school office was filled down.',
    changes: { guardianPhones: allSet({ PhoneNumber: '8065550100', Extension: null }) },
  },
  {
    name: 'phones gone',
    story: 'A cleanup deleted phone numbers.',
    changes: { guardianPhones: removed },
  },
  {
    name: 'phones shifted by one row',
    story: 'Phone numbers were pasted one row too low.',
    changes: { guardianPhones: shifted('PhoneNumber', 'Extension') },
  },
  {
    name: 'area codes wrong',
    story: 'A batch job wrote one area code over all of them.',
    changes: { guardianPhones: rewritten(['PhoneNumber'], (text) => `999${text.slice(3)}`) },
  },
  {
    name: 'phone types reset',
    story: 'A mass update set every type of phone to the first one.',
    changes: { guardianPhones: allAsFirst('PhoneTypeID') },
  },
  {
    name: 'e-mails at a wrong domain',
    story: 'A batch job replaced the domain of all e-mail addresses.',
    changes: {
      guardianEmails: rewritten(['EmailAddress'], (text) =>
        text.replace(/@.*/u, '@example.invalid'),
      ),
    },
  },
  {
    name: 'e-mails gone',
    story: 'A cleanup deleted e-mail addresses.',
    changes: { guardianEmails: removed },
  },
  {
    name: 'e-mails shifted by one row',
    story: 'E-mail addresses were pasted one row too low.',
    changes: { guardianEmails: shifted('EmailAddress') },
  },
  {
    name: 'addresses all the same',
    story: 'The address of one family was filled down.',
    changes: { homes: allAsFirst('AddressID') },
  },
  {
    name: 'addresses gone',
    story: 'A cleanup deleted the links to addresses.',
    changes: { homes: removed },
  },
  {
    name: 'addresses shifted by one row',
    story: 'Addresses were pasted one row too low.',
    changes: { homes: shifted('AddressID') },
  },
  {
    name: 'house numbers lost',
    story: 'A conversion of addresses lost the house numbers.',
    changes: { addresses: emptied('StreetNumber') },
  },
  {
    name: 'apartments lost',
    story: 'A conversion of addresses lost the units.',
    changes: { addresses: emptied('SecondaryUnitNumber') },
  },
];

export const peopleKinds: readonly PoisonKind[] = [
  ...nameKinds,
  ...numberKinds,
  ...guardianKinds,
  ...contactKinds,
];
