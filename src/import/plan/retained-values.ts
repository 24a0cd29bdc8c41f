/**
 * Retains published values while their source is unknown: absence must be proven, and a value without permission, an
 * unreadable one, or one with a dangling id is unknown, not empty. Builds the SQL that retains the published value of
 * known students, guardians and enrollments.
 */
import { findFields, type StagedPlace } from '../../roster/qmlativ-sources.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import type { RowCounts } from '../reading/roster-source.ts';
import { holdingColumns, isHidden, type RetainedTable, valueSources } from './value-sources.ts';

export const retainedTables: readonly RetainedTable[] = ['students', 'guardians', 'enrollments'];

const homeLanguage = (studentId: string) => `${studentId} in (
  select l.student_skyward_id
  from unknown_values v join staged_family_students l on l.family_id = v.record_id
  where v.place = 'families.home_language')`;

const isUnknown = (place: string, recordId: string) =>
  `${recordId} in (select v.record_id from unknown_values v where v.place = '${place}')`;

/**
 * By published and staged table: the condition that a value is unknown in the staged row of a record. Contact lists
 * are retained as a whole (unreadable-parts.ts).
 */
const unknownIn: Readonly<
  Record<RetainedTable, Partial<Record<string, (place: string) => string>>>
> = {
  students: {
    students: (place) => isUnknown(place, 'c.skyward_id'),
    people: (place) => isUnknown(place, 'c.person_id'),
    families: () => homeLanguage('c.skyward_id'),
  },
  guardians: {
    guardian_links: (place) => isUnknown(place, 'g.skyward_id'),
    people: (place) => isUnknown(place, 'g.person_id'),
    families: () => homeLanguage('g.student_skyward_id'),
  },
  enrollments: {
    enrollments: (place) => isUnknown(place, 'e.skyward_id'),
    entity_years: (place) => isUnknown(place, 'y.entity_year_id'),
  },
};

/** What is unknown in an import. */
export interface UnknownPlaces {
  /** Staged columns that are unknown in all rows. */
  readonly missing: ReadonlySet<StagedPlace>;
  /** Staged columns with single unknown values; the rows are in `unknown_values`. */
  readonly unknown: ReadonlySet<StagedPlace>;
  /** Rows with a dangling id, by table and field. */
  readonly unresolved: ReadonlyMap<StagedTable, RowCounts>;
}

/** Returns an SQL condition: in the staged row `r` an id behind the place is dangling. */
export function unresolvedAt(
  place: StagedPlace,
  unresolved: UnknownPlaces['unresolved'],
): string | undefined {
  const counts = unresolved.get(place.split('.')[0] as StagedTable);
  const fields = findFields(place).filter((field) => (counts?.[field] ?? 0) > 0);
  if (fields.length === 0) return undefined;
  return `string_to_array(r.unresolved, ',') && array[${fields.map((field) => `'${field}'`).join(', ')}]`;
}

/** The staged rows of a person's lists. */
const listRows: Partial<Readonly<Record<string, string>>> = {
  person_aliases: 'staged_person_aliases r',
  person_phones: 'staged_person_phones r',
  person_emails: 'staged_person_emails r',
  addresses: 'staged_person_addresses l join staged_addresses r using (address_id)',
};
const personIn: Readonly<Record<RetainedTable, string>> = {
  students: 'c.person_id',
  guardians: 'g.person_id',
  enrollments: 'null',
};

/** The id of a published row; null in a left join without a match. */
const idColumns = { students: 'id', guardians: 'skyward_id', enrollments: 'skyward_id' } as const;

/** Returns an SQL value: the published one of `o` where it is retained, else the received one. */
export type RetainedValue = (column: string, received: string) => string;

/**
 * Returns the function that builds SQL values for a published table, left joined as `o`. A column whose sources are all
 * known is just the received value.
 */
export function retainedValues(
  table: RetainedTable,
  { missing, unknown, unresolved }: UnknownPlaces,
): RetainedValue {
  /** The condition that a part of a person's list is unknown: in all lists, or in those with a dangling id. */
  const partIsUnknown = (place: StagedPlace): string | undefined => {
    if (missing.has(place)) return 'true';
    const condition = unresolvedAt(place, unresolved);
    const rows = listRows[place.split('.')[0] ?? ''];
    return condition && `${personIn[table]} in (select person_id from ${rows} where ${condition})`;
  };
  return (column, received) => {
    const source = valueSources[table].get(column);
    if (source === undefined) return received;
    const { fallback } = source;
    const conditions: string[] = [];
    const fallbackNeeds = (fallback && valueSources[table].get(fallback)?.needs) || [];
    for (const place of [...source.needs, ...fallbackNeeds]) {
      const [from = ''] = place.split('.');
      const condition = unknown.has(place) ? unknownIn[table][from]?.(place) : undefined;
      if (condition !== undefined) conditions.push(condition);
    }
    if (source.needs.some((place) => missing.has(place))) {
      conditions.push(fallback ? `o.${column} is distinct from o.${fallback}` : 'true');
    }
    if (fallbackNeeds.some((place) => missing.has(place))) {
      conditions.push(`${received} is null and o.${column} is not distinct from o.${fallback}`);
    }
    for (const [place, path] of source.parts) {
      const when = partIsUnknown(place);
      if (when !== undefined)
        conditions.push(
          `${when} and ${countParts(`o.${column}`, path)} > ${countParts(received, path)}`,
        );
    }
    if (conditions.length === 0) return received;
    const isKnown = `o.${idColumns[table]} is not null`;
    const isRetained = conditions.map((condition) => `(${condition})`).join(' or ');
    return `case when ${isKnown} and (${isRetained}) then o.${column} else ${received} end`;
  };
}

/** Returns an SQL expression for the number of parts of a kind in a list. */
const countParts = (list: string, path: string): string =>
  `jsonb_array_length(jsonb_path_query_array(${list}, '${path}'))`;

/** The visible loss of a place in a published column, as SQL over the published row `o` and the next one `n`. */
interface ShownLoss {
  readonly place: StagedPlace;
  readonly held: string;
  readonly lost: string;
}

const isColumn = (place: StagedPlace) => place.includes('.') && !isHidden(place);

/** Returns the places of a table whose loss is visible in its next state. */
export function lossesIn(table: RetainedTable): ShownLoss[] {
  const losses: ShownLoss[] = [];
  for (const [column, { needs, fallback, parts }] of valueSources[table]) {
    const own = `o.${column} is not null`;
    const [held, lost] =
      fallback === undefined
        ? [own, `n.${column} is null`]
        : [
            `${own} and o.${column} is distinct from o.${fallback}`,
            `(n.${column} is null or n.${column} is not distinct from n.${fallback})`,
          ];
    for (const place of needs.filter(isColumn)) losses.push({ place, held, lost });
    // For a list: only where rows were received again.
    for (const [place, path] of parts)
      if (!isHidden(place))
        losses.push({
          place,
          held: `jsonb_path_exists(o.${column}, '${path}')`,
          lost: `jsonb_path_exists(n.${column}, '$[0]') and not jsonb_path_exists(n.${column}, '${path}')`,
        });
  }
  if (table === 'enrollments')
    for (const [column, place] of holdingColumns)
      losses.push({ place, held: `o.${column} is not null`, lost: `n.${column} is null` });
  return losses;
}

/** Returns the columns to restore when their places were empty, with an SQL condition over `o` and `n`. */
export function retainedIfEmptied(
  table: RetainedTable,
  emptied: ReadonlySet<StagedPlace>,
): { readonly column: string; readonly isRetained: string }[] {
  return [...valueSources[table]].flatMap(([column, source]) => {
    const { needs, fallback, parts } = source;
    const conditions: string[] = [];
    if (needs.some((place) => emptied.has(place)))
      conditions.push(
        fallback === undefined
          ? `o.${column} is not null and n.${column} is null`
          : `o.${column} is distinct from o.${fallback} and n.${column} is not distinct from n.${fallback}`,
      );
    if (fallback && valueSources[table].get(fallback)?.needs.some((place) => emptied.has(place)))
      conditions.push(`n.${column} is null and o.${column} is not distinct from o.${fallback}`);
    for (const [place, path] of parts)
      if (emptied.has(place))
        conditions.push(`${countParts(`o.${column}`, path)} > ${countParts(`n.${column}`, path)}`);
    const isRetained = conditions.map((condition) => `(${condition})`).join(' or ');
    return isRetained === '' ? [] : [{ column, isRetained }];
  });
}
