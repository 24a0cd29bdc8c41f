/**
 * Folds everything that Skyward delivers for a student into one 64-bit number while the rows stream by, so
 * that a student of whom nothing changed is known by comparing two numbers. Pure; memory is flat arrays,
 * 24 to 48 bytes for each person of the district.
 */
import type { StagedTable } from '../roster/staged-rows.ts';
import { IdFolds, type FoldSnapshot } from './id-folds.ts';
import { RowHash, type HashedValue } from './row-hash.ts';

/**
 * The order in which tables must be folded: what others point to comes first. The staff of an entity year
 * is looked up while nothing but names is folded, so that a teacher's new phone number concerns no student.
 */
export const foldingOrder: readonly StagedTable[] = [
  'students',
  'people',
  'entity_years',
  'person_aliases',
  'addresses',
  'person_addresses',
  'person_phones',
  'person_emails',
  'families',
  'family_guardians',
  'family_students',
  'guardian_links',
  'enrollments',
];

/** Folds the rows of one table; `undo` takes back all that was folded, for a list that is read again. */
export interface TableFolding {
  add(values: readonly HashedValue[]): void;
  undo(): void;
}

/** Whom a table's rows are folded into, and whose fold goes into each row's own hash. */
interface FoldingRule {
  readonly into: keyof Folds;
  readonly by: string;
  readonly with?: readonly { readonly folds: keyof Folds; readonly column: string }[];
}

interface Folds {
  readonly people: IdFolds;
  readonly addresses: IdFolds;
  readonly families: IdFolds;
  readonly students: IdFolds;
}

const rules: Readonly<Record<Exclude<StagedTable, 'students'>, FoldingRule>> = {
  people: { into: 'people', by: 'person_id' },
  entity_years: {
    into: 'students',
    by: 'student_skyward_id',
    with: [
      { folds: 'people', column: 'homeroom_teacher_person_id' },
      { folds: 'people', column: 'advisor_person_id' },
    ],
  },
  person_aliases: { into: 'people', by: 'person_id' },
  addresses: { into: 'addresses', by: 'address_id' },
  person_addresses: {
    into: 'people',
    by: 'person_id',
    with: [{ folds: 'addresses', column: 'address_id' }],
  },
  person_phones: { into: 'people', by: 'person_id' },
  person_emails: { into: 'people', by: 'person_id' },
  families: { into: 'families', by: 'family_id' },
  family_guardians: { into: 'families', by: 'family_id' },
  family_students: {
    into: 'students',
    by: 'student_skyward_id',
    with: [{ folds: 'families', column: 'family_id' }],
  },
  guardian_links: {
    into: 'students',
    by: 'student_skyward_id',
    with: [{ folds: 'people', column: 'person_id' }],
  },
  enrollments: { into: 'students', by: 'student_skyward_id' },
};

/** The fingerprints of one night. Tables are opened one after the other, in `foldingOrder`. */
export class RosterFingerprints {
  readonly #folds: Folds = {
    people: new IdFolds(),
    addresses: new IdFolds(),
    families: new IdFolds(),
    students: new IdFolds(),
  };
  /** Each delivered student's own row; the person behind it. */
  readonly #rows = new IdFolds();
  readonly #persons: number[] = [];
  readonly #hash = new RowHash();
  #opened = -1;

  /** `columns` says what stands where in the rows that follow. Throws when a table comes out of order. */
  open(table: StagedTable, columns: readonly string[]): TableFolding {
    const place = foldingOrder.indexOf(table);
    if (place < this.#opened) throw new RangeError(`${table} is folded too late`);
    this.#opened = place;
    return table === 'students'
      ? this.#studentFolding(columns, place)
      : this.#ruleFolding(rules[table], columns, place);
  }

  /** Every delivered student with its fingerprint, once all tables are folded. */
  *results(version: number): Generator<readonly [studentId: number, fingerprint: bigint]> {
    const hash = this.#hash;
    for (let index = 0; index < this.#rows.size; index++) {
      const studentId = this.#rows.idAt(index);
      hash.start(version);
      hash.takeFold(this.#rows, index);
      hash.takeFold(this.#folds.people, this.#folds.people.find(this.#persons[index] ?? null));
      hash.takeFold(this.#folds.students, this.#folds.students.find(studentId));
      hash.finish();
      yield [studentId, (BigInt(hash.high) << 32n) | BigInt(hash.low >>> 0)];
    }
  }

  #studentFolding(columns: readonly string[], seed: number): TableFolding {
    const id = columns.indexOf('skyward_id');
    const person = columns.indexOf('person_id');
    const before = this.#rows.snapshot();
    return {
      add: (values) => {
        const index = this.#rows.place(asId(values[id]) ?? Number.NaN);
        this.#persons[index] = asId(values[person]) ?? Number.NaN;
        this.#hash.start(seed);
        this.#hash.takeRow(values);
        this.#hash.finish();
        this.#rows.fold(index, this.#hash.low, this.#hash.high);
      },
      undo: () => this.#rows.restore(before),
    };
  }

  #ruleFolding(rule: FoldingRule, columns: readonly string[], seed: number): TableFolding {
    const hash = this.#hash;
    const target = this.#folds[rule.into];
    const by = columns.indexOf(rule.by);
    const others = (rule.with ?? []).map((other) => ({
      folds: this.#folds[other.folds],
      place: columns.indexOf(other.column),
    }));
    const before: FoldSnapshot = target.snapshot();
    return {
      add: (values) => {
        const id = asId(values[by]);
        if (id === null) return;
        hash.start(seed);
        hash.takeRow(values);
        for (const other of others)
          hash.takeFold(other.folds, other.folds.find(asId(values[other.place])));
        hash.finish();
        target.fold(target.place(id), hash.low, hash.high);
      },
      undo: () => target.restore(before),
    };
  }
}

const asId = (value: HashedValue | undefined): number | null =>
  typeof value === 'number' ? value : null;
