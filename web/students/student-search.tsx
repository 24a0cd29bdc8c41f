/** The search field of the list: `/` leads to it, typing searches after a short rest. */
import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

import { SearchIcon } from '../shell/icons.tsx';

interface StudentSearchProps {
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

/** Long enough for the next letter of a fast typist, short enough to seem immediate. */
const restMs = 250;

export function StudentSearch({ value, onSearch }: StudentSearchProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const search = useDebouncedCallback(onSearch, restMs);
  // The address changed by itself (back, forward): the field follows, unless someone is typing.
  useEffect(() => {
    if (document.activeElement !== field.current) setText(value);
  }, [value]);
  useHotkeys([['/', () => field.current?.focus()]]);
  const change = (typed: string) => {
    setText(typed);
    search(typed);
  };
  return (
    <search className="student-search">
      <TextInput
        ref={field}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        size="md"
        maxLength={100}
        aria-label="Search students by name, student number or state id"
        aria-keyshortcuts="/"
        placeholder="Name, student number or state id"
        leftSection={<SearchIcon />}
        rightSection={
          text === '' ? (
            <Kbd aria-hidden>/</Kbd>
          ) : (
            <CloseButton aria-label="Clear the search" onClick={() => change('')} />
          )
        }
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && change('')}
      />
    </search>
  );
}
