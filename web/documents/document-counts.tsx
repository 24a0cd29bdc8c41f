/** Counts of open documents, each linking to its list. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { useDomain } from '../districts/district-query.ts';
import { documentCountsQuery, type DocumentListSearch } from './document-queries.ts';

const number = new Intl.NumberFormat('en-US');

export function DocumentCounts() {
  const domain = useDomain();
  const { data } = useQuery(documentCountsQuery(domain));
  // Optional: the list is complete without the counts.
  if (data === undefined) return null;
  const lines: readonly (readonly [string, number, DocumentListSearch])[] = [
    ['Incomplete', data.incomplete, { state: 'incomplete' }],
    ['Yours', data.mine, { state: 'incomplete', owner: 'me' }],
    ['Overdue', data.overdue, { due: 'overdue' }],
    ['Due within 7 days', data.dueThisWeek, { due: 'week' }],
    ['Student info changed', data.changed, { changed: 'yes' }],
  ];
  return (
    <ul className="document-counts" aria-label="Open documents">
      {lines.map(([name, count, search]) => (
        <li key={name} data-none={count === 0}>
          <Link to="/a/$domain/documents" params={{ domain }} search={search}>
            <strong>{number.format(count)}</strong> {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
