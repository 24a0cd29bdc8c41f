/**
 * Computes a 64-bit fingerprint of all rows of each student while they are read, so that an unchanged student is
 * recognized by comparing two numbers. Pure. Needs 24 to 48 bytes per person.
 *
 * This folder finds which rows of an import differ from those published, without loading the others.
 */
import { KeySet } from '../../roster/key-set.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import { PendingHashes, IdHashes } from './id-hashes.ts';
import type { EncodedRows } from './row-encoding.ts';
import { ownership, type Ownership, type RowOwner } from './row-ownership.ts';
import { RowHash } from './row-hash.ts';
import { StudentRows } from './student-rows.ts';

/**
 * The tables that must be hashed completely before a table: those it references, because the hash of an id goes into
 * the rows that reference it. Entity years come after names but before phones and so on, so that a teacher's new phone
 * number changes no student. Other tables can be hashed in any order and concurrently, because XOR is commutative.
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

/** Returns the tables whose rows reference ids of this owner. */
const listTablesReferencing = (owner: RowOwner): StagedTable[] =>
  Object.entries(ownership)
    .filter(([, { references: names }]) => names.some((name) => name.owner === owner))
    .map(([table]) => table as StagedTable);

/** Owners whose hashes are not needed after all tables that reference them are complete. */
const referencingTables = {
  addresses: listTablesReferencing('addresses'),
  families: listTablesReferencing('families'),
};

/** Hashes the rows of one table. Has no effect before `end`, so a list can be read again by opening it again. */
export interface TableHasher {
  add(rows: EncodedRows): void;
  /** Call when the table is complete. */
  end(): void;
}

type HashesByOwner = Readonly<Record<RowOwner, IdHashes>>;

/** One received student. */
export interface StudentFingerprint {
  readonly sisStudentId: number;
  readonly personId: number;
  readonly fingerprint: bigint;
  /** Whether any enrollment was received. */
  readonly isEnrolled: boolean;
}

/** The fingerprints of one import. Tables must be opened in an order that `hashedBefore` allows. */
export class RosterFingerprints {
  readonly #hashes: HashesByOwner = {
    people: new IdHashes(),
    addresses: new IdHashes(),
    families: new IdHashes(),
    students: new IdHashes(),
  };
  #rows = new StudentRows(this.#hashes.students);
  readonly #enrolled = new KeySet();
  readonly #hash = new RowHash();
  readonly #opened = new Set<StagedTable>();
  readonly #whole = new Set<StagedTable>();

  /** Starts a table. Throws if it is out of order. */
  open(table: StagedTable): TableHasher {
    for (const opened of this.#opened)
      if (hashedBefore[opened].includes(table)) throw new RangeError(`${table} is hashed too late`);
    for (const before of hashedBefore[table])
      if (this.#opened.has(before) && !this.#whole.has(before))
        throw new RangeError(`${table} is hashed before ${before} is complete`);
    this.#opened.add(table);
    const hasher =
      table === 'students'
        ? this.#openStudentHasher()
        : this.#openOwnedHasher(
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

  /** The number of students whose own row was received and readable. */
  get received(): number {
    return this.#rows.size;
  }

  /** Returns whether the student's own row was received and readable. */
  wasReceived(sisStudentId: number): boolean {
    return this.#rows.has(this.#hashes.students.find(sisStudentId));
  }

  /** Returns all received students with their fingerprints, after all tables are hashed. */
  *results(version: number): Generator<StudentFingerprint> {
    const hash = this.#hash;
    const { students, people } = this.#hashes;
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

  /** Frees the hashes of addresses and families after all rows that reference them are hashed. */
  #forget(): void {
    for (const owner of ['addresses', 'families'] as const)
      if (referencingTables[owner].every((table) => this.#whole.has(table)))
        this.#hashes[owner].clear();
  }

  #openStudentHasher(): TableHasher {
    const rows = new StudentRows(this.#hashes.students);
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

  #openOwnedHasher(
    { owner, references: names }: Ownership,
    enrolled: KeySet | undefined,
  ): TableHasher {
    const hash = this.#hash;
    const pending = new PendingHashes(this.#hashes[owner]);
    const others = names.map((name) => this.#hashes[name.owner]);
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
