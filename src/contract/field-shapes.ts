/** Schemas of fields from the catalog (src/roster/fields). */
import { z } from 'zod';

import type { Field } from '../roster/fields/catalog.ts';
import { Day } from './values.ts';

const scalars = {
  text: z.string().nullable(),
  integer: z.int().nullable(),
  bigint: z.int().nullable(),
  boolean: z.boolean().nullable(),
  date: Day.nullable(),
};
type Scalars = typeof scalars;

/** Returns the members of an object schema with these fields, by key. */
export const fieldShapes = <Catalog extends Readonly<Record<string, Field>>>(fields: Catalog) =>
  Object.fromEntries(
    Object.entries(fields).map(([key, { type }]) => [key, scalars[type as keyof Scalars]]),
  ) as { [Key in keyof Catalog]: Scalars[Catalog[Key]['type'] & keyof Scalars] };
