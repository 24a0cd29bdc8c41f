/**
 * Folds everything that Skyward delivers for a student into one 64-bit number while the rows stream by, so
 * that a student of whom nothing changed is known by comparing two numbers. Pure; memory is flat arrays,
 * 24 to 48 bytes for each person of the district.
 */
import type { CopyText, CopyValue } from '../database/copy-text.ts';
import { KeySet } from '../roster/key-set.ts';
import type { StagedTable } from '../roster/staged-rows.ts';
import { IdFolds, type FoldSnapshot } from './id-folds.ts';
import { ownership, type Ownership, type RowOwner } from './row-ownership.ts';
import { RowHash } from './row-hash.ts';

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

/** Where a row lies: from `rowStart` up to `length`. */
type WrittenRow = Pick<CopyText, 'view' | 'rowStart' | 'length'>;

/** Folds the rows of one table; `undo` takes back all that was folded, for a list that is read again. */
export interface TableFolding {
  /** Takes a row: its values, and where it lies as COPY's text, which says all of it. */
  add(values: readonly CopyValue[], text: WrittenRow): void;
  undo(): void;
}

type Folds = Readonly<Record<RowOwner, IdFolds>>;

/** One delivered student. */
export interface StudentFingerprint {
  readonly studentId: number;
  readonly personId: number;
  readonly fingerprint: bigint;
  /** Whether any enrollment was delivered. */
  readonly isEnrolled: boolean;
}

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
  /** Students with any enrollment. */
  readonly #enrolled = new KeySet();
  readonly #hash = new RowHash();
  #opened = -1;

  /** `columns` says what stands where in the rows that follow. Throws when a table comes out of order. */
  open(table: StagedTable, columns: readonly string[]): TableFolding {
    const place = foldingOrder.indexOf(table);
    if (place < this.#opened) throw new RangeError(`${table} is folded too late`);
    this.#opened = place;
    return table === 'students'
      ? this.#studentFolding(columns, place)
      : this.#ownedFolding(ownership[table], columns, {
          seed: place,
          noted: table === 'enrollments' ? this.#enrolled : undefined,
        });
  }

  /** How many students' own rows were delivered and could be read. */
  get delivered(): number {
    return this.#rows.size;
  }

  /** Whether the student's own row was delivered and could be read. */
  isDelivered(studentId: number): boolean {
    return this.#rows.find(studentId) >= 0;
  }

  /** Every delivered student with its fingerprint, once all tables are folded. */
  *results(version: number): Generator<StudentFingerprint> {
    const hash = this.#hash;
    for (let index = 0; index < this.#rows.size; index++) {
      const studentId = this.#rows.idAt(index);
      const personId = this.#persons[index] ?? Number.NaN;
      hash.start(version);
      hash.takeFold(this.#rows, index);
      hash.takeFold(this.#folds.people, this.#folds.people.find(personId));
      hash.takeFold(this.#folds.students, this.#folds.students.find(studentId));
      hash.finish();
      const fingerprint = (BigInt(hash.high) << 32n) | BigInt(hash.low >>> 0);
      yield { studentId, personId, fingerprint, isEnrolled: this.#enrolled.has(studentId) };
    }
  }

  #studentFolding(columns: readonly string[], seed: number): TableFolding {
    const id = columns.indexOf('skyward_id');
    const person = columns.indexOf('person_id');
    const before = this.#rows.snapshot();
    return {
      add: (values, text) => {
        const index = this.#rows.place(asId(values[id]) ?? Number.NaN);
        this.#persons[index] = asId(values[person]) ?? Number.NaN;
        this.#hash.start(seed);
        this.#hash.takeBytes(text.view, text.rowStart, text.length);
        this.#hash.finish();
        this.#rows.fold(index, this.#hash.low, this.#hash.high);
      },
      undo: () => this.#rows.restore(before),
    };
  }

  #ownedFolding(
    owned: Ownership,
    columns: readonly string[],
    { seed, noted }: { readonly seed: number; readonly noted: KeySet | undefined },
  ): TableFolding {
    const hash = this.#hash;
    const target = this.#folds[owned.owner];
    const by = columns.indexOf(owned.by);
    const others = owned.names.map(({ owner, column }) => ({
      folds: this.#folds[owner],
      place: columns.indexOf(column),
    }));
    const before: FoldSnapshot = target.snapshot();
    return {
      add: (values, text) => {
        const id = asId(values[by]);
        if (id === null) return;
        hash.start(seed);
        hash.takeBytes(text.view, text.rowStart, text.length);
        for (const other of others)
          hash.takeFold(other.folds, other.folds.find(asId(values[other.place])));
        hash.finish();
        target.fold(target.place(id), hash.low, hash.high);
        noted?.add(id);
      },
      undo: () => target.restore(before),
    };
  }
}

const asId = (value: CopyValue | undefined): number | null =>
  typeof value === 'number' ? value : null;
