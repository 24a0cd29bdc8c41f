/** A titled section of a student's record, and lists of names and values. */
import { Paper, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface RecordSectionProps {
  readonly title: string;
  /** Where its values come from, and when they last changed. */
  readonly source?: string | undefined;
  readonly children: ReactNode;
}

export function RecordSection({ title, source, children }: RecordSectionProps) {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} withBorder className="record-section">
      <div className="record-head">
        <Title order={2} id={id} size="h4">
          {title}
        </Title>
        {source !== undefined && <p className="origin">{source}</p>}
      </div>
      {children}
    </Paper>
  );
}

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
  /** Shown instead of a missing value; without it, the fact is left out. */
  readonly missing?: string | undefined;
  /** A recent change of the value. */
  readonly change?: string | undefined;
}

interface FactsProps {
  readonly className?: string;
  readonly facts: readonly Fact[];
}

/** Names and values as a description list, or a note if there are none. */
export function Facts({ facts, className = '' }: FactsProps) {
  const shown = facts.filter(({ value, missing }) => hasValue(value) || missing !== undefined);
  if (shown.length === 0) return <p className="nothing">Nothing recorded</p>;
  return (
    <dl className={`facts ${className}`}>
      {shown.map(({ name, value, missing, change }, index) => (
        // Two phones may have the same type.
        <div key={`${index} ${name}`} className="fact">
          <dt>{name}</dt>
          <dd>
            {hasValue(value) ? value : <span className="missing">{missing}</span>}
            {change !== undefined && <span className="recent-change">{change}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const hasValue = (value: ReactNode): boolean =>
  value !== null && value !== undefined && value !== '';
