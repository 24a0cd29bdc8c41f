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
import { factsOf } from './status-facts.tsx';
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
  const { periods, enrollments, today, from, through } = forecast;
  const [day, setDay] = useState(today);
  const period = periodOn(periods, day);
  return (
    <div className="enrollment-tab">
      {(periods.length > 0 || enrollments.length > 0) && (
        <section className="record-section boxed" aria-label="Enrollment timeline">
          <EnrollmentTimeline forecast={forecast} day={day} />
          {periods.length > 0 && (
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
        </section>
      )}
      <section className="record-section boxed" aria-label="Enrollments">
        <EnrollmentTable
          rows={toRowsOn(forecast, period)}
          dayText={day === today ? 'today' : formatDay(day)}
        />
      </section>
    </div>
  );
}

interface DayStatusProps {
  readonly forecast: EnrollmentForecast;
  readonly period: StatusPeriod | undefined;
  readonly day: string;
}

/** The status on the selected date; screen readers announce it when the date changes. */
function DayStatus({ forecast, period, day }: DayStatusProps) {
  const { today } = forecast;
  return (
    <output className="day-answer">
      {period === undefined ? (
        <UnknownDay forecast={forecast} day={day} />
      ) : (
        <>
          <span className="day-status">
            <span className="status-dot" data-status={period.status} />{' '}
            <strong>
              {statusLabels[period.status]} on {formatDay(day)}
            </strong>
            {day === today && ' (today)'}
          </span>
          <span className="block">{factsOf({ value: period.status, reason: period.reason })}</span>
          <PeriodNotes forecast={forecast} period={period} day={day} />
        </>
      )}
    </output>
  );
}

/** A date beyond what is known, or before the first enrollment. */
function UnknownDay({
  forecast,
  day,
}: {
  readonly forecast: EnrollmentForecast;
  readonly day: string;
}) {
  const { notKnown } = forecast;
  const isLater = notKnown !== null && day >= notKnown.from;
  return (
    <>
      <strong className="block">{formatDay(day)}</strong>
      <span className="block">
        {isLater ? notKnown.sentence : 'No status: this is before the first enrollment.'}
      </span>
    </>
  );
}

function PeriodNotes({
  forecast: { today, published, completeFrom, periods },
  period,
  day,
}: DayStatusProps & { readonly period: StatusPeriod }) {
  const current = periodOn(periods, today);
  const isDue = day === today && published.decidedOn !== null && period.status !== published.value;
  return (
    <>
      {period.uncounted.length > 0 && (
        <span className="block">
          {period.uncounted.length === 1
            ? '1 enrollment is not counted'
            : `${period.uncounted.length} enrollments are not counted`}{' '}
          on this date. The table shows why.
        </span>
      )}
      {isDue && published.decidedOn !== null && (
        <span className="block changes-on">
          The record still shows {statusLabels[published.value]}, as of{' '}
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
    </>
  );
}

/** Returns the enrollments with whether they are counted on the selected date. */
const toRowsOn = (forecast: EnrollmentForecast, period: StatusPeriod | undefined) =>
  period === undefined
    ? forecast.enrollments
    : forecast.enrollments.map((row) => ({
        ...row,
        decidesStatus: row.id === period.decidedBy,
        uncounted: period.uncounted.find(({ id }) => id === row.id) ?? null,
      }));
