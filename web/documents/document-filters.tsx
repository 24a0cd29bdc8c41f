/** The views, the search and the filters of the document list. */
import '../students/list/list.css';

import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';

import type { DueFilter } from '../../src/contract/documents/documents.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { SearchIcon } from '../shell/icons.tsx';
import { documentCountsQuery, type DocumentListSearch, formsQuery } from './document-queries.ts';
import { documentViews, isShown } from './document-views.ts';

const number = new Intl.NumberFormat('en-US');

/** Each view with its number of documents. */
export function DocumentViews({ query }: { readonly query: DocumentListSearch }) {
  const domain = useDomain();
  const { data: counts } = useQuery(documentCountsQuery(domain));
  return (
    <nav aria-label="Views of documents" className="document-views">
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

/** As for students: long enough for a fast typist's next key, short enough to seem immediate. */
const debounceMs = 150;

interface DocumentSearchProps {
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

export function DocumentSearch({ value, onSearch }: DocumentSearchProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const search = useDebouncedCallback(onSearch, debounceMs);
  // When the address changes, the field follows, unless the user is typing.
  useEffect(() => {
    if (document.activeElement !== field.current) setText(value);
  }, [value]);
  const change = (typed: string) => {
    setText(typed);
    search(typed);
  };
  return (
    <search className="document-search">
      <TextInput
        ref={field}
        inputMode="search"
        enterKeyHint="search"
        maxLength={100}
        aria-label="Search documents by student, form or owner"
        placeholder="Student, form or owner"
        leftSection={<SearchIcon />}
        rightSection={
          text !== '' && <CloseButton aria-label="Clear the search" onClick={() => change('')} />
        }
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && change('')}
      />
    </search>
  );
}

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
    <div className="choices">
      <Filter
        label="Form"
        value={query.form}
        options={data?.forms.map(({ key, title }) => [key, title] as const) ?? []}
        onChange={(form) => onQueryChange({ ...query, form })}
      />
      <Filter
        label="Status"
        value={query.state}
        options={[
          ['incomplete', 'Incomplete'],
          ['complete', 'Complete'],
        ]}
        onChange={(state) =>
          onQueryChange({ ...query, state: state as DocumentListSearch['state'] })
        }
      />
      {schools.length > 1 && (
        <Filter
          label="School"
          value={query.school}
          options={schools.map(({ entityId, name }) => [String(entityId), name] as const)}
          onChange={(school) => onQueryChange({ ...query, school })}
        />
      )}
      <Filter
        label="Owner"
        value={query.owner}
        options={[
          ['me', 'You'],
          ...(counts?.owners.map(({ accountId, name }) => [accountId, name] as const) ?? []),
        ]}
        onChange={(owner) => onQueryChange({ ...query, owner })}
      />
      <Filter
        label="Due"
        value={query.due}
        options={[
          ['overdue', 'Overdue'],
          ['soon', 'Overdue or within 7 days'],
          ['week', 'Within 7 days'],
          ['month', 'Within 30 days'],
          ['any', 'Any date'],
        ]}
        onChange={(due) => onQueryChange({ ...query, due: due as DueFilter | undefined })}
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
    </div>
  );
}

interface FilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string | undefined) => void;
}

/** A native select, which supports every keyboard and a phone's picker. */
function Filter({ label, value, options, onChange }: FilterProps) {
  const id = useId();
  return (
    <span className="choice" data-chosen={value !== undefined}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value ?? ''}
        onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
      >
        <option value="">All</option>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}
