/** Skyward Qmlativ's names, addresses, phones and e-mails as staged rows. Pure. */
import { isPlausibleBirthDate } from '../../enrollment/plausible-day.ts';
import type {
  QmlativAddress,
  QmlativCodes,
  QmlativName,
  QmlativNameAddress,
  QmlativNameAlias,
  QmlativNameEmail,
  QmlativNamePhone,
} from './source-rows.ts';
import type { StagedRow } from '../../roster/staged-rows.ts';
import { findLabel, unresolvedFields } from './code-labels.ts';
import { createCopy } from './copied-values.ts';

const copyPeople = createCopy('people');
const copyPersonPhones = createCopy('person_phones');

const genderByCode: ReadonlyMap<string, string> = new Map([
  ['M', 'Male'],
  ['F', 'Female'],
  ['X', 'Non-binary'],
  ['N', 'Non-binary'],
]);

/**
 * Maps a person. The legal name is the plain one if there is none at all: a legal name without a middle name has none.
 * A birth date before 1950 or after `today` is implausible (databases write 1753-01-01 for "unknown"): it is dropped and
 * marked.
 */
export function stagedPerson(
  name: QmlativName,
  codes: QmlativCodes,
  today: string,
): StagedRow<'people'> {
  const legalFirst = name.FirstNameLegal ?? null;
  const legalLast = name.LastNameLegal ?? null;
  const hasLegalName = legalFirst !== null || legalLast !== null;
  const suffix = findLabel(codes.suffixes, name.NameSuffixID);
  const first = name.FirstName ?? null;
  const middle = name.MiddleName ?? null;
  const last = name.LastName ?? null;
  const legalSuffix = hasLegalName ? findLabel(codes.suffixes, name.NameSuffixIDLegal) : suffix;
  const birthDate = name.BirthDate ?? null;
  const isPlausible = birthDate !== null && isPlausibleBirthDate(birthDate, today);
  return copyPeople(name, {
    person_id: name.NameID,
    first_name: first,
    middle_name: middle,
    last_name: last,
    suffix: suffix ?? null,
    legal_first_name: legalFirst ?? first,
    legal_middle_name: hasLegalName ? (name.MiddleNameLegal ?? null) : middle,
    legal_last_name: legalLast ?? last,
    legal_suffix: legalSuffix ?? null,
    birth_date: isPlausible ? birthDate : null,
    has_implausible_birth_date: birthDate !== null && !isPlausible,
    gender: name.Gender ?? genderByCode.get(name.GenderCode?.toUpperCase() ?? '') ?? null,
    unresolved: unresolvedFields(
      suffix === undefined && 'NameSuffixID',
      legalSuffix === undefined && 'NameSuffixIDLegal',
    ),
  });
}

/** Maps another name of a person; undefined without a person or a name. */
export function stagedAlias(
  alias: QmlativNameAlias,
  codes: QmlativCodes,
): StagedRow<'person_aliases'> | undefined {
  const first = alias.FirstName ?? null;
  const last = alias.LastName ?? null;
  if (alias.NameID == null || (first === null && last === null)) return undefined;
  const suffix = findLabel(codes.suffixes, alias.NameSuffixID);
  return {
    person_id: alias.NameID,
    rank: alias.Rank ?? 1,
    first_name: first,
    middle_name: alias.MiddleName ?? null,
    last_name: last,
    suffix: suffix ?? null,
    kind: alias.IsLegalName ? 'legal' : alias.IsMaidenName ? 'maiden' : 'other',
    unresolved: suffix === undefined ? 'NameSuffixID' : null,
  };
}

/** Maps an address of any of Skyward's four kinds: street, PO box, free form, international. */
export function stagedAddress(
  address: QmlativAddress,
  codes: QmlativCodes,
): StagedRow<'addresses'> {
  const zip = address.ZipID == null ? null : codes.zips.get(address.ZipID);
  const county = findLabel(codes.counties, address.CountyID);
  const addOn = address.ZipCodeAddOn;
  const city = zip?.city ?? null;
  const lines = addressLines(address, codes, city);
  const state = zip?.state ?? null;
  const zipCode = zip?.zip && addOn ? `${zip.zip}-${addOn}` : (zip?.zip ?? null);
  const country = zip?.country ?? null;
  const cityLine = [city, [state, zipCode].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  return {
    address_id: address.AddressID,
    lines: lines.join('\n'),
    city,
    state,
    zip: zipCode,
    county: county ?? null,
    country,
    full_text: [...lines, cityLine, country].filter(Boolean).join(', '),
    unresolved: unresolvedFields(
      zip === undefined && 'ZipID',
      zip != null && zip.state === undefined && 'Demographics/Zip.StateID',
      county === undefined && 'CountyID',
      isStreetUnresolved(address, codes) && 'StreetID',
    ),
  };
}

/**
 * The lines above the city, from the first of these that came: international, free form, box and street, and the
 * whole address as Skyward writes it.
 */
function addressLines(address: QmlativAddress, codes: QmlativCodes, city: string | null): string[] {
  const international = texts(
    address.InternationalAddress1,
    address.InternationalAddress2,
    address.InternationalAddress3,
    address.InternationalAddress4,
  );
  if (international.length > 0) return international;
  if (address.FreeformAddress) return address.FreeformAddress.split('\n');
  const box = address.POBox;
  const street = streetLine(address, codes);
  if (street === null && !box) {
    const line = address.FormattedFullAddress;
    return line
      ? texts(...linesAboveCity(line, city), address.AddressLine2)
      : texts(address.AddressLine2);
  }
  const lines = texts(street, address.AddressLine2);
  if (box) lines.unshift(/box/i.test(box) ? box : `PO Box ${box}`);
  return lines;
}

/** Returns number, street and unit on one line, as formatted by Skyward or by us; null if one is unknown. */
function streetLine(address: QmlativAddress, codes: QmlativCodes): string | null {
  const line = address.StreetNumberAndNameIncludeSecondaryUnit;
  if (line) return line;
  const street = address.StreetID == null ? undefined : codes.streets.get(address.StreetID);
  if (street === undefined || street === null) return null;
  return texts(address.StreetNumber, street, address.SecondaryUnitNumber).join(' ');
}

/** Returns whether the street is known only by a dangling id. */
const isStreetUnresolved = (address: QmlativAddress, codes: QmlativCodes): boolean =>
  address.StreetID != null &&
  !address.StreetNumberAndNameIncludeSecondaryUnit &&
  !address.FormattedFullAddress &&
  !codes.streets.has(address.StreetID);

/** Returns the lines before the city in a full address; all lines if the city is unknown. */
function linesAboveCity(whole: string, city: string | null): string[] {
  const end =
    city === null ? -1 : Math.max(whole.lastIndexOf(`, ${city}`), whole.lastIndexOf(`\n${city}`));
  return (end < 0 ? whole : whole.slice(0, end)).split('\n');
}

const texts = (...values: readonly (string | null | undefined)[]): string[] =>
  values.filter((text) => text !== null && text !== undefined);

/** Maps the use of an address by a person; an address without a use is a home address. */
export function stagedPersonAddress(link: QmlativNameAddress): StagedRow<'person_addresses'> {
  const isMailing = link.IsMailing === true;
  return {
    person_address_id: link.NameAddressID,
    person_id: link.NameID,
    address_id: link.AddressID,
    is_home: link.IsPhysical === true || !isMailing,
    is_mailing: isMailing,
  };
}

/** Maps a phone number; undefined without a person or a number. */
export function stagedPhone(
  phone: QmlativNamePhone,
  codes: QmlativCodes,
): StagedRow<'person_phones'> | undefined {
  const number =
    realNumber(phone.FormattedPhoneNumber) ?? formattedNumber(realNumber(phone.PhoneNumber));
  if (phone.NameID == null || number === null) return undefined;
  const type = phone.IsFax ? 'Fax' : findLabel(codes.phoneTypes, phone.PhoneTypeID);
  return copyPersonPhones(phone, {
    person_phone_id: phone.NamePhoneID,
    person_id: phone.NameID,
    rank: phone.Rank ?? 1,
    type: type ?? null,
    number,
    is_confidential: phone.IsConfidential === true,
    unresolved: type === undefined ? 'PhoneTypeID' : null,
  });
}

/** Returns whether it is a real number, not the zeros or dashes of an empty form. */
const realNumber = (number: string | null | undefined): string | null =>
  number === null || number === undefined || /^[0\s()+./-]*$/.test(number) ? null : number;

/** Formats ten digits as a US number; returns anything else unchanged. */
function formattedNumber(number: string | null): string | null {
  const parts = number && /^(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}

/** Maps an e-mail address; undefined without a person or an address. */
export function stagedEmail(
  email: QmlativNameEmail,
  codes: QmlativCodes,
): StagedRow<'person_emails'> | undefined {
  const address = email.EmailAddress;
  if (email.NameID == null || address == null) return undefined;
  const type = findLabel(codes.emailTypes, email.EmailTypeID);
  return {
    person_email_id: email.NameEmailID,
    person_id: email.NameID,
    rank: email.Rank ?? 1,
    type: type ?? null,
    address,
    unresolved: type === undefined ? 'EmailTypeID' : null,
  };
}
