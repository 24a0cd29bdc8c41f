/** The list of districts for technicians: trouble first, with filters, search and export. */
import './districts.css';

import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';

import type { DistrictOverview } from '../../src/contract/districts/districts.ts';
import { formatAge } from '../imports/import-state.ts';
import { DataTable } from '../shell/data-table.tsx';
import { SearchIcon } from '../shell/icons.tsx';
import { EmptyState } from '../shell/list-state.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { useServerTime } from '../shell/server-time.ts';
import { listDistrictColumns } from './district-columns.tsx';
import { districtsQuery } from './district-query.ts';
import { type DistrictFilter, districtFilters, type DistrictSearch } from './district-search.ts';
import {
  formatState,
  matchesFilter,
  matchesText,
  rankTrouble,
  sortByTrouble,
  toCsv,
} from './district-state.ts';

export function DistrictsScreen() {
  const search = useSearch({ from: '/signed-in/districts' });
  const navigate = useNavigate();
  const { data, error, refetch, dataUpdatedAt } = useQuery(districtsQuery);
  const now = useServerTime(data?.districts[0]?.status.now, dataUpdatedAt);
  const change = (next: DistrictSearch) =>
    void navigate({ to: '/districts', search: next, replace: true, resetScroll: false });
  if (error && data === undefined) {
    return (
      <div className="screen">
        <ScreenTitle name="Districts">Districts</ScreenTitle>
        <ProblemNotice
          title="Couldn’t load the districts"
          error={error}
          onRetry={() => void refetch()}
        />
      </div>
    );
  }
  const all = data?.districts;
  const found = all?.filter((one) => matchesText(one, search.search ?? ''));
  const { show } = search;
  const shown =
    found &&
    sortByTrouble(show ? found.filter((one) => matchesFilter(one, show, now)) : found, now);
  return (
    <div className="screen">
      <div className="screen-head">
        <ScreenTitle name="Districts">Districts</ScreenTitle>
        <Button
          variant="default"
          disabled={!shown?.length}
          onClick={() => saveFile('districts.csv', toCsv(shown ?? [], now))}
        >
          Export
        </Button>
      </div>
      <div className="list-tools">
        <TextInput
          className="district-search"
          aria-label="Search districts by name or e-mail domain"
          placeholder="Name or e-mail domain"
          leftSection={<SearchIcon />}
          maxLength={100}
          value={search.search ?? ''}
          onChange={({ currentTarget: { value } }) =>
            change({ ...search, search: value === '' ? undefined : value })
          }
        />
        <Filters
          districts={found ?? []}
          now={now}
          chosen={show}
          onChoose={(filter) => change({ ...search, show: filter })}
        />
      </div>
      <DataTable
        caption="Districts, trouble first"
        columns={listDistrictColumns(now)}
        rows={shown}
        rowId={({ domain }) => domain}
        secondLine={(district) => formatSecondLine(district, now)}
        rowTone={(district) => toneOf(district, now)}
        empty={<NoDistricts isFiltered={(all?.length ?? 0) > 0} onClear={() => change({})} />}
      />
    </div>
  );
}

const formatSecondLine = (district: DistrictOverview, now: number): string => {
  const { lastCompleted } = district.status;
  const age =
    lastCompleted && `, last import ${formatAge(lastCompleted.at, district.timeZone, now)}`;
  return `${formatState(district, now)}${age ?? ''}`;
};

const toneOf = (district: DistrictOverview, now: number) => {
  const rank = rankTrouble(district, now);
  return rank <= 1 ? 'problem' : rank <= 4 ? 'warning' : undefined;
};

const filterLabels: Readonly<Record<DistrictFilter, string>> = {
  failed: 'Failed',
  held: 'On hold',
  late: 'Late',
  expires: 'Access expires',
  support: 'Our turn',
  paused: 'Paused',
  unconnected: 'Not connected',
};

interface FiltersProps {
  readonly districts: readonly DistrictOverview[];
  readonly now: number;
  readonly chosen: DistrictFilter | undefined;
  readonly onChoose: (filter: DistrictFilter | undefined) => void;
}

/** Offers the filters that find something, and the one already chosen. */
function Filters({ districts, now, chosen, onChoose }: FiltersProps) {
  const counts = districtFilters.map((filter) => ({
    filter,
    count: districts.filter((one) => matchesFilter(one, filter, now)).length,
  }));
  return (
    <fieldset className="status-filter">
      <legend className="visually-hidden">State</legend>
      <button
        type="button"
        className="filter"
        aria-pressed={chosen === undefined}
        onClick={() => onChoose(undefined)}
      >
        All<span className="filter-count">{districts.length}</span>
      </button>
      {counts
        .filter(({ filter, count }) => count > 0 || filter === chosen)
        .map(({ filter, count }) => (
          <button
            key={filter}
            type="button"
            className="filter"
            aria-pressed={filter === chosen}
            onClick={() => onChoose(filter === chosen ? undefined : filter)}
          >
            {filterLabels[filter]}
            <span className="filter-count">{count}</span>
          </button>
        ))}
    </fieldset>
  );
}

interface NoDistrictsProps {
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

function NoDistricts({ isFiltered, onClear }: NoDistrictsProps) {
  return isFiltered ? (
    <EmptyState
      title="No districts found"
      action={
        <Button variant="default" size="xs" onClick={onClear}>
          Show all districts
        </Button>
      }
    >
      Remove a filter to see more.
    </EmptyState>
  ) : (
    <EmptyState title="No districts yet" action={<Link to="/support">Support</Link>}>
      A district is added on the server with <code>daybreak district add</code>.
    </EmptyState>
  );
}

function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
