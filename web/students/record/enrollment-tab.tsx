/** The Enrollment tab: the enrollments in time, and what the status was, is or will be on any day. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';

import type {
  EnrollmentForecast,
  StatusStretch,
} from '../../../src/contract/enrollment-forecast.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { formatDay, formatSchoolYear } from '../../shell/dates.ts';
import { DayChoice } from './day-choice.tsx';
import { EnrollmentTable } from './enrollment-table.tsx';
import { EnrollmentTimeline } from './enrollment-timeline.tsx';
import { enrollmentForecastQuery } from './record-queries.ts';
import { TabState } from './tab-state.tsx';
import { stretchOn } from './timeline-scale.ts';
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
  const { stretches, today } = forecast;
  const [day, setDay] = useState(today);
  const stretch = stretchOn(stretches, day);
  const from = stretches[0]?.from ?? `${Number(today.slice(0, 4)) - 1}-07-01`;
  const through = stretches.at(-1)?.through ?? `${Number(today.slice(0, 4)) + 1}-06-30`;
  return (
    <div className="enrollment-tab">
      <section className="record-section boxed" aria-label="Enrollments in time">
        <Becomes forecast={forecast} />
        <EnrollmentTimeline forecast={forecast} from={from} through={through} day={day} />
        {stretch !== undefined && (
          <>
            <DayChoice
              stretches={stretches}
              day={day}
              today={today}
              from={from}
              through={through}
              onChoose={setDay}
            />
            <DayAnswer forecast={forecast} stretch={stretch} day={day} />
          </>
        )}
        {stretches.length === 0 && (
          <p className="changes-on">
            {statusLabels[forecast.published.status]}, set by hand: no day changes it by itself.
          </p>
        )}
      </section>
      <section className="record-section boxed" aria-label="Enrollments">
        <EnrollmentTable
          rows={rowsOn(forecast, stretch)}
          dayWords={day === today ? 'today' : formatDay(day)}
        />
      </section>
    </div>
  );
}

/** The published status, and the day that changes it by itself. */
function Becomes({ forecast: { published } }: { readonly forecast: EnrollmentForecast }) {
  return (
    <p className="becomes">
      <span className="status-dot" data-status={published.status} />{' '}
      <strong>{statusLabels[published.status]}</strong>
      {published.changesOn !== null && published.becomes !== null && (
        <>
          {' '}
          · On <time dateTime={published.changesOn}>{formatDay(published.changesOn)}</time> this
          becomes <strong>{statusLabels[published.becomes]}</strong>, if nothing changes in Skyward.
        </>
      )}
    </p>
  );
}

interface DayAnswerProps {
  readonly forecast: EnrollmentForecast;
  readonly stretch: StatusStretch;
  readonly day: string;
}

/** Announced when the day changes. */
function DayAnswer({ forecast, stretch, day }: DayAnswerProps) {
  const { enrollments, today, published, completeFrom } = forecast;
  const decider = enrollments.find(({ id }) => id === stretch.decidedBy);
  const isToday = day === today;
  const current = stretchOn(forecast.stretches, today);
  return (
    <output className="day-answer">
      <span className="day-status">
        <span className="status-dot" data-status={stretch.status} />{' '}
        <strong>{statusLabels[stretch.status]}</strong> on {formatDay(day)}
        {isToday && ' (today)'}
      </span>
      <span className="block">{sentenceOn(stretch.reason, isToday)}</span>
      {decider !== undefined && (
        <span className="block">
          Decided by {decider.schoolName ?? decider.entityName ?? 'an enrollment'}, from{' '}
          {decider.startDate !== null && formatDay(decider.startDate)}
          {decider.lastDay === null ? ', open' : ` to ${formatDay(decider.lastDay)}`}.
        </span>
      )}
      {stretch.leftOut.length > 0 && (
        <span className="block">
          {stretch.leftOut.length === 1
            ? '1 enrollment is ignored'
            : `${stretch.leftOut.length} enrollments are ignored`}{' '}
          on this day; the table says why.
        </span>
      )}
      {isToday && published.decidedOn !== null && stretch.status !== published.status && (
        <span className="block changes-on">
          The record still says {statusLabels[published.status]}: it was decided for{' '}
          {formatDay(published.decidedOn)}. The next night brings it up to date.
        </span>
      )}
      {current !== undefined && stretch.schoolYear !== current.schoolYear && (
        <span className="block quiet">
          Reckoned with the school year {formatSchoolYear(stretch.schoolYear)} as the current one,
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
const rowsOn = (forecast: EnrollmentForecast, stretch: StatusStretch | undefined) =>
  stretch === undefined
    ? forecast.enrollments
    : forecast.enrollments.map((row) => ({
        ...row,
        decidesStatus: row.id === stretch.decidedBy,
        leftOut: stretch.leftOut.find(({ id }) => id === row.id) ?? null,
      }));
