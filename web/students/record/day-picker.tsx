/** Selects a date: a slider, a date field, and buttons for the previous and next status change and today. */
import { Button, Group } from '@mantine/core';
import { useId } from 'react';

import { formatDay } from '../../../src/contract/day-format.ts';
import type { StatusPeriod } from '../../../src/contract/students/enrollment-forecast.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { DateField } from '../../shell/fields/date-field.tsx';
import { dayAt, dayIndex, periodOn } from './timeline-scale.ts';

interface DayPickerProps {
  readonly periods: readonly StatusPeriod[];
  readonly day: string;
  readonly today: string;
  readonly from: string;
  readonly through: string;
  readonly onChange: (day: string) => void;
}

export function DayPicker({ periods, day, today, from, through, onChange }: DayPickerProps) {
  const slider = useId();
  const field = useId();
  const changes = listChangeDays(periods);
  const earlier = changes.findLast((change) => change < day);
  const later = changes.find((change) => change > day);
  const period = periodOn(periods, day);
  return (
    <div className="day-choice">
      <label htmlFor={slider} className="visually-hidden">
        Selected date
      </label>
      <input
        id={slider}
        type="range"
        min={dayIndex(from)}
        max={dayIndex(through)}
        value={dayIndex(day)}
        step={1}
        aria-valuetext={`${formatDay(day)}: ${period ? statusLabels[period.status] : 'not known yet'}`}
        onChange={(event) => onChange(dayAt(Number(event.currentTarget.value)))}
        onKeyDown={(event) => {
          // A month per step; the browser's default would be about three.
          const step = { PageUp: 30, PageDown: -30 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          const to = dayIndex(day) + step;
          onChange(dayAt(Math.min(Math.max(to, dayIndex(from)), dayIndex(through))));
        }}
      />
      <Group gap="xs" className="day-buttons">
        <label htmlFor={field}>Status on</label>
        <DateField
          id={field}
          size="xs"
          className="day-field"
          min={from}
          max={through}
          value={day}
          onChange={(next) => next !== '' && onChange(next)}
        />
        <Button
          size="xs"
          variant="default"
          disabled={earlier === undefined}
          onClick={() => earlier !== undefined && onChange(earlier)}
        >
          Previous change
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={later === undefined}
          onClick={() => later !== undefined && onChange(later)}
        >
          Next change
        </Button>
        <Button size="xs" disabled={day === today} onClick={() => onChange(today)}>
          Back to today
        </Button>
      </Group>
    </div>
  );
}

/** Returns the days on which the status differs from the day before. */
const listChangeDays = (periods: readonly StatusPeriod[]): readonly string[] =>
  periods
    .filter((period, index) => index > 0 && periods[index - 1]?.status !== period.status)
    .map(({ from }) => from);
