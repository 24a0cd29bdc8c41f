/** Copies the rows of some students, and the rows these reference, from the temporary file to the staging tables. */
import type pg from 'pg';
import { openCopy, type Copy } from '../../database/copy.ts';
import { KeySet } from '../../roster/key-set.ts';
import { stagedTables, type StagedTable } from '../../roster/staged-rows.ts';
import { ownership, type RowOwner } from './row-ownership.ts';
import type { RowChunk } from './row-chunks.ts';
import type { RowTempFile } from './row-temp-file.ts';

type OwnedTable = keyof typeof ownership;

/** In the order of references: owners come before those they reference. */
const owners: readonly RowOwner[] = ['students', 'families', 'people', 'addresses'];

const tempFileTables = (Object.keys(ownership) as OwnedTable[]).toSorted(
  (a, b) => owners.indexOf(ownership[a].owner) - owners.indexOf(ownership[b].owner),
);

interface NeededRows {
  /** The students whose rows are needed. */
  readonly students: Iterable<{ readonly sisStudentId: number; readonly personId: number }>;
  /** Whether a student was received. Enrollments of others are needed too, to report them as problems. */
  readonly wasReceived: (sisStudentId: number) => boolean;
}

/** Copies all rows. */
export async function copyAllRows(client: pg.ClientBase, tempFile: RowTempFile): Promise<void> {
  for (const table of tempFileTables) {
    await copyChunks(client, tempFile, table, (copy, { text }) =>
      copy.writeEncoded(text, 0, text.length),
    );
  }
}

/** Copies the rows of these students and, transitively, the rows they reference, such as guardians and addresses. */
export async function copyNeededRows(
  client: pg.ClientBase,
  tempFile: RowTempFile,
  needed: NeededRows,
): Promise<void> {
  const ids: Readonly<Record<RowOwner, KeySet>> = {
    students: new KeySet(),
    people: new KeySet(),
    families: new KeySet(),
    addresses: new KeySet(),
  };
  for (const { sisStudentId, personId } of needed.students) {
    ids.students.add(sisStudentId);
    if (!Number.isNaN(personId)) ids.people.add(personId);
  }
  for (const table of tempFileTables) {
    const { owner, references: names } = ownership[table];
    const own = ids[owner];
    const isNeeded =
      table === 'enrollments'
        ? (id: number) => own.has(id) || !needed.wasReceived(id)
        : (id: number) => own.has(id);
    const named = names.map((name) => ids[name.owner]);
    await copyChunks(client, tempFile, table, (copy, chunk) =>
      copyMatchingRows(copy, chunk, isNeeded, named),
    );
  }
}

function copyMatchingRows(
  copy: Copy,
  { text, ends, ids }: RowChunk,
  isNeeded: (id: number) => boolean,
  named: readonly KeySet[],
): void {
  const width = named.length + 1;
  for (let row = 0; row < ends.length; row++) {
    const first = row * width;
    if (!isNeeded(ids[first] ?? Number.NaN)) continue;
    copy.writeEncoded(text, row === 0 ? 0 : (ends[row - 1] ?? 0), ends[row] ?? 0);
    for (const [place, set] of named.entries()) {
      const id = ids[first + 1 + place] ?? Number.NaN;
      if (!Number.isNaN(id)) set.add(id);
    }
  }
}

async function copyChunks(
  client: pg.ClientBase,
  tempFile: RowTempFile,
  table: StagedTable,
  take: (copy: Copy, chunk: RowChunk) => void,
): Promise<void> {
  const copy = openCopy(client, `staged_${table}`, Object.keys(stagedTables[table]));
  try {
    for await (const chunk of tempFile.chunks(table)) {
      take(copy, chunk);
      await copy.flush();
    }
    await copy.end();
  } catch (error) {
    await copy.abort(error instanceof Error ? error : new Error('The rows ended in an error'));
    throw error;
  }
}
