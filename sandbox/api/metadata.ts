/** Metadata of the API: the system, the objects of a module, the fields of an object. */
import type { Access } from './access.ts';
import type { ObjectDefinition } from '../district/catalog.ts';
import { districtEntityId, districtId, systemEntityId } from '../district/school-plan.ts';
import type { SwitchValues } from './contract-switches.ts';
import { isFieldMissing } from './missing-permissions.ts';
import { ApiError } from './api-error.ts';
import type { Store } from '../district/store.ts';

/** Returns the response of `GetSystemMetadata`. */
export function systemMetadata(store: Store, api: string, switches: SwitchValues): unknown {
  const format = switches['system-metadata'];
  if (format === 'refused') throw new ApiError(403, 'You may not read the system metadata.');
  const years = store.table('District/SchoolYear');
  const entities = store.table('District/Entity');
  const entity = (id: number, field: string) => entities.reader(field)(id - systemEntityId);
  const current = entities.reader('SchoolYearIDCurrent')(districtEntityId - systemEntityId);
  const row = years.findRow(current) ?? 0;
  const fiscal = store.table('District/FiscalYear');
  const fiscalYear = (place: number) => ({
    FiscalYearID: fiscal.idOf(place),
    Description: fiscal.reader('Description')(place),
    NumericYear: fiscal.reader('NumericYear')(place),
    StartDate: fiscal.reader('StartDate')(place),
    EndDate: fiscal.reader('EndDate')(place),
  });
  const system = {
    EntityID: systemEntityId,
    Code: entity(systemEntityId, 'Code'),
    Name: entity(systemEntityId, 'Name'),
    href: `/${api}/${systemEntityId}`,
    Districts: [
      {
        DistrictID: districtId,
        EntityID: districtEntityId,
        Name: store.table('District/District').reader('Name')(0),
        Code: entity(districtEntityId, 'Code'),
        href: `/${api}/${districtEntityId}`,
        ...(format === 'without-current-year'
          ? {}
          : {
              SchoolYearCurrent: {
                SchoolYearID: current,
                NumericYear: years.reader('NumericYear')(row),
                Description: years.reader('Description')(row),
              },
            }),
        FiscalYearCurrent: fiscalYear(row),
        FiscalYearOldestOpen: fiscalYear(row),
      },
    ],
  };
  return { System: format === 'list' ? [system] : system };
}

/** Returns the objects of a module that the access may read, with their paths. */
export function moduleListing(
  store: Store,
  access: Access,
  api: string,
  entityId: number,
  module: string,
): Record<string, { href: string }> {
  const listing: Record<string, { href: string }> = {};
  for (const definition of store.catalog.values()) {
    if (definition.module !== module || !access.fields.has(definition.path)) continue;
    listing[definition.name] = { href: `/${api}/${entityId}/${module}/${definition.name}` };
  }
  return listing;
}

/**
 * Returns the fields of an object that the access may read: `PrimaryKey` only on
 * the key, `ReadOnly` only if true; with `Relationships` and `ValidationRules`.
 */
export function fieldMetadata(
  access: Access,
  definition: ObjectDefinition,
  switches: SwitchValues,
): Record<string, unknown> {
  const format = switches['field-metadata'];
  if (format === 'refused') throw new ApiError(403, 'You may not read the fields of objects.');
  const granted = access.fields.get(definition.path);
  const fields: Record<string, unknown> = {};
  const relationships: Record<string, unknown> = {};
  const rules: Record<string, unknown> = {};
  for (const field of definition.fields.values()) {
    if (granted?.has(field.name) !== true) continue;
    if (isFieldMissing(switches, definition.path, field.name)) continue;
    if (format === 'names-only') {
      fields[field.name] = {};
      continue;
    }
    fields[field.name] = {
      ...(field.type === 'Unknown' ? {} : { DataType: field.type }),
      ...(field.isKey ? { PrimaryKey: true } : {}),
      ...(field.isReadOnly ? { ReadOnly: true } : {}),
    };
    if (field.isRequired) rules[field.name] = [{ Rule: 'Required' }];
    if (field.relationship !== undefined) {
      relationships[field.relationship] = {
        RelationshipType: 'ManyToOne',
        ForeignKey: field.name,
        Object: field.target,
      };
    }
  }
  if (format === 'names-only') return fields;
  return { ...fields, Relationships: relationships, ValidationRules: rules };
}
