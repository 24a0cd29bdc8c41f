/** All tables of a sandbox, and readers across tables. */
import type { Catalog, ObjectDefinition } from './catalog.ts';
import type { Reader, Value } from './columns.ts';
import { Table, type ComputedField, type TableBase } from './table.ts';

/** Computed fields by object path and field name. */
export type ComputedFields = Readonly<Record<string, Readonly<Record<string, ComputedField>>>>;

/** The tables of every object in the catalog; objects without data have an empty table. */
export class Store {
  readonly catalog: Catalog;
  readonly #tables = new Map<string, Table>();
  #version = 0;

  /** `computed` is called when a computed field is first used, so that it can use this store. */
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

  /** Increases with every change of a row, to invalidate caches. */
  get version(): number {
    return this.#version;
  }

  /** Invalidates caches after a change other than of rows, such as the date. */
  touch(): void {
    this.#version += 1;
  }

  /** Returns the table of `Module/Object`; throws if it does not exist. */
  table(path: string): Table {
    const table = this.#tables.get(path);
    if (table === undefined) throw new Error(`The catalog has no object ${path}.`);
    return table;
  }

  /** Remembers the rows of all tables; the returned function restores them. */
  remember(): () => void {
    const restorers = Array.from(this.#tables.values(), (table) => table.remember());
    return () => {
      for (const restore of restorers) restore();
    };
  }

  /** Returns a reader of `field` of the row that a foreign key refers to; null if the key is null. */
  follow(key: Reader, path: string, field: string): Reader {
    const table = this.table(path);
    const read = table.reader(field);
    return (row): Value => {
      const target = table.findRow(key(row));
      return target === undefined ? null : read(target);
    };
  }
}

/** Returns fields of nearly every object: `CodeDescription`, and who created the row and when. */
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
