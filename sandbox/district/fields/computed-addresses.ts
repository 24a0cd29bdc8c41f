/**
 * Computed fields of streets, zips and addresses.
 *
 * This folder computes the fields that a row does not store.
 */
import { joinParts } from './joined-text.ts';
import type { Reader } from '../columns.ts';
import type { ComputedFields, Store } from '../store.ts';
import type { ComputedField, Table } from '../table.ts';

/** Returns the computed fields of addresses. */
export function addressFields(store: Store): ComputedFields {
  return {
    'Demographics/Zip': zipFields(store),
    'Demographics/Street': {
      FormattedStreet: streetText(store),
      StreetNameWithDirectionCode: streetText(store),
    },
    'Demographics/Address': {
      StreetNumberAndName: (table) => streetLine(store, table, false),
      StreetNumberAndNameIncludeSecondaryUnit: (table) => streetLine(store, table, true),
      FormattedFullAddress: (table) => fullAddress(store, table, '\n'),
      FullAddress: (table) => fullAddress(store, table, ', '),
      PrintableHTMLAddress: (table) => fullAddress(store, table, '<br />'),
      ZipCodeWithAddon: (table) =>
        store.follow(table.reader('ZipID'), 'Demographics/Zip', 'ZipCode'),
      ZipCodeWithAddonNoHyphen: (table) =>
        store.follow(table.reader('ZipID'), 'Demographics/Zip', 'ZipCode'),
    },
    'Demographics/NameAddress': {
      GetAddressType: (table) => {
        const [isMailing, isPhysical] = [table.reader('IsMailing'), table.reader('IsPhysical')];
        return (row) =>
          joinParts(
            [
              isPhysical(row) === true ? 'Physical' : null,
              isMailing(row) === true ? 'Mailing' : null,
            ],
            ', ',
          );
      },
    },
  };
}

function zipFields(store: Store): Record<string, ComputedField> {
  const state = (table: Table): Reader =>
    store.follow(table.reader('StateID'), 'SkySys/State', 'Code');
  const cityState: ComputedField = (table) => {
    const [city, code] = [table.reader('City'), state(table)];
    return (row) => joinParts([city(row), code(row)], ', ');
  };
  return {
    CityState: cityState,
    CityStateCode: cityState,
    CityStateZip: (table) => {
      const [cityStateText, zip] = [cityState(table), table.reader('ZipCode')];
      return (row) => joinParts([cityStateText(row), zip(row)]);
    },
    CityZipCode: (table) => {
      const [city, zip] = [table.reader('City'), table.reader('ZipCode')];
      return (row) => joinParts([city(row), zip(row)]);
    },
  };
}

function streetText(store: Store): ComputedField {
  return (table) => {
    const name = table.reader('Name');
    const direction = store.follow(
      table.reader('DirectionalID'),
      'Demographics/Directional',
      'Code',
    );
    return (row) => joinParts([direction(row), name(row)]);
  };
}

function streetLine(store: Store, table: Table, hasUnit: boolean): Reader {
  const number = table.reader('StreetNumber');
  const street = store.follow(table.reader('StreetID'), 'Demographics/Street', 'FormattedStreet');
  const unit = table.reader('SecondaryUnitNumber');
  return (row) => joinParts([number(row), street(row), hasUnit ? unit(row) : null]);
}

function fullAddress(store: Store, table: Table, separator: string): Reader {
  const street = streetLine(store, table, true);
  const poBox = table.reader('POBox');
  const freeform = table.reader('FreeformAddress');
  const zip = store.follow(table.reader('ZipID'), 'Demographics/Zip', 'CityStateZip');
  const international = [1, 2, 3, 4].map((line) => table.reader(`InternationalAddress${line}`));
  return (row) => {
    const number = poBox(row);
    const lines = [
      street(row),
      number === null ? null : `PO Box ${number}`,
      freeform(row),
      ...international.map((read) => read(row)),
      zip(row),
    ];
    return joinParts(lines, separator);
  };
}
