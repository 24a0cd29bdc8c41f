/** What the types of the catalog cannot say: that its entries name staged columns and Skyward's fields that exist. */
import { describe, expect, it } from 'vitest';
import { findFields, type StagedPlace } from '../qmlativ-sources.ts';
import { stagedTables } from '../staged-rows.ts';
import type { Field } from './catalog.ts';
import { fieldsByTable } from './staged.ts';

const places = new Set(
  Object.entries(stagedTables).flatMap(([table, columns]) => [
    table,
    ...Object.keys(columns).map((column) => `${table}.${column}`),
  ]),
);

const fields = Object.entries(fieldsByTable).flatMap(([table, catalog]) =>
  Object.entries<Field>(catalog).map(
    ([key, field]) => [`${table}.${key}`, field, Object.values<Field>(catalog)] as const,
  ),
);

describe.each(fields)('the field %s', (_, field, catalog) => {
  it('needs staged tables and columns', () => {
    for (const need of [...(field.needs ?? []), ...Object.keys(field.parts?.links ?? {})])
      expect(places).toContain(need);
  });

  it('is staged, as its parts are, from something in Skyward', () => {
    for (const { staged, column, sources, copies } of [
      field,
      ...Object.values(field.parts?.fields ?? {}),
    ]) {
      if (staged === undefined) continue;
      expect(places).toContain(`${staged}.${column}`);
      expect(findFields(`${staged}.${column}` as StagedPlace)).not.toEqual([]);
      expect([sources, copies].filter((source) => source !== undefined)).toHaveLength(1);
    }
  });

  it('falls back to another column of the table', () => {
    expect([undefined, ...catalog.map(({ column }) => column)]).toContain(field.fallback);
  });
});
