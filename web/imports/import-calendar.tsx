/** The days since the first import as a calendar of weeks: each with its worst open result, changes and duration. */
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useRef, useState } from 'react';

import { formatDay } from '../../src/contract/day-format.ts';
import type { ImportDay } from '../../src/contract/imports/import-runs.ts';
import { useDomain } from '../districts/district-query.ts';
import { formatCompact, type RunTone, formatRun, getStateLabel } from './run-labels.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const daysOfWeek = weekdays.length;

const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();
const monthName = new Intl.DateTimeFormat('en-US', { month: 'short', timeZone: 'UTC' });

/** Steps of the arrow keys, in days. */
const steps: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  ArrowLeft: -daysOfWeek,
  ArrowRight: daysOfWeek,
};

/** Returns the day a key leads to, and the step in which days without an import are skipped from there. */
function getKeyTarget(
  key: string,
  current: number,
  last: number,
): readonly [start: number, step: number] {
  if (key === 'Home') return [0, 1];
  if (key === 'End') return [last, -1];
  const step = steps[key] ?? 0;
  return [current + step, step];
}

/** A few weeks are not stretched over the whole width. */
const maxWeekRem = 7;

interface ImportCalendarProps {
  /** Oldest first, without gaps. */
  readonly days: readonly ImportDay[];
}

/** One stop of the Tab key. Arrow keys move between days, Enter opens the run. */
export function ImportCalendar({ days }: ImportCalendarProps) {
  const table = useRef<HTMLTableElement>(null);
  const last = days.length - 1;
  const hasRun = (index: number) => days[index]?.run != null;
  const [current, setCurrent] = useState(() => days.findLastIndex(({ run }) => run !== null));
  const [pointed, setPointed] = useState<number>();
  const shown = days[pointed ?? current];
  const before = weekdayOf(days[0]?.day ?? '');
  const weeks = Math.ceil((before + days.length) / daysOfWeek);
  const longest = Math.max(1, ...days.map(({ run }) => run?.seconds ?? 0));

  const move = (event: KeyboardEvent) => {
    const [start, step] = getKeyTarget(event.key, current, last);
    if (step === 0) return;
    event.preventDefault();
    let next = start;
    while (next >= 0 && next <= last && !hasRun(next)) next += step;
    if (!hasRun(next)) return;
    setCurrent(next);
    table.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus();
  };

  return (
    <figure className="import-calendar">
      <table ref={table} className="day-grid" style={{ maxWidth: `${weeks * maxWeekRem + 3}rem` }}>
        <caption className="visually-hidden">
          The imports by day, a column for each week. Arrow keys move between days.
        </caption>
        <thead>
          <tr>
            <th scope="col" className="day-corner">
              <span className="visually-hidden">Day of the week</span>
            </th>
            {Array.from({ length: weeks }, (_, week) => (
              <WeekHead key={week} days={days} first={week * daysOfWeek - before} />
            ))}
          </tr>
        </thead>
        <tbody>
          {weekdays.map((weekday, row) => (
            <tr key={weekday}>
              <th scope="row">{weekday}</th>
              {Array.from({ length: weeks }, (_, week) => {
                const index = week * daysOfWeek + row - before;
                const day = days[index];
                return day === undefined ? (
                  <td key={week}>
                    <span className="visually-hidden">–</span>
                  </td>
                ) : (
                  <td
                    key={week}
                    onMouseEnter={() => setPointed(index)}
                    onMouseLeave={() => setPointed(undefined)}
                  >
                    <DayCell
                      day={day}
                      index={index}
                      longest={longest}
                      isCurrent={index === current}
                      onFocus={() => setCurrent(index)}
                      onKeyDown={move}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <figcaption>
        <p className="day-detail" aria-hidden>
          {shown !== undefined && formatImportDay(shown)}
        </p>
        <ul className="day-legend" aria-label="Colors">
          <li data-tone="good">completed, with the number of students added and updated</li>
          <li data-tone="held">on hold</li>
          <li data-tone="failed">failed</li>
          <li data-tone="quiet">canceled or reviewed</li>
          <li data-tone="none">no import</li>
          <li className="day-legend-bar">bar: duration</li>
          {days.some(({ runs }) => runs > 1) && <li data-plain>2×: several imports</li>}
        </ul>
      </figcaption>
    </figure>
  );
}

/** The month, above the week in which it begins. */
function WeekHead({
  days: allDays,
  first,
}: {
  readonly days: readonly ImportDay[];
  readonly first: number;
}) {
  const days = allDays.slice(Math.max(0, first), first + daysOfWeek);
  const start = days.find(({ day }) => day.endsWith('-01')) ?? (first <= 0 ? days[0] : undefined);
  const week = days[0];
  return (
    <th scope="col">
      {start === undefined ? null : (
        <span className="day-month">{monthName.format(new Date(`${start.day}T00:00:00Z`))}</span>
      )}
      <span className="visually-hidden">{week && ` week of ${formatDay(week.day)}`}</span>
    </th>
  );
}

interface DayCellProps {
  readonly day: ImportDay;
  readonly index: number;
  readonly longest: number;
  readonly isCurrent: boolean;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function DayCell(props: DayCellProps) {
  const { day, index, longest, isCurrent, onFocus, onKeyDown } = props;
  const domain = useDomain();
  const { run } = day;
  if (run === null) {
    return (
      <span className="day" data-tone="none">
        <span aria-hidden>·</span>
        <span className="visually-hidden">{formatImportDay(day)}</span>
      </span>
    );
  }
  return (
    <Link
      to="/a/$domain/imports/$runId"
      params={{ domain, runId: `${run.id}` }}
      className="day"
      data-tone={getStateLabel(run).tone}
      data-index={index}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
    >
      <span aria-hidden>{getSign(run)}</span>
      {day.runs > 1 && (
        <span aria-hidden className="day-runs">
          {day.runs}×
        </span>
      )}
      <span className="visually-hidden">{formatImportDay(day)}</span>
      <svg aria-hidden className="day-bar" viewBox="0 0 100 4" preserveAspectRatio="none">
        <rect width={Math.max(4, ((run.seconds ?? 0) / longest) * 100)} height="4" />
      </svg>
    </Link>
  );
}

const signs: Readonly<Partial<Record<RunTone, string>>> = {
  held: '❙❙',
  failed: '✕',
  quiet: '–',
  running: '…',
};

/** Returns the text of a cell, so that meaning does not depend on color alone. */
function getSign(run: NonNullable<ImportDay['run']>): string {
  const sign = signs[getStateLabel(run).tone];
  return sign ?? formatCompact((run.counts.added ?? 0) + (run.counts.changed ?? 0));
}

function formatImportDay({ day, run, runs, completed }: ImportDay): string {
  if (run === null) return `${formatDay(day)}: no import`;
  const more = runs > 1 ? ` ${runs} imports, ${completed} completed.` : '';
  return `${formatDay(day)}: ${formatRun(run)}${more}`;
}
