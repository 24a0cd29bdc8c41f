/** The search field of the list: `/` focuses it, and it searches shortly after the last key. */
import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

import { SearchIcon } from '../../shell/icons.tsx';

interface StudentSearchProps {
  readonly value: string;
  readonly onSearch: (text: string) => void;
  /** Called on ArrowDown, to move focus into the list. */
  readonly onLeave: () => void;
}

/** Long enough for a fast typist's next key, short enough to seem immediate. */
const debounceMs = 150;

export function StudentSearch({ value, onSearch, onLeave }: StudentSearchProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const search = useDebouncedCallback(onSearch, debounceMs);
  // When the address changes by Back or Forward, the field follows, unless the user is typing.
  useEffect(() => {
    if (document.activeElement !== field.current) setText(value);
  }, [value]);
  useHotkeys([['/', () => field.current?.focus()]]);
  const change = (typed: string) => {
    setText(typed);
    search(typed);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') change('');
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    onLeave();
  };
  return (
    <search className="student-search">
      <TextInput
        ref={field}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        size="sm"
        maxLength={100}
        aria-label="Search students by name, number, guardian, phone, e-mail, address, school or grade"
        aria-keyshortcuts="/"
        placeholder="Name, number, guardian, phone, address …"
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
        onKeyDown={onKey}
      />
    </search>
  );
}
