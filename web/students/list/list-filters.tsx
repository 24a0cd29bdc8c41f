/** The filters of the list: status, school, grade, last update, import issues. */
import { formatDay } from '../../../src/contract/day-format.ts';
import type { DataProblem, StudentFacets } from '../../../src/contract/students/student-list.ts';
import { statuses } from '../../../src/contract/values.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { FilterSelect, listOptions } from '../../shell/fields/select.tsx';
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
      <FilterSelect
        label="Status"
        none="All statuses"
        value={query.status}
        otherLabel="Several statuses"
        options={statuses
          .map((status) => ({ status, counted: countsByStatus.get(status) }))
          .filter(({ status, counted }) => counted !== undefined || status === query.status)
          .map(({ status, counted }) => ({
            value: status,
            label: withCount(statusLabels[status], counted ?? 0),
          }))}
        onChange={(status) => onQueryChange({ ...query, status })}
      />
      {facets && facets.schools.length > 1 && (
        <FilterSelect
          label="School"
          none="All schools"
          value={query.school}
          otherLabel="Several schools"
          options={facets.schools.map(({ entityId, name, count }) => ({
            value: String(entityId),
            label: withCount(name, count),
          }))}
          onChange={(school) => onQueryChange({ ...query, school })}
        />
      )}
      <FilterSelect
        label="Grade"
        none="All grades"
        value={query.grade}
        otherLabel="Several grades"
        options={(facets?.grades ?? []).map(({ grade, count }) => ({
          value: grade,
          label: withCount(gradeName(grade), count),
        }))}
        onChange={(grade) => onQueryChange({ ...query, grade })}
      />
      <FilterSelect
        label="Updated"
        none="Updated: any"
        value={query.changedSince}
        otherLabel={
          query.changedSince === undefined ? '' : `Updated since ${formatDay(query.changedSince)}`
        }
        options={[
          { value: today, label: 'Updated by the last import' },
          { value: daysBefore(today, 7), label: 'Updated in the last 7 days' },
          { value: daysBefore(today, 30), label: 'Updated in the last 30 days' },
        ]}
        onChange={(changedSince) => onQueryChange({ ...query, changedSince })}
      />
      <FilterSelect<DataProblem>
        label="Import issues"
        none="Import issues"
        value={query.problem}
        options={listOptions(problemLabels)}
        onChange={(problem) => onQueryChange({ ...query, problem })}
      />
    </>
  );
}

/** Returns the date this many days earlier. */
export function daysBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}
