/**
 * Absence must be proven: what was not granted tonight is not empty, it is unknown, and so is a value that could not
 * be read, or whose id leads nowhere. This says for every published column which staged ones it comes from, and gives the SQL that keeps the
 * published value of a known student, guardian or enrollment while one of them says nothing.
 */
import { findFields, type StagedPlace } from '../../roster/qmlativ-sources.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import type { RowCounts } from '../reading/roster-source.ts';

interface ValueSource {
  /** Without any one of these the column cannot be told. */
  readonly needs: readonly StagedPlace[];
  /** What the column falls back to: the published value is kept only where it differs from that. */
  readonly fallback?: string;
  /**
   * Of a list: staged columns that give a part of each entry, with a JSON path that finds the part in
   * the published list. The list is kept while it would lose such a part, and follows Skyward otherwise.
   */
  readonly parts?: Partial<Readonly<Record<StagedPlace, string>>>;
}

/** Without such a part a row gives no entry at all. */
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

/** Published columns that can stay, by table; columns that no night can do without are not among them. */
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

/** A table of published values. */
export type RetainedTable = keyof typeof valueSources;

/** Columns whose loss shows in the next state, which is not kept but holds the import. */
const holdingColumns: Readonly<Record<string, StagedPlace>> = {
  end_date: 'enrollments.end_date',
  withdrawal_date: 'enrollments.withdrawal_date',
  withdrawal_code: 'enrollments.withdrawal_code',
};

/**
 * Places whose loss does not show in the column: their empty value is kept as another one, or costs the entry of a list,
 * which may as well be gone.
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

/** Whether the loss of this place cannot be seen in a column. */
export const isHidden = (place: StagedPlace): boolean => hidden.has(place);

/** Whether the rows of a list say nothing of how many entries there are. */
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
 * By published table and staged one: the condition that a value cannot be told in the staged row from which a
 * published one is being made. Lists of contacts stay as a whole (faulty-parts.ts).
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

/** What a night does not know. */
export interface UnknownPlaces {
  /** The staged columns that say nothing at all. */
  readonly missing: ReadonlySet<StagedPlace>;
  /** Those of which single values cannot be told; `unknown_values` says in which rows. */
  readonly unknown: ReadonlySet<StagedPlace>;
  /** Rows with an id that leads nowhere, by the table and the field that holds the id. */
  readonly unresolved: ReadonlyMap<StagedTable, RowCounts>;
}

/** SQL that says whether an id of the staged row `r` leads nowhere without which the place cannot be told. */
export function unresolvedAt(
  place: StagedPlace,
  unresolved: UnknownPlaces['unresolved'],
): string | undefined {
  const counts = unresolved.get(place.split('.')[0] as StagedTable);
  const fields = findFields(place).filter((field) => (counts?.[field] ?? 0) > 0);
  if (fields.length === 0) return undefined;
  return `string_to_array(r.unresolved, ',') && array[${fields.map((field) => `'${field}'`).join(', ')}]`;
}

/** Where the rows of a person's lists stand, and whose they are. */
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

/** A row's own id: null in a left join that found no published row. */
const idColumns = { students: 'id', guardians: 'skyward_id', enrollments: 'skyward_id' } as const;

/** Writes an SQL value: the published one of `o` where it has to stay, else the delivered one. */
export type RetainedValue = (column: string, received: string) => string;

/**
 * Gives the writer of values for a published table, whose row stands in scope as `o` (left joined).
 * A column of which nothing was left out is simply what was delivered.
 */
export function retainedValues(
  table: 'students' | 'guardians' | 'enrollments',
  { missing, unknown, unresolved }: UnknownPlaces,
): RetainedValue {
  /** When a part of a person's list says nothing: always, or in lists with an id that leads nowhere. */
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

/** How many parts of a kind a list has. */
const countParts = (list: string, path: string): string =>
  `jsonb_array_length(jsonb_path_query_array(${list}, '${path}'))`;

/** A published column in which the loss of a place shows: SQL over the published row `o` and the next one `n`. */
interface ShownLoss {
  readonly place: StagedPlace;
  readonly held: string;
  readonly lost: string;
}

const isColumn = (place: StagedPlace) => place.includes('.') && !isHidden(place);

/** The places of which the next state of a table shows that they came empty. */
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
    // Of a list: only where rows came again.
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

/** The columns to put back where their places came empty, with SQL over `o` and `n` that says in which rows. */
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
