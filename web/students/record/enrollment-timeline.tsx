/** The enrollments as a timeline: one lane per school, the status below, lines for today and the selected date. */
import { useElementSize } from '@mantine/hooks';
import { useId } from 'react';

import { formatDay, formatSchoolYear } from '../../../src/contract/day-format.ts';
import type { EnrollmentForecast } from '../../../src/contract/students/enrollment-forecast.ts';
import type { Status } from '../../../src/contract/values.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import {
  dayIndex,
  joinPeriods,
  type Lane,
  layOut,
  schoolYearStarts,
  periodOn,
  type TimelineBar,
} from './timeline-scale.ts';

interface TimelineProps {
  readonly forecast: EnrollmentForecast;
  /** The selected date. */
  readonly day: string;
}

const yearsHeight = 26;
const laneHeight = 46;
const statusHeight = 40;
const bandHeight = 16;
const labelInset = 6;

/** The table below and the status sentence contain the same as text. */
export function EnrollmentTimeline({ forecast, day }: TimelineProps) {
  const { from, through } = forecast;
  const { ref, width: measured } = useElementSize();
  const description = useId();
  const hatch = useId();
  const width = Math.max(measured, 240);
  const [first, last] = [dayIndex(from), dayIndex(through)];
  const x = (index: number) => ((index - first) / (last + 1 - first)) * width;
  const { bars, lanes } = layOut(
    forecast.enrollments,
    first,
    last,
    forecast.notKnown === null ? undefined : dayIndex(forecast.notKnown.from),
  );
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
        <StatusBands
          forecast={forecast}
          first={first}
          last={last}
          x={x}
          y={lanesEnd + 12}
          hatch={hatch}
        />
        <DayLine at={x(dayIndex(forecast.today) + 0.5)} height={height} kind="today" />
        {day !== forecast.today && (
          <DayLine at={x(dayIndex(day) + 0.5)} height={height} kind="selected" />
        )}
      </svg>
      <TimelineKey forecast={forecast} isTodaySelected={day === forecast.today} />
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

/** The statuses below the enrollments; hatched where nobody knows them yet. */
function StatusBands({
  forecast: { periods, notKnown },
  first,
  last,
  x,
  y,
  hatch,
}: Scaled & {
  readonly forecast: EnrollmentForecast;
  readonly first: number;
  readonly last: number;
  readonly y: number;
  readonly hatch: string;
}) {
  return (
    <>
      {joinPeriods(periods).map((band) => {
        const from = Math.max(dayIndex(band.from), first);
        const until = Math.min(dayIndex(band.through), last) + 1;
        if (until <= from) return null;
        return (
          <rect
            key={band.from}
            x={x(from)}
            y={y}
            width={x(until) - x(from)}
            height={bandHeight}
            className="status-band"
            data-status={band.status}
          >
            <title>
              {`${statusLabels[band.status]} from ${formatDay(band.from)} to ${formatDay(band.through)}`}
            </title>
          </rect>
        );
      })}
      {notKnown !== null && (
        <rect
          x={x(dayIndex(notKnown.from))}
          y={y}
          width={x(last + 1) - x(dayIndex(notKnown.from))}
          height={bandHeight}
          className="unknown-band"
          fill={`url(#${CSS.escape(hatch)})`}
        >
          <title>{notKnown.sentence}</title>
        </rect>
      )}
    </>
  );
}

/** What the colors and lines mean; only those that occur. */
function TimelineKey({
  forecast: { periods, notKnown },
  isTodaySelected,
}: {
  readonly forecast: EnrollmentForecast;
  readonly isTodaySelected: boolean;
}) {
  const statuses = new Set(periods.map(({ status }) => status));
  return (
    <ul className="timeline-key" aria-label="Legend">
      {Object.entries(statusLabels)
        .filter(([status]) => statuses.has(status as Status))
        .map(([status, label]) => (
          <li key={status} data-key="status" data-status={status}>
            {label}
          </li>
        ))}
      {notKnown !== null && <li data-key="unknown">{notKnown.sentence.replace(/\.$/, '')}</li>}
      <li data-key="determining">Determines status</li>
      <li data-key="counted">Counted</li>
      <li data-key="uncounted">Not counted</li>
      <li data-key="today">Today</li>
      {!isTodaySelected && <li data-key="selected">Selected date</li>}
    </ul>
  );
}

interface DayLineProps {
  readonly at: number;
  readonly height: number;
  readonly kind: 'today' | 'selected';
}

const DayLine = ({ at, height, kind }: DayLineProps) => (
  <line x1={at} x2={at} y1={0} y2={height} className="day-line" data-kind={kind} />
);
