/** The enrollments as a timeline: one lane per school, the status below, lines for today and the selected date. */
import { useElementSize } from '@mantine/hooks';
import { useId } from 'react';

import { formatDay, formatSchoolYear } from '../../../src/contract/day-format.ts';
import type { EnrollmentForecast } from '../../../src/contract/students/enrollment-forecast.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import {
  dayIndex,
  type Lane,
  layOut,
  schoolYearStarts,
  periodOn,
  type TimelineBar,
} from './timeline-scale.ts';

interface TimelineProps {
  readonly forecast: EnrollmentForecast;
  /** First and last date of the timeline. */
  readonly from: string;
  readonly through: string;
  /** The selected date. */
  readonly day: string;
}

const yearsHeight = 26;
const laneHeight = 46;
const statusHeight = 40;
const labelInset = 6;

/** The table below and the status sentence contain the same as text. */
export function EnrollmentTimeline({ forecast, from, through, day }: TimelineProps) {
  const { ref, width: measured } = useElementSize();
  const description = useId();
  const hatch = useId();
  const width = Math.max(measured, 240);
  const [first, last] = [dayIndex(from), dayIndex(through)];
  const x = (index: number) => ((index - first) / (last + 1 - first)) * width;
  const { bars, lanes } = layOut(forecast.enrollments, first, last);
  const lanesEnd = yearsHeight + lanes.length * laneHeight;
  const height = lanesEnd + (forecast.periods.length > 0 ? statusHeight : 12);
  const period = periodOn(forecast.periods, day);
  const uncounted = new Set(
    period === undefined
      ? forecast.enrollments.filter((row) => row.uncounted !== null).map(({ id }) => id)
      : period.uncounted.map(({ id }) => id),
  );
  const decidedBy = period?.decidedBy ?? null;
  return (
    <div ref={ref} className="timeline">
      <svg
        role="img"
        aria-labelledby={description}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        <title id={description}>
          {`Timeline of ${forecast.enrollments.length} enrollments from ${formatDay(from)} to ${formatDay(through)}. The table below lists them.`}
        </title>
        <defs>
          <pattern
            id={hatch}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="6" height="6" className="hatch-ground" />
            <line x1="0" y1="0" x2="0" y2="6" className="hatch-line" />
          </pattern>
        </defs>
        <SchoolYears first={first} last={last} x={x} height={lanesEnd} width={width} />
        {lanes.map((lane, index) => (
          <LaneName key={index} lane={lane} y={yearsHeight + index * laneHeight} />
        ))}
        {bars.map((bar) => (
          <Bar
            key={bar.row.id}
            bar={bar}
            x={x}
            hatch={hatch}
            isUncounted={uncounted.has(bar.row.id)}
            isDetermining={bar.row.id === decidedBy}
          />
        ))}
        <StatusBand forecast={forecast} first={first} last={last} x={x} y={lanesEnd + 6} />
        <DayLine at={x(dayIndex(forecast.today) + 0.5)} height={height} kind="today" />
        {day !== forecast.today && (
          <DayLine at={x(dayIndex(day) + 0.5)} height={height} kind="selected" />
        )}
      </svg>
      <p className="timeline-key" aria-hidden>
        <span data-key="determining">determines status</span>
        <span data-key="counted">counted</span>
        <span data-key="uncounted">not counted</span>
        <span data-key="today">today</span>
        {day !== forecast.today && <span data-key="selected">selected date</span>}
      </p>
    </div>
  );
}

interface Scaled {
  readonly x: (index: number) => number;
}

function SchoolYears({
  first,
  last,
  x,
  height,
  width,
}: Scaled & {
  readonly first: number;
  readonly last: number;
  readonly height: number;
  readonly width: number;
}) {
  const starts = schoolYearStarts(first, last);
  return starts.map(({ at, schoolYear }, index) => {
    const next = starts[index + 1];
    const end = next === undefined ? width : x(next.at);
    return (
      <g key={schoolYear}>
        <rect
          x={x(at)}
          y={0}
          width={end - x(at)}
          height={height}
          className="school-year"
          data-odd={schoolYear % 2 === 1 || undefined}
        />
        {end - x(at) > 52 && (
          <text x={x(at) + labelInset} y={17} className="school-year-name">
            {formatSchoolYear(schoolYear)}
          </text>
        )}
      </g>
    );
  });
}

const LaneName = ({ lane, y }: { readonly lane: Lane; readonly y: number }) => (
  <text x={labelInset} y={y + 14} className="lane-name">
    {lane.school}
  </text>
);

interface BarProps extends Scaled {
  readonly bar: TimelineBar;
  readonly hatch: string;
  readonly isUncounted: boolean;
  readonly isDetermining: boolean;
}

function Bar({ bar, x, hatch, isUncounted, isDetermining }: BarProps) {
  const { row, startDate, lane, from, until, isOpenEnded, isEmpty } = bar;
  const y = yearsHeight + lane * laneHeight + 20;
  const left = x(from);
  const right = x(until);
  return (
    <g
      className="bar"
      data-uncounted={isUncounted || undefined}
      data-determining={isDetermining || undefined}
    >
      <title>
        {`${row.schoolName ?? row.entityName ?? 'School'}, ${formatDay(startDate)} to ${row.lastDay === null ? 'ongoing' : formatDay(row.lastDay)}`}
      </title>
      {isEmpty ? (
        <path d={`M${left} ${y + 2}l7 7l-7 7l-7 -7z`} />
      ) : (
        <rect
          x={left}
          y={y}
          width={Math.max(right - left, 3)}
          height={18}
          rx={4}
          {...(isUncounted && { fill: `url(#${CSS.escape(hatch)})` })}
        />
      )}
      {isOpenEnded && right - left > 24 && (
        <path d={`M${right - 12} ${y + 5}l5 4l-5 4`} className="open-end" />
      )}
    </g>
  );
}

function StatusBand({
  forecast,
  first,
  last,
  x,
  y,
}: Scaled & {
  readonly forecast: EnrollmentForecast;
  readonly first: number;
  readonly last: number;
  readonly y: number;
}) {
  return forecast.periods.map((period) => {
    const from = Math.max(dayIndex(period.from), first);
    const until = Math.min(dayIndex(period.through), last) + 1;
    if (until <= from) return null;
    return (
      <rect
        key={period.from}
        x={x(from)}
        y={y + 6}
        width={x(until) - x(from)}
        height={14}
        className="status-band"
        data-status={period.status}
      >
        <title>
          {`${statusLabels[period.status]} from ${formatDay(period.from)} to ${formatDay(period.through)}`}
        </title>
      </rect>
    );
  });
}

interface DayLineProps {
  readonly at: number;
  readonly height: number;
  readonly kind: 'today' | 'selected';
}

const DayLine = ({ at, height, kind }: DayLineProps) => (
  <line x1={at} x2={at} y1={0} y2={height} className="day-line" data-kind={kind} />
);
