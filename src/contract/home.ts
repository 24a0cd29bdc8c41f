/** The home page of a district: for administrators the import and what waits for them, for others their work. */
import { z } from 'zod';

import { administeringRoles, districtPath, type Endpoint, everyRole } from './endpoint.ts';
import { ImportStatus } from './imports/import-status.ts';
import { Day, Instant, RecordId, Status, PersonName } from './values.ts';

const count = z.int().nonnegative();

const PlannedCounts = z.strictObject({
  status: count,
  missing: count,
  added: count,
  changed: count,
});

const getAdministratorHome = {
  method: 'GET',
  path: `${districtPath}/home/administrator`,
  summary: 'The last import, an import on hold, and what else an administrator has to do',
  access: administeringRoles,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z
    .strictObject({
      status: ImportStatus,
      lastCompleted: z
        .strictObject({
          runId: RecordId,
          received: count.nullable(),
          added: count,
          changed: count,
          withdrawn: count.meta({ description: 'Students who are no longer enrolled.' }),
          issues: count.meta({ description: 'Data problems that the import found.' }),
        })
        .nullable(),
      held: z
        .strictObject({
          runId: RecordId,
          since: Instant,
          reason: z.string(),
          changes: PlannedCounts.nullable(),
        })
        .nullable(),
      duplicates: count.meta({ description: 'Likely duplicates to review.' }),
      accessExpiresOn: Day.nullable().meta({
        description: 'When the access to Skyward expires, from 30 days before.',
      }),
      documents: z.strictObject({ overdue: count, dueThisWeek: count, changed: count }),
    })
    .meta({ id: 'AdministratorHome' }),
} as const satisfies Endpoint;
export type AdministratorHome = z.infer<(typeof getAdministratorHome)['response']>;

/** Rows of each list on the home page; the rest is behind a link. */
export const homeRows = 6;

const HomeStudent = z
  .strictObject({
    id: RecordId,
    name: PersonName,
    grade: z.string().nullable(),
    schoolName: z.string().nullable(),
  })
  .meta({ id: 'HomeStudent' });
export type HomeStudent = z.infer<typeof HomeStudent>;

const HomeDocument = z
  .strictObject({
    id: RecordId,
    title: z.string(),
    dueOn: Day.nullable(),
    student: HomeStudent,
  })
  .meta({ id: 'HomeDocument' });
export type HomeDocument = z.infer<typeof HomeDocument>;

/** The first rows of a list, and how many there are. */
const firstOf = <Row extends z.ZodType>(row: Row) =>
  z.strictObject({ rows: z.array(row), total: count });

export const EnrollmentMove = z.enum(['new', 'returning', 'leaving']).meta({
  id: 'EnrollmentMove',
  description: 'new: first imported; returning: enrolled again; leaving: no longer enrolled.',
});
export type EnrollmentMove = z.infer<typeof EnrollmentMove>;

const getStaffHome = {
  method: 'GET',
  path: `${districtPath}/home/staff`,
  summary: "The caller's open documents, and what has changed about the students of their schools",
  access: everyRole,
  audit: { kind: 'search', action: 'home-viewed' },
  limit: 'read',
  response: z
    .strictObject({
      ownsDocuments: z.boolean().meta({
        description: 'The documents are those that the caller created; otherwise all visible ones.',
      }),
      overdue: firstOf(HomeDocument),
      dueThisWeek: firstOf(HomeDocument),
      infoChanged: firstOf(HomeDocument).meta({
        description: "Documents whose student's information has changed since.",
      }),
      changedSince: Day.meta({
        description:
          "The date of the caller's last visit before today, at most two weeks ago; without one, a week ago.",
      }),
      ownStudents: count.meta({ description: "Students on the caller's own list." }),
      changedStudents: firstOf(
        z.strictObject({ student: HomeStudent, importDate: Day, labels: z.array(z.string()) }),
      ).meta({
        description:
          "Of the caller's own list; if it is empty, of the schools that the caller sees.",
      }),
      moves: firstOf(
        z.strictObject({
          student: HomeStudent,
          move: EnrollmentMove,
          status: Status,
          importDate: Day,
        }),
      ).meta({ description: 'Of the last two weeks, latest first.' }),
      recentStudents: z.array(HomeStudent).meta({ description: 'That the caller viewed last.' }),
    })
    .meta({ id: 'StaffHome' }),
} as const satisfies Endpoint;
export type StaffHome = z.infer<(typeof getStaffHome)['response']>;

const listRecentStudents = {
  method: 'GET',
  path: `${districtPath}/recent-students`,
  summary: 'The students that the caller viewed last, latest first',
  access: everyRole,
  audit: { kind: 'search', action: 'students-listed' },
  limit: 'read',
  response: z.strictObject({ students: z.array(HomeStudent) }).meta({ id: 'RecentStudents' }),
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const homeApi = { getAdministratorHome, getStaffHome, listRecentStudents };
