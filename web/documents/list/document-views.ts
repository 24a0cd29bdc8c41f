/** The views of the document list: filters under a name. Pure. */
import type { DocumentCounts } from '../../../src/contract/documents/documents.ts';
import type { DocumentListSearch } from '../document-queries.ts';

export interface DocumentView {
  readonly name: string;
  readonly search: DocumentListSearch;
  /** How many documents it has; undefined if that is not counted. */
  readonly count: (counts: DocumentCounts) => number | undefined;
}

export const documentViews: readonly DocumentView[] = [
  { name: 'All', search: {}, count: () => undefined },
  {
    name: 'Mine',
    search: { owner: 'me', state: 'incomplete' },
    count: ({ mine }) => mine,
  },
  {
    name: 'Due within 7 days',
    search: { due: 'soon', sort: 'due' },
    count: ({ overdue, dueThisWeek }) => overdue + dueThisWeek,
  },
  { name: 'Student info changed', search: { changed: 'yes' }, count: ({ changed }) => changed },
];

/** The filters that make a view. Search, form, school and order can be added without leaving it. */
const viewFilters = ['owner', 'state', 'due', 'changed', 'deleted', 'batch'] as const;

/** Whether the list shows this view. */
export const isShown = ({ search }: DocumentView, query: DocumentListSearch): boolean =>
  viewFilters.every((name) => search[name] === query[name]);

/** Whether anything restricts the list. */
export const hasFilters = ({ page: _page, sort: _sort, ...filters }: DocumentListSearch): boolean =>
  Object.values(filters).some((value) => value !== undefined);
