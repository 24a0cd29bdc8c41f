/** People in Skyward: names, addresses, phones, e-mails and the code tables of each. */
import type { QmlativObject } from './qmlativ-object.ts';
import { day, flag, id, text, wholeNumber } from './qmlativ-object.ts';

const person = {
  Name: {
    module: 'Demographics',
    name: 'Name',
    key: 'NameID',
    required: true,
    yearBound: false,
    fields: {
      NameID: id.filled,
      FirstName: text.needed,
      MiddleName: text.wanted,
      LastName: text.needed,
      FirstNameLegal: text.wanted,
      MiddleNameLegal: text.wanted,
      LastNameLegal: text.wanted,
      NameSuffixID: id.wanted,
      NameSuffixIDLegal: id.wanted,
      NameTitleID: id.wanted,
      BirthDate: day.wanted,
      Gender: text.wanted,
      GenderCode: text.wanted,
      Race: text.wanted,
      Ethnicity: text.wanted,
      EthnicityAndRace: text.wanted,
      NameAddressMailingID: id.wanted,
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
      FirstName: text.wanted,
      MiddleName: text.wanted,
      LastName: text.wanted,
      NameSuffixID: id.wanted,
      Rank: wholeNumber.wanted,
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
      PhoneNumber: text.needed,
      FormattedPhoneNumber: text.wanted,
      Extension: text.wanted,
      PhoneTypeID: id.wanted,
      Rank: wholeNumber.wanted,
      IsConfidential: flag.wanted,
      IsFax: flag.wanted,
      IsInternational: flag.wanted,
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
      EmailAddress: text.needed,
      EmailTypeID: id.wanted,
      Rank: wholeNumber.wanted,
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
      IsPrimaryGuardian: flag.wanted,
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
      AddressType: text.wanted,
      AddressTypeCode: text.wanted,
      StreetNumber: text.wanted,
      StreetID: id.wanted,
      SecondaryUnitNumber: text.wanted,
      AddressLine2: text.wanted,
      POBox: text.wanted,
      FreeformAddress: text.wanted,
      InternationalAddress1: text.wanted,
      InternationalAddress2: text.wanted,
      InternationalAddress3: text.wanted,
      InternationalAddress4: text.wanted,
      StreetNumberAndNameIncludeSecondaryUnit: text.wanted,
      FormattedFullAddress: text.wanted,
      ZipID: id.wanted,
      ZipCodeAddOn: text.wanted,
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
      ZipID: id.wanted,
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
      ZipCode: text.wanted,
      City: text.wanted,
      StateID: id.wanted,
      CountryCode: text.wanted,
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
    fields: { StateID: id.filled, Code: text.wanted, DisplayName: text.wanted },
  },
  County: {
    module: 'Demographics',
    name: 'County',
    key: 'CountyID',
    required: false,
    yearBound: false,
    fields: { CountyID: id.filled, Name: text.wanted, StateID: id.wanted },
  },
} as const satisfies Record<string, QmlativObject>;

const codes = {
  Directional: codeTable('Directional', 'DirectionalID'),
  PhoneType: codeTable('PhoneType', 'PhoneTypeID'),
  EmailType: codeTable('EmailType', 'EmailTypeID'),
  NameSuffix: codeTable('NameSuffix', 'NameSuffixID'),
  NameTitle: codeTable('NameTitle', 'NameTitleID'),
  Language: codeTable('Language', 'LanguageID'),
  Relationship: codeTable('Relationship', 'RelationshipID'),
} as const satisfies Record<string, QmlativObject>;

export const nameObjects = { ...person, ...address, ...codes } as const;

/** The plain code tables of Demographics are alike: a key, a code and what it means. */
function codeTable<const Name extends string, const Key extends string>(name: Name, key: Key) {
  const fields = { Code: text.wanted, Description: text.wanted, [key]: id.filled } as Record<
    Key,
    typeof id.filled
  > & { Code: typeof text.wanted; Description: typeof text.wanted };
  return { module: 'Demographics', name, key, required: false, yearBound: false, fields } as const;
}
