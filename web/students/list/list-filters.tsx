/** The filters beside the status: school, grade, changes, problems of the data. */
import { useId, type ReactNode } from 'react';

import type { DataProblem, StudentFacets } from '../../../src/contract/student-list.ts';
import { gradeName } from '../person-name.ts';
import type { StudentListSearch } from './list-address.ts';

interface ListFiltersProps {
  readonly asked: StudentListSearch;
  readonly facets: StudentFacets | undefined;
  /** The district's own date, YYYY-MM-DD. */
  readonly today: string;
  readonly onAsk: (next: StudentListSearch) => void;
}

const number = new Intl.NumberFormat('en-US');

const problemNames: Readonly<Record<DataProblem, string>> = {
  any: 'Any problem',
  row: 'Problem in the last night',
  missing: 'No longer in Skyward',
};

/** Each choice says how many it would give, where that is known. */
export function ListFilters({ asked, facets, today, onAsk }: ListFiltersProps) {
  const counted = (label: string, count: number) =>
    facets?.isCounted === true ? `${label} (${number.format(count)})` : label;
  return (
    <>
      {facets && facets.schools.length > 1 && (
        <Choice
          label="School"
          value={asked.school}
          onChoose={(school) => onAsk({ ...asked, school })}
          several="Several schools"
          choices={facets.schools.map(({ entityId, name, count }) => [
            String(entityId),
            counted(name, count),
          ])}
        >
          All schools
        </Choice>
      )}
      <Choice
        label="Grade"
        value={asked.grade}
        onChoose={(grade) => onAsk({ ...asked, grade })}
        several="Several grades"
        choices={(facets?.grades ?? []).map(({ grade, count }) => [
          grade,
          counted(gradeName(grade), count),
        ])}
      >
        All grades
      </Choice>
      <Choice
        label="Changed"
        value={asked.changedSince}
        onChoose={(changedSince) => onAsk({ ...asked, changedSince })}
        several={`Since the night of ${asked.changedSince ?? ''}`}
        choices={[
          [today, 'In the last night'],
          [daysBefore(today, 7), 'In the last 7 days'],
          [daysBefore(today, 30), 'In the last 30 days'],
        ]}
      >
        At any time
      </Choice>
      <Choice
        label="Data"
        value={asked.problem}
        onChoose={(problem) => onAsk({ ...asked, problem: problem as DataProblem | undefined })}
        choices={Object.entries(problemNames)}
      >
        With or without problems
      </Choice>
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChoose: (value: string | undefined) => void;
  /** Value and what it reads like. */
  readonly choices: readonly (readonly [string, string])[];
  /** What a value that is none of the choices reads like: several in the address. */
  readonly several?: string;
  /** What choosing nothing reads like. */
  readonly children: ReactNode;
}

/** The browser's own list of choices: it knows every keyboard, and a phone's wheel. */
function Choice({ label, value, onChoose, choices, several, children }: ChoiceProps) {
  const id = useId();
  const isListed = value === undefined || choices.some(([choice]) => choice === value);
  return (
    <span className="choice" data-chosen={value !== undefined}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value ?? ''}
        onChange={({ currentTarget }) => onChoose(currentTarget.value || undefined)}
      >
        <option value="">{children}</option>
        {!isListed && <option value={value}>{several ?? value}</option>}
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice}>
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
