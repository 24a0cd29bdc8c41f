/** The search for students in the top bar of every page: Ctrl+K or `/`, results as the user types, Enter opens. */
import './student-finder.css';

import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';

import { homeApi } from '../../../src/contract/home.ts';
import { studentListApi } from '../../../src/contract/students/student-list.ts';
import { callApi } from '../../api/api-client.ts';
import { SearchIcon } from '../../shell/icons.tsx';
import { FinderResults, type FoundStudent } from './finder-results.tsx';

/** Long enough for a fast typist's next key, short enough to seem immediate. */
const debounceMs = 150;
const maxResults = 8;

/**
 * A combobox by the ARIA pattern. Mantine's tells screen readers neither that results have arrived nor which one Enter
 * opens before an arrow key is pressed.
 */
export function StudentFinder({ domain }: { readonly domain: string }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [isFocused, setFocused] = useState(false);
  const [active, setActive] = useState(0);
  // On a phone an icon opens the field, which then covers the top bar.
  const [isExpanded, setExpanded] = useState(false);
  const { rows, hasMore, error, isCurrent } = useResults(domain, text.trim(), isFocused);
  const count = (rows?.length ?? 0) + (hasMore ? 1 : 0);
  const isOpen = isFocused && (text.trim() !== '' || count > 0);

  const focus = () => {
    setExpanded(true);
    field.current?.focus();
    field.current?.select();
  };
  useFinderKeys(focus);
  useEffect(() => {
    if (isExpanded) field.current?.focus();
  }, [isExpanded]);

  const leave = () => {
    setText('');
    setExpanded(false);
    field.current?.blur();
  };
  const openActive = () => {
    const row = isCurrent ? rows?.[active] : undefined;
    leave();
    void (row === undefined
      ? navigate({ to: '/a/$domain/students', params: { domain }, search: { search: text.trim() } })
      : navigate({
          to: '/a/$domain/students/$studentId',
          params: { domain, studentId: `${row.id}` },
        }));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') leave();
    if (!isOpen) return;
    if (event.key === 'Enter') openActive();
    if (event.key === 'ArrowDown') setActive((active + 1) % Math.max(count, 1));
    if (event.key === 'ArrowUp') setActive((active - 1 + count) % Math.max(count, 1));
    if (['Enter', 'ArrowDown', 'ArrowUp'].includes(event.key)) event.preventDefault();
  };
  return (
    <search className="student-finder" data-expanded={isExpanded || undefined}>
      <button
        type="button"
        className="top-bar-button finder-open"
        aria-label="Search students"
        onClick={() => setExpanded(true)}
      >
        <SearchIcon />
      </button>
      <div className="finder-field">
        <TextInput
          ref={field}
          type="text"
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          maxLength={100}
          // It is an input; the role says that it has a list.
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          role="combobox"
          aria-label="Search students"
          aria-keyshortcuts="Control+K /"
          aria-autocomplete="list"
          aria-expanded={isOpen && count > 0}
          aria-controls={id}
          aria-activedescendant={isOpen && count > 0 ? `${id}-${active}` : undefined}
          placeholder="Search students"
          leftSection={<SearchIcon />}
          rightSection={
            text === '' && !isExpanded ? (
              <Kbd aria-hidden size="xs" className="finder-keys">
                Ctrl K
              </Kbd>
            ) : (
              <CloseButton
                size="sm"
                aria-label="Close the search"
                onMouseDown={(event) => event.preventDefault()}
                onClick={leave}
              />
            )
          }
          rightSectionWidth={text === '' && !isExpanded ? 64 : undefined}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
          }}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false);
            setExpanded(false);
          }}
          onKeyDown={onKey}
        />
        <FinderResults
          id={id}
          domain={domain}
          isOpen={isOpen}
          rows={rows}
          hasMore={hasMore}
          hasFailed={error !== null}
          search={text.trim()}
          active={active}
          onOpen={leave}
        />
      </div>
    </search>
  );
}

/**
 * Returns the first results; those of the previous text until the new ones arrive. Without a text, the students that
 * the user viewed last.
 */
function useResults(domain: string, text: string, isFocused: boolean) {
  const [search] = useDebouncedValue(text, debounceMs);
  const found = useQuery({
    queryKey: [domain, 'found-students', search],
    queryFn: ({ signal }) =>
      callApi(
        studentListApi.listStudents,
        { domain, query: { search, pageSize: `${maxResults}` } },
        signal,
      ),
    enabled: search !== '',
    placeholderData: keepPreviousData,
  });
  const recent = useQuery({
    queryKey: [domain, 'recent-students'],
    queryFn: ({ signal }) => callApi(homeApi.listRecentStudents, { domain }, signal),
    enabled: isFocused && text === '',
    staleTime: 0,
  });
  if (text === '') {
    const rows: readonly FoundStudent[] | undefined = recent.data?.students.slice(0, maxResults);
    return { rows, hasMore: false, error: null, isCurrent: true };
  }
  const rows: readonly FoundStudent[] | undefined = search === '' ? undefined : found.data?.rows;
  return {
    rows,
    hasMore: (found.data?.total ?? 0) > maxResults,
    error: found.error,
    isCurrent: search === text && !found.isPlaceholderData,
  };
}

/** Ctrl+K from anywhere; `/` except on the list of students, where it belongs to the list's own search. */
function useFinderKeys(focus: () => void) {
  const isList = useLocation({ select: ({ pathname }) => /^\/a\/[^/]+\/students$/.test(pathname) });
  useHotkeys([['mod+K', focus]], []);
  useHotkeys(isList ? [] : [['/', focus]]);
}
