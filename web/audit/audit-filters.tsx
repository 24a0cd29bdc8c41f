/** What the audit trail is narrowed to; every choice stands in the address. */
import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { AuditAction } from '../../src/contract/audit.ts';
import { actionNames } from './action-names.ts';
import { auditPeopleQuery, type AuditSearch, studentChoicesQuery } from './audit-queries.ts';

interface AuditFiltersProps {
  /** null: of no district, where there are no students. */
  readonly domain: string | null;
  readonly asked: AuditSearch;
  /** Name of the student that was chosen, as far as it is known. */
  readonly studentName: string | undefined;
  readonly onAsk: (next: AuditSearch) => void;
}

export function AuditFilters({ domain, asked, studentName, onAsk }: AuditFiltersProps) {
  const { data: people } = useQuery(auditPeopleQuery(domain));
  const isNarrowed = Object.values(asked).some((value) => value !== undefined);
  return (
    <search className="audit-filters" aria-label="Narrow the audit trail">
      <Select
        {...inPlace}
        label="Person"
        placeholder="Everybody"
        data={(people?.people ?? []).map(({ accountId, name, email }) => ({
          value: accountId,
          label: email === null ? name : `${name} · ${email}`,
        }))}
        value={asked.person ?? null}
        onChange={(person) => onAsk({ ...asked, person: person ?? undefined })}
      />
      <Select
        {...inPlace}
        label="Action"
        placeholder="Every action"
        data={AuditAction.options.map((action) => ({ value: action, label: actionNames(action) }))}
        value={asked.action ?? null}
        onChange={(action) => onAsk({ ...asked, action: action ?? undefined })}
      />
      {domain !== null && (
        <StudentChoice
          domain={domain}
          chosen={asked.student}
          chosenName={studentName}
          onChoose={(student) => onAsk({ ...asked, student })}
        />
      )}
      <TextInput
        type="date"
        label="From"
        value={asked.from ?? ''}
        max={asked.to}
        onChange={({ currentTarget: { value } }) => onAsk({ ...asked, from: value || undefined })}
      />
      <TextInput
        type="date"
        label="To"
        value={asked.to ?? ''}
        min={asked.from}
        onChange={({ currentTarget: { value } }) => onAsk({ ...asked, to: value || undefined })}
      />
      {isNarrowed && (
        <Button variant="subtle" onClick={() => onAsk({})}>
          Clear
        </Button>
      )}
    </search>
  );
}

/** Lists open inside the page's landmark; one types to find, and clears with a button. */
const inPlace = {
  searchable: true,
  clearable: true,
  nothingFoundMessage: 'Nothing fits',
  comboboxProps: { withinPortal: false },
  clearButtonProps: { 'aria-label': 'Clear the choice', tabIndex: 0 },
  maxDropdownHeight: 320,
} as const;

interface StudentChoiceProps {
  readonly domain: string;
  readonly chosen: string | undefined;
  readonly chosenName: string | undefined;
  readonly onChoose: (student: string | undefined) => void;
}

/** Looks students up while one types, as the list of students does. */
function StudentChoice({ domain, chosen, chosenName, onChoose }: StudentChoiceProps) {
  const [typed, setTyped] = useState('');
  const [searched] = useDebouncedValue(typed, 200);
  const { data: found } = useQuery({
    ...studentChoicesQuery(domain, searched),
    placeholderData: keepPreviousData,
  });
  const choices = found ?? [];
  const isListed = choices.some(({ value }) => value === chosen);
  const data =
    chosen === undefined || isListed
      ? choices
      : [{ value: chosen, label: chosenName ?? `Student no. ${chosen}` }, ...choices];
  return (
    <Select
      {...inPlace}
      label="Student"
      placeholder="Every student"
      nothingFoundMessage={typed.trim() === '' ? 'Type a name or number' : 'No student fits'}
      data={data}
      // The server has found what fits, accents aside; nothing is left out again here.
      filter={({ options }) => options}
      value={chosen ?? null}
      onSearchChange={setTyped}
      onChange={(student) => onChoose(student ?? undefined)}
    />
  );
}
