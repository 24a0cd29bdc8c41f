/** The Enrollment tab: a timeline of the enrollments, and the status on any selected date. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';

import { formatDay, formatSchoolYear } from '../../../src/contract/day-format.ts';
import type {
  EnrollmentForecast,
  StatusPeriod,
} from '../../../src/contract/students/enrollment-forecast.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { DayPicker } from './day-picker.tsx';
import { EnrollmentTable } from './enrollment-table.tsx';
import { EnrollmentTimeline } from './enrollment-timeline.tsx';
import { enrollmentForecastQuery } from './record-queries.ts';
import { TabState } from './tab-state.tsx';
import { periodOn } from './timeline-scale.ts';
import './enrollment.css';

export function EnrollmentTab() {
  const { domain, studentId } = useParams({ from: '/signed-in/a/$domain/students/$studentId' });
  const query = useQuery(enrollmentForecastQuery(domain, studentId));
  return (
    <TabState query={query} title="The enrollments could not be loaded">
      {(forecast) => <Enrollments key={studentId} forecast={forecast} />}
    </TabState>
  );
}

function Enrollments({ forecast }: { readonly forecast: EnrollmentForecast }) {
  const { periods, today } = forecast;
  const [day, setDay] = useState(today);
  const period = periodOn(periods, day);
  const from = periods[0]?.from ?? `${Number(today.slice(0, 4)) - 1}-07-01`;
  const through = periods.at(-1)?.through ?? `${Number(today.slice(0, 4)) + 1}-06-30`;
  return (
    <div className="enrollment-tab">
      <section className="record-section boxed" aria-label="Enrollment timeline">
        <NextChange forecast={forecast} />
        <EnrollmentTimeline forecast={forecast} from={from} through={through} day={day} />
        {period !== undefined && (
          <>
            <DayPicker
              periods={periods}
              day={day}
              today={today}
              from={from}
              through={through}
              onChange={setDay}
            />
            <DayStatus forecast={forecast} period={period} day={day} />
          </>
        )}
        {periods.length === 0 && (
          <p className="changes-on">
            {statusLabels[forecast.published.status]}, set manually. It does not change
            automatically.
          </p>
        )}
      </section>
      <section className="record-section boxed" aria-label="Enrollments">
        <EnrollmentTable
          rows={toRowsOn(forecast, period)}
          dayText={day === today ? 'today' : formatDay(day)}
        />
      </section>
    </div>
  );
}

/** The published status, and the date on which it will change. */
function NextChange({ forecast: { published } }: { readonly forecast: EnrollmentForecast }) {
  return (
    <p className="becomes">
      <span className="status-dot" data-status={published.status} />{' '}
      <strong>{statusLabels[published.status]}</strong>
      {published.changesOn !== null && published.nextStatus !== null && (
        <>
          {' '}
          · On <time dateTime={published.changesOn}>{formatDay(published.changesOn)}</time> this
          becomes <strong>{statusLabels[published.nextStatus]}</strong>, if nothing changes in
          Skyward.
        </>
      )}
    </p>
  );
}

interface DayStatusProps {
  readonly forecast: EnrollmentForecast;
  readonly period: StatusPeriod;
  readonly day: string;
}

/** The status on the selected date; screen readers announce it when the date changes. */
function DayStatus({ forecast, period, day }: DayStatusProps) {
  const { enrollments, today, published, completeFrom } = forecast;
  const determining = enrollments.find(({ id }) => id === period.decidedBy);
  const isToday = day === today;
  const current = periodOn(forecast.periods, today);
  return (
    <output className="day-answer">
      <span className="day-status">
        <span className="status-dot" data-status={period.status} />{' '}
        <strong>{statusLabels[period.status]}</strong> on {formatDay(day)}
        {isToday && ' (today)'}
      </span>
      <span className="block">{sentenceOn(period.reason, isToday)}</span>
      {determining !== undefined && (
        <span className="block">
          Determined by the enrollment at{' '}
          {determining.schoolName ?? determining.entityName ?? 'a school'},{' '}
          {determining.startDate !== null && formatDay(determining.startDate)}{' '}
          {determining.lastDay === null ? '(ongoing)' : `to ${formatDay(determining.lastDay)}`}.
        </span>
      )}
      {period.uncounted.length > 0 && (
        <span className="block">
          {period.uncounted.length === 1
            ? '1 enrollment is not counted'
            : `${period.uncounted.length} enrollments are not counted`}{' '}
          on this date. The table shows why.
        </span>
      )}
      {isToday && published.decidedOn !== null && period.status !== published.status && (
        <span className="block changes-on">
          The record still shows {statusLabels[published.status]}, as of{' '}
          {formatDay(published.decidedOn)}. The next nightly import updates it.
        </span>
      )}
      {current !== undefined && period.schoolYear !== current.schoolYear && (
        <span className="block quiet">
          Assumes the {formatSchoolYear(period.schoolYear)} school year starts July 1. Based on the
          enrollments in Skyward today.
        </span>
      )}
      {day < completeFrom && (
        <span className="block quiet">
          Older enrollments are not imported, so the actual status may have been different.
        </span>
      )}
    </output>
  );
}

/** Replaces "today" in the reason for another date. */
const sentenceOn = (reason: string, isToday: boolean): string =>
  isToday ? reason : reason.replace('in effect today', 'in effect on this date');

/** Returns the enrollments with whether they are counted on the selected date. */
const toRowsOn = (forecast: EnrollmentForecast, period: StatusPeriod | undefined) =>
  period === undefined
    ? forecast.enrollments
    : forecast.enrollments.map((row) => ({
        ...row,
        decidesStatus: row.id === period.decidedBy,
        uncounted: period.uncounted.find(({ id }) => id === row.id) ?? null,
      }));
