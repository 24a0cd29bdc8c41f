/** The filters of the list: status, school, grade, last update, import issues. */
import { useId, type ReactNode } from 'react';

import { formatDay } from '../../../src/contract/day-format.ts';
import type { DataProblem, StudentFacets } from '../../../src/contract/students/student-list.ts';
import { statuses } from '../../../src/contract/values.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { gradeName } from '../person-name.ts';
import type { StudentListSearch } from './list-address.ts';

interface ListFiltersProps {
  readonly query: StudentListSearch;
  readonly facets: StudentFacets | undefined;
  /** The district's date, YYYY-MM-DD. */
  readonly today: string;
  readonly onQueryChange: (next: StudentListSearch) => void;
}

const number = new Intl.NumberFormat('en-US');

const problemLabels: Readonly<Record<DataProblem, string>> = {
  any: 'Any import issue',
  row: 'Issue in the last import',
  missing: 'No longer in Skyward',
};

/** Each choice shows its number of students, where that is known. */
export function ListFilters({ query, facets, today, onQueryChange }: ListFiltersProps) {
  const withCount = (label: string, count: number) =>
    facets?.isCounted === true ? `${label} (${number.format(count)})` : label;
  const countsByStatus = new Map(facets?.statuses.map(({ status, count }) => [status, count]));
  return (
    <>
      <Filter
        label="Status"
        value={query.status}
        onChange={(status) => onQueryChange({ ...query, status })}
        otherLabel="Several statuses"
        options={statuses
          .map((status) => ({ status, counted: countsByStatus.get(status) }))
          .filter(({ status, counted }) => counted !== undefined || status === query.status)
          .map(({ status, counted }) => [status, withCount(statusLabels[status], counted ?? 0)])}
      >
        All statuses
      </Filter>
      {facets && facets.schools.length > 1 && (
        <Filter
          label="School"
          value={query.school}
          onChange={(school) => onQueryChange({ ...query, school })}
          otherLabel="Several schools"
          options={facets.schools.map(({ entityId, name, count }) => [
            String(entityId),
            withCount(name, count),
          ])}
        >
          All schools
        </Filter>
      )}
      <Filter
        label="Grade"
        value={query.grade}
        onChange={(grade) => onQueryChange({ ...query, grade })}
        otherLabel="Several grades"
        options={(facets?.grades ?? []).map(({ grade, count }) => [
          grade,
          withCount(gradeName(grade), count),
        ])}
      >
        All grades
      </Filter>
      <Filter
        label="Updated"
        value={query.changedSince}
        onChange={(changedSince) => onQueryChange({ ...query, changedSince })}
        otherLabel={
          query.changedSince === undefined ? '' : `Updated since ${formatDay(query.changedSince)}`
        }
        options={[
          [today, 'Updated by the last import'],
          [daysBefore(today, 7), 'Updated in the last 7 days'],
          [daysBefore(today, 30), 'Updated in the last 30 days'],
        ]}
      >
        Updated: any
      </Filter>
      <Filter
        label="Import issues"
        value={query.problem}
        onChange={(problem) =>
          onQueryChange({ ...query, problem: problem as DataProblem | undefined })
        }
        options={Object.entries(problemLabels)}
      >
        Import issues
      </Filter>
    </>
  );
}

interface FilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  /** Value and label. */
  readonly options: readonly (readonly [string, string])[];
  /** Label of a value that is not among the choices, such as several values in the address. */
  readonly otherLabel?: string;
  /** Label for no choice. */
  readonly children: ReactNode;
}

/** A native select, which supports every keyboard and a phone's picker. */
function Filter({ label, value, onChange, options, otherLabel, children }: FilterProps) {
  const id = useId();
  const isListed = value === undefined || options.some(([option]) => option === value);
  return (
    <span className="choice" data-chosen={value !== undefined}>
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <select
        id={id}
        value={value ?? ''}
        onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
      >
        <option value="">{children}</option>
        {!isListed && <option value={value}>{otherLabel ?? value}</option>}
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}

/** Returns the date this many days earlier. */
export function daysBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}
