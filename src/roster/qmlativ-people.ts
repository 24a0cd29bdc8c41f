/** Skyward Qmlativ's names, addresses, phones and e-mails as staged rows. Pure. */
import { isMeantBirthDate } from '../enrollment/meant-day.ts';
import type {
  QmlativAddress,
  QmlativCodes,
  QmlativName,
  QmlativNameAddress,
  QmlativNameAlias,
  QmlativNameEmail,
  QmlativNamePhone,
} from './qmlativ-objects.ts';
import type { StagedRow } from './staged-rows.ts';
import { labelOf, tidyText } from './tidy-text.ts';

const genderByCode: ReadonlyMap<string, string> = new Map([
  ['M', 'Male'],
  ['F', 'Female'],
  ['X', 'Non-binary'],
  ['N', 'Non-binary'],
]);

/**
 * A person. Legal names fall back to the plain ones part by part only when no legal name is kept at
 * all: a legal name without a middle name has none. A birth date outside 1900 to `today` is not a
 * birth date (databases write 1753-01-01 for "unknown"): it is left out and marked.
 */
export function stagedPerson(
  name: QmlativName,
  codes: QmlativCodes,
  today: string,
): StagedRow<'people'> {
  const legalFirst = tidyText(name.FirstNameLegal);
  const legalLast = tidyText(name.LastNameLegal);
  const hasLegalName = legalFirst !== null || legalLast !== null;
  const suffix = labelOf(codes.suffixes, name.NameSuffixID);
  const first = tidyText(name.FirstName);
  const middle = tidyText(name.MiddleName);
  const last = tidyText(name.LastName);
  const birthDate = name.BirthDate ?? null;
  const isPlausible = birthDate !== null && isMeantBirthDate(birthDate, today);
  return {
    person_id: name.NameID,
    first_name: first,
    middle_name: middle,
    last_name: last,
    suffix,
    legal_first_name: legalFirst ?? first,
    legal_middle_name: hasLegalName ? tidyText(name.MiddleNameLegal) : middle,
    legal_last_name: legalLast ?? last,
    legal_suffix: hasLegalName ? labelOf(codes.suffixes, name.NameSuffixIDLegal) : suffix,
    birth_date: isPlausible ? birthDate : null,
    has_implausible_birth_date: birthDate !== null && !isPlausible,
    gender: tidyText(name.Gender) ?? genderByCode.get(tidyText(name.GenderCode) ?? '') ?? null,
    race: tidyText(name.Race),
    ethnicity: tidyText(name.Ethnicity),
  };
}

/** Another name of a person; nothing when the row belongs to nobody or holds no name. */
export function stagedAlias(
  alias: QmlativNameAlias,
  codes: QmlativCodes,
): StagedRow<'person_aliases'> | undefined {
  const first = tidyText(alias.FirstName);
  const last = tidyText(alias.LastName);
  if (alias.NameID == null || (first === null && last === null)) return undefined;
  return {
    person_id: alias.NameID,
    rank: alias.Rank ?? 1,
    first_name: first,
    middle_name: tidyText(alias.MiddleName),
    last_name: last,
    suffix: labelOf(codes.suffixes, alias.NameSuffixID),
    kind: alias.IsLegalName ? 'legal' : alias.IsMaidenName ? 'maiden' : 'other',
  };
}

/** An address of any of Skyward's four kinds: street, PO box, free form, international. */
export function stagedAddress(
  address: QmlativAddress,
  codes: QmlativCodes,
): StagedRow<'addresses'> {
  const zip = address.ZipID == null ? undefined : codes.zips.get(address.ZipID);
  const addOn = tidyText(address.ZipCodeAddOn);
  const lines = addressLines(address);
  const city = zip?.city ?? null;
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
    county: labelOf(codes.counties, address.CountyID),
    country,
    full_text: [...lines, cityLine, country].filter(Boolean).join(', '),
  };
}

function addressLines(address: QmlativAddress): string[] {
  const international = texts(
    address.InternationalAddress1,
    address.InternationalAddress2,
    address.InternationalAddress3,
    address.InternationalAddress4,
  );
  if (international.length > 0) return international;
  const freeform = tidyText(address.FreeformAddress);
  if (freeform) return texts(...freeform.split(/\r?\n/));
  const box = tidyText(address.POBox);
  const lines = texts(address.StreetNumberAndNameIncludeSecondaryUnit, address.AddressLine2);
  if (box) lines.unshift(/box/i.test(box) ? box : `PO Box ${box}`);
  return lines;
}

const texts = (...values: readonly (string | null | undefined)[]): string[] =>
  values.map(tidyText).filter((text) => text !== null);

/** Which person uses which address, and as what; an address without a use counts as home. */
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

/** A phone number of a person; nothing when the row has no person or no number. */
export function stagedPhone(
  phone: QmlativNamePhone,
  codes: QmlativCodes,
): StagedRow<'person_phones'> | undefined {
  const number = tidyText(phone.FormattedPhoneNumber) ?? formattedNumber(phone.PhoneNumber);
  if (phone.NameID == null || number === null) return undefined;
  return {
    person_phone_id: phone.NamePhoneID,
    person_id: phone.NameID,
    rank: phone.Rank ?? 1,
    type: phone.IsFax ? 'Fax' : labelOf(codes.phoneTypes, phone.PhoneTypeID),
    number,
    extension: tidyText(phone.Extension),
    is_confidential: phone.IsConfidential === true,
  };
}

/** Ten bare digits are written as a US number; anything else is left as Skyward has it. */
function formattedNumber(number: string | null | undefined): string | null {
  const text = tidyText(number);
  const parts = text && /^(\d{3})(\d{3})(\d{4})$/.exec(text);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : text;
}

/** An e-mail address of a person; nothing when the row has no person or no address. */
export function stagedEmail(
  email: QmlativNameEmail,
  codes: QmlativCodes,
): StagedRow<'person_emails'> | undefined {
  const address = tidyText(email.EmailAddress);
  if (email.NameID == null || address === null) return undefined;
  return {
    person_email_id: email.NameEmailID,
    person_id: email.NameID,
    rank: email.Rank ?? 1,
    type: labelOf(codes.emailTypes, email.EmailTypeID),
    address,
  };
}
