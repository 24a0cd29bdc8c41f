/** A student's enrollments and status by day: past, present and future. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { EnrollmentRow, StudentStatus, uncountedReasons, statusRules } from './students.ts';
import { Day, RecordIdInPath, Status } from '../values.ts';

const StatusPeriod = z
  .strictObject({
    from: Day,
    through: Day.meta({ description: 'The last day of the period.' }),
    schoolYear: z.int().meta({ description: 'The school year assumed to be current.' }),
    status: Status,
    rule: z.enum(statusRules),
    reason: z.string(),
    decidedBy: z.int().nullable(),
    uncounted: z.array(
      z.strictObject({ id: z.int(), reason: z.enum(uncountedReasons), sentence: z.string() }),
    ),
  })
  .meta({
    id: 'StatusPeriod',
    description: 'Consecutive days with the same status and reason.',
  });
export type StatusPeriod = z.infer<typeof StatusPeriod>;

const TimelineEnrollment = EnrollmentRow.extend({
  lastDay: Day.nullable().meta({
    description: 'The last day in effect; null: ongoing. Before startDate: never in effect.',
  }),
}).meta({ id: 'TimelineEnrollment' });
export type TimelineEnrollment = z.infer<typeof TimelineEnrollment>;

const EnrollmentForecast = z
  .strictObject({
    today: Day.meta({ description: "The district's date." }),
    published: StudentStatus,
    from: Day.meta({ description: 'The first day of the timeline.' }),
    through: Day.meta({ description: 'The last day of the timeline.' }),
    enrollments: z.array(TimelineEnrollment).meta({ description: 'The latest first.' }),
    periods: z.array(StatusPeriod).meta({
      description:
        'In order and without gaps, by the rules and the settings of the last import, from the first enrollment through the last day with a known status; while the status is on hold, through today, with the status that is kept. School years are assumed to start on July 1. Empty for a manual status.',
    }),
    notKnown: z
      .strictObject({ from: Day, schoolYear: z.int(), sentence: z.string() })
      .nullable()
      .meta({
        description:
          'From when on nobody knows the status, and why; from tomorrow on while it is on hold.',
      }),
    completeFrom: Day.meta({
      description: 'Before this day, enrollments that are no longer imported could have counted.',
    }),
  })
  .meta({ id: 'EnrollmentForecast' });
export type EnrollmentForecast = z.infer<typeof EnrollmentForecast>;

const getEnrollmentForecast = {
  method: 'GET',
  path: `${districtPath}/students/{id}/enrollment`,
  summary: "A student's enrollments, and the status by day",
  access: everyRole,
  audit: { kind: 'look', action: 'student-viewed' },
  limit: 'read',
  params: z.strictObject({ id: RecordIdInPath }),
  response: EnrollmentForecast,
  errors: ['not-found'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const enrollmentForecastApi = { getEnrollmentForecast };
