/** An invented district with a few dozen students of every status, for screenshots and browser tests. */
import { createAccounts } from '../../src/accounts/accounts.ts';
import type { Database } from '../../src/database/database.ts';
import type { Accounts } from '../../src/accounts/accounts.ts';
import pino from 'pino';

import { insertDistrict, insertRun, insertStudent } from './record-builder.ts';
import { fastPasswords } from '../servers/fast-password-hashing.ts';

/** The time in screenshots: a Monday, nine o'clock in Texas. */
export const sampleNow = Temporal.Instant.from('2026-11-23T15:00:00Z');

export const samplePerson = {
  name: 'Jordan Avery',
  email: 'jordan.avery@pineridge.example',
  password: 'a long walk at sunrise',
} as const;

const lastNames = ['Abbott', 'Baptiste', 'Castillo', 'Dubois', 'Eriksen', 'Fujita', 'Gonçalves'];
const moreLastNames = [
  'Hassan',
  'Ivanova',
  'Jackson',
  'Kowalczyk',
  'Lindqvist',
  "O'Neal",
  'Nguyễn',
];
const firstNames = ['Amara', 'Ben', 'Chloé', 'Diego', 'Esme', 'Finn', 'Grace', 'Hana', 'Isaac'];
const schools = ['Pine Ridge Elementary', 'Cedar Creek Middle', 'Lakeview High'];

export interface SampleDistrict {
  readonly accounts: Accounts;
  readonly districtId: number;
  /** The initial import. */
  readonly runId: number;
  /** The featured student: id and name as in the list. */
  readonly studentId: number;
  readonly studentName: string;
}

/** Fills the database and creates an account; returns the sign-in and the featured student. */
export async function fillSampleDistrict(database: Database): Promise<SampleDistrict> {
  const districtId = await insertDistrict(database, {
    domain: 'pineridge.example',
    name: 'Pine Ridge Independent School District',
  });
  const runId = await insertRun(database, districtId, {
    report: { received: 64, added: 64, changed: 0, unchanged: 0 },
  });
  const studentId = await insertFeaturedStudent(database, districtId, runId);
  await insertOthers(database, districtId, runId);
  const accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    secret: 'only-for-tests-and-pictures-0123456789',
    log: pino({ level: 'silent' }),
    now: () => sampleNow,
  });
  await accounts.createAccount({ ...samplePerson, districtId, role: 'administrator' });
  return { accounts, districtId, runId, studentId, studentName: 'Castillo Vega, María Elena' };
}

async function insertOthers(database: Database, districtId: number, runId: number): Promise<void> {
  const statuses = [
    ['ENROLLED', 'current-enrollment'],
    ['ENROLLED', 'current-enrollment'],
    ['ENROLLED', 'future-with-past'],
    ['PRE_ENROLLED', 'future-without-past'],
    ['ENROLLED', 'current-enrollment'],
    ['GRADUATED', 'graduated'],
    ['ENROLLED', 'current-enrollment'],
    ['INACTIVE', 'withdrawn'],
  ] as const;
  const names = [...lastNames, ...moreLastNames];
  for (let index = 0; index < 63; index++) {
    const [status, rule] = statuses[index % statuses.length] ?? statuses[0];
    const grade = status === 'GRADUATED' ? 12 : 1 + (index % 12);
    const level = grade <= 5 ? 0 : grade <= 8 ? 1 : 2;
    await insertStudent(database, districtId, {
      skyward_id: 5000 + index,
      student_number: String(104_200 + index * 7),
      state_id: String(9_140_000_000 + index * 311),
      first_name: firstNames[index % firstNames.length] ?? 'Ada',
      last_name: names[(index * 5) % names.length] ?? 'Example',
      birth_date: `${2026 - 6 - grade}-${String(1 + (index % 12)).padStart(2, '0')}-${String(1 + (index % 27)).padStart(2, '0')}`,
      grade: String(grade).padStart(2, '0'),
      school_name: schools[level] ?? '',
      entity_id: 401 + level,
      status,
      status_rule: rule,
      first_run_id: runId,
      ...(status === 'INACTIVE' && {
        status_decided_by: 6000 + index,
        enrollments: [
          {
            skyward_id: 6000 + index,
            start_date: '2026-08-12',
            withdrawal_date: '2026-11-20',
            withdrawal_code: '80',
            withdrawal_reason: 'Moved in state',
            school_name: schools[level] ?? '',
            grade: String(grade).padStart(2, '0'),
          },
        ],
      }),
    });
  }
}

const home = {
  uses: ['home', 'mailing'] as ('home' | 'mailing')[],
  lines: ['418 Juniper Lane', 'Apt 6'],
  city: 'Pine Ridge',
  state: 'TX',
  zip: '78000',
  county: 'Example',
  country: null,
  text: '418 Juniper Lane, Apt 6, Pine Ridge, TX 78000',
};

async function insertFeaturedStudent(
  database: Database,
  districtId: number,
  runId: number,
): Promise<number> {
  return insertStudent(database, districtId, {
    skyward_id: 4711,
    entity_id: 402,
    student_number: '104117',
    state_id: '9140022871',
    first_name: 'María',
    middle_name: 'Elena',
    last_name: 'Castillo Vega',
    legal_first_name: 'María',
    legal_middle_name: 'Elena',
    legal_last_name: 'Castillo Vega',
    other_names: [{ first: 'Malena', middle: null, last: 'Castillo', suffix: null, kind: 'other' }],
    birth_date: '2013-04-17',
    gender: 'Female',
    race: 'White',
    ethnicity: 'Hispanic or Latino',
    native_language: 'Spanish',
    home_language: 'Spanish',
    graduation_year: 2032,
    grade: '07',
    school_name: 'Cedar Creek Middle',
    homeroom: '7B',
    homeroom_teacher: 'Renata Holloway',
    status: 'PRE_ENROLLED',
    status_rule: 'future-without-past',
    status_decided_by: 9002,
    status_left_out: [{ id: 9001, reason: 'cecs' }],
    status_changes_on: '2027-01-06',
    first_run_id: runId,
    addresses: [home],
    phones: [
      { rank: 1, type: 'Home', number: '(512) 555-0142', extension: null, isConfidential: false },
      { rank: 2, type: 'Cell', number: '(512) 555-0177', extension: null, isConfidential: true },
    ],
    emails: [{ rank: 1, type: null, address: 'maria.castillo@pineridge.example' }],
    guardians: [
      {
        first_name: 'Lucía',
        last_name: 'Vega Romero',
        relationship: 'Mother',
        is_custodial: true,
        lives_with: true,
        is_emergency_contact: true,
        allows_pickup: true,
        language: 'Spanish',
        addresses: [home],
        phones: [
          {
            rank: 1,
            type: 'Cell',
            number: '(512) 555-0163',
            extension: null,
            isConfidential: false,
          },
          {
            rank: 2,
            type: 'Work',
            number: '(512) 555-0100',
            extension: '214',
            isConfidential: false,
          },
        ],
        emails: [{ rank: 1, type: 'Home', address: 'lucia.vega@mail.example' }],
      },
      {
        first_name: 'Andrés',
        last_name: 'Castillo',
        relationship: 'Father',
        is_custodial: false,
        lives_with: false,
        is_emergency_contact: false,
        allows_pickup: false,
        has_restricted_access: true,
        language: 'English',
        addresses: [
          {
            ...home,
            uses: ['mailing'],
            lines: ['PO Box 90'],
            text: 'PO Box 90, Pine Ridge, TX 78000',
          },
        ],
      },
    ],
    enrollments: [
      {
        skyward_id: 9002,
        start_date: '2027-01-06',
        school_name: 'Cedar Creek Middle',
        grade: '07',
      },
      {
        skyward_id: 9001,
        start_date: '2026-08-12',
        withdrawal_date: '2026-10-02',
        withdrawal_code: 'CECS',
        withdrawal_reason: 'Course elsewhere',
        is_default_entity: false,
        school_name: 'Lakeview High',
        grade: '07',
      },
    ],
  });
}
