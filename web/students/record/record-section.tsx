/** A titled section of a student's record, and lists of names and values with their sources. */
import { Paper, Title } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';

import { formatDay } from '../../../src/contract/day-format.ts';
import type { RunReference } from '../../../src/contract/students/students.ts';
import { SourceMark } from './source-mark.tsx';

interface RecordSectionProps {
  readonly title: string;
  /** Whether the import maintains this section, rather than staff. */
  readonly isFromSkyward: boolean;
  /** Replaces the default source text. */
  readonly source?: string;
  /** The last import that changed anything in it. */
  readonly lastChange?: RunReference | null;
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

export function RecordSection(props: RecordSectionProps) {
  const id = useId();
  return (
    <Paper
      component="section"
      aria-labelledby={id}
      withBorder
      className="record-section"
      data-wide={props.isWide}
    >
      <div className="record-head">
        <Title order={2} id={id} size="h4">
          {props.title}
        </Title>
        <p className="origin">
          {props.source ?? (props.isFromSkyward ? 'From Skyward' : 'Added manually')}
          {props.lastChange && (
            <>
              , last updated{' '}
              <time dateTime={props.lastChange.importDate}>
                {formatDay(props.lastChange.importDate)}
              </time>
            </>
          )}
        </p>
      </div>
      {props.children}
    </Paper>
  );
}

interface FactsProps {
  readonly className?: string;
  /**
   * Name, value, and the value's source as a sentence. Null, undefined and empty values are not shown.
   */
  readonly facts: readonly (readonly [name: string, value: ReactNode, source?: string | null])[];
}

/** Names and values as a description list, or a note if there are none. */
export function Facts({ facts, className = '' }: FactsProps) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const { onKeyDown, tabIndexOf } = useOneTabStop();
  if (known.length === 0) return <p className="nothing">Nothing recorded</p>;
  return (
    // Handles the keys of the source marks inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dl className={`facts ${className}`} onKeyDown={onKeyDown}>
      {known.map(([name, value, source], index) => (
        // Two phones may have the same type.
        <div key={`${index} ${name}`} className="fact">
          <dt>{name}</dt>
          <dd>
            {value}
            {source && <SourceMark name={name} sentence={source} tabIndex={tabIndexOf(index)} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Makes the source marks of a list one tab stop; arrow keys, Home and End move between them. */
function useOneTabStop() {
  const [current, setCurrent] = useState(0);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const marks = [...event.currentTarget.querySelectorAll<HTMLElement>('.source-mark')];
    const at = marks.indexOf(event.target as HTMLElement);
    if (at < 0) return;
    const to =
      event.key === 'Home' ? 0 : event.key === 'End' ? marks.length - 1 : step && at + step;
    const next = to === undefined ? undefined : marks[to];
    if (next === undefined) return;
    event.preventDefault();
    setCurrent(to ?? 0);
    next.focus();
  };
  return { onKeyDown, tabIndexOf: (index: number) => (index === current ? 0 : -1) };
}
