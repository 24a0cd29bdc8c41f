/** The filters of the audit trail, which are stored in the address. */
import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { AuditAction } from '../../src/contract/accounts/audit.ts';
import { DateField } from '../shell/fields/date-field.tsx';
import { SearchSelect } from '../shell/fields/search-select.tsx';
import { actionNames } from './action-names.ts';
import { auditUsersQuery, type AuditSearch, studentChoicesQuery } from './audit-queries.ts';

interface AuditFiltersProps {
  /** null: outside of districts, where there are no students. */
  readonly domain: string | null;
  readonly query: AuditSearch;
  /** The name of the selected student, if it is known. */
  readonly studentName: string | undefined;
  readonly onQueryChange: (next: AuditSearch) => void;
}

export function AuditFilters({ domain, query, studentName, onQueryChange }: AuditFiltersProps) {
  const { data: users } = useQuery(auditUsersQuery(domain));
  const hasFilters = Object.values(query).some((value) => value !== undefined);
  return (
    <search className="audit-filters" aria-label="Filter the audit log">
      <SearchSelect
        clearable
        label="User"
        placeholder="All users"
        data={(users?.users ?? []).map(({ accountId, name, email }) => ({
          value: accountId,
          label: email === null ? name : `${name} · ${email}`,
        }))}
        value={query.user ?? null}
        onChange={(user) => onQueryChange({ ...query, user: user ?? undefined })}
      />
      <SearchSelect
        clearable
        label="Action"
        placeholder="All actions"
        data={AuditAction.options.map((action) => ({ value: action, label: actionNames(action) }))}
        value={query.action ?? null}
        onChange={(action) => onQueryChange({ ...query, action: action ?? undefined })}
      />
      {domain !== null && (
        <StudentChoice
          domain={domain}
          selected={query.student}
          selectedName={studentName}
          onSelect={(student) => onQueryChange({ ...query, student })}
        />
      )}
      <DateField
        label="From"
        value={query.from ?? ''}
        max={query.to}
        onChange={(from) => onQueryChange({ ...query, from: from || undefined })}
      />
      <DateField
        label="To"
        value={query.to ?? ''}
        min={query.from}
        onChange={(to) => onQueryChange({ ...query, to: to || undefined })}
      />
      {hasFilters && (
        <Button variant="subtle" onClick={() => onQueryChange({})}>
          Clear filters
        </Button>
      )}
    </search>
  );
}

interface StudentChoiceProps {
  readonly domain: string;
  readonly selected: string | undefined;
  readonly selectedName: string | undefined;
  readonly onSelect: (student: string | undefined) => void;
}

/** Searches students while the user types, like the student list. */
function StudentChoice({ domain, selected, selectedName, onSelect }: StudentChoiceProps) {
  const [typed, setTyped] = useState('');
  const [searched] = useDebouncedValue(typed, 200);
  const { data: found } = useQuery({
    ...studentChoicesQuery(domain, searched),
    placeholderData: keepPreviousData,
  });
  const choices = found ?? [];
  const isListed = choices.some(({ value }) => value === selected);
  const data =
    selected === undefined || isListed
      ? choices
      : [{ value: selected, label: selectedName ?? `Student ${selected}` }, ...choices];
  return (
    <SearchSelect
      clearable
      label="Student"
      placeholder="All students"
      nothingFoundMessage={typed.trim() === '' ? 'Type a name or number' : 'No students found'}
      data={data}
      // The server has already filtered the options.
      filter={({ options }) => options}
      value={selected ?? null}
      onSearchChange={setTyped}
      onChange={(student) => onSelect(student ?? undefined)}
    />
  );
}
