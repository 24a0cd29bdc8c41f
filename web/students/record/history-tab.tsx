/** The History tab: all changed values by import, latest first. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';

import { formatDay } from '../../../src/contract/day-format.ts';
import {
  type ChangeKind,
  changeKinds,
  type ChangeSource,
  changeSources,
  type HistoryEntry,
  type HistoryPage,
} from '../../../src/contract/students/student-history.ts';
import { useDistrict } from '../../districts/district-query.ts';
import { dayIn, formatInstant } from '../../shell/dates.ts';
import { Pager } from '../../shell/pager.tsx';
import { FilterSelect, listOptions } from '../../shell/fields/select.tsx';
import { type HistoryFilter, studentHistoryQuery } from './record-queries.ts';
import { TabState } from './tab-state.tsx';
import './history.css';

export function HistoryTab() {
  const { domain, studentId } = useParams({ from: '/signed-in/a/$domain/students/$studentId' });
  const { timeZone } = useDistrict();
  const [filter, setFilter] = useState<HistoryFilter>({});
  const [page, setPage] = useState(1);
  const query = useQuery(studentHistoryQuery(domain, studentId, filter, page));
  const change = (next: HistoryFilter) => {
    setFilter(next);
    setPage(1);
  };
  return (
    <div className="history">
      <HistoryFilters filter={filter} fields={query.data?.fields ?? []} onChange={change} />
      <TabState query={query} title="The history could not be loaded">
        {(history) => (
          <HistoryBody
            history={history}
            isFiltered={Object.values(filter).some((value) => value !== undefined)}
            timeZone={timeZone}
            onPage={setPage}
            onClear={() => change({})}
          />
        )}
      </TabState>
    </div>
  );
}

interface HistoryFiltersProps {
  readonly filter: HistoryFilter;
  /** Labels of the fields that have changed. */
  readonly fields: readonly string[];
  readonly onChange: (filter: HistoryFilter) => void;
}

function HistoryFilters({ filter, fields, onChange }: HistoryFiltersProps) {
  const kinds = Object.entries(changeKinds) as [ChangeKind, string][];
  return (
    <div className="history-filters">
      <fieldset className="status-filter">
        <legend className="visually-hidden">Type of change</legend>
        {[[undefined, 'All'] as const, ...kinds].map(([kind, name]) => (
          <button
            key={name}
            type="button"
            className="filter"
            aria-pressed={kind === filter.kind}
            onClick={() => onChange({ ...filter, kind })}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <div className="history-selects">
        <FilterSelect
          label="Field"
          none="All fields"
          value={filter.field}
          options={fields.map((field) => ({ value: field, label: field }))}
          onChange={(field) => onChange({ ...filter, field })}
        />
        <FilterSelect<ChangeSource>
          label="Source"
          none="All sources"
          value={filter.source}
          options={listOptions(changeSources)}
          onChange={(source) => onChange({ ...filter, source })}
        />
      </div>
    </div>
  );
}

interface HistoryBodyProps {
  readonly history: HistoryPage;
  readonly isFiltered: boolean;
  readonly timeZone: string;
  readonly onPage: (page: number) => void;
  readonly onClear: () => void;
}

function HistoryBody({ history, isFiltered, timeZone, onPage, onClear }: HistoryBodyProps) {
  const { entries, total, page, pageSize, firstImport } = history;
  const pages = Math.ceil(total / pageSize);
  return (
    <>
      <output className="list-count">
        {total === 1 ? '1 change' : `${total} changes`}
        {isFiltered && (
          <>
            {' '}
            with these filters.{' '}
            <button type="button" className="text-button" onClick={onClear}>
              Clear filters
            </button>
          </>
        )}
      </output>
      {groupEntries(entries, timeZone).map((group) => (
        <section key={group.key} className="record-section boxed" aria-label={group.name}>
          <h2 className="history-import">{group.name}</h2>
          <ul className="changes">
            {group.entries.map((entry, index) => (
              <li key={index}>
                <Change entry={entry} timeZone={timeZone} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {total === 0 && (
        <p className="nothing">{isFiltered ? 'No changes found' : 'No changes yet'}</p>
      )}
      {page >= pages && firstImport !== null && !isFiltered && (
        <p className="quiet">
          First imported{' '}
          <time dateTime={firstImport.importDate}>{formatDay(firstImport.importDate)}</time> (
          {formatInstant(firstImport.startedAt, timeZone)}).
        </p>
      )}
      <Pager label="Pages of the history" page={page} pages={pages} onPage={onPage} />
    </>
  );
}

interface Group {
  readonly key: string;
  readonly name: string;
  readonly entries: readonly HistoryEntry[];
}

/** Groups the changes of one import, and manual changes by day. */
export function groupEntries(entries: readonly HistoryEntry[], timeZone: string): readonly Group[] {
  const groups: (Group & { entries: HistoryEntry[] })[] = [];
  for (const entry of entries) {
    const day = entry.importDate ?? dayIn(new Date(entry.at), timeZone);
    const key = entry.runId === null ? `day ${day}` : `run ${entry.runId}`;
    const last = groups.at(-1);
    if (last?.key === key) {
      last.entries.push(entry);
      continue;
    }
    groups.push({ key, name: nameGroup(entry, day), entries: [entry] });
  }
  return groups;
}

function nameGroup({ runId, undo }: HistoryEntry, day: string): string {
  if (runId === null) return formatDay(day);
  if (undo === null) return `Import of ${formatDay(day)}`;
  const by = undo.by === null ? 'from the server command line' : `by ${undo.by}`;
  return `Import of ${formatDay(undo.importDate)} undone ${by}`;
}

function Change({ entry, timeZone }: { readonly entry: HistoryEntry; readonly timeZone: string }) {
  const { label, subject, from, to, note, by, at } = entry;
  const hasValues = from !== null || to !== null;
  return (
    <>
      <p className="change-label">
        <strong>{label}</strong>
        {subject !== null && <span className="quiet"> · {subject}</span>}
      </p>
      {hasValues && (
        <p className="change-values">
          <span className="visually-hidden">from </span>
          <del>{from ?? 'nothing'}</del>
          <span aria-hidden> → </span>
          <span className="visually-hidden"> to </span>
          <ins>{to ?? 'nothing'}</ins>
        </p>
      )}
      {note !== null && <p className="quiet">{note}</p>}
      {by !== null && (
        <p className="quiet change-by">
          {by}, <time dateTime={at}>{formatInstant(at, timeZone)}</time>
        </p>
      )}
    </>
  );
}
