/** A scripted Skyward with fixed rows, one page for each list, and imports from it. */
import { startScriptedServer } from '../qmlativ/scripted-server.ts';
import { addDistrict, runSandboxImport, type ImportOverrides } from './sandbox-district.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import type { Database } from '../../src/database/database.ts';
import type { ImportOutcome } from '../../src/import/import-report.ts';

export type FixedRow = Record<string, unknown>;

/** Rows by object, `Module/Object`; other objects return an empty list. */
export type FixedRows = Record<string, FixedRow[]>;

const schoolYears = [26, 27, 28].map((id) => ({
  SchoolYearID: id,
  NumericYear: 2000 + id,
  IsCurrentYearForProvidedEntity: id === 27,
}));

/** The code tables of a small district: entity 1 is the district, the current school year is 2027. */
const codeTables: FixedRows = {
  'District/SchoolYear': schoolYears,
  'District/Entity': [
    { EntityID: 1, Code: '000', Name: 'Test ISD' },
    { EntityID: 401, Code: '401', Name: 'Cedar High' },
    { EntityID: 402, Code: '402', Name: 'Career Center' },
  ],
  'Enrollment/School': [26, 27].map((year) => ({
    SchoolID: 4010 + year,
    SchoolYearID: year,
    Code: '401',
    Name: 'Cedar High School',
    StateAssignedID: '101001',
  })),
  'Enrollment/WithdrawalCode': [
    { WithdrawalCodeID: 271, SchoolYearID: 27, Code: '01', Description: 'Graduated' },
    { WithdrawalCodeID: 272, SchoolYearID: 27, Code: '80', Description: 'Moved' },
    { WithdrawalCodeID: 273, SchoolYearID: 27, Code: 'CECS', Description: 'Cross entity' },
  ],
  'Enrollment/EntryCode': [
    { EntryCodeID: 27, SchoolYearID: 27, Code: 'E', Description: 'Entered' },
  ],
};

/** Creates the rows of student `n`: NameID 100000 + n, number 1000 + n, state ID Sn, other keys n times ten. */
function createStudentRows(n: number): FixedRows {
  return {
    'Student/Student': [
      {
        StudentID: n,
        NameID: 100_000 + n,
        StudentNumber: `${1000 + n}`,
        Grade: '9',
        GradYear: 2030,
        CalculatedStudentStateID: `S${n}`,
      },
    ],
    'Demographics/Name': [
      {
        NameID: 100_000 + n,
        FirstName: `Ana${n}`,
        LastName: 'Lopez',
        BirthDate: '2011-05-06T00:00:00',
        Gender: 'Female',
      },
    ],
    'Enrollment/EntryWithdrawal': [
      {
        EntryWithdrawalID: n * 10 + 1,
        StudentID: n,
        EntityID: 401,
        SchoolYearID: 27,
        StartDate: '2026-08-12T00:00:00',
        EndDate: null,
        WithdrawalDate: null,
        WithdrawalCodeID: null,
        IsDefaultEntity: true,
        SchoolID: 4037,
        EntryCodeID: 27,
      },
    ],
    'Enrollment/StudentEntityYear': [
      { StudentEntityYearID: n * 10, StudentID: n, EntityID: 401, SchoolYearID: 27, Grade: '9' },
    ],
  };
}

/** Merges sets of rows. */
export function mergeRows(...parts: readonly FixedRows[]): FixedRows {
  const merged: FixedRows = {};
  for (const part of parts)
    for (const [object, rows] of Object.entries(part))
      merged[object] = [...(merged[object] ?? []), ...rows];
  return merged;
}

/** Creates the rows of students `first` to `last`, and the code tables. */
export const createDistrictRows = (last: number, first = 1): FixedRows =>
  mergeRows(
    codeTables,
    ...Array.from({ length: last - first + 1 }, (_, index) => createStudentRows(first + index)),
  );

/** Changes every row of an object; a member set to undefined is omitted. */
export const withRows = (
  fixedRows: FixedRows,
  object: string,
  change: (row: FixedRow, index: number) => FixedRow,
): FixedRows => ({
  ...fixedRows,
  [object]: (fixedRows[object] ?? []).map((row, index) => ({ ...row, ...change(row, index) })),
});

const metadata = {
  System: {
    EntityID: 1,
    Name: 'Test',
    Districts: [
      {
        DistrictID: 1,
        EntityID: 1,
        Name: 'Test ISD',
        Code: '000',
        SchoolYearCurrent: { SchoolYearID: 27, NumericYear: 2027, Description: '2026-27' },
      },
    ],
  },
};

/** A district of one test that imports fixed rows. */
export interface FixedRowsDistrict extends AsyncDisposable {
  readonly database: Database;
  readonly districtId: number;
  /** Imports these rows. */
  import(fixedRows: FixedRows, overrides?: ImportOverrides): Promise<ImportOutcome>;
  /** Returns the rows of a query whose first parameter is the district. */
  rows<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** Opens an empty district in its own database, and a Skyward without rows. */
export async function openFixedRowsDistrict(): Promise<FixedRowsDistrict> {
  const database = await openTestDatabase();
  let currentRows: FixedRows = {};
  const server = await startScriptedServer(({ path, query }) => {
    if (path.endsWith('/GetSystemMetadata')) return { json: metadata };
    const object = /\/Custom\/1\/(\w+\/\w+)\/1\/\d+$/i.exec(path)?.[1];
    if (object === undefined) return undefined;
    const year = query.get('SchoolYearID');
    const key = `${object.split('/')[1] ?? ''}ID`;
    const rows = (currentRows[object] ?? [])
      .filter(
        (row) =>
          year === null ||
          row['SchoolYearID'] === undefined ||
          row['SchoolYearID'] === Number(year),
      )
      .toSorted((a, b) => Number(a[key]) - Number(b[key]));
    return { json: { Objects: rows, Paging: { Next: null } } };
  });
  const districtId = await addDistrict(database, 'given.example');
  const access = { baseUrl: server.baseUrl, clientKey: 'k', clientSecret: 's', entityId: 1 };
  return {
    database,
    districtId,
    import: async (fixedRows, overrides = {}) => {
      currentRows = fixedRows;
      return runSandboxImport(database.pool, access, districtId, {
        ...overrides,
        connection: { pageSize: 1000, ...overrides.connection },
      });
    },
    rows: async <Row extends object>(sql: string, parameters: readonly unknown[] = []) => {
      const { rows } = await database.pool.query<Row>(sql, [districtId, ...parameters]);
      return rows;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await database.close();
    },
  };
}
