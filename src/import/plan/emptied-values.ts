/**
 * Detects fields that are suddenly empty for all students, which were more likely masked than emptied. If nearly all
 * published values would be lost, they are retained, the report says so, and a user may accept the empty ones. Fields
 * on which statuses depend are not retained: their loss holds the import.
 */
import type pg from 'pg';
import { findFields, sourceObject, type StagedPlace } from '../../roster/qmlativ-sources.ts';
import { sourceFieldLabel } from '../../roster/source-labels.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import type { HoldReason } from './hold-reason.ts';
import { retainedIfEmptied, lossesIn } from './retained-values.ts';
import { holdingPlaces, type RetainedTable } from './value-sources.ts';

/** With fewer rows, a loss is not suspicious. */
const minEmptied = 5;
const emptiedShare = 0.95;

/** A field of Skyward: `Module/Object` and its name. */
export interface SourceField {
  readonly object: string;
  readonly field: string;
}

/** Returns the field as one name, as accepted fields are compared. */
export const toFieldName = ({ object, field }: SourceField): string => `${object}.${field}`;

/** Returns the fields behind a place, those of the table's own object first. */
export const listSourceFields = (place: StagedPlace): SourceField[] =>
  findFields(place).flatMap((name): SourceField[] => {
    if (!name.includes('/'))
      return [{ object: sourceObject(place.split('.')[0] as StagedTable), field: name }];
    const [object = '', field] = name.split('.');
    return field === undefined ? [] : [{ object, field }];
  });

export async function createEmptiedTables(client: pg.ClientBase): Promise<void> {
  await client.query(`create temporary table students_with_retained_values (student_id bigint)`);
}

/** Received rows whose published record has a value, and how many of them would lose it. */
export interface Losses {
  readonly held: number;
  readonly lost: number;
}

/** Returns whether so many values are lost that the field was probably masked. */
const isEmptied = ({ held, lost }: Losses, minimum = minEmptied): boolean =>
  lost >= minimum && lost >= held * emptiedShare;

const nextRows: Readonly<Record<RetainedTable, string>> = {
  students: `next_students n join students o on o.district_id = $1 and o.id = n.id where not n.is_new`,
  guardians: `next_guardians n join guardians o on o.district_id = $1 and o.student_id = n.student_id
    and o.skyward_id = n.skyward_id where true`,
  enrollments: `next_enrollments n join enrollments o on o.district_id = $1 and o.student_id = n.student_id
    and o.skyward_id = n.skyward_id where true`,
};

/** Published rows `o` of received students; without `'received'` only of unchanged ones, who lose nothing. */
export const unchangedRows = (table: RetainedTable, received?: 'received'): string => `
  ${table} o join students s on s.district_id = $1 and s.id = o.${table === 'students' ? 'id' : 'student_id'}
  where o.district_id = $1 and s.skyward_id is not null and s.missing_since_run_id is null
    ${received === undefined ? 'and s.id not in (select student_id from changed_students)' : ''}
    and s.id not in (select student_id from missing_students)
    ${table === 'enrollments' && received === undefined ? 'and o.school_year = any($2)' : ''}`;

/** The fields of an import that were empty for all students. */
export class EmptiedValues {
  /** Places whose published values are retained. */
  readonly retained = new Set<StagedPlace>();
  /** Places whose loss holds the import. */
  readonly holdingFields = new Map<StagedPlace, Losses>();
  readonly #client: pg.ClientBase;
  readonly #districtId: number;
  readonly #options: EmptiedOptions;

  constructor(client: pg.ClientBase, districtId: number, options: EmptiedOptions) {
    this.#client = client;
    this.#districtId = districtId;
    this.#options = options;
    for (const place of options.retained) this.retained.add(place);
  }

  /** Restores published values in the assembled next state of these tables. */
  async retain(...tables: readonly RetainedTable[]): Promise<void> {
    const found = new Map<StagedPlace, { losses: Losses; tables: RetainedTable[] }>();
    for (const table of tables)
      for (const [place, losses] of await this.#count(lossesIn(table), nextRows[table])) {
        const before = found.get(place);
        found.set(place, {
          losses: addLosses(before?.losses, losses),
          tables: [...(before?.tables ?? []), table],
        });
      }
    for (const [place, { losses, tables: from }] of found)
      if (await this.#isEmptied(place, losses, from)) {
        if (holdingPlaces.has(place)) this.holdingFields.set(place, losses);
        else this.retained.add(place);
      }
    const { emptyPlaces } = this.#options;
    for (const table of tables) {
      await this.#putBack(table, this.retained.intersection(emptyPlaces), { marks: false });
      await this.#putBack(table, this.retained.difference(emptyPlaces), { marks: true });
    }
  }

  /**
   * Removes the fingerprints of students with retained values, so that the next import checks them again. Not needed
   * for places without any value: while they stay so, the next import retains what is published.
   */
  async markStudents(): Promise<void> {
    for (const { place, lost } of identity)
      if (this.retained.has(place) && !this.#options.emptyPlaces.has(place))
        await this.#client.query(
          `insert into students_with_retained_values
           select c.student_id from changed_students c
           join staged_students s using (skyward_id)
           join staged_people p on p.person_id = c.person_id
           where not c.is_new and ${lost}`,
        );
    await this.#client.query(
      `update next_students set source_fingerprint = null
       where id in (select student_id from students_with_retained_values)`,
    );
  }

  async #isEmptied(
    place: StagedPlace,
    losses: Losses,
    tables: readonly RetainedTable[],
  ): Promise<boolean> {
    const { accepted, absent } = this.#options;
    const fields = listSourceFields(place);
    if (fields.some((field) => accepted.has(toFieldName(field)))) return false;
    // If the field is absent from all rows of the import, one lost value is enough.
    if (holdingPlaces.has(place) && fields.some((field) => absent.has(toFieldName(field))))
      return losses.lost > 0;
    if (!isEmptied(losses)) return false;
    let all = losses;
    for (const table of tables) {
      const one = lossesIn(table).filter((loss) => loss.place === place);
      const rest = await this.#count(one, unchangedRows(table), 'false');
      all = addLosses(all, rest.get(place));
    }
    return isEmptied(all);
  }

  async #count(
    losses: ReturnType<typeof lossesIn>,
    from: string,
    isLost?: 'false',
  ): Promise<Map<StagedPlace, Losses>> {
    const columns = losses.map(
      ({ held, lost }, nth) =>
        `count(*) filter (where ${held})::integer as held${nth},
         count(*) filter (where ${held} and ${isLost ?? lost})::integer as lost${nth}`,
    );
    const { schoolYears } = this.#options;
    const { rows } = await this.#client.query<Record<string, number>>(
      `select ${columns.join(', ')} from ${from}`,
      from.includes('$2') ? [this.#districtId, schoolYears] : [this.#districtId],
    );
    const counts = new Map<StagedPlace, Losses>();
    for (const [nth, { place }] of losses.entries()) {
      const one = { held: rows[0]?.[`held${nth}`] ?? 0, lost: rows[0]?.[`lost${nth}`] ?? 0 };
      counts.set(place, addLosses(counts.get(place), one));
    }
    return counts;
  }

  /** Restores the values of these places and, if `marks`, remembers their students. */
  async #putBack(
    table: RetainedTable,
    places: ReadonlySet<StagedPlace>,
    { marks }: { readonly marks: boolean },
  ): Promise<void> {
    const columns = retainedIfEmptied(table, places);
    if (columns.length === 0) return;
    const key = table === 'students' ? 'id' : 'student_id';
    const sameRow = `o.${key} = n.${key}${table === 'students' ? ' and not n.is_new' : ' and o.skyward_id = n.skyward_id'}`;
    const values = columns.map(
      ({ column, isRetained }) =>
        `${column} = case when ${isRetained} then o.${column} else n.${column} end`,
    );
    await this.#client.query(
      `with put_back as (
         update next_${table} n set ${values.join(', ')}
         from ${table} o
         where o.district_id = $1 and ${sameRow}
           and (${columns.map(({ isRetained }) => `(${isRetained})`).join(' or ')})
         returning n.${key} as student_id
       )
       insert into students_with_retained_values select student_id from put_back where ${marks}`,
      [this.#districtId],
    );
  }
}

/** Values without which a student is skipped; whether they are empty for all students is checked before that. */
const identity: readonly { place: StagedPlace; column: string; lost: string }[] = [
  {
    place: 'people.birth_date',
    column: 'birth_date',
    lost: `p.birth_date is null and not p.has_implausible_birth_date and not exists (
      select from staged_unusable_rows u where u.staged_table = 'people'
        and u.record_key::bigint = p.person_id and 'birth_date' = any(u.unknown_columns))`,
  },
  { place: 'people.first_name', column: 'first_name', lost: 'p.first_name is null' },
  { place: 'people.last_name', column: 'last_name', lost: 'p.last_name is null' },
  { place: 'students.student_number', column: 'student_number', lost: 's.student_number is null' },
];

const cannotBeEmpty = ['people.first_name', 'people.last_name', 'students.student_number'] as const;

/** Returns whether every student must have this field, so that empty values cannot be accepted. */
export const isNeverEmpty = (field: SourceField): boolean =>
  cannotBeEmpty.some((place) =>
    listSourceFields(place).some((one) => toFieldName(one) === toFieldName(field)),
  );

/** Returns why the import is held: fields on which statuses depend were suddenly empty. */
export function findEmptiedHoldReasons({
  holdingFields: fields,
}: EmptiedValues): readonly HoldReason[] {
  if (fields.size === 0) return [];
  const sources = [...fields].flatMap(([place, losses]) =>
    listSourceFields(place)
      .slice(0, 1)
      .map((field) => ({ field, ...losses })),
  );
  const descriptions = sources.map(
    ({ field, held, lost }) =>
      `${sourceFieldLabel(field)}: ${lost} of ${held} records lost their value`,
  );
  return [
    {
      code: 'emptied-fields',
      message: `${descriptions.join('; ')}.`,
      details: sources
        .map(({ field: { object, field } }) => `${object}, field ${field}`)
        .join('; '),
      advice:
        'Check in Skyward whether the field is still approved for the integration, and whether the values were really deleted. If they were, choose "Import anyway" under Import history. No data is changed until then.',
    },
  ];
}

/**
 * Returns the places of students' identity that were empty for all students, except accepted ones and those in
 * `unreadable`, which have values.
 */
export async function findEmptiedIdentity(
  client: pg.ClientBase,
  districtId: number,
  {
    accepted,
    unreadable,
  }: { readonly accepted: ReadonlySet<string>; readonly unreadable: ReadonlySet<StagedPlace> },
): Promise<StagedPlace[]> {
  const columns = identity.map(
    ({ column, lost }, nth) =>
      `count(*) filter (where o.${column} is not null)::integer as held${nth},
       count(*) filter (where o.${column} is not null and ${lost})::integer as lost${nth}`,
  );
  const { rows } = await client.query<Record<string, number>>(
    `select ${columns.join(', ')}
     from changed_students c
     join staged_students s using (skyward_id)
     join staged_people p on p.person_id = c.person_id
     join students o on o.district_id = $1 and o.id = c.student_id
     where not c.is_new`,
    [districtId],
  );
  const emptied: StagedPlace[] = [];
  for (const [nth, { place, column }] of identity.entries()) {
    const losses = { held: rows[0]?.[`held${nth}`] ?? 0, lost: rows[0]?.[`lost${nth}`] ?? 0 };
    const isKnown =
      unreadable.has(place) ||
      listSourceFields(place).some((field) => accepted.has(toFieldName(field)));
    if (isKnown || !isEmptied(losses)) continue;
    const { rows: others } = await client.query<{ held: number }>(
      `select count(*) filter (where o.${column} is not null)::integer as held
       from ${unchangedRows('students')}`,
      [districtId],
    );
    if (isEmptied(addLosses(losses, { held: others[0]?.held ?? 0, lost: 0 }))) emptied.push(place);
  }
  return emptied;
}

interface EmptiedOptions {
  /** Places already known to be empty for all students. */
  readonly retained: ReadonlySet<StagedPlace>;
  /** Names of fields whose empty values a user has accepted. */
  readonly accepted: ReadonlySet<string>;
  /** Names of fields absent from all rows. */
  readonly absent: ReadonlySet<string>;
  /** Places without a value in any row. */
  readonly emptyPlaces: ReadonlySet<StagedPlace>;
  readonly schoolYears: readonly number[];
}

const addLosses = (a: Losses | undefined, b: Losses | undefined): Losses => ({
  held: (a?.held ?? 0) + (b?.held ?? 0),
  lost: (a?.lost ?? 0) + (b?.lost ?? 0),
});
