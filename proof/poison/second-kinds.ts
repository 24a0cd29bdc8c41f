/**
 * Kinds of poison written after the limits were set, by a person who neither set nor read them; counted separately.
 * Each comes from what people report of student information systems and of programs that read them.
 */
import {
  allAsFirst,
  allSet,
  eachRow,
  emptied,
  moved,
  rewritten,
  type PoisonKind,
  type Row,
} from './poison-kind.ts';

export const secondKinds: readonly PoisonKind[] = [
  // Birth dates read with two-digit years: children of 2015 in the list as of 1915.
  {
    name: 'birth dates in the last century',
    story: 'A spreadsheet with two-digit years of birth was loaded.',
    changes: { studentNames: moved(['BirthDate'], { years: -100 }) },
  },
  // A school that found all students with the same birth date after a load.
  {
    name: 'one birth date for all',
    story: 'A load wrote the first line’s birth date into every student.',
    changes: { studentNames: allAsFirst('BirthDate') },
  },
  // A second page of registration that replaced the gender by its first choice, noticed only much later.
  {
    name: 'gender replaced by the first choice',
    story: 'A form saved its preselected gender.',
    changes: { studentNames: allSet({ Gender: 'Male', GenderCode: 'M' }) },
  },
  // Chosen first names copied over first names, for all students who had one.
  {
    name: 'called by the middle name',
    story: 'The names that students go by were written over their first names.',
    changes: {
      studentNames: eachRow(({ MiddleName }) =>
        typeof MiddleName === 'string' ? { FirstName: MiddleName, MiddleName: null } : {},
      ),
    },
  },
  // Data checks of districts that find middle names typed into the first name.
  {
    name: 'middle names within first names',
    story: 'Names were loaded from a list with one column for all given names.',
    changes: {
      studentNames: eachRow(({ FirstName, MiddleName }) =>
        typeof MiddleName === 'string'
          ? { FirstName: `${String(FirstName)} ${MiddleName}`, MiddleName: null }
          : {},
      ),
    },
  },
  // Many students without an answer to the question for Hispanic origin after a change of systems.
  {
    name: 'Hispanic origin lost',
    story: 'The two questions for race and ethnicity were loaded as one.',
    changes: { studentNames: allSet({ IsHispanic: false }) },
  },
  // Long numbers that a spreadsheet shows as powers of ten and saves with zeros at the end.
  {
    name: 'state IDs rounded by a spreadsheet',
    story: 'State IDs went through a spreadsheet that turned them into powers of ten.',
    changes: {
      students: rewritten(['StudentStateID', 'CalculatedStudentStateID'], (text) =>
        String(Number(Number(text).toPrecision(6))),
      ),
    },
  },
  // Students who stayed in one grade, or were in several, after a turn of the year.
  {
    name: 'one grade for all',
    story: 'A mass change of a few students’ grade was saved for the whole list.',
    changes: {
      students: allAsFirst('Grade', 'GradeNumeric', 'GradYear'),
      entityYears: allAsFirst('Grade'),
    },
  },
  // Graduation years that fall out of step with the grade.
  {
    name: 'graduation years a year late',
    story: 'Graduation years were computed again with next year’s grades.',
    changes: {
      students: eachRow(({ GradYear }) =>
        typeof GradYear === 'number' ? { GradYear: GradYear + 1 } : {},
      ),
    },
  },
  // Students who all went to the first class, whichever they were assigned to.
  {
    name: 'one homeroom for all',
    story: 'The scheduler put all students into the first homeroom.',
    changes: { entityYears: allAsFirst('HomeroomID') },
  },
  // Enrollments with a start date years back, frozen on the day when a district changed systems.
  {
    name: 'start dates frozen years ago',
    story: 'Start dates were set to the day when the district began to use its former system.',
    changes: { currentEnrollments: allSet({ StartDate: '2014-08-01T00:00:00' }) },
  },
  // Enrollments that end on the day on which they start, which some programs count and others drop.
  {
    name: 'enrollments of no length',
    story: 'A batch closed enrollments with their own start date.',
    changes: { currentEnrollments: eachRow(({ StartDate = null }) => ({ EndDate: StartDate })) },
  },
  // Last year's enrollments rewritten to the school to which a student has moved since.
  {
    name: 'past enrollments at today’s school',
    story: 'A change of school was saved for earlier years, too.',
    changes: {
      enrollments: eachRow((values, { schoolYearId, entityId }) =>
        Number(values['SchoolYearID']) < schoolYearId ? atEntity(values, entityId) : {},
      ),
    },
  },
  // Students of two schools at the same time, with the wrong one marked as the main school.
  {
    name: 'a program became the main school',
    story: 'Sign-ups for a program at another school were saved as main enrollments.',
    changes: {
      currentEnrollments: (rows, { otherEntityId, today }) => [
        ...rows.map(({ id, values }) => ({ id, values: { ...values, IsDefaultEntity: false } })),
        ...rows.map(({ values }) => ({
          id: null,
          values: {
            ...values,
            ...atEntity(values, otherEntityId),
            StartDate: `${today}T00:00:00`,
            IsDefaultEntity: true,
          },
        })),
      ],
    },
  },
  // Second parents taken from a household in which the first parent does not live.
  {
    name: 'second guardians from other households',
    story: 'Second guardians were matched by their place in a list.',
    changes: {
      guardianLinks: (rows) => {
        const shiftGuardians = besideOthers((before) => pick(before, 'NameIDGuardian'));
        return [
          ...rows.filter((row) => !isSecond(row)),
          ...shiftGuardians(rows.filter((row) => isSecond(row))),
        ];
      },
    },
  },
  // A merge of two contacts that moved the loser's whole household into the winner's.
  {
    name: 'neighboring households merged',
    story: 'A search for double contacts merged whole families.',
    changes: {
      familyLinks: besideOthers((before, _, index) =>
        index % 2 === 1 ? pick(before, 'FamilyID') : {},
      ),
    },
  },
  // An import that put the last name into the first name, and nothing into the last name.
  {
    name: 'last names of guardians as first names',
    story: 'Guardians were loaded from a list with one column for the name.',
    changes: {
      guardianNames: eachRow(({ LastName = null }) => ({ FirstName: LastName, LastName: null })),
    },
  },
  // Permissions that families give again each year, set for all guardians at once.
  {
    name: 'everything allowed to every guardian',
    story: 'A mass change gave all guardians all rights, those without custody among them.',
    changes: {
      guardianLinks: allSet({
        IsCustodialGuardian: true,
        AllowStudentPickup: true,
        AllowFamilyAccess: true,
        IsEmergencyContact: true,
      }),
    },
  },
  // Students without an address in lists and letters, because none was marked as the mailing address.
  {
    name: 'mailing addresses unmarked',
    story: 'An address check saved addresses without their use for mail.',
    changes: { homes: allSet({ IsMailing: false }) },
  },
  // City and ZIP code of one address written over those of others.
  {
    name: 'addresses in the city of the first',
    story: 'City and ZIP code were filled down a column.',
    changes: { addresses: allAsFirst('ZipID', 'CountyID') },
  },
  // One field for the e-mail addresses of both parents, separated by commas.
  {
    name: 'e-mails of two guardians in one field',
    story: 'E-mail addresses were loaded from a list with one column for both guardians.',
    changes: {
      guardianEmails: besideOthers((before, { EmailAddress = null }) => ({
        EmailAddress: `${String(before['EmailAddress'])}, ${String(EmailAddress)}`,
      })),
    },
  },
  // Placeholders in a field that a form insists on, shared by hundreds of families.
  {
    name: 'placeholder for an e-mail',
    story: 'Registration wrote a placeholder over e-mail addresses.',
    changes: { guardianEmails: allSet({ EmailAddress: 'noemail@example.com' }) },
  },
  // Programs that take the place in a list for the order in which to call.
  {
    name: 'order of phones reversed',
    story: 'Phones were numbered again from the last to the first.',
    changes: {
      guardianPhones: (rows) => {
        const counts = new Map<unknown, number>();
        for (const { values } of rows)
          counts.set(values['NameID'], (counts.get(values['NameID']) ?? 0) + 1);
        return rows.map(({ id, values }) => ({
          id,
          values: {
            ...values,
            Rank: 1 + (counts.get(values['NameID']) ?? 1) - Number(values['Rank']),
          },
        }));
      },
    },
  },
  // Numbers that staff see in one system and miss in the next, because their type was left empty.
  {
    name: 'phone types emptied',
    story: 'Phones were loaded without their types.',
    changes: { guardianPhones: emptied('PhoneTypeID') },
  },
  // The same contact marked as confidential in one place and not in another.
  {
    name: 'confidential phones opened',
    story: 'Phones were loaded without the mark for confidential ones.',
    changes: { guardianPhones: allSet({ IsConfidential: false }) },
  },
];

type Values = Row['values'];

const isSecond = ({ values }: Row): boolean => values['Rank'] === 2;

/** Changes each row by the one before it; the first by the last. */
function besideOthers(change: (before: Values, values: Values, index: number) => Values) {
  return (rows: readonly Row[]): readonly Row[] =>
    rows.map(({ id, values }, index) => ({
      id,
      values: { ...values, ...change(rows.at(index - 1)?.values ?? values, values, index) },
    }));
}

function pick(values: Values, field: string): Values {
  return { [field]: values[field] ?? null };
}

/** Returns the fields that put an enrollment at another entity. Schools and calendars follow entities, year by year. */
function atEntity(values: Values, entityId: number): Values {
  const by = entityId - Number(values['EntityID']);
  return {
    EntityID: entityId,
    SchoolID: Number(values['SchoolID']) + by,
    CalendarID: Number(values['CalendarID']) + by,
  };
}
