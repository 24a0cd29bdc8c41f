/** Searches the students of a run by name or number. */
import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';

import { SearchIcon } from '../shell/icons.tsx';

/** Long enough to wait for the next letter, short enough to seem immediate. */
const debounceMs = 250;

interface StudentSearchFieldProps {
  /** For screen readers. */
  readonly label: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

export function StudentSearchField({ label, value, onSearch }: StudentSearchFieldProps) {
  const [text, setText] = useState(value);
  const search = useDebouncedCallback(onSearch, debounceMs);
  const change = (typed: string) => {
    setText(typed);
    search(typed);
  };
  return (
    <search className="run-search">
      <TextInput
        type="text"
        inputMode="search"
        maxLength={100}
        aria-label={label}
        placeholder="Name or student number"
        leftSection={<SearchIcon />}
        rightSection={
          text !== '' && <CloseButton aria-label="Clear search" onClick={() => change('')} />
        }
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && change('')}
      />
    </search>
  );
}
