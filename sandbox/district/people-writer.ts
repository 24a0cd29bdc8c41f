/** Writes people, addresses and phones into the columns, and assigns their keys. */
import { localZipCount, zipCount, firstZipId } from './code-tables.ts';
import type { Day } from '../day.ts';
import { displayWord, streetNames, type Community } from './invented-words.ts';
import {
  firstAddressId,
  firstNameId,
  firstStreetId,
  races,
  type PeopleColumns,
} from './people-columns.ts';
import type { Random } from '../random.ts';

/** A person to write. Sex: 0 female, 1 male, 2 not stated. */
export interface Person {
  readonly sex: number;
  readonly surname: string;
  readonly community: Community;
  readonly birth: Day | null;
  readonly role: number;
  readonly race: number;
}

const areaCodes = ['806', '325', '432', '580', '940', '254', '915', '830'] as const;
const units = ['Apt 4', 'Apt 12B', 'Unit 3', 'Lot 27', '#2', 'Ste 110'] as const;
const internationalAddresses = [
  'Calle Hidalgo 118|Colonia Centro|25900 Ramos Arizpe, Coahuila|México',
  '48 Rue des Érables|75011 Paris|France',
  '12 Đường Hoa Sữa|Phường 7|Đà Nẵng|Việt Nam',
  '9 Kestrel Mews|Leeds LS2 9XX|United Kingdom',
] as const;
const freeformAddresses = [
  'Ranch road 12, third gate past the grain store',
  'Mile marker 44, county line',
] as const;

/** Adds rows to the columns. `random` is the stream of the current household. */
export class PeopleWriter {
  readonly columns: PeopleColumns;
  readonly random: Random;

  constructor(columns: PeopleColumns, random: Random) {
    this.columns = columns;
    this.random = random;
  }

  /** Returns a surname of the community: sometimes hyphenated, or of two surnames. */
  surname(community: Community): string {
    const { random } = this;
    const first = displayWord(random.pick(community.surnames));
    if (community.usesTwoSurnames && random.chance(0.45)) {
      return `${first}${random.chance(0.15) ? '-' : ' '}${displayWord(random.pick(community.surnames))}`;
    }
    return random.chance(0.03) ? `${first}-${displayWord(random.pick(community.surnames))}` : first;
  }

  race(community: Community): number {
    const { random } = this;
    const mixed = random.chance(0.04) ? races.white | races.black : 0;
    if (community.usesTwoSurnames) return races.hispanic | races.white | mixed;
    if (community.homeLanguage === 'vi' || community.homeLanguage === 'hi')
      return races.asian | mixed;
    if (community.homeLanguage === 'am') return races.black | mixed;
    const drawn = random.below(100);
    if (drawn < 2) return races.alaskan;
    if (drawn < 3) return races.hawaiian;
    return (drawn < 25 ? races.black : races.white) | mixed;
  }

  /** Writes a person and returns the NameID. */
  person(person: Person): number {
    const { random } = this;
    const { names } = this.columns;
    const given = person.sex === 1 ? person.community.male : person.community.female;
    const first = displayWord(random.pick(given));
    const row = names.first.length;
    const hasLegal = (person.role & 1) !== 0 && random.chance(0.03);
    names.first.push(first);
    const middle = random.chance(0.22) ? null : displayWord(random.pick(given));
    names.middle.push(middle === first ? null : middle);
    names.last.push(person.surname);
    names.legalFirst.push(hasLegal ? displayWord(random.pick(given)) : null);
    names.legalLast.push(hasLegal ? person.surname : null);
    names.birth.push(person.birth);
    names.gender.push(person.sex);
    names.race.push(person.race);
    names.role.push(person.role);
    names.suffix.push(person.sex === 1 && random.chance(0.04) ? 1 + random.below(5) : 0);
    if (random.chance(0.01)) this.alias(firstNameId + row, first, this.surname(person.community));
    return firstNameId + row;
  }

  alias(nameId: number, first: string, last: string): void {
    const { aliases } = this.columns;
    aliases.name.push(nameId);
    aliases.first.push(first);
    aliases.last.push(last);
    aliases.isMaiden.push(this.random.below(2));
  }

  /** Writes the streets of the district, which all addresses use. */
  streets(): void {
    const { streets } = this.columns;
    for (let zip = 0; zip < zipCount; zip += 1) {
      for (const name of streetNames) {
        streets.name.push(displayWord(name));
        // Every second street has no direction.
        streets.direction.push(this.random.below(16));
        streets.zip.push(zip);
      }
    }
  }

  /** Writes an address and returns the AddressID. */
  address(): number {
    const { random } = this;
    const { addresses } = this.columns;
    const drawn = random.below(1000);
    const kind = drawn < 930 ? 0 : drawn < 975 ? 1 : drawn < 985 ? 2 : 3;
    const zip = random.chance(0.95) ? random.below(localZipCount) : random.below(zipCount);
    addresses.kind.push(kind);
    addresses.street.push(
      kind === 0
        ? firstStreetId + zip * streetNames.length + random.below(streetNames.length)
        : null,
    );
    addresses.house.push(kind < 2 ? random.between(1, 9899) : null);
    addresses.unit.push(kind === 0 && random.chance(0.15) ? random.pick(units) : null);
    addresses.zip.push(kind === 3 ? null : firstZipId + zip);
    addresses.county.push(zip < 3 ? 0 : zip < 6 ? 1 : 2);
    addresses.lines.push(
      kind === 2
        ? random.pick(freeformAddresses)
        : kind === 3
          ? random.pick(internationalAddresses)
          : null,
    );
    return firstAddressId + addresses.kind.length - 1;
  }

  /** Links an address to a name. Use is a sum of 1 physical, 2 mailing, 4 primary guardian. */
  addAddressLink(nameId: number, addressId: number, use: number): void {
    const { nameAddresses } = this.columns;
    nameAddresses.name.push(nameId);
    nameAddresses.address.push(addressId);
    nameAddresses.use.push(use);
  }

  /** Writes `count` phones, the first with rank 1. The numbers are reserved for fiction. */
  phones(nameId: number, count: number): void {
    const { random } = this;
    const { phones } = this.columns;
    for (let rank = 1; rank <= count; rank += 1) {
      const isInternational = random.chance(0.004);
      const line = String(100 + random.below(100)).padStart(4, '0');
      const kind = rank === 1 ? random.below(2) : random.below(3);
      phones.name.push(nameId);
      phones.number.push(
        isInternational ? `+52 55 5550 ${line}` : `${random.pick(areaCodes)}555${line}`,
      );
      phones.kind.push(kind);
      phones.rank.push(rank);
      phones.marks.push((random.chance(0.03) ? 1 : 0) | (isInternational ? 2 : 0));
      phones.extension.push(
        kind === 2 && random.chance(0.5) ? String(100 + random.below(800)) : null,
      );
    }
  }

  /** Writes an e-mail. Kind: 0 personal, 1 school, 2 work. */
  email(nameId: number, kind: number, rank = 1): void {
    const { emails } = this.columns;
    emails.name.push(nameId);
    emails.kind.push(kind);
    emails.rank.push(rank);
  }
}
