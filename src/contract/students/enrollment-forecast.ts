/** A student's enrollments in time: what the status was, is and will be on every day. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { EnrollmentRow, uncountedReasons, statusRules } from './students.ts';
import { Day, RecordIdInPath, Status } from '../values.ts';

const StatusPeriod = z
  .strictObject({
    from: Day,
    through: Day.meta({ description: 'The last day of the stretch.' }),
    schoolYear: z.int().meta({ description: 'The school year taken for the current one.' }),
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
    description: 'Days on all of which the rules give the same status for the same reasons.',
  });
export type StatusPeriod = z.infer<typeof StatusPeriod>;

const TimelineEnrollment = EnrollmentRow.extend({
  entityId: z.int(),
  lastDay: Day.nullable().meta({
    description: 'The last day in effect; null: open. Before startDate: never in effect.',
  }),
}).meta({ id: 'TimelineEnrollment' });
export type TimelineEnrollment = z.infer<typeof TimelineEnrollment>;

const EnrollmentForecast = z
  .strictObject({
    today: Day.meta({ description: "The district's own date." }),
    published: z.strictObject({
      status: Status,
      decidedOn: Day.nullable().meta({ description: 'null: set by hand, no rule decides.' }),
      changesOn: Day.nullable(),
      nextStatus: Status.nullable().meta({ description: 'The status from changesOn on.' }),
    }),
    enrollments: z.array(TimelineEnrollment).meta({ description: 'The latest first.' }),
    periods: z.array(StatusPeriod).meta({
      description:
        'Without gap, in order, decided by the rules of the nightly import with the settings it used last. Days of other school years take 1 July as the first day of each. Empty for a student kept by hand.',
    }),
    completeFrom: Day.meta({
      description:
        'Before this day, enrollments that the import no longer reads could have counted.',
    }),
  })
  .meta({ id: 'EnrollmentForecast' });
export type EnrollmentForecast = z.infer<typeof EnrollmentForecast>;

const getEnrollmentForecast = {
  method: 'GET',
  path: `${districtPath}/students/{id}/enrollment`,
  summary: "One student's enrollments, and the status that the rules give for each day",
  access: everyRole,
  audit: { kind: 'look', action: 'student-viewed' },
  limit: 'read',
  params: z.strictObject({ id: RecordIdInPath }),
  response: EnrollmentForecast,
  errors: ['not-found'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const enrollmentForecastApi = { getEnrollmentForecast };
