/** The documents of all students: views, search, filters, table, selection, export and printing. */
import '@mantine/core/styles/Menu.css';

import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type RefObject, Suspense, useRef, useState } from 'react';

import { type DocumentRow, documentsApi } from '../../../src/contract/documents/documents.ts';
import { writingRoles } from '../../../src/contract/endpoint.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { apiAddress } from '../../api/api-client.ts';
import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { DataTable, focusFirst } from '../../shell/data-table.tsx';
import { SearchField } from '../../shell/fields/search-field.tsx';
import { ChevronIcon } from '../../shell/icons.tsx';
import { EmptyState } from '../../shell/list-state.tsx';
import { ListToolbar } from '../../shell/list-toolbar.tsx';
import { Pager } from '../../shell/pager.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { useTableSelection, useWasSelected } from '../../shell/table-selection.tsx';
import { useScope } from '../../students/list/student-views.tsx';
import { listName } from '../../students/person-name.ts';
import { documentSecondLine, listDocumentColumns } from './document-columns.tsx';
import { DocumentFilters, DocumentViews } from './document-filters.tsx';
import { documentListQuery, type DocumentListSearch } from '../document-queries.ts';
import { hasFilters } from './document-views.ts';
import { countOf } from '../value-format.ts';
import '../documents.css';

/** Loaded with the first selection. */
const DocumentSelectionBar = lazy(async () => ({
  default: (await import('./document-selection.tsx')).DocumentSelectionBar,
}));

type ChangeQuery = (search: DocumentListSearch) => void;

/** Keeps the whole query in the address, so a list can be bookmarked and shared. */
export function DocumentsScreen() {
  const domain = useDomain();
  const query = useSearch({ from: '/signed-in/a/$domain/documents' });
  const navigate = useNavigate();
  const setQuery: ChangeQuery = (search) =>
    void navigate({
      to: '/a/$domain/documents',
      params: { domain },
      search,
      replace: true,
      resetScroll: false,
    });
  const { data: session } = useQuery(sessionQuery);
  const mayWrite = writingRoles.some((role) => role === session?.account.role);
  const { page: _page, ...filter } = query;
  const table = useRef<HTMLTableElement>(null);
  return (
    <div className="screen">
      <div className="screen-head">
        <div>
          <ScreenTitle name="Documents">Documents</ScreenTitle>
          <ListScope query={query} />
        </div>
        {mayWrite && <NewDocumentButton />}
      </div>
      {query.deleted === undefined ? (
        <ListToolbar
          views={<DocumentViews query={query} />}
          actions={<ListMenu filter={filter} onQueryChange={setQuery} />}
          search={
            <SearchField
              label="Search documents by student, form or owner"
              placeholder="Student, form or owner"
              value={query.search ?? ''}
              hasShortcut
              onSearch={(search) => setQuery({ ...filter, search: search.trim() || undefined })}
              onLeave={() => focusFirst(table.current)}
            />
          }
          filters={<DocumentFilters query={filter} onQueryChange={setQuery} />}
          onClear={hasFilters(query) ? () => setQuery({ sort: query.sort }) : undefined}
        />
      ) : (
        <p className="document-notice">
          Recently deleted documents can be restored for 90 days.{' '}
          <Link to="/a/$domain/documents" params={{ domain }} search={{}}>
            Back to all documents
          </Link>
        </p>
      )}
      <DocumentList query={query} mayWrite={mayWrite} table={table} onQueryChange={setQuery} />
    </div>
  );
}

function NewDocumentButton() {
  const domain = useDomain();
  return (
    <Button
      size="sm"
      renderRoot={(props) => <Link to="/a/$domain/documents/new" params={{ domain }} {...props} />}
    >
      New document
    </Button>
  );
}

/** Whose documents the list has, and how many. */
function ListScope({ query }: { readonly query: DocumentListSearch }) {
  const scope = useScope();
  const { data } = useQuery(documentListQuery(useDomain(), query));
  return (
    <p className="list-scope">
      {scope !== '' && `${scope} · `}
      <output>{data === undefined ? 'Loading …' : formatTotal(data.total)}</output>
    </p>
  );
}

interface ListMenuProps {
  readonly filter: DocumentListSearch;
  readonly onQueryChange: ChangeQuery;
}

/** What concerns the whole list. The browser shows the progress of a download. */
function ListMenu({ filter, onQueryChange }: ListMenuProps) {
  const domain = useDomain();
  const { sort: _sort, ...conditions } = filter;
  const address = (path: string) => apiAddress(path, { domain }, { ...conditions });
  return (
    <Menu
      position="bottom-end"
      width={240}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Button variant="default" size="sm" rightSection={<ChevronIcon />}>
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={address(documentsApi.exportDocuments.path)} download>
          Export the list
        </Menu.Item>
        {filter.deleted === undefined && (
          <>
            <Menu.Item component="a" href={address(documentsApi.printDocuments.path)} download>
              Print all as one PDF
            </Menu.Item>
            <Menu.Item component="a" href={address(documentsApi.packDocuments.path)} download>
              Download all PDFs in a zip
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item onClick={() => onQueryChange({ deleted: 'yes' })}>
              Recently deleted
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

interface DocumentListProps {
  readonly query: DocumentListSearch;
  readonly mayWrite: boolean;
  readonly table: RefObject<HTMLTableElement | null>;
  readonly onQueryChange: ChangeQuery;
}

function DocumentList({ query, mayWrite, table, onQueryChange }: DocumentListProps) {
  const domain = useDomain();
  const { timeZone, today } = useDistrict();
  const selection = useTableSelection();
  const wasSelected = useWasSelected(selection);
  const { data, error, isPlaceholderData, refetch } = useQuery(documentListQuery(domain, query));
  const findRow = useSeenRows(data?.rows);
  if (error && data === undefined) {
    return (
      <ProblemNotice
        title="The documents could not be loaded"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  const isDeleted = query.deleted !== undefined;
  return (
    <>
      <DataTable
        ref={table}
        caption="Documents"
        columns={listDocumentColumns({ domain, timeZone, today })}
        rows={data?.rows}
        rowId={({ id }) => id}
        rowName={({ student, title }) => `${listName(student.name)}: ${title}`}
        secondLine={(row) => documentSecondLine(row, true)}
        empty={<EmptyList query={query} mayWrite={mayWrite} onQueryChange={onQueryChange} />}
        sort={query.sort ?? '-changed'}
        onSort={(sort) => onQueryChange({ ...query, sort, page: undefined })}
        isStale={isPlaceholderData}
        selection={isDeleted ? undefined : selection}
      />
      {data !== undefined && data.total > data.pageSize && (
        <Pager
          page={data.page}
          pages={Math.ceil(data.total / data.pageSize)}
          onPage={(page) => onQueryChange({ ...query, page: page > 1 ? String(page) : undefined })}
        />
      )}
      {!isDeleted && wasSelected && (
        <Suspense fallback={null}>
          <DocumentSelectionBar
            selection={selection}
            query={query}
            total={data?.total ?? 0}
            pageSize={data?.pageSize ?? 1}
            mayWrite={mayWrite}
            findRow={findRow}
          />
        </Suspense>
      )}
    </>
  );
}

/** Remembers loaded rows, since selected ones may be on other pages. */
function useSeenRows(rows: readonly DocumentRow[] | undefined) {
  const [seen, setSeen] = useState<ReadonlyMap<number, DocumentRow>>(new Map());
  const [last, setLast] = useState(rows);
  if (rows !== last) {
    setLast(rows);
    setSeen(new Map([...seen, ...(rows ?? []).map((row) => [row.id, row] as const)]));
  }
  return (id: number) => seen.get(id);
}

/** More are not counted. */
const maxCounted = 10_000;

const formatTotal = (total: number): string =>
  total === 0
    ? 'No documents'
    : `${total >= maxCounted ? 'At least ' : ''}${countOf(total, 'document')}`;

function EmptyList({ query, mayWrite, onQueryChange }: Omit<DocumentListProps, 'table'>) {
  if (query.deleted !== undefined) {
    return (
      <EmptyState title="No deleted documents">
        You can restore deleted documents from here for 90 days.
      </EmptyState>
    );
  }
  if (query.page !== undefined || hasFilters(query)) {
    return (
      <EmptyState
        title="No documents found"
        action={
          <Button variant="default" size="xs" onClick={() => onQueryChange({})}>
            Clear filters
          </Button>
        }
      >
        Remove a filter to see more.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No documents yet" action={mayWrite && <NewDocumentButton />}>
      New documents are pre-filled from the student’s Details. To create for several students,
      select them on the Students page.
    </EmptyState>
  );
}
