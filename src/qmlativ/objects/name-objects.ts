/** Objects of people: names, addresses, phones, e-mails and their code tables. */
import { copied } from './copied-fields.ts';
import type { QmlativObject } from './qmlativ-object.ts';
import { code, day, flag, id, lines, namePart, rank, text } from './qmlativ-object.ts';

const person = {
  Name: {
    module: 'Demographics',
    name: 'Name',
    key: 'NameID',
    required: true,
    yearBound: false,
    fields: {
      NameID: id.filled,
      FirstName: namePart.needed,
      MiddleName: namePart.wanted,
      LastName: namePart.needed,
      FirstNameLegal: namePart.identifying,
      MiddleNameLegal: namePart.wanted,
      LastNameLegal: namePart.identifying,
      NameSuffixID: id.wanted,
      NameSuffixIDLegal: id.wanted,
      BirthDate: day.wanted,
      Gender: text.wanted,
      GenderCode: code.wanted,
      ...copied('people'),
    },
  },
  NameAlias: {
    module: 'Demographics',
    name: 'NameAlias',
    key: 'NameAliasID',
    required: false,
    yearBound: false,
    fields: {
      NameAliasID: id.filled,
      NameID: id.needed,
      FirstName: namePart.identifying,
      MiddleName: namePart.wanted,
      LastName: namePart.identifying,
      NameSuffixID: id.wanted,
      Rank: rank.wanted,
      IsLegalName: flag.wanted,
      IsMaidenName: flag.wanted,
    },
  },
  NamePhone: {
    module: 'Demographics',
    name: 'NamePhone',
    key: 'NamePhoneID',
    required: false,
    yearBound: false,
    fields: {
      NamePhoneID: id.filled,
      NameID: id.needed,
      PhoneNumber: code.needed,
      FormattedPhoneNumber: code.wanted,
      PhoneTypeID: id.wanted,
      Rank: rank.wanted,
      IsConfidential: flag.wanted,
      IsFax: flag.wanted,
      ...copied('person_phones'),
    },
  },
  NameEmail: {
    module: 'Demographics',
    name: 'NameEmail',
    key: 'NameEmailID',
    required: false,
    yearBound: false,
    fields: {
      NameEmailID: id.filled,
      NameID: id.needed,
      EmailAddress: code.needed,
      EmailTypeID: id.wanted,
      Rank: rank.wanted,
    },
  },
} as const satisfies Record<string, QmlativObject>;

const address = {
  NameAddress: {
    module: 'Demographics',
    name: 'NameAddress',
    key: 'NameAddressID',
    required: false,
    yearBound: false,
    fields: {
      NameAddressID: id.filled,
      NameID: id.filled,
      AddressID: id.filled,
      IsMailing: flag.wanted,
      IsPhysical: flag.wanted,
    },
  },
  Address: {
    module: 'Demographics',
    name: 'Address',
    key: 'AddressID',
    required: false,
    yearBound: false,
    fields: {
      AddressID: id.filled,
      StreetNumber: text.wanted,
      StreetID: id.wanted,
      SecondaryUnitNumber: text.wanted,
      AddressLine2: text.wanted,
      POBox: text.wanted,
      FreeformAddress: lines.wanted,
      InternationalAddress1: text.wanted,
      InternationalAddress2: text.wanted,
      InternationalAddress3: text.wanted,
      InternationalAddress4: text.wanted,
      StreetNumberAndNameIncludeSecondaryUnit: text.wanted,
      FormattedFullAddress: lines.wanted,
      ZipID: id.wanted,
      ZipCodeAddOn: code.wanted,
      CountyID: id.wanted,
    },
  },
  Street: {
    module: 'Demographics',
    name: 'Street',
    key: 'StreetID',
    required: false,
    yearBound: false,
    fields: {
      StreetID: id.filled,
      Name: text.wanted,
      DirectionalID: id.wanted,
      StreetNameWithDirectionCode: text.wanted,
    },
  },
  Zip: {
    module: 'Demographics',
    name: 'Zip',
    key: 'ZipID',
    required: false,
    yearBound: false,
    fields: {
      ZipID: id.filled,
      ZipCode: code.wanted,
      City: text.wanted,
      StateID: id.wanted,
      CountryCode: code.wanted,
      FreeFormState: text.wanted,
      FreeFormCountry: text.wanted,
    },
  },
  State: {
    module: 'SkySys',
    name: 'State',
    key: 'StateID',
    required: false,
    yearBound: false,
    fields: { StateID: id.filled, Code: code.wanted },
  },
  County: {
    module: 'Demographics',
    name: 'County',
    key: 'CountyID',
    required: false,
    yearBound: false,
    fields: { CountyID: id.filled, Name: text.wanted },
  },
} as const satisfies Record<string, QmlativObject>;

const codes = {
  Directional: codeTable('Directional', 'DirectionalID'),
  PhoneType: codeTable('PhoneType', 'PhoneTypeID'),
  EmailType: codeTable('EmailType', 'EmailTypeID'),
  NameSuffix: codeTable('NameSuffix', 'NameSuffixID'),
  Language: codeTable('Language', 'LanguageID'),
  Relationship: codeTable('Relationship', 'RelationshipID'),
} as const satisfies Record<string, QmlativObject>;

export const nameObjects = { ...person, ...address, ...codes } as const;

/** The simple code tables of Demographics: a key, a code and a description. */
function codeTable<const Name extends string, const Key extends string>(name: Name, key: Key) {
  const fields = { Code: code.wanted, Description: text.wanted, [key]: id.filled } as Record<
    Key,
    typeof id.filled
  > & { Code: typeof code.wanted; Description: typeof text.wanted };
  return { module: 'Demographics', name, key, required: false, yearBound: false, fields } as const;
}
