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
import type { CodeScope } from './code-tables.ts';
import { startEarly } from './early-pages.ts';
import { QmlativError } from '../http/qmlativ-error.ts';
import type { QmlativClient } from '../qmlativ-client.ts';
import { objectPath, type QmlativObject, type RowOf } from '../objects/qmlativ-object.ts';
import type { UnreadableRow } from './row-reading.ts';

/** A data problem of a usable row, and its field. */
interface Remark {
  readonly kind: ProblemKind;
  readonly field: string;
}

/** Which rows an import reads, and what is needed to understand them. */
interface RosterScope extends CodeScope {
  /** Still being read while the first pages of the lists are requested. */
  readonly codes: Promise<QmlativCodes>;
  /** The district's date, `YYYY-MM-DD`. */
  readonly today: string;
  /** The current school year. */
  readonly schoolYear: number;
}

type Mapping<Object extends QmlativObject, Table extends StagedTable> = (
  row: RowOf<Object>,
  codes: QmlativCodes,
) => StagedRow<Table> | UnknownReference | undefined;

/** Returns the lists, students first. */
export function createLists(client: QmlativClient, scope: RosterScope): RosterList[] {
  const { today } = scope;
  const o = qmlativObjects;
  const list = <Object extends QmlativObject, Table extends StagedTable>(
    object: Object,
    table: Table,
    staged: Mapping<Object, Table>,
    remarks?: (row: RowOf<Object>) => readonly Remark[],
  ): RosterList<Table> => ({
    table,
    object: objectPath(object),
    pages: (rank) =>
      startEarly(readList(client, object, { table, scope, staged, remarks, rank }), 1),
  });
  return [
    list(o.Student, 'students', stagedStudent),
    list(
      o.EntryWithdrawal,
      'enrollments',
      (row, codes) => stagedEnrollment(row, codes, scope),
      enrollmentRemarks,
    ),
    list(o.StudentEntityYear, 'entity_years', stagedEntityYear),
    list(o.Name, 'people', (row, codes) => stagedPerson(row, codes, today)),
    list(o.NameAlias, 'person_aliases', stagedAlias),
    list(o.StudentGuardian, 'guardian_links', stagedGuardianLink),
    list(o.Family, 'families', stagedFamily),
    list(o.StudentFamily, 'family_students', stagedFamilyStudent),
    list(o.FamilyGuardian, 'family_guardians', stagedFamilyGuardian),
    list(o.Address, 'addresses', stagedAddress),
    list(o.NameAddress, 'person_addresses', stagedPersonAddress),
    list(o.NamePhone, 'person_phones', stagedPhone),
    list(o.NameEmail, 'person_emails', stagedEmail),
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
    rank,
  }: {
    table: Table;
    scope: RosterScope;
    staged: Mapping<Object, Table>;
    remarks: ((row: RowOf<Object>) => readonly Remark[]) | undefined;
    rank: number | undefined;
  },
): AsyncGenerator<RosterPage<Table>, void, undefined> {
  const pages = client.readPages(object, {
    entityId: scope.entityId,
    ...(object.yearBound ? { schoolYearIds: scope.schoolYearIds } : {}),
    rank,
  });
  for await (const { page, rows, unreadable, unreadableValues } of takePages(pages, scope.codes)) {
    const codes = await scope.codes;
    const usable: StagedRow<Table>[] = [];
    const unusable = [
      ...unreadable.map((row) => toUnusableRow(row, table, null)),
      ...unreadableValues.map((row) => toUnusableRow(row, table, findColumns(table, row.field))),
    ];
    const unresolved: Record<string, number> = {};
    for (const [index, row] of rows.entries()) {
      const result = staged(row, codes);
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

/** Returns the pages. Throws the error of a code table, also for a list that it canceled or that has no rows. */
async function* takePages<Page>(
  pages: AsyncGenerator<Page, void, undefined>,
  codes: Promise<QmlativCodes>,
): AsyncGenerator<Page, void, undefined> {
  try {
    yield* pages;
  } catch (error) {
    if (error instanceof QmlativError && error.code === 'cancelled') await codes;
    throw error;
  }
  await codes;
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
