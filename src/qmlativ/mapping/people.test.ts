/** How Skyward's names, addresses, phones and e-mails become staged rows. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  stagedAddress,
  stagedAlias,
  stagedEmail,
  stagedPerson,
  stagedPersonAddress,
  stagedPhone,
} from './people.ts';
import { createCodes } from '../../../tests/qmlativ/code-tables.ts';
import { normalizeText } from '../../roster/normalized-text.ts';

const codes = createCodes();
const today = '2026-11-23';
const person = (name: object) => stagedPerson({ NameID: 3, ...name }, codes, today);

describe('stagedPerson', () => {
  it('takes the plain name for the legal one when no legal name is kept', () => {
    expect(
      person({ FirstName: 'Mia', MiddleName: 'Ann', LastName: 'Ruiz', NameSuffixID: 1 }),
    ).toMatchObject({
      legal_first_name: 'Mia',
      legal_middle_name: 'Ann',
      legal_last_name: 'Ruiz',
      legal_suffix: 'Jr.',
    });
  });

  it('gives a separate legal name only the middle name and suffix that it has itself', () => {
    const name = { FirstName: 'Mia', MiddleName: 'Ann', LastName: 'Ruiz', NameSuffixID: 1 };
    expect(person({ ...name, FirstNameLegal: 'Amelia' })).toMatchObject({
      first_name: 'Mia',
      middle_name: 'Ann',
      suffix: 'Jr.',
      legal_first_name: 'Amelia',
      legal_middle_name: null,
      legal_last_name: 'Ruiz',
      legal_suffix: null,
    });
  });

  it.each([
    ['1753-01-01', null, true],
    ['1899-12-31', null, true],
    ['1949-12-31', null, true],
    ['1950-01-01', '1950-01-01', false],
    [today, today, false],
    ['2026-11-24', null, true],
    [null, null, false],
  ])('keeps or marks the birth date %s', (BirthDate, kept, isMarked) => {
    expect(person({ BirthDate })).toMatchObject({
      birth_date: kept,
      has_implausible_birth_date: isMarked,
    });
  });

  it.each([
    [{ Gender: 'Female', GenderCode: 'F' }, 'Female'],
    [{ GenderCode: 'M' }, 'Male'],
    [{ Gender: null, GenderCode: 'X' }, 'Non-binary'],
    [{ GenderCode: 'constructor' }, null],
    [{}, null],
  ])('reads the legal gender from %j', (words, gender) => {
    expect(person(words).gender).toBe(gender);
  });
});

describe('stagedAlias', () => {
  it('is nothing without a person or a name', () => {
    expect(stagedAlias({ NameAliasID: 1, FirstName: 'Ann' }, codes)).toBeUndefined();
    expect(
      stagedAlias({ NameAliasID: 1, NameID: 3, FirstName: null, MiddleName: 'Q' }, codes),
    ).toBeUndefined();
  });

  it.each([
    [{ IsLegalName: true, IsMaidenName: true }, 'legal'],
    [{ IsMaidenName: true }, 'maiden'],
    [{ IsMaidenName: null }, 'other'],
  ])('says what kind of name it is: %j', (flags, kind) => {
    const alias = { NameAliasID: 1, NameID: 3, LastName: 'Abara', ...flags };
    expect(stagedAlias(alias, codes)).toMatchObject({ kind, rank: 1 });
  });
});

describe('stagedAddress', () => {
  const address = (words: object) => stagedAddress({ AddressID: 4, ...words }, codes);

  it('writes a street address with its second line, ZIP add-on and county', () => {
    expect(
      address({
        StreetNumberAndNameIncludeSecondaryUnit: '12 N Elm St Apt 4',
        AddressLine2: 'c/o Ruiz',
        ZipID: 1,
        ZipCodeAddOn: '1234',
        CountyID: 1,
      }),
    ).toEqual({
      address_id: 4,
      lines: '12 N Elm St Apt 4\nc/o Ruiz',
      city: 'Houston',
      state: 'TX',
      zip: '77001-1234',
      county: 'Harris',
      country: null,
      full_text: '12 N Elm St Apt 4, c/o Ruiz, Houston, TX 77001-1234',
      unresolved: null,
    });
  });

  // Each part that can give the street line, from the first to the last, as access after access lacks one more.
  const street = { StreetNumber: '12', StreetID: 1, SecondaryUnitNumber: 'Apt 4' };
  const whole = { FormattedFullAddress: '12 N Elm Street Apt 4, Houston, TX 77001' };
  it.each([
    [
      'its own field',
      { StreetNumberAndNameIncludeSecondaryUnit: '12 N Elm', ...street, ...whole },
      '12 N Elm',
    ],
    ['number, street and unit', { ...street, ...whole }, '12 N Elm St Apt 4'],
    ['number and street', { ...street, SecondaryUnitNumber: null }, '12 N Elm St'],
    ['the whole address', { ...street, StreetID: 2, ...whole }, '12 N Elm Street Apt 4'],
    [
      'the whole address on lines',
      { FormattedFullAddress: '12 N Elm St\nRear\nHouston, TX 77001' },
      '12 N Elm St\nRear',
    ],
    [
      'the whole address of another city',
      { FormattedFullAddress: '12 N Elm St, Waco, TX 76701' },
      '12 N Elm St, Waco, TX 76701',
    ],
    ['nothing', { StreetNumber: '12', StreetID: 2 }, ''],
  ])('takes the street from %s', (_, words, line) => {
    expect(address({ ...words, ZipID: 1 }).lines).toBe(line);
  });

  it.each([
    ['214', 'PO Box 214'],
    ['P.O. Box 214', 'P.O. Box 214'],
    ['BOX 9', 'BOX 9'],
  ])('writes the box %s as %s', (POBox, line) => {
    expect(address({ POBox, ZipID: 1 }).full_text).toBe(`${line}, Houston, TX 77001`);
  });

  it('keeps the lines of a free-form address', () => {
    expect(address({ FreeformAddress: 'Camp Verde\nGate 3' }).lines).toBe('Camp Verde\nGate 3');
  });

  it('writes an international address with its country', () => {
    const abroad = createCodes({
      zips: new Map([[1, { zip: null, city: 'Saltillo', state: null, country: 'Mexico' }]]),
    });
    const row = { AddressID: 4, InternationalAddress1: 'Calle 5', InternationalAddress3: 'Centro' };
    expect(stagedAddress({ ...row, ZipID: 1 }, abroad)).toMatchObject({
      lines: 'Calle 5\nCentro',
      country: 'Mexico',
      full_text: 'Calle 5, Centro, Saltillo, Mexico',
    });
  });
});

describe('stagedPersonAddress', () => {
  it.each([
    [{ IsPhysical: true, IsMailing: true }, true, true],
    [{ IsPhysical: true, IsMailing: false }, true, false],
    [{ IsPhysical: false, IsMailing: true }, false, true],
    [{ IsPhysical: false, IsMailing: false }, true, false],
    [{}, true, false],
  ])('%j is home: %s, mailing: %s', (flags, isHome, isMailing) => {
    const link = { NameAddressID: 1, NameID: 3, AddressID: 4, ...flags };
    expect(stagedPersonAddress(link)).toMatchObject({ is_home: isHome, is_mailing: isMailing });
  });
});

describe('stagedPhone and stagedEmail', () => {
  const phone = (words: object) => stagedPhone({ NamePhoneID: 6, NameID: 3, ...words }, codes);

  it.each([
    [{ FormattedPhoneNumber: '(512) 555-0100', PhoneNumber: '5125550100' }, '(512) 555-0100'],
    [{ PhoneNumber: '5125550100' }, '(512) 555-0100'],
    [{ PhoneNumber: '+52 844 555 0100' }, '+52 844 555 0100'],
    [{ FormattedPhoneNumber: '(000) 000-0000', PhoneNumber: '5125550100' }, '(512) 555-0100'],
    [{ PhoneNumber: '0015125550100' }, '0015125550100'],
  ])('writes %j as %s', (words, number) => {
    expect(phone(words)).toMatchObject({ number, rank: 1, is_confidential: false });
  });

  it('names the type by its words, else by its code, and a fax as such', () => {
    expect(phone({ PhoneNumber: '1', PhoneTypeID: 1 })?.type).toBe('Cell');
    expect(phone({ PhoneNumber: '1', PhoneTypeID: 1, IsFax: true })?.type).toBe('Fax');
    expect(phone({ PhoneNumber: '1', PhoneTypeID: 2 })?.type).toBeNull();
    const email = { NameEmailID: 8, NameID: 3, EmailAddress: 'a@example.org', EmailTypeID: 1 };
    expect(stagedEmail(email, codes)?.type).toBe('H');
  });

  it.each(['0000000000', '(000) 000-0000', '000-0000', '0', '(   )    -', '000.000.0000'])(
    'takes %s for no phone number',
    (number) => {
      expect(phone({ PhoneNumber: number })).toBeUndefined();
      expect(phone({ PhoneNumber: number, FormattedPhoneNumber: number })).toBeUndefined();
    },
  );

  it('are nothing without a person, a number or an address', () => {
    expect(stagedPhone({ NamePhoneID: 6, PhoneNumber: '1' }, codes)).toBeUndefined();
    expect(phone({ PhoneNumber: null })).toBeUndefined();
    expect(stagedEmail({ NameEmailID: 8, NameID: 3, EmailAddress: null }, codes)).toBeUndefined();
  });
});

describe('any row whatever', () => {
  // No comma in a value, so that an empty part of a joined address shows as one.
  const text = fc.option(
    fc.oneof(
      fc.constantFrom('Zoë', '__proto__'),
      fc.string({ unit: 'binary' }).map((value) => normalizeText(value.replaceAll(',', ';'))),
    ),
    { nil: undefined },
  );
  const ref = fc.option(fc.constantFrom(0, 1, 2, -1));
  const flag = fc.option(fc.boolean());
  const day = fc.option(fc.constantFrom('1753-01-01', '0001-01-01', '1999-02-28', '9999-12-31'));
  const row = fc.record({
    NameID: fc.constantFrom(0, 3),
    NameAliasID: fc.constant(1),
    NamePhoneID: fc.constant(1),
    NameEmailID: fc.constant(1),
    AddressID: fc.constant(1),
    ...Object.fromEntries(
      [
        'FirstName MiddleName LastName FirstNameLegal MiddleNameLegal LastNameLegal Gender',
        'GenderCode Race Ethnicity StreetNumberAndNameIncludeSecondaryUnit AddressLine2 POBox',
        'FreeformAddress InternationalAddress1 InternationalAddress2 ZipCodeAddOn PhoneNumber',
        'FormattedPhoneNumber Extension EmailAddress',
      ].flatMap((names) => names.split(' ').map((name) => [name, text])),
    ),
    ...Object.fromEntries(
      'NameSuffixID NameSuffixIDLegal ZipID CountyID PhoneTypeID EmailTypeID'
        .split(' ')
        .map((name) => [name, ref]),
    ),
    IsFax: flag,
    IsLegalName: flag,
    IsMaidenName: flag,
    BirthDate: day,
  });

  it('is mapped without a throw, and no value is empty or has space around it', () => {
    fc.assert(
      fc.property(row, (one) => {
        const { full_text, lines, ...address } = stagedAddress(one, codes);
        const rows = [
          stagedPerson(one, codes, today),
          stagedAlias(one, codes),
          stagedPhone(one, codes),
          stagedEmail(one, codes),
          address,
        ];
        const texts = rows
          .flatMap((each) => Object.values(each ?? {}))
          .filter((value) => typeof value === 'string');
        expect(texts).toEqual(texts.map((value) => value.trim().normalize('NFC')));
        expect(texts).not.toContain('');
        // An address may have no line at all; the lines that there are say something.
        for (const line of (lines ?? '').split('\n')) expect(line).toBe(line.trim());
        expect(full_text).not.toMatch(/^, |, $|, , /);
      }),
      { numRuns: 1000 },
    );
  });
});
