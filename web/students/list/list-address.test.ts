import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { studentListApi } from '../../../src/contract/students/student-list.ts';
import {
  isSameList,
  listColumns,
  parseListSearch,
  shownView,
  toSavedQuery,
} from './list-address.ts';

it('keeps the valid parts of an address and ignores the rest', () => {
  expect(
    parseListSearch({
      search: 'vega',
      status: 'GRADUATED,AWAY,GRADUATED',
      school: '401,x',
      grade: '09',
      changedSince: '2026-13-40',
      problem: 'row',
      sort: '-grade',
      columns: 'status,shoe',
      page: '3',
      utm: 'x',
    }),
  ).toEqual({
    search: 'vega',
    status: 'GRADUATED',
    school: '401',
    grade: '09',
    problem: 'row',
    sort: '-grade',
    columns: 'status',
    page: 3,
  });
});

it('never sends the server a query that the contract rejects', () => {
  const values = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'ENROLLED',
      'ENROLLED,INACTIVE',
      '401',
      '401,402',
      '2026-11-23',
      '-name',
      'any',
    ),
    fc.integer(),
    fc.constant(undefined),
  );
  const names = ['search', 'status', 'school', 'grade', 'changedSince', 'problem', 'sort', 'page'];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), values), (address) => {
      const { columns: _, page, ...query } = parseListSearch(address);
      const asked = { ...query, ...(page !== undefined && { page: String(page) }) };
      expect(studentListApi.listStudents.query.safeParse(asked).error).toBeUndefined();
    }),
  );
});

it('always shows the name, and the columns in the order of the table', () => {
  expect(listColumns({ columns: 'status,number' })).toEqual(['name', 'number', 'status']);
});

it('recognizes a view regardless of its page and the order of its parts', () => {
  const view = toSavedQuery({ grade: '09', search: 'vega', page: 4 });
  expect(view).toEqual({ grade: '09', search: 'vega' });
  expect(isSameList(view, { search: 'vega', grade: '09' })).toBe(true);
  expect(isSameList(view, { search: 'vega' })).toBe(false);
});

it('opens with the own students if there are any, and searches all', () => {
  expect(shownView({}, 0)).toBe('all');
  expect(shownView({}, 3)).toBe('mine');
  expect(shownView({ sort: 'grade' }, 3)).toBe('mine');
  expect(shownView({ search: 'vega' }, 3)).toBe('all');
  expect(shownView({ search: 'vega', view: 'mine' }, 3)).toBe('mine');
  expect(shownView({ view: 'all' }, 3)).toBe('all');
});
