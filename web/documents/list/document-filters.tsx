/** The views and the filters of the document list. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import type { DueFilter } from '../../../src/contract/documents/documents.ts';
import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { FilterSelect, listOptions } from '../../shell/fields/select.tsx';
import { documentCountsQuery, type DocumentListSearch, formsQuery } from '../document-queries.ts';
import { documentViews, isShown } from './document-views.ts';

const number = new Intl.NumberFormat('en-US');

/** Each view with its number of documents. */
export function DocumentViews({ query }: { readonly query: DocumentListSearch }) {
  const domain = useDomain();
  const { data: counts } = useQuery(documentCountsQuery(domain));
  return (
    <nav aria-label="Views of documents" className="view-links">
      {documentViews.map((view) => {
        const count = counts && view.count(counts);
        return (
          <Link
            key={view.name}
            to="/a/$domain/documents"
            params={{ domain }}
            search={view.search}
            activeOptions={{ exact: true, includeSearch: true }}
            aria-current={isShown(view, query) ? 'true' : undefined}
            className="view-link"
          >
            {view.name}
            {count !== undefined && <span className="filter-count">{number.format(count)}</span>}
          </Link>
        );
      })}
    </nav>
  );
}

const dueLabels: Readonly<Record<DueFilter, string>> = {
  overdue: 'Overdue',
  soon: 'Overdue or due within 7 days',
  week: 'Due within 7 days',
  month: 'Due within 30 days',
  any: 'Any date',
};

type DocumentState = NonNullable<DocumentListSearch['state']>;

interface DocumentFiltersProps {
  readonly query: DocumentListSearch;
  readonly onQueryChange: (search: DocumentListSearch) => void;
}

export function DocumentFilters({ query, onQueryChange }: DocumentFiltersProps) {
  const domain = useDomain();
  const { schools } = useDistrict();
  const { data } = useQuery(formsQuery(domain));
  const { data: counts } = useQuery(documentCountsQuery(domain));
  return (
    <>
      <FilterSelect
        label="Form"
        none="All forms"
        value={query.form}
        options={data?.forms.map(({ key, title }) => ({ value: key, label: title })) ?? []}
        onChange={(form) => onQueryChange({ ...query, form })}
      />
      <FilterSelect<DocumentState>
        label="Status"
        none="All statuses"
        value={query.state}
        options={listOptions({ incomplete: 'Incomplete', complete: 'Complete' })}
        onChange={(state) => onQueryChange({ ...query, state })}
      />
      {schools.length > 1 && (
        <FilterSelect
          label="School"
          none="All schools"
          value={query.school}
          options={schools.map(({ entityId, name }) => ({
            value: String(entityId),
            label: name,
          }))}
          onChange={(school) => onQueryChange({ ...query, school })}
        />
      )}
      <FilterSelect
        label="Owner"
        none="All owners"
        value={query.owner}
        options={[
          { value: 'me', label: 'You' },
          ...(counts?.owners.map(({ accountId, name }) => ({ value: accountId, label: name })) ??
            []),
        ]}
        onChange={(owner) => onQueryChange({ ...query, owner })}
      />
      <FilterSelect<DueFilter>
        label="Due"
        none="Due: all"
        value={query.due}
        options={listOptions(dueLabels)}
        onChange={(due) => onQueryChange({ ...query, due })}
      />
      {query.batch !== undefined && (
        <button
          type="button"
          className="filter"
          aria-pressed="true"
          onClick={() => onQueryChange({ ...query, batch: undefined })}
        >
          Created together
        </button>
      )}
    </>
  );
}
