/** The rows of a district in memory, as an import receives them, so that a proof can change them freely. */
import type { RosterSource } from '../../src/import/reading/roster-source.ts';
import type { StagedTable } from '../../src/roster/staged-rows.ts';

export type MemoryRow = Record<string, unknown>;

/** Everything that is read from a district, and the students whom Skyward does not deliver at present. */
export interface MemoryRoster {
  readonly schoolYear: number;
  readonly schoolYearsRead: readonly number[];
  readonly lists: { readonly table: StagedTable; readonly object: string; rows: MemoryRow[] }[];
  readonly hidden: Set<number>;
}

/** Reads a whole roster. */
export async function readRoster(source: RosterSource, today: string): Promise<MemoryRoster> {
  const roster = await source.openRoster({ today, firstSchoolYear: 2024 });
  const lists = await Promise.all(
    roster.lists.map(async (list) => {
      const rows: MemoryRow[] = [];
      for await (const page of list.pages()) rows.push(...(page.rows as readonly MemoryRow[]));
      return { table: list.table, object: list.object, rows };
    }),
  );
  const { schoolYear, schoolYearsRead } = roster;
  return { schoolYear, schoolYearsRead, lists, hidden: new Set() };
}

/** Returns the rows of a table. */
export function rowsOf(roster: MemoryRoster, table: StagedTable): MemoryRow[] {
  return roster.lists.find((list) => list.table === table)?.rows ?? [];
}

export const listStudentIds = (roster: MemoryRoster): number[] =>
  rowsOf(roster, 'students').map((row) => Number(row['skyward_id']));

/** Returns the student of a row that is not delivered while the student is hidden. */
function ownerOf(table: StagedTable, row: MemoryRow): unknown {
  return table === 'students' ? row['skyward_id'] : row['student_skyward_id'];
}

/** A source that delivers the rows as they are now, each list in one page. */
export function createMemorySource(roster: MemoryRoster): RosterSource {
  return {
    openRoster: async () => ({
      schoolYear: roster.schoolYear,
      schoolYearsRead: roster.schoolYearsRead,
      lists: roster.lists.map(({ table, object, rows }) => ({
        table,
        object,
        async *pages() {
          const delivered = rows.filter((row) => !roster.hidden.has(Number(ownerOf(table, row))));
          yield { page: 1, rows: structuredClone(delivered), unusable: [], unresolved: {} };
        },
      })),
    }),
    confirm: async () => undefined,
    missingPermissions: () => [],
    emptyFields: () => [],
    unreadableCodes: () => [],
    isRetryable: () => false,
    close: async () => undefined,
  };
}
