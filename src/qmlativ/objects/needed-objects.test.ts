/** What is asked to be allowed, what an import asks for, and what it reads of the responses are one list. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  stagedAddress,
  stagedAlias,
  stagedEmail,
  stagedPerson,
  stagedPersonAddress,
  stagedPhone,
} from '../mapping/people.ts';
import { createCodes } from '../../../tests/qmlativ/code-tables.ts';
import {
  stagedEnrollment,
  stagedEntityYear,
  stagedFamily,
  stagedFamilyGuardian,
  stagedFamilyStudent,
  stagedGuardianLink,
  stagedStudent,
} from '../mapping/students.ts';
import { neededObjects } from './needed-objects.ts';
import { qmlativObjects as o } from './objects.ts';
import type { QmlativObject } from './qmlativ-object.ts';
import { createQmlativSource } from '../lists/roster-source.ts';
import { listAddress, startScriptedServer } from '../../../tests/qmlativ/scripted-server.ts';

it('an import asks for every needed object and field, and for nothing else', async () => {
  await using server = await startScriptedServer((request) => {
    const list = listAddress(request);
    if (list === undefined) return undefined;
    const row = list.fields.map((field) => {
      if (field.endsWith('Date')) return [field, '2026-08-12'];
      if (field.startsWith('Is')) return [field, true];
      return [field, field === 'NumericYear' ? 2027 : 1];
    });
    return { json: { Objects: [Object.fromEntries(row)], Paging: { Next: null } } };
  });
  const source = createQmlativSource({
    baseUrl: server.baseUrl,
    clientKey: 'k',
    clientSecret: 's',
    allowPrivateAddresses: true,
    entityId: 1,
  });
  const roster = await source.openRoster({
    today: '2026-11-23',
    firstSchoolYear: 2025,
  });
  for (const list of roster.lists) for await (const page of list.pages()) void page;
  await source.close();

  const asked = new Map<string, string[]>();
  for (const request of server.requests) {
    const list = listAddress(request);
    if (list !== undefined) asked.set(list.object, list.fields.toSorted());
  }
  expect(Object.fromEntries(asked)).toEqual(
    Object.fromEntries(
      neededObjects().map(({ object, requiredFields, optionalFields }) => [
        object,
        [...requiredFields, ...optionalFields].toSorted(),
      ]),
    ),
  );
});

type Row = Record<string, unknown>;
const codes = createCodes();
/** `never` takes rows of every object. */
const mapped: readonly [QmlativObject, (row: never) => unknown][] = [
  [o.Student, (row) => stagedStudent(row, codes)],
  [
    o.EntryWithdrawal,
    (row) => stagedEnrollment(row, codes, { today: '2026-11-23', schoolYear: 2027 }),
  ],
  [o.StudentEntityYear, (row) => stagedEntityYear(row, codes)],
  [o.Name, (row) => stagedPerson(row, codes, '2026-11-23')],
  [o.NameAlias, (row) => stagedAlias(row, codes)],
  [o.StudentGuardian, (row) => stagedGuardianLink(row, codes)],
  [o.Family, (row) => stagedFamily(row, codes)],
  [o.StudentFamily, stagedFamilyStudent],
  [o.FamilyGuardian, stagedFamilyGuardian],
  [o.Address, (row) => stagedAddress(row, codes)],
  [o.NameAddress, stagedPersonAddress],
  [o.NamePhone, (row) => stagedPhone(row, codes)],
  [o.NameEmail, (row) => stagedEmail(row, codes)],
];

/** Keys of links, which say nothing by themselves. */
const unread = new Set(['NameAliasID', 'StudentFamilyID', 'FamilyGuardianID']);

it.each(mapped.map(([object, map]) => ({ name: object.name, object, map })))(
  'every field that is asked of $name is read',
  ({ object, map }) => {
    const read = new Set<string>();
    const fields = Object.entries(object.fields);
    // Of fields that replace each other, one is read where the others hold nothing.
    const row = fc
      .subarray(fields.filter(([, { nullable }]) => nullable).map(([field]) => field))
      .map((empty): Row => {
        const value = (field: string, kind: string) =>
          field === 'SchoolYearID' ? 7 : kind === 'id' ? 1 : '2026-08-12';
        return Object.fromEntries(
          fields.map(([field, { kind }]) => [
            field,
            empty.includes(field) ? null : value(field, kind),
          ]),
        );
      });
    fc.assert(
      fc.property(row, (one) => {
        const watched = new Proxy(one, {
          get: (target, field) => {
            read.add(String(field));
            return target[String(field)];
          },
        });
        map(watched as never);
      }),
      { numRuns: 300 },
    );
    const asked = fields.map(([field]) => field).filter((field) => !unread.has(field));
    expect(asked.filter((field) => !read.has(field))).toEqual([]);
  },
);
