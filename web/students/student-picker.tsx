/** A search field for picking one student by name or number. */
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
  /** Only students of these schools. */
  readonly schools?: readonly number[] | null;
  /** Empties the field after a choice, for the next one. */
  readonly isEmptiedByChoice?: boolean;
  /** Id of the student; null if none is selected. */
  readonly onChoose: (student: number | null) => void;
}

/** Long enough for the next key, short enough to seem immediate. */
const debounceMs = 200;

export function StudentPicker(props: StudentPickerProps) {
  const { label, placeholder, schools, isEmptiedByChoice = false, onChoose } = props;
  const domain = useDomain();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), debounceMs);
  const school = schools?.join(',');
  const { data, error } = useQuery({
    queryKey: [domain, 'picked-students', search, school],
    queryFn: ({ signal }) =>
      callApi(
        studentListApi.listStudents,
        { domain, query: { search, school, pageSize: '8' } },
        signal,
      ),
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
        error: 'The search failed. Keep typing to try again.',
      })}
      {...(data?.rows.length === 0 && { description: 'No students found' })}
      data={[...found.keys()]}
      // The server has already searched, including typos and numbers.
      filter={({ options }) => options}
      onChange={(typed) => {
        const chosen = found.get(typed) ?? null;
        setText(chosen !== null && isEmptiedByChoice ? '' : typed);
        onChoose(chosen);
      }}
    />
  );
}
