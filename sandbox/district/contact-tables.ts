/** Tables of streets, addresses, phones and e-mails over the columns. */
import {
  directions,
  firstCountyId,
  firstDirectionalId,
  firstEmailTypeId,
  firstPhoneTypeId,
  firstZipId,
} from './code-tables.ts';
import {
  bitReader,
  firstAddressId,
  firstNameId,
  firstStreetId,
  type PeopleColumns,
} from './people-columns.ts';
import type { TableBase } from './table.ts';

const addressKinds = ['Street', 'PO Box', 'Free Form', 'International'];
const addressKindCodes = ['S', 'P', 'F', 'I'];
const hosts = ['example.com', 'students.example.org', 'example.net'];

/** Returns the tables of addresses, phones and e-mails. */
export function contactTables(columns: PeopleColumns): [string, TableBase][] {
  return [
    ['Demographics/Street', streetTable(columns)],
    ['Demographics/Address', addressTable(columns)],
    ['Demographics/NameAddress', nameAddressTable(columns)],
    ['Demographics/NamePhone', phoneTable(columns)],
    ['Demographics/NameEmail', emailTable(columns)],
  ];
}

function streetTable({ streets }: PeopleColumns): TableBase {
  return {
    firstId: firstStreetId,
    count: streets.name.length,
    readers: {
      Name: (row) => streets.name.at(row),
      DirectionalID: (row) => {
        const direction = streets.direction.at(row);
        return direction < directions.length ? firstDirectionalId + direction : null;
      },
      ZipID: (row) => firstZipId + streets.zip.at(row),
    },
  };
}

function addressTable({ addresses }: PeopleColumns): TableBase {
  const kind = (row: number): number => addresses.kind.at(row);
  const line = (row: number, index: number): string | null =>
    kind(row) === 3 ? (addresses.lines.at(row)?.split('|')[index] ?? null) : null;
  return {
    firstId: firstAddressId,
    count: addresses.kind.length,
    readers: {
      AddressType: (row) => addressKinds[kind(row)] ?? null,
      AddressTypeCode: (row) => addressKindCodes[kind(row)] ?? null,
      StreetID: (row) => addresses.street.at(row),
      StreetNumber: (row) => (kind(row) === 0 ? String(addresses.house.at(row)) : null),
      SecondaryUnitNumber: (row) => addresses.unit.at(row),
      POBox: (row) => (kind(row) === 1 ? String(addresses.house.at(row)) : null),
      FreeformAddress: (row) => (kind(row) === 2 ? addresses.lines.at(row) : null),
      InternationalAddress1: (row) => line(row, 0),
      InternationalAddress2: (row) => line(row, 1),
      InternationalAddress3: (row) => line(row, 2),
      InternationalAddress4: (row) => line(row, 3),
      ZipID: (row) => addresses.zip.at(row),
      CountyID: (row) => (kind(row) === 3 ? null : firstCountyId + addresses.county.at(row)),
    },
  };
}

function nameAddressTable({ nameAddresses }: PeopleColumns): TableBase {
  return {
    firstId: 900_001,
    count: nameAddresses.name.length,
    readers: {
      NameID: (row) => nameAddresses.name.at(row),
      AddressID: (row) => nameAddresses.address.at(row),
      IsPhysical: bitReader(nameAddresses.use, 1),
      IsMailing: bitReader(nameAddresses.use, 2),
      IsPrimaryGuardian: bitReader(nameAddresses.use, 4),
    },
  };
}

function phoneTable({ phones }: PeopleColumns): TableBase {
  return {
    firstId: 1_100_001,
    count: phones.name.length,
    readers: {
      NameID: (row) => phones.name.at(row),
      PhoneNumber: (row) => phones.number.at(row),
      Extension: (row) => phones.extension.at(row),
      PhoneTypeID: (row) => firstPhoneTypeId + phones.kind.at(row),
      Rank: (row) => phones.rank.at(row),
      IsConfidential: bitReader(phones.marks, 1),
      IsInternational: bitReader(phones.marks, 2),
    },
  };
}

function emailTable({ emails, names }: PeopleColumns): TableBase {
  return {
    firstId: 1_300_001,
    count: emails.name.length,
    readers: {
      NameID: (row) => emails.name.at(row),
      EmailTypeID: (row) => firstEmailTypeId + emails.kind.at(row),
      Rank: (row) => emails.rank.at(row),
      EmailConfirmed: () => true,
      EmailAddress: (row) => {
        const name = (emails.name.at(row) ?? firstNameId) - firstNameId;
        const person = `${toAsciiLetters(names.first.at(name))}.${toAsciiLetters(names.last.at(name))}${name}`;
        return `${person}@${hosts[emails.kind.at(row)] ?? 'example.com'}`;
      },
    },
  };
}

function toAsciiLetters(text: string | null): string {
  return (text ?? '')
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/gu, '')
    .toLowerCase();
}
