/** Kinds of poison in enrollments, grades, code tables, and whole backups. */
import {
  allSet,
  doubled,
  eachRow,
  formatDate,
  moved,
  parseDate,
  removed,
  restored,
  rewritten,
  shifted,
  type Backup,
  type ListName,
  type PoisonKind,
  type RowChange,
  type Surroundings,
} from './poison-kind.ts';

const daysAgo = ({ today }: Surroundings, days: number) =>
  formatDate(parseDate(today).subtract({ days }));

/** Ends enrollments some days ago, with a code. */
const ended = (code: string): RowChange =>
  eachRow((_, surroundings) => ({
    EndDate: daysAgo(surroundings, 3),
    WithdrawalCodeID: surroundings.withdrawalCode(code),
  }));

/** The chosen student to whom a student's rows go when pairs are merged. */
const findPartner = ({ studentIds }: Surroundings, id: unknown) => {
  const place = studentIds.indexOf(Number(id));
  return studentIds[place - (place % 2)] ?? null;
};
const givenToPartner = eachRow(({ StudentID }, surroundings) => ({
  StudentID: findPartner(surroundings, StudentID),
}));

const enrollmentChanges: readonly PoisonKind[] = [
  {
    name: 'all students graduated',
    story: 'The batch job for graduates ran for all grades.',
    changes: { currentEnrollments: ended('01') },
  },
  {
    name: 'all students withdrawn',
    story: 'A mass withdrawal was saved for the wrong students.',
    changes: { currentEnrollments: ended('98') },
  },
  {
    name: 'enrollments deleted',
    story: 'The enrollments of this year were deleted.',
    changes: { currentEnrollments: removed },
  },
  {
    name: 'enrollments end next week',
    story: 'An end date was filled down.',
    changes: {
      currentEnrollments: eachRow((_, surroundings) => ({ EndDate: daysAgo(surroundings, -7) })),
    },
  },
  {
    name: 'start dates a year later',
    story: 'The start dates of next year were written into this one.',
    changes: { currentEnrollments: moved(['StartDate'], { years: 1 }) },
  },
  {
    name: 'start dates a day later',
    story: 'A time zone moved midnight to the next day.',
    changes: { currentEnrollments: moved(['StartDate'], { days: 1 }) },
  },
  {
    name: 'all students no-shows',
    story: 'The no-show batch job ran for all students.',
    changes: {
      currentEnrollments: eachRow((values, surroundings) => ({
        IsNoShow: true,
        EndDate: values['StartDate'] ?? null,
        WithdrawalCodeID: surroundings.withdrawalCode('NS'),
      })),
    },
  },
  {
    name: 'every enrollment of a course elsewhere',
    story: 'The code for courses at another entity was filled down.',
    changes: {
      currentEnrollments: eachRow((_, surroundings) => ({
        WithdrawalCodeID: surroundings.withdrawalCode('CECS'),
      })),
    },
  },
  {
    name: 'main school lost',
    story: 'The flag of the default entity was reset.',
    changes: {
      currentEnrollments: allSet({ IsDefaultEntity: false }),
      entityYears: allSet({ IsDefaultEntity: false }),
    },
  },
  {
    name: 'moved to another school',
    story: 'Entities were regrouped, and students landed in the wrong one.',
    changes: {
      currentEnrollments: eachRow((_, { otherEntityId }) => ({ EntityID: otherEntityId })),
      entityYears: eachRow((_, { otherEntityId }) => ({ EntityID: otherEntityId })),
    },
  },
  {
    name: 'enrollments exchanged among students',
    story: 'Student keys of enrollments were pasted one row too low.',
    changes: { enrollments: shifted('StudentID') },
  },
  {
    name: 'enrollments doubled',
    story: 'The enrollments of this year were imported twice.',
    changes: { currentEnrollments: doubled() },
  },
  {
    name: 'half a roll-over',
    story: 'The roll-over moved the enrollments of some students to the next year, and stopped.',
    changes: {
      currentEnrollments: eachRow((values, { nextSchoolYearId }) => ({
        SchoolYearID: nextSchoolYearId,
        StartDate: formatDate(parseDate(String(values['StartDate'])).add({ years: 1 })),
      })),
      entityYears: eachRow((_, { nextSchoolYearId }) => ({ SchoolYearID: nextSchoolYearId })),
    },
  },
  {
    name: 'this year copied into the next',
    story:
      'The enrollments of this year were closed and copied into the next, in the middle of the year.',
    changes: {
      currentEnrollments: (rows, surroundings) => [
        ...ended('98')(rows, surroundings),
        ...rows.map(({ values }) => ({
          id: null,
          values: {
            ...values,
            SchoolYearID: surroundings.nextSchoolYearId,
            StartDate: formatDate(parseDate(String(values['StartDate'])).add({ years: 1 })),
          },
        })),
      ],
    },
  },
  {
    name: 'former students enrolled again',
    story: 'A batch job opened the enrollments of students who had left.',
    changes: {
      formerEnrollments: eachRow((_, surroundings) => ({
        SchoolYearID: surroundings.schoolYearId,
        StartDate: daysAgo(surroundings, 5),
        EndDate: null,
        WithdrawalCodeID: null,
      })),
    },
  },
  {
    name: 'students deleted',
    story: 'The students of a school were deleted.',
    changes: { students: removed },
  },
  {
    name: 'students doubled',
    story: 'The students of a school were imported again, as new records.',
    changes: {
      students: (rows) => [
        ...rows,
        ...rows.map(({ values }, index) => ({
          id: null,
          values: {
            ...values,
            StudentNumber: String(80_000_000 + index),
            StudentStateID: null,
            CalculatedStudentStateID: null,
          },
        })),
      ],
      // New rows get the next keys, in the order of the students.
      currentEnrollments: (rows, { studentIds, nextStudentId }) => [
        ...rows,
        ...rows.map(({ values }) => ({
          id: null,
          values: {
            ...values,
            StudentID: nextStudentId + studentIds.indexOf(Number(values['StudentID'])),
          },
        })),
      ],
    },
  },
  {
    name: 'siblings merged',
    story: 'Pairs of records were merged, and one of each deleted.',
    changes: {
      students: (rows, surroundings) =>
        rows.filter(({ id }) => findPartner(surroundings, id) === id),
      enrollments: givenToPartner,
      guardianLinks: givenToPartner,
      familyLinks: givenToPartner,
    },
  },
  {
    name: 'names of two students exchanged',
    story: 'Keys of names were pasted one row too low, so each student is another person.',
    changes: { students: shifted('NameID') },
  },
];

const gradeCodes = 'PK KG 01 02 03 04 05 06 07 08 09 10 11 12'.split(' ');
const nextGrade = rewritten(
  ['Grade', 'CalculatedGrade'],
  (text) => gradeCodes[gradeCodes.indexOf(text) + 1] ?? '12',
);

const schoolKinds: readonly PoisonKind[] = [
  {
    name: 'grades one too high',
    story: 'Grades were promoted in the middle of the year.',
    changes: { students: nextGrade, entityYears: nextGrade },
  },
  {
    name: 'homerooms shifted by one row',
    story: 'Homerooms were pasted one row too low.',
    changes: { entityYears: shifted('HomeroomID') },
  },
  {
    name: 'homerooms emptied',
    story: 'Homerooms were emptied by a mass update.',
    changes: { entityYears: allSet({ HomeroomID: null }) },
  },
  {
    name: 'calendar ended last month',
    story: 'A wrong end was set in the calendar of a school.',
    changes: {
      calendars: eachRow((_, surroundings) => ({ EndDate: daysAgo(surroundings, 30) })),
    },
  },
  {
    name: 'names of entities exchanged',
    story: 'Entities were renumbered.',
    changes: { entities: shifted('Name', 'Code') },
  },
  {
    name: 'names of schools exchanged',
    story: 'Schools were renumbered.',
    changes: { schools: shifted('Name', 'Code') },
  },
  {
    name: 'withdrawal codes renumbered',
    story: 'The codes of withdrawals were pasted one row too low.',
    changes: { withdrawalCodes: shifted('Code', 'Description') },
  },
  {
    name: 'relationships renumbered',
    story: 'The code table of relationships was pasted one row too low.',
    changes: { relationships: shifted('Code', 'Description') },
  },
  {
    name: 'languages renumbered',
    story: 'The code table of languages was pasted one row too low.',
    changes: { languages: shifted('Code', 'Description') },
  },
  {
    name: 'phone types renumbered',
    story: 'The code table of phone types was pasted one row too low.',
    changes: { phoneTypes: shifted('Code', 'Description') },
  },
  {
    name: 'cities of ZIP codes exchanged',
    story: 'The code table of ZIP codes was pasted one row too low.',
    changes: { zips: shifted('City') },
  },
];

/** The lists of a backup; code tables hardly change. */
const backedUp: readonly ListName[] = [
  'students',
  'studentNames',
  'guardianNames',
  'guardianLinks',
  'familyLinks',
  'homes',
  'guardianPhones',
  'guardianEmails',
  'enrollments',
  'entityYears',
];

const backupKind = (backup: Backup): PoisonKind => ({
  name: `backup of ${backup} restored`,
  story: `Skyward went back to its backup of ${backup}.`,
  changes: Object.fromEntries(backedUp.map((list) => [list, restored(backup, list)])),
});

export const enrollmentKinds: readonly PoisonKind[] = [
  ...enrollmentChanges,
  ...schoolKinds,
  backupKind('yesterday'),
  backupKind('last month'),
];
