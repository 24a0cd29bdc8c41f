/** All tables of one practice system, and reading from one table into another. */
import type { Catalog, ObjectDefinition } from './catalog.ts';
import type { Reader, Value } from './columns.ts';
import { Table, type ComputedField, type TableBase } from './table.ts';

/** Computed fields by object path and field name. */
export type ComputedFields = Readonly<Record<string, Readonly<Record<string, ComputedField>>>>;

/** The tables of every object in the catalogue; objects without data have an empty table. */
export class Store {
  readonly catalog: Catalog;
  readonly #tables = new Map<string, Table>();
  #version = 0;

  /** `computed` is asked for its readers only when one is used, so it may look at this store. */
  constructor(
    catalog: Catalog,
    bases: ReadonlyMap<string, TableBase>,
    computed: (store: Store) => ComputedFields,
  ) {
    this.catalog = catalog;
    const fields = computed(this);
    for (const definition of catalog.values()) {
      const base = bases.get(definition.path) ?? { firstId: 1, count: 0, readers: {} };
      this.#tables.set(
        definition.path,
        new Table(
          definition,
          base,
          { ...recordFields(definition), ...fields[definition.path] },
          () => {
            this.#version += 1;
          },
        ),
      );
    }
  }

  /** Grows with every change of any row, so that whatever was worked out before can be dropped. */
  get version(): number {
    return this.#version;
  }

  /** Says that something changed beside the rows, such as the date. */
  touch(): void {
    this.#version += 1;
  }

  /** The table of `Module/Object`; throws when the catalogue has no such object. */
  table(path: string): Table {
    const table = this.#tables.get(path);
    if (table === undefined) throw new Error(`There is no object ${path} in the catalogue.`);
    return table;
  }

  /** Reads `field` of the row of `path` whose key a foreign key holds; null leads to null. */
  follow(key: Reader, path: string, field: string): Reader {
    const table = this.table(path);
    const read = table.reader(field);
    return (row): Value => {
      const target = table.findRow(key(row));
      return target === undefined ? null : read(target);
    };
  }
}

/** What nearly every object carries: a ready `CodeDescription`, and who made the row and when. */
function recordFields(definition: ObjectDefinition): Record<string, ComputedField> {
  const fields: Record<string, ComputedField> = {
    CreatedTime: () => () => '2020-07-01T06:00:00',
    ModifiedTime: () => () => '2020-07-01T06:00:00',
    UserIDCreatedBy: () => () => 1,
    UserIDModifiedBy: () => () => 1,
  };
  if (definition.fields.has('CodeDescription')) {
    fields['CodeDescription'] = (table) => {
      const code = table.reader('Code');
      const description = table.reader('Description');
      return (row) => `${code(row) ?? ''} - ${description(row) ?? ''}`;
    };
  }
  return fields;
}
