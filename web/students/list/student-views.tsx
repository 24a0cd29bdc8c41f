/** The views above the list: the user's own students, all of the user's schools, recently updated ones. */
import { Link } from '@tanstack/react-router';

import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { useCaseload } from './caseload.ts';
import type { StudentListSearch } from './list-address.ts';
import { daysBefore } from './list-filters.tsx';

const number = new Intl.NumberFormat('en-US');

/** `query` says which view is shown (`shownView`). */
export function StudentViews({ query }: { readonly query: StudentListSearch }) {
  const domain = useDomain();
  const { schools, today } = useDistrict();
  const caseload = useCaseload();
  const { columns } = query;
  const [school] = schools;
  const views = [
    { name: 'My students', search: { view: 'mine' }, count: caseload?.size },
    {
      name: schools.length === 1 && school ? school.name : 'All students',
      search: { view: 'all' },
      count: undefined,
    },
    {
      name: 'Updated in the last 7 days',
      search: { view: 'all', changedSince: daysBefore(today, 7) },
      count: undefined,
    },
  ] as const;
  return (
    <nav aria-label="Views of students" className="view-links">
      {views.map(({ name, search, count }) => (
        <Link
          key={name}
          to="/a/$domain/students"
          params={{ domain }}
          search={{ ...search, columns }}
          replace
          activeOptions={{ exact: true, includeSearch: true }}
          aria-current={isShown(query, search) ? 'true' : undefined}
          className="view-link"
        >
          {name}{' '}
          {count !== undefined && <span className="filter-count">{number.format(count)}</span>}
        </Link>
      ))}
    </nav>
  );
}

/** A search or another filter limits a view; it makes no other one. */
const isShown = (query: StudentListSearch, view: StudentListSearch): boolean =>
  query.view === view.view && (view.view === 'mine' || query.changedSince === view.changedSince);

const maxNamedSchools = 2;

/** Whose students the list has: `Juniper Hills Elementary`, `3 schools`. */
export function useScope(): string {
  const { schools } = useDistrict();
  return schools.length > maxNamedSchools
    ? `${schools.length} schools`
    : schools.map(({ name }) => name).join(', ');
}
