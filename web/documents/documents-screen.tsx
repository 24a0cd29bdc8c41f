/** The documents of all students, with filters, export and printing. */
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useId } from 'react';

import { type DueFilter, documentsApi } from '../../src/contract/documents/documents.ts';
import { administers } from '../../src/contract/endpoint.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { apiAddress } from '../api/api-client.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { EmptyState, LoadingRows } from '../shell/list-state.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { DocumentCounts } from './document-counts.tsx';
import {
  documentCountsQuery,
  documentListQuery,
  type DocumentListSearch,
  formsQuery,
} from './document-queries.ts';
import { DocumentTable } from './document-table.tsx';
import './documents.css';

export function DocumentsScreen() {
  const domain = useDomain();
  const query = useSearch({ from: '/signed-in/a/$domain/documents' });
  const navigate = useNavigate();
  const setQuery = (search: DocumentListSearch) =>
    void navigate({ to: '/a/$domain/documents', params: { domain }, search });
  const { data: session } = useQuery(sessionQuery);
  const { data, error, refetch } = useQuery(documentListQuery(domain, query));
  const { page: _page, ...filter } = query;
  return (
    <div className="screen">
      <ScreenTitle name="Documents">Documents</ScreenTitle>
      {session && administers(session.account.role) && (
        <p>
          <Link to="/a/$domain/forms" params={{ domain }}>
            Form library
          </Link>
          {' · '}
          <Link to="/a/$domain/pdf-forms" params={{ domain }}>
            PDF forms
          </Link>
        </p>
      )}
      <DocumentCounts />
      <div className="document-filters">
        <Filters query={filter} onQueryChange={setQuery} />
      </div>
      <Group gap="sm" mt="sm">
        <Download path={documentsApi.exportDocuments.path} filter={filter}>
          Export
        </Download>
        {data !== undefined && data.rows.length > 0 && filter.deleted === undefined && (
          <>
            <Download path={documentsApi.printDocuments.path} filter={filter}>
              Print all as one PDF
            </Download>
            <Download path={documentsApi.packDocuments.path} filter={filter}>
              PDFs in a zip
            </Download>
          </>
        )}
      </Group>
      {data === undefined && error === null && <LoadingRows label="Loading the documents" />}
      {data === undefined && error !== null && (
        <ProblemNotice
          title="The documents could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data?.rows.length === 0 && (
        <EmptyState title="No documents found">
          Create documents on a student's Documents tab, or for several students on the Students
          page.
        </EmptyState>
      )}
      {data !== undefined && data.rows.length > 0 && <DocumentTable rows={data.rows} withStudent />}
      {data !== undefined && (data.page > 1 || data.hasMore) && (
        <Group component="nav" aria-label="Pages" mt="md">
          <Button
            variant="default"
            disabled={data.page === 1}
            onClick={() => setQuery({ ...filter, page: String(data.page - 1) })}
          >
            Newer
          </Button>
          <Button
            variant="default"
            disabled={!data.hasMore}
            onClick={() => setQuery({ ...filter, page: String(data.page + 1) })}
          >
            Older
          </Button>
        </Group>
      )}
    </div>
  );
}

interface DownloadProps {
  readonly path: string;
  readonly filter: DocumentListSearch;
  readonly children: string;
}

/** The browser shows the download's progress. */
function Download({ path, filter, children }: DownloadProps) {
  const domain = useDomain();
  return (
    <Button
      component="a"
      variant="default"
      size="sm"
      href={apiAddress(path, { domain }, { ...filter })}
      download
    >
      {children}
    </Button>
  );
}

interface FiltersProps {
  readonly query: DocumentListSearch;
  readonly onQueryChange: (search: DocumentListSearch) => void;
}

function Filters({ query, onQueryChange }: FiltersProps) {
  const domain = useDomain();
  const { schools } = useDistrict();
  const { data } = useQuery(formsQuery(domain));
  const { data: counts } = useQuery(documentCountsQuery(domain));
  return (
    <>
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
          onQueryChange({
            ...query,
            state: state === undefined ? undefined : (state as 'complete'),
          })
        }
      />
      <Filter
        label="School"
        value={query.school}
        options={schools.map(({ entityId, name }) => [String(entityId), name] as const)}
        onChange={(school) => onQueryChange({ ...query, school })}
      />
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
      <button
        type="button"
        className="filter"
        aria-pressed={query.changed === 'yes'}
        onClick={() =>
          onQueryChange({ ...query, changed: query.changed === 'yes' ? undefined : 'yes' })
        }
      >
        Student info changed
      </button>
      <button
        type="button"
        className="filter"
        aria-pressed={query.deleted === 'yes'}
        onClick={() =>
          onQueryChange({ ...query, deleted: query.deleted === 'yes' ? undefined : 'yes' })
        }
      >
        Deleted
      </button>
    </>
  );
}

interface FilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string | undefined) => void;
}

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
