/** Finds one student by typing a part of the name or a number. */
import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { studentListApi } from '../../src/contract/students/student-list.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { fullName } from './person-name.ts';

interface StudentPickerProps {
  readonly label: string;
  readonly placeholder?: string;
  /** Number of the student; null: nobody is chosen. */
  readonly onChoose: (student: number | null) => void;
}

/** Long enough for the next letter, short enough to seem immediate. */
const debounceMs = 200;

export function StudentPicker({ label, placeholder, onChoose }: StudentPickerProps) {
  const domain = useDomain();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), debounceMs);
  const { data, error } = useQuery({
    queryKey: [domain, 'picked-students', search],
    queryFn: ({ signal }) =>
      callApi(studentListApi.listStudents, { domain, query: { search, pageSize: '8' } }, signal),
    enabled: search !== '',
  });
  const found = new Map(
    data?.rows.map((row) => [
      `${fullName(row.name)} (${row.studentNumber ?? 'no number'})`,
      row.id,
    ]),
  );
  return (
    <Autocomplete
      label={label}
      {...(placeholder !== undefined && { placeholder })}
      value={text}
      {...(error !== null && {
        error: 'The students could not be searched. Type on to try again.',
      })}
      {...(data?.rows.length === 0 && { description: 'No student fits.' })}
      data={[...found.keys()]}
      // The server has searched: it knows slips and numbers as well.
      filter={({ options }) => options}
      onChange={(typed) => {
        setText(typed);
        onChoose(found.get(typed) ?? null);
      }}
    />
  );
}
