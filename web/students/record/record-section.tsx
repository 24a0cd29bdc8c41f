/** A part of a student's record under its heading, with where it comes from and when it last changed. */
import { Paper, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

import type { RunReference } from '../../../src/contract/students.ts';
import { formatDay } from '../../shell/dates.ts';

interface RecordSectionProps {
  readonly title: string;
  /** Whether the import keeps this part, rather than a person. */
  readonly isFromSkyward: boolean;
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
          {props.isFromSkyward ? 'From Skyward' : 'Kept by hand'}
          {props.lastChange && (
            <>
              , last changed in the night of{' '}
              <time dateTime={props.lastChange.night}>{formatDay(props.lastChange.night)}</time>
            </>
          )}
        </p>
      </div>
      {props.children}
    </Paper>
  );
}

interface FactsProps {
  /** Name and value; a value that is null, undefined or empty is left out. */
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** Names and values as a description list; says so when nothing is known. */
export function Facts({ facts }: FactsProps) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (known.length === 0) return <p className="nothing">Nothing recorded</p>;
  return (
    <dl className="facts">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
