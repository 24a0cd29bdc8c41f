/** The Enrollment tab: the enrollments in time, and what the status was, is or will be on any day. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';

import type {
  EnrollmentForecast,
  StatusPeriod,
} from '../../../src/contract/students/enrollment-forecast.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { formatDay, formatSchoolYear } from '../../shell/dates.ts';
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
      <section className="record-section boxed" aria-label="Enrollments in time">
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
            {statusLabels[forecast.published.status]}, set by hand: no day changes it by itself.
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

/** The published status, and the day that changes it by itself. */
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

/** Announced when the day changes. */
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
          Decided by {determining.schoolName ?? determining.entityName ?? 'an enrollment'}, from{' '}
          {determining.startDate !== null && formatDay(determining.startDate)}
          {determining.lastDay === null ? ', open' : ` to ${formatDay(determining.lastDay)}`}.
        </span>
      )}
      {period.uncounted.length > 0 && (
        <span className="block">
          {period.uncounted.length === 1
            ? '1 enrollment is ignored'
            : `${period.uncounted.length} enrollments are ignored`}{' '}
          on this day; the table says why.
        </span>
      )}
      {isToday && published.decidedOn !== null && period.status !== published.status && (
        <span className="block changes-on">
          The record still says {statusLabels[published.status]}: it was decided for{' '}
          {formatDay(published.decidedOn)}. The next night brings it up to date.
        </span>
      )}
      {current !== undefined && period.schoolYear !== current.schoolYear && (
        <span className="block quiet">
          Reckoned with the school year {formatSchoolYear(period.schoolYear)} as the current one,
          which is taken to begin on July 1; from the enrollments that Skyward has today.
        </span>
      )}
      {day < completeFrom && (
        <span className="block quiet">
          Enrollments that ended long before are no longer read, so this may not be what it was.
        </span>
      )}
    </output>
  );
}

/** The reason speaks of today. */
const sentenceOn = (reason: string, isToday: boolean): string =>
  isToday ? reason : reason.replace('in effect today', 'in effect on this day');

/** The rows with what they mean on the day looked at. */
const toRowsOn = (forecast: EnrollmentForecast, period: StatusPeriod | undefined) =>
  period === undefined
    ? forecast.enrollments
    : forecast.enrollments.map((row) => ({
        ...row,
        decidesStatus: row.id === period.decidedBy,
        uncounted: period.uncounted.find(({ id }) => id === row.id) ?? null,
      }));
