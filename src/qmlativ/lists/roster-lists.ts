/** The lists an import reads from Skyward, mapped to staged rows. */
import type { RosterList, RosterPage } from '../../import/reading/roster-source.ts';
import type { QmlativCodes } from '../mapping/source-rows.ts';
import {
  stagedAddress,
  stagedAlias,
  stagedEmail,
  stagedPerson,
  stagedPersonAddress,
  stagedPhone,
} from '../mapping/people.ts';
import {
  enrollmentRemarks,
  stagedEnrollment,
  stagedEntityYear,
  stagedFamily,
  stagedFamilyGuardian,
  stagedFamilyStudent,
  stagedGuardianLink,
  stagedStudent,
  UnknownReference,
} from '../mapping/students.ts';
import { findColumns } from '../../roster/qmlativ-sources.ts';
import { problemKinds, type ProblemKind, type UnusableRow } from '../../roster/row-problem.ts';
import type { StagedRow, StagedTable } from '../../roster/staged-rows.ts';
import { qmlativObjects } from '../objects/objects.ts';
import type { QmlativClient } from '../qmlativ-client.ts';
import { objectPath, type QmlativObject, type RowOf } from '../objects/qmlativ-object.ts';
import type { UnreadableRow } from './row-reading.ts';

/** A data problem of a usable row, and its field. */
interface Remark {
  readonly kind: ProblemKind;
  readonly field: string;
}

/** Which rows a night reads, and what is needed to understand them; can be copied to another thread. */
export interface RosterScope {
  readonly entityId: number;
  readonly schoolYearIds: readonly number[];
  readonly codes: QmlativCodes;
  /** The district's date, `YYYY-MM-DD`. */
  readonly today: string;
  /** The current school year. */
  readonly schoolYear: number;
}

/** Returns the lists, students first, because their number is used to estimate progress. */
export function createLists(client: QmlativClient, scope: RosterScope): RosterList[] {
  const { codes, today } = scope;
  const o = qmlativObjects;
  const list = <Object extends QmlativObject, Table extends StagedTable>(
    object: Object,
    table: Table,
    staged: (row: RowOf<Object>) => StagedRow<Table> | UnknownReference | undefined,
    remarks?: (row: RowOf<Object>) => readonly Remark[],
  ): RosterList<Table> => ({
    table,
    object: objectPath(object),
    pages: (signal) => readList(client, object, { table, scope, staged, remarks, signal }),
  });
  return [
    list(o.Student, 'students', (row) => stagedStudent(row, codes)),
    list(
      o.EntryWithdrawal,
      'enrollments',
      (row) => stagedEnrollment(row, codes, scope),
      enrollmentRemarks,
    ),
    list(o.StudentEntityYear, 'entity_years', (row) => stagedEntityYear(row, codes)),
    list(o.Name, 'people', (row) => stagedPerson(row, codes, today)),
    list(o.NameAlias, 'person_aliases', (row) => stagedAlias(row, codes)),
    list(o.StudentGuardian, 'guardian_links', (row) => stagedGuardianLink(row, codes)),
    list(o.Family, 'families', (row) => stagedFamily(row, codes)),
    list(o.StudentFamily, 'family_students', stagedFamilyStudent),
    list(o.FamilyGuardian, 'family_guardians', stagedFamilyGuardian),
    list(o.Address, 'addresses', (row) => stagedAddress(row, codes)),
    list(o.NameAddress, 'person_addresses', stagedPersonAddress),
    list(o.NamePhone, 'person_phones', (row) => stagedPhone(row, codes)),
    list(o.NameEmail, 'person_emails', (row) => stagedEmail(row, codes)),
  ];
}

async function* readList<Object extends QmlativObject, Table extends StagedTable>(
  client: QmlativClient,
  object: Object,
  {
    table,
    scope,
    staged,
    remarks,
    signal,
  }: {
    table: Table;
    scope: RosterScope;
    staged: (row: RowOf<Object>) => StagedRow<Table> | UnknownReference | undefined;
    remarks: ((row: RowOf<Object>) => readonly Remark[]) | undefined;
    signal: AbortSignal | undefined;
  },
): AsyncGenerator<RosterPage<Table>> {
  const pages = client.readPages(object, {
    entityId: scope.entityId,
    ...(object.yearBound ? { schoolYearIds: scope.schoolYearIds } : {}),
    signal,
  });
  for await (const { page, rows, unreadable, unreadableValues } of pages) {
    const usable: StagedRow<Table>[] = [];
    const unusable = [
      ...unreadable.map((row) => toUnusableRow(row, table, null)),
      ...unreadableValues.map((row) => toUnusableRow(row, table, findColumns(table, row.field))),
    ];
    const unresolved: Record<string, number> = {};
    for (const [index, row] of rows.entries()) {
      const result = staged(row);
      if (result === undefined) continue;
      const place = { table, page, index };
      if (result instanceof UnknownReference) {
        const remark = { kind: 'code-unknown', field: result.unknownReference } as const;
        unusable.push(toRemarkedRow(object, row, place, remark));
        continue;
      }
      usable.push(result);
      const fields = (result as { readonly unresolved?: string | null }).unresolved;
      if (fields)
        for (const field of fields.split(',')) unresolved[field] = (unresolved[field] ?? 0) + 1;
      for (const remark of remarks?.(row) ?? []) {
        unusable.push(toRemarkedRow(object, row, place, remark));
      }
    }
    yield { page, rows: usable, unusable, unresolved };
  }
}

/** Returns the owners of a row, from its readable ids. */
const findOwners = (ids: Readonly<Record<string, unknown>>) => {
  const id = (name: string) => {
    const value = ids[name];
    return typeof value === 'number' ? value : null;
  };
  return {
    sisStudentId: id('StudentID'),
    personId: id('NameID') ?? id('NameIDGuardian'),
    addressId: id('AddressID'),
    familyId: id('FamilyID'),
  };
};

function toUnusableRow(
  row: UnreadableRow,
  table: StagedTable,
  unknownColumns: readonly string[] | null,
): UnusableRow {
  const keyName = row.object.split('/')[1] + 'ID';
  return {
    kind: 'field-unreadable',
    table,
    object: row.object,
    page: row.page,
    row: row.row,
    key: String(row.key),
    field: row.field,
    message: row.message,
    unknownColumns,
    ...findOwners({ ...row.ids, [keyName]: row.key }),
  };
}

function toRemarkedRow<Object extends QmlativObject>(
  object: Object,
  row: RowOf<Object>,
  { table, page, index }: { table: StagedTable; page: number; index: number },
  { kind, field }: Remark,
): UnusableRow {
  const fields: Readonly<Record<string, unknown>> = row;
  return {
    kind,
    table,
    object: objectPath(object),
    page,
    row: index + 1,
    key: String(fields[object.key]),
    field,
    message: problemKinds[kind],
    unknownColumns: kind === 'code-unknown' ? null : [],
    ...findOwners(fields),
  };
}
