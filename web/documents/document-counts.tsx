/** How many documents wait for somebody; each number leads to them. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { useDomain } from '../districts/district-query.ts';
import { documentCountsQuery, type DocumentListSearch } from './document-queries.ts';

const number = new Intl.NumberFormat('en-US');

export function DocumentCounts() {
  const domain = useDomain();
  const { data } = useQuery(documentCountsQuery(domain));
  // Numbers beside a list: without them the list is still whole.
  if (data === undefined) return null;
  const lines: readonly (readonly [string, number, DocumentListSearch])[] = [
    ['Incomplete', data.incomplete, { state: 'incomplete' }],
    ['Yours', data.mine, { state: 'incomplete', owner: 'me' }],
    ['Overdue', data.overdue, { due: 'overdue' }],
    ['Due within 7 days', data.dueThisWeek, { due: 'week' }],
    ['Record changed since', data.changed, { changed: 'yes' }],
  ];
  return (
    <ul className="document-counts" aria-label="Documents that wait">
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
