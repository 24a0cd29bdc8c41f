import { expect, it } from 'vitest';

import type { DocumentListSearch } from '../document-queries.ts';
import { documentViews, hasFilters, isShown } from './document-views.ts';

const shown = (query: DocumentListSearch) =>
  documentViews.filter((view) => isShown(view, query)).map(({ name }) => name);

it('a view stays the current one while its list is searched, sorted or paged', () => {
  expect(shown({})).toEqual(['All']);
  expect(shown({ search: 'ana', form: 'transfer-letter', sort: 'student', page: '2' })).toEqual([
    'All',
  ]);
  expect(shown({ owner: 'me', state: 'incomplete', school: '402' })).toEqual(['Mine']);
  expect(shown({ due: 'soon' })).toEqual(['Due within 7 days']);
});

it('other combinations of filters are no view', () => {
  expect(shown({ owner: 'me' })).toEqual([]);
  expect(shown({ deleted: 'yes' })).toEqual([]);
});

it('the order and the page are no filters', () => {
  expect(hasFilters({ sort: 'due', page: '2' })).toBe(false);
  expect(hasFilters({ search: 'ana' })).toBe(true);
});
