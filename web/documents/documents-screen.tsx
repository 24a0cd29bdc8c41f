/** The documents of all students, by form, state and newer details. */
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useId } from 'react';

import {
  type DueFilter,
  exportDocuments,
  packDocuments,
  printDocuments,
} from '../../src/contract/documents.ts';
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
  const asked = useSearch({ from: '/signed-in/a/$domain/documents' });
  const navigate = useNavigate();
  const ask = (search: DocumentListSearch) =>
    void navigate({ to: '/a/$domain/documents', params: { domain }, search });
  const { data: session } = useQuery(sessionQuery);
  const { data, error, refetch } = useQuery(documentListQuery(domain, asked));
  const { page: _page, ...filter } = asked;
  return (
    <div className="screen">
      <ScreenTitle name="Documents">Documents</ScreenTitle>
      {session && administers(session.account.role) && (
        <p>
          <Link to="/a/$domain/forms" params={{ domain }}>
            Forms of the district
          </Link>
          {' · '}
          <Link to="/a/$domain/pdf-forms" params={{ domain }}>
            PDF forms
          </Link>
        </p>
      )}
      <DocumentCounts />
      <div className="document-filters">
        <Filters asked={filter} onAsk={ask} />
      </div>
      <Group gap="sm" mt="sm">
        <Download path={exportDocuments.path} filter={filter}>
          Export
        </Download>
        {data !== undefined && data.rows.length > 0 && filter.deleted === undefined && (
          <>
            <Download path={printDocuments.path} filter={filter}>
              Print all as one PDF
            </Download>
            <Download path={packDocuments.path} filter={filter}>
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
        <EmptyState title="No document fits">
          Documents are created on the Documents tab of a student, or for many students chosen in
          the list of students.
        </EmptyState>
      )}
      {data !== undefined && data.rows.length > 0 && <DocumentTable rows={data.rows} withStudent />}
      {data !== undefined && (data.page > 1 || data.isMore) && (
        <Group component="nav" aria-label="Pages" mt="md">
          <Button
            variant="default"
            disabled={data.page === 1}
            onClick={() => ask({ ...filter, page: String(data.page - 1) })}
          >
            Newer
          </Button>
          <Button
            variant="default"
            disabled={!data.isMore}
            onClick={() => ask({ ...filter, page: String(data.page + 1) })}
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

/** The browser shows how far it is. */
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
  readonly asked: DocumentListSearch;
  readonly onAsk: (search: DocumentListSearch) => void;
}

function Filters({ asked, onAsk }: FiltersProps) {
  const domain = useDomain();
  const { schools } = useDistrict();
  const { data } = useQuery(formsQuery(domain));
  const { data: counts } = useQuery(documentCountsQuery(domain));
  return (
    <>
      <Choice
        label="Form"
        value={asked.form}
        choices={data?.forms.map(({ key, title }) => [key, title] as const) ?? []}
        onChoose={(form) => onAsk({ ...asked, form })}
      />
      <Choice
        label="State"
        value={asked.state}
        choices={[
          ['incomplete', 'Incomplete'],
          ['complete', 'Complete'],
        ]}
        onChoose={(state) =>
          onAsk({ ...asked, state: state === undefined ? undefined : (state as 'complete') })
        }
      />
      <Choice
        label="School"
        value={asked.school}
        choices={schools.map(({ entityId, name }) => [String(entityId), name] as const)}
        onChoose={(school) => onAsk({ ...asked, school })}
      />
      <Choice
        label="Owner"
        value={asked.owner}
        choices={[
          ['me', 'You'],
          ...(counts?.owners.map(({ accountId, name }) => [accountId, name] as const) ?? []),
        ]}
        onChoose={(owner) => onAsk({ ...asked, owner })}
      />
      <Choice
        label="Wanted"
        value={asked.due}
        choices={[
          ['overdue', 'Overdue'],
          ['week', 'Within 7 days'],
          ['month', 'Within 30 days'],
          ['any', 'By any day'],
        ]}
        onChoose={(due) => onAsk({ ...asked, due: due as DueFilter | undefined })}
      />
      {asked.batch !== undefined && (
        <button
          type="button"
          className="filter"
          aria-pressed="true"
          onClick={() => onAsk({ ...asked, batch: undefined })}
        >
          Created together
        </button>
      )}
      <button
        type="button"
        className="filter"
        aria-pressed={asked.changed === 'yes'}
        onClick={() => onAsk({ ...asked, changed: asked.changed === 'yes' ? undefined : 'yes' })}
      >
        Record changed since
      </button>
      <button
        type="button"
        className="filter"
        aria-pressed={asked.deleted === 'yes'}
        onClick={() => onAsk({ ...asked, deleted: asked.deleted === 'yes' ? undefined : 'yes' })}
      >
        Deleted
      </button>
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly (readonly [value: string, text: string])[];
  readonly onChoose: (value: string | undefined) => void;
}

function Choice({ label, value, choices, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <span className="choice" data-chosen={value !== undefined}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value ?? ''}
        onChange={({ currentTarget }) => onChoose(currentTarget.value || undefined)}
      >
        <option value="">All</option>
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}
