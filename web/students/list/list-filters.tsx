/** The filters beside the status: school, grade, changes, problems of the data. */
import { useId, type ReactNode } from 'react';

import type { DataProblem, StudentFacets } from '../../../src/contract/students/student-list.ts';
import { gradeName } from '../person-name.ts';
import type { StudentListSearch } from './list-address.ts';

interface ListFiltersProps {
  readonly query: StudentListSearch;
  readonly facets: StudentFacets | undefined;
  /** The district's own date, YYYY-MM-DD. */
  readonly today: string;
  readonly onQueryChange: (next: StudentListSearch) => void;
}

const number = new Intl.NumberFormat('en-US');

const problemLabels: Readonly<Record<DataProblem, string>> = {
  any: 'Any problem',
  row: 'Problem in the last night',
  missing: 'No longer in Skyward',
};

/** Each choice says how many it would give, where that is known. */
export function ListFilters({ query, facets, today, onQueryChange }: ListFiltersProps) {
  const withCount = (label: string, count: number) =>
    facets?.isCounted === true ? `${label} (${number.format(count)})` : label;
  return (
    <>
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
        label="Changed"
        value={query.changedSince}
        onChange={(changedSince) => onQueryChange({ ...query, changedSince })}
        otherLabel={`Since the night of ${query.changedSince ?? ''}`}
        options={[
          [today, 'In the last night'],
          [daysBefore(today, 7), 'In the last 7 days'],
          [daysBefore(today, 30), 'In the last 30 days'],
        ]}
      >
        At any time
      </Filter>
      <Filter
        label="Data"
        value={query.problem}
        onChange={(problem) =>
          onQueryChange({ ...query, problem: problem as DataProblem | undefined })
        }
        options={Object.entries(problemLabels)}
      >
        With or without problems
      </Filter>
    </>
  );
}

interface FilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  /** Value and what it reads like. */
  readonly options: readonly (readonly [string, string])[];
  /** What a value that is none of the choices reads like: several in the address. */
  readonly otherLabel?: string;
  /** What choosing nothing reads like. */
  readonly children: ReactNode;
}

/** The browser's own list of choices: it knows every keyboard, and a phone's wheel. */
function Filter({ label, value, onChange, options, otherLabel, children }: FilterProps) {
  const id = useId();
  const isListed = value === undefined || options.some(([option]) => option === value);
  return (
    <span className="choice" data-chosen={value !== undefined}>
      <label htmlFor={id}>{label}</label>
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

/** A day some days before another. */
function daysBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}
