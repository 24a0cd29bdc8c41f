/**
 * Folds everything that Skyward delivers for a student into one 64-bit number while the rows stream by, so
 * that a student of whom nothing changed is known by comparing two numbers. Pure; memory is flat arrays,
 * 24 to 48 bytes for each person of the district.
 */
import { KeySet } from '../../roster/key-set.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import { PendingHashes, IdHashes } from './id-hashes.ts';
import type { EncodedRows } from './row-encoding.ts';
import { ownership, type Ownership, type RowOwner } from './row-ownership.ts';
import { RowHash } from './row-hash.ts';
import { StudentRows } from './student-rows.ts';

/**
 * Which tables must be folded wholly before a table begins: those that it points to, since what was folded for an
 * id goes into the row that names it. The staff of an entity year is looked up while nothing but names is folded,
 * so that a teacher's new phone number concerns no student. All other tables may be folded in any order, and side
 * by side, for folding is exclusive or.
 */
export const hashedBefore: Readonly<Record<StagedTable, readonly StagedTable[]>> = {
  students: [],
  enrollments: [],
  people: [],
  entity_years: ['people'],
  person_phones: ['entity_years'],
  person_emails: ['entity_years'],
  addresses: [],
  person_addresses: ['entity_years', 'addresses'],
  person_aliases: ['entity_years'],
  guardian_links: [
    'people',
    'person_aliases',
    'person_addresses',
    'person_phones',
    'person_emails',
  ],
  families: [],
  family_guardians: [],
  family_students: ['families', 'family_guardians'],
};

/** The tables whose rows name ids of this owner. */
const listTablesReferencing = (owner: RowOwner): StagedTable[] =>
  Object.entries(ownership)
    .filter(([, { references: names }]) => names.some((name) => name.owner === owner))
    .map(([table]) => table as StagedTable);

/** Owners of whom nothing is asked once all tables that name them are whole. */
const referencingTables = {
  addresses: listTablesReferencing('addresses'),
  families: listTablesReferencing('families'),
};

/** Folds the rows of one table. Nothing counts before `end`: a list that is read again is simply opened again. */
export interface TableHasher {
  add(rows: EncodedRows): void;
  /** Says that the table is whole. */
  end(): void;
}

type HashesByOwner = Readonly<Record<RowOwner, IdHashes>>;

/** One delivered student. */
export interface StudentFingerprint {
  readonly sisStudentId: number;
  readonly personId: number;
  readonly fingerprint: bigint;
  /** Whether any enrollment was delivered. */
  readonly isEnrolled: boolean;
}

/** The fingerprints of one night. Tables are opened as `foldedBefore` allows. */
export class RosterFingerprints {
  readonly #folds: HashesByOwner = {
    people: new IdHashes(),
    addresses: new IdHashes(),
    families: new IdHashes(),
    students: new IdHashes(),
  };
  #rows = new StudentRows(this.#folds.students);
  /** Students with any enrollment. */
  readonly #enrolled = new KeySet();
  readonly #hash = new RowHash();
  readonly #opened = new Set<StagedTable>();
  readonly #whole = new Set<StagedTable>();

  /** Throws when a table comes out of order. */
  open(table: StagedTable): TableHasher {
    for (const opened of this.#opened)
      if (hashedBefore[opened].includes(table)) throw new RangeError(`${table} is folded too late`);
    for (const before of hashedBefore[table])
      if (this.#opened.has(before) && !this.#whole.has(before))
        throw new RangeError(`${table} is folded before ${before} is whole`);
    this.#opened.add(table);
    const hasher =
      table === 'students'
        ? this.#studentFolding()
        : this.#ownedFolding(
            ownership[table],
            table === 'enrollments' ? this.#enrolled : undefined,
          );
    return {
      add: (rows) => hasher.add(rows),
      end: () => {
        hasher.end();
        this.#whole.add(table);
        this.#forget();
      },
    };
  }

  /** How many students' own rows were delivered and could be read. */
  get received(): number {
    return this.#rows.size;
  }

  /** Whether the student's own row was delivered and could be read. */
  wasReceived(sisStudentId: number): boolean {
    return this.#rows.has(this.#folds.students.find(sisStudentId));
  }

  /** Every delivered student with its fingerprint, once all tables are folded. */
  *results(version: number): Generator<StudentFingerprint> {
    const hash = this.#hash;
    const { students, people } = this.#folds;
    for (let index = 0; index < students.size; index++) {
      if (!this.#rows.has(index)) continue;
      const sisStudentId = students.idAt(index);
      const personId = this.#rows.personAt(index);
      hash.start(version);
      hash.addIdHash(this.#rows, index);
      hash.addIdHash(people, people.find(personId));
      hash.addIdHash(students, index);
      hash.finish();
      const fingerprint = (BigInt(hash.high) << 32n) | BigInt(hash.low >>> 0);
      yield { sisStudentId, personId, fingerprint, isEnrolled: this.#enrolled.has(sisStudentId) };
    }
  }

  /** What was folded for addresses and families is kept only until it has gone into the rows that name them. */
  #forget(): void {
    for (const owner of ['addresses', 'families'] as const)
      if (referencingTables[owner].every((table) => this.#whole.has(table)))
        this.#folds[owner].clear();
  }

  #studentFolding(): TableHasher {
    const rows = new StudentRows(this.#folds.students);
    const hash = this.#hash;
    return {
      add: ({ count, ids, hashes }) => {
        for (let row = 0; row < count; row++) {
          hash.resume(hashes[row * 2] ?? 0, hashes[row * 2 + 1] ?? 0);
          hash.finish();
          const [student, person] = [ids[row * 2], ids[row * 2 + 1]];
          rows.add(student ?? Number.NaN, person ?? Number.NaN, hash.low, hash.high);
        }
      },
      end: () => {
        this.#rows = rows;
      },
    };
  }

  #ownedFolding(
    { owner, references: names }: Ownership,
    enrolled: KeySet | undefined,
  ): TableHasher {
    const hash = this.#hash;
    const pending = new PendingHashes(this.#folds[owner]);
    const others = names.map((name) => this.#folds[name.owner]);
    const width = 1 + others.length;
    return {
      add: ({ count, ids, hashes }) => {
        for (let row = 0; row < count; row++) {
          const id = ids[row * width] ?? Number.NaN;
          if (Number.isNaN(id)) continue;
          hash.resume(hashes[row * 2] ?? 0, hashes[row * 2 + 1] ?? 0);
          for (let place = 1; place < width; place++) {
            const idHashes = others[place - 1];
            if (idHashes !== undefined)
              hash.addIdHash(idHashes, idHashes.find(ids[row * width + place] ?? Number.NaN));
          }
          hash.finish();
          pending.combine(id, hash.low, hash.high);
          enrolled?.add(id);
        }
      },
      end: () => pending.apply(),
    };
  }
}
