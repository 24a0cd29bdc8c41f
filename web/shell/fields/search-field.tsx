/** The search field of a list: searches shortly after the last key, and Escape clears it. */
import './fields.css';

import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

import { SearchIcon } from '../icons.tsx';

interface SearchFieldProps {
  /** Says what is searched. */
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  /** Whether `/` moves the focus here. */
  readonly hasShortcut?: boolean;
  readonly onSearch: (text: string) => void;
  /** Called on ArrowDown, to move the focus into the list. */
  readonly onLeave?: () => void;
}

/** Long enough for a fast typist's next key, short enough to seem immediate. */
const debounceMs = 150;

export function SearchField({
  label,
  placeholder,
  value,
  hasShortcut = false,
  onSearch,
  onLeave,
}: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const search = useDebouncedCallback(onSearch, debounceMs);
  // When the address changes by Back or Forward, the field follows, unless the user is typing.
  useEffect(() => {
    if (document.activeElement !== field.current) setText(value);
  }, [value]);
  useHotkeys(hasShortcut ? [['/', () => field.current?.focus()]] : []);
  const change = (typed: string) => {
    setText(typed);
    search(typed);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') change('');
    if (event.key !== 'ArrowDown' || onLeave === undefined) return;
    event.preventDefault();
    onLeave();
  };
  return (
    <search className="search-field">
      <TextInput
        ref={field}
        inputMode="search"
        enterKeyHint="search"
        maxLength={100}
        aria-label={label}
        {...(hasShortcut && { 'aria-keyshortcuts': '/' })}
        placeholder={placeholder}
        leftSection={<SearchIcon />}
        rightSection={
          text !== '' ? (
            <CloseButton aria-label="Clear the search" onClick={() => change('')} />
          ) : (
            hasShortcut && <Kbd aria-hidden>/</Kbd>
          )
        }
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={onKey}
      />
    </search>
  );
}
