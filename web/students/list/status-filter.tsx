/** Chooses the statuses to list and shows the count of each. */
import type { StudentFacets } from '../../../src/contract/students/student-list.ts';
import { type Status, statuses } from '../../../src/contract/values.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';

interface StatusFilterProps {
  readonly facets: StudentFacets | undefined;
  readonly chosen: readonly Status[];
  readonly onChoose: (statuses: readonly Status[]) => void;
}

const number = new Intl.NumberFormat('en-US');

/** Offers the statuses that occur, and those already chosen. Several can be chosen; All clears them. */
export function StatusFilter({ facets, chosen, onChoose }: StatusFilterProps) {
  const counts = new Map(facets?.statuses.map(({ status, count }) => [status, count]));
  const isCounted = facets?.isCounted === true;
  const all = isCounted ? [...counts.values()].reduce((sum, count) => sum + count, 0) : undefined;
  const offered = statuses.filter((status) => chosen.includes(status) || counts.has(status));
  return (
    <fieldset className="status-filter">
      <legend className="visually-hidden">Status</legend>
      <FilterButton
        label="All"
        count={all}
        isChosen={chosen.length === 0}
        onClick={() => onChoose([])}
      />
      {offered.map((status) => (
        <FilterButton
          key={status}
          label={statusLabels[status]}
          count={isCounted ? (counts.get(status) ?? 0) : undefined}
          status={status}
          isChosen={chosen.includes(status)}
          onClick={() =>
            onChoose(
              chosen.includes(status)
                ? chosen.filter((other) => other !== status)
                : [...chosen, status],
            )
          }
        />
      ))}
    </fieldset>
  );
}

interface FilterButtonProps {
  readonly label: string;
  readonly count: number | undefined;
  readonly status?: Status;
  readonly isChosen: boolean;
  readonly onClick: () => void;
}

const FilterButton = ({ label, count, status, isChosen, onClick }: FilterButtonProps) => (
  <button type="button" className="filter" aria-pressed={isChosen} onClick={onClick}>
    {status !== undefined && <span className="status-dot" data-status={status} />}
    {label}
    {count !== undefined && <span className="filter-count">{number.format(count)}</span>}
  </button>
);
