/** Chooses the status to list; says how many of each fit the search. */
import type { StatusCounts } from '../../src/contract/students.ts';
import { type Status, statuses } from '../../src/contract/values.ts';
import { statusLabels } from '../../src/enrollment/enrollment-status.ts';

interface StatusFilterProps {
  readonly counts: StatusCounts | undefined;
  readonly chosen: Status | undefined;
  readonly onChoose: (status: Status | undefined) => void;
}

const number = new Intl.NumberFormat('en-US');

/** Only statuses that occur are offered, and the one chosen. */
export function StatusFilter({ counts, chosen, onChoose }: StatusFilterProps) {
  const all = counts && Object.values(counts).reduce((sum, count) => sum + count, 0);
  const offered = statuses.filter((status) => status === chosen || (counts?.[status] ?? 0) > 0);
  return (
    <fieldset className="status-filter">
      <legend className="visually-hidden">Status</legend>
      <FilterButton
        label="All"
        count={all}
        isChosen={chosen === undefined}
        onClick={() => onChoose(undefined)}
      />
      {offered.map((status) => (
        <FilterButton
          key={status}
          label={statusLabels[status]}
          count={counts?.[status] ?? 0}
          status={status}
          isChosen={chosen === status}
          onClick={() => onChoose(status)}
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
