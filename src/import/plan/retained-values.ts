/**
 * Retains published values while their source is unknown: absence must be proven, and a value without permission, an
 * unreadable one, or one with a dangling id is unknown, not empty. Lists the staged columns behind every published
 * column, and builds the SQL that retains the published value of known students, guardians and enrollments.
 */
import { findFields, type StagedPlace } from '../../roster/qmlativ-sources.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import type { RowCounts } from '../reading/roster-source.ts';

interface ValueSource {
  /** If any of these is unknown, so is the column. */
  readonly needs: readonly StagedPlace[];
  /** The column it falls back to; the published value is retained only where it differs from it. */
  readonly fallback?: string;
  /**
   * For a list: staged columns of a part of each entry, with a JSON path to the part in the published list. The list
   * is retained only while it would lose such a part.
   */
  readonly parts?: Partial<Readonly<Record<StagedPlace, string>>>;
}

/** Without this part a row yields no entry. */
const everyEntry = '$[*]';

const contactSources = {
  addresses: {
    needs: ['addresses', 'person_addresses'],
    parts: {
      'person_addresses.person_id': everyEntry,
      'addresses.lines': '$[*].lines[*]',
      'addresses.city': '$[*].city ? (@ != null)',
      'addresses.state': '$[*].state ? (@ != null)',
      'addresses.zip': '$[*].zip ? (@ != null)',
      'addresses.county': '$[*].county ? (@ != null)',
      'addresses.country': '$[*].country ? (@ != null)',
      'person_addresses.is_home': '$[*] ? (@.uses.size() > 1)',
      'person_addresses.is_mailing': '$[*].uses[*] ? (@ == "mailing")',
    },
  },
  phones: {
    needs: ['person_phones'],
    parts: {
      'person_phones.person_id': everyEntry,
      'person_phones.number': everyEntry,
      'person_phones.rank': '$[*].rank ? (@ > 1)',
      'person_phones.type': '$[*].type ? (@ != null)',
      'person_phones.extension': '$[*].extension ? (@ != null)',
      'person_phones.is_confidential': '$[*].isConfidential ? (@ == true)',
    },
  },
  emails: {
    needs: ['person_emails'],
    parts: {
      'person_emails.person_id': everyEntry,
      'person_emails.address': everyEntry,
      'person_emails.rank': '$[*].rank ? (@ > 1)',
      'person_emails.type': '$[*].type ? (@ != null)',
    },
  },
} as const satisfies Record<string, ValueSource>;

/** Published columns that can be retained, by table, without those required for every import. */
const valueSources: Readonly<
  Record<'students' | 'guardians' | 'enrollments', Readonly<Record<string, ValueSource>>>
> = {
  students: {
    student_number: { needs: ['students.student_number'] },
    first_name: { needs: ['people.first_name'] },
    last_name: { needs: ['people.last_name'] },
    state_id: { needs: ['students.state_id'] },
    legal_first_name: { needs: ['people.legal_first_name'], fallback: 'first_name' },
    legal_middle_name: { needs: ['people.legal_middle_name'], fallback: 'middle_name' },
    legal_last_name: { needs: ['people.legal_last_name'], fallback: 'last_name' },
    legal_suffix: { needs: ['people.legal_suffix'], fallback: 'suffix' },
    middle_name: { needs: ['people.middle_name'] },
    suffix: { needs: ['people.suffix'] },
    other_names: {
      needs: ['person_aliases'],
      parts: {
        'person_aliases.person_id': everyEntry,
        'person_aliases.first_name': '$[*].first ? (@ != null)',
        'person_aliases.middle_name': '$[*].middle ? (@ != null)',
        'person_aliases.last_name': '$[*].last ? (@ != null)',
        'person_aliases.suffix': '$[*].suffix ? (@ != null)',
        'person_aliases.kind': '$[*].kind ? (@ != "other")',
      },
    },
    birth_date: { needs: ['people.birth_date'] },
    gender: { needs: ['people.gender'] },
    race: { needs: ['people.race'] },
    ethnicity: { needs: ['people.ethnicity'] },
    native_language: { needs: ['students.native_language'] },
    home_language: { needs: ['families', 'family_students', 'families.home_language'] },
    graduation_year: { needs: ['students.graduation_year'] },
    grade: { needs: ['students.grade'] },
    ...contactSources,
  },
  guardians: {
    first_name: { needs: ['people.first_name'] },
    last_name: { needs: ['people.last_name'] },
    middle_name: { needs: ['people.middle_name'] },
    suffix: { needs: ['people.suffix'] },
    relationship: { needs: ['guardian_links.relationship'] },
    is_custodial: { needs: ['guardian_links.is_custodial'] },
    lives_with: { needs: ['family_students', 'family_guardians'] },
    is_emergency_contact: { needs: ['guardian_links.is_emergency_contact'] },
    allows_pickup: { needs: ['guardian_links.allows_pickup'] },
    has_family_access: { needs: ['guardian_links.has_family_access'] },
    has_restricted_access: { needs: ['guardian_links.has_restricted_access'] },
    language: {
      needs: ['families', 'family_students', 'family_guardians', 'families.home_language'],
    },
    position: { needs: ['guardian_links.rank'] },
    ...contactSources,
  },
  enrollments: {
    entity_name: { needs: ['enrollments.entity_name'] },
    school_name: { needs: ['enrollments.school_name'], fallback: 'entity_name' },
    school_state_id: { needs: ['enrollments.school_state_id'] },
    withdrawal_reason: { needs: ['enrollments.withdrawal_reason'] },
    entry_code: { needs: ['enrollments.entry_code'] },
    entry_reason: { needs: ['enrollments.entry_reason'] },
    is_default_entity: { needs: ['enrollments.is_default_entity'] },
    is_no_show: { needs: ['enrollments.is_no_show'] },
    enrolled_at_least_one_day: { needs: ['enrollments.enrolled_at_least_one_day'] },
    calendar_end_date: { needs: ['enrollments.calendar_end_date'] },
    grade: { needs: ['entity_years.grade'] },
    homeroom: { needs: ['entity_years.homeroom'] },
    homeroom_teacher: { needs: ['entity_years.homeroom_teacher_person_id'] },
    advisor: { needs: ['entity_years.advisor_person_id'] },
  },
};

export type RetainedTable = keyof typeof valueSources;

/** Columns whose loss is visible in the next state; it holds the import instead of being retained. */
const holdingColumns: Readonly<Record<string, StagedPlace>> = {
  end_date: 'enrollments.end_date',
  withdrawal_date: 'enrollments.withdrawal_date',
  withdrawal_code: 'enrollments.withdrawal_code',
};

/**
 * Places whose loss is not visible in the column, because an empty value becomes another one or removes an entry from
 * a list.
 */
const hidden: ReadonlySet<string> = new Set<StagedPlace>([
  'guardian_links.rank',
  'enrollments.is_default_entity',
  'person_addresses.person_id',
  'person_addresses.is_home',
  'person_addresses.is_mailing',
  'person_phones.person_id',
  'person_phones.number',
  'person_phones.rank',
  'person_phones.is_confidential',
  'person_emails.person_id',
  'person_emails.address',
  'person_emails.rank',
  'person_aliases.person_id',
  'person_aliases.kind',
]);

/** Returns whether the loss of this place is not visible in a column. */
export const isHidden = (place: StagedPlace): boolean => hidden.has(place);

/** Returns whether the number of entries of a list is unknown. */
export const isListUnknown = (
  table: StagedTable,
  unknownPlaces: ReadonlySet<StagedPlace>,
): boolean =>
  unknownPlaces.has(table) ||
  Object.values(valueSources)
    .flatMap((columns) => Object.values(columns))
    .flatMap(({ parts }) => Object.entries(parts ?? {}))
    .some(
      ([place, path]) =>
        path === everyEntry &&
        place.split('.')[0] === table &&
        unknownPlaces.has(place as StagedPlace),
    );

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
  Record<keyof typeof valueSources, Partial<Record<string, (place: string) => string>>>
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
const personIn: Readonly<Record<keyof typeof valueSources, string>> = {
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
  table: 'students' | 'guardians' | 'enrollments',
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
    const source = valueSources[table][column];
    if (source === undefined) return received;
    const { fallback } = source;
    const conditions: string[] = [];
    const fallbackNeeds = (fallback && valueSources[table][fallback]?.needs) || [];
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
    for (const [place, path] of Object.entries(source.parts ?? {})) {
      const when = partIsUnknown(place as StagedPlace);
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
  for (const [column, { needs, fallback, parts = {} }] of Object.entries(valueSources[table])) {
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
    for (const [place, path] of Object.entries(parts))
      if (!isHidden(place as StagedPlace))
        losses.push({
          place: place as StagedPlace,
          held: `jsonb_path_exists(o.${column}, '${path}')`,
          lost: `jsonb_path_exists(n.${column}, '$[0]') and not jsonb_path_exists(n.${column}, '${path}')`,
        });
  }
  if (table === 'enrollments')
    for (const [column, place] of Object.entries(holdingColumns))
      losses.push({ place, held: `o.${column} is not null`, lost: `n.${column} is null` });
  return losses;
}

/** Returns the columns to restore when their places were empty, with an SQL condition over `o` and `n`. */
export function retainedIfEmptied(
  table: RetainedTable,
  emptied: ReadonlySet<StagedPlace>,
): { readonly column: string; readonly isRetained: string }[] {
  return Object.entries(valueSources[table]).flatMap(([column, source]) => {
    const { needs, fallback, parts = {} } = source;
    const conditions: string[] = [];
    if (needs.some((place) => emptied.has(place)))
      conditions.push(
        fallback === undefined
          ? `o.${column} is not null and n.${column} is null`
          : `o.${column} is distinct from o.${fallback} and n.${column} is not distinct from n.${fallback}`,
      );
    if (fallback && valueSources[table][fallback]?.needs.some((place) => emptied.has(place)))
      conditions.push(`n.${column} is null and o.${column} is not distinct from o.${fallback}`);
    for (const [place, path] of Object.entries(parts))
      if (emptied.has(place as StagedPlace))
        conditions.push(`${countParts(`o.${column}`, path)} > ${countParts(`n.${column}`, path)}`);
    const isRetained = conditions.map((condition) => `(${condition})`).join(' or ');
    return isRetained === '' ? [] : [{ column, isRetained }];
  });
}
