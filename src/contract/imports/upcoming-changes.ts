/** Status changes by date: the forecast, changes on hold, and what an administrator decides about them. */
import { z } from 'zod';

import { nextSchoolYears } from '../../enrollment/status-settings.ts';
import { administeringRoles, districtPath, type Endpoint } from '../endpoint.ts';
import { text } from '../text.ts';
import { Day, Instant, RecordId, RecordIdInPath, Status } from '../values.ts';

const count = z.int().nonnegative();

const NextYearSetting = z.enum(nextSchoolYears).meta({
  id: 'NextYearSetting',
  description:
    'Whose enrollments of the next school year count before they start: of nobody, of students who have not left, of all.',
});

const schools = z
  .array(z.strictObject({ school: z.string().nullable(), students: count }))
  .meta({ description: 'By school, the most students first.' });

const DateHold = z
  .strictObject({
    id: RecordId,
    since: Day,
    students: count,
    sentence: z.string().meta({ description: 'How many, from what to what, and why.' }),
    changes: z.array(z.strictObject({ from: Status, to: Status, students: count, schools })),
    decision: z
      .strictObject({
        choice: z.enum(['applied', 'next-year-counted']),
        by: z.string().nullable(),
        at: Instant.nullable(),
      })
      .nullable()
      .meta({ description: 'Decided, and carried out within a minute.' }),
  })
  .meta({
    id: 'DateHold',
    description: 'Students who keep their status, since the date alone would change too many.',
  });
export type DateHold = z.infer<typeof DateHold>;

const UpcomingDay = z
  .strictObject({
    on: Day,
    onHold: count.meta({ description: 'Students who would be put on hold on that day.' }),
    changes: z.array(
      z.strictObject({
        from: Status,
        to: Status,
        students: count,
        reason: z.string().meta({ description: 'Why, as a sentence.' }),
        schools,
      }),
    ),
  })
  .meta({ id: 'UpcomingDay' });
export type UpcomingDay = z.infer<typeof UpcomingDay>;

const SettingOutlook = z
  .strictObject({
    setting: NextYearSetting,
    isPresent: z.boolean(),
    isProposed: z.boolean(),
    today: count.meta({ description: 'Students whose status would change today.' }),
    inactive: count.meta({ description: 'Students who would become Inactive on a later day.' }),
  })
  .meta({ id: 'NextYearOutlook' });
export type SettingOutlook = z.infer<typeof SettingOutlook>;

const getUpcomingChanges = {
  method: 'GET',
  path: `${districtPath}/upcoming-changes`,
  summary: 'Status changes on hold, and those on later dates, by day, status and school',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z
    .strictObject({
      hold: DateHold.nullable(),
      forecast: z
        .strictObject({
          asOf: Day,
          schoolYear: z.int(),
          isNextYearKnown: z.boolean().meta({
            description: 'Whether any student has an enrollment of the next school year.',
          }),
          unknown: z.string().nullable().meta({ description: 'What nobody knows yet.' }),
          yearEnd: z
            .string()
            .meta({ description: 'How the district closes a school year, in sentences.' }),
          settings: z.array(SettingOutlook),
          stayingCodes: z.array(z.string()).meta({
            description: 'Withdrawal codes after which students stay; set with the setting.',
          }),
          days: z.array(UpcomingDay),
        })
        .nullable()
        .meta({ description: 'null: there was no import yet.' }),
    })
    .meta({ id: 'UpcomingChanges' }),
} as const satisfies Endpoint;
export type UpcomingChanges = z.infer<(typeof getUpcomingChanges)['response']>;

const getDateHold = {
  method: 'GET',
  path: `${districtPath}/date-hold`,
  summary: 'Status changes on hold, the setting proposed to resolve them, and a mass change ahead',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z
    .strictObject({
      hold: DateHold.nullable(),
      proposal: NextYearSetting.nullable().meta({
        description: 'null: no student has an enrollment of the next school year yet.',
      }),
      keptByProposal: count.nullable().meta({
        description: 'Students on hold who would keep their status with the proposed setting.',
      }),
      ahead: z.strictObject({ on: Day, students: count }).nullable().meta({
        description: 'The next day, within 30 days, on which students would be put on hold.',
      }),
    })
    .meta({ id: 'DateHoldAndProposal' }),
} as const satisfies Endpoint;

const reason = text(500)
  .min(3, 'enter a reason')
  .meta({ description: 'Stored with the decision and in the audit trail.' });

const decideDateHold = {
  method: 'POST',
  path: `${districtPath}/date-holds/{id}/decision`,
  summary:
    "Decide about status changes on hold. applied: publish them; next-year-counted: count next year's enrollments as proposed, and publish what is then left below the limits",
  access: administeringRoles,
  audit: { kind: 'change', actions: ['status-hold-applied', 'next-year-counted'] },
  limit: 'write',
  params: z.strictObject({ id: RecordIdInPath }),
  body: z.strictObject({ choice: z.enum(['applied', 'next-year-counted']), reason }),
  response: z.strictObject({ choice: z.enum(['applied', 'next-year-counted']) }),
  errors: ['conflict', 'not-possible'],
} as const satisfies Endpoint;

const setNextSchoolYear = {
  method: 'POST',
  path: `${districtPath}/next-school-year`,
  summary: 'Set whose enrollments of the next school year count before they start',
  access: administeringRoles,
  audit: { kind: 'change', actions: ['next-year-set'] },
  limit: 'write',
  body: z.strictObject({ setting: NextYearSetting }),
  response: z.strictObject({ setting: NextYearSetting, before: NextYearSetting }),
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const upcomingChangesApi = {
  getDateHold,
  getUpcomingChanges,
  decideDateHold,
  setNextSchoolYear,
};
