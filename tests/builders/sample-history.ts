/** The sample district's history: ninety imports, work of users, duplicates; and a second district with a held import. */
import type { Role } from '../../src/contract/endpoint.ts';
import type { FormDraft } from '../../src/contract/documents/forms.ts';
import type { Database } from '../../src/database/database.ts';
import { writeInDistrict } from '../../src/database/district-and-school-scope.ts';
import { saveDistrictForm } from '../../src/documents/district-forms.ts';
import { createForStudents } from '../../src/documents/document-work.ts';
import { findBuiltInForm } from '../../src/documents/built-in-forms.ts';

import { getDistrict, setConnection } from '../../src/districts/district.ts';
import { updateForecast } from '../../src/import/publish/forecast-update.ts';
import { newSealingKey } from '../../src/districts/sealed-secret.ts';
import { insertDistrict, insertRun, insertStudent } from './record-builder.ts';
import { fillSampleDistrict, sampleNow, type SampleDistrict } from './sample-district.ts';

/** Users of every role in addition to the administrator; all have the same password. */
export const samplePeople = {
  technician: { name: 'Noor Haddad', email: 'noor.haddad@vendor.example' },
  administrator: { name: 'Jordan Avery', email: 'jordan.avery@pineridge.example' },
  staff: { name: 'Robin Hale', email: 'robin.hale@pineridge.example' },
  'read-only': { name: 'Ines Marlow', email: 'ines.marlow@pineridge.example' },
} as const satisfies Readonly<Record<Role, { readonly name: string; readonly email: string }>>;

export const samplePassword = 'a long walk at sunrise';

export interface SampleHistory extends SampleDistrict {
  /** A setup request that waits for the district. */
  readonly waiting: { readonly districtId: number; readonly requestId: number };
  /** Runs by what they show; `held` is a run of the second district. */
  readonly runs: Readonly<Record<'lastImport' | 'dryRun' | 'failed' | 'held', number>>;
  readonly manualStudentId: number;
  /** Two records that are likely duplicates. */
  readonly pair: readonly [number, number];
  /** The account of the staff member. */
  readonly staffId: string;
  /** An incomplete document of the featured student, whose Details have changed since. */
  readonly documentId: number;
}

/** Fills the database with the sample district and everything that happened in it. */
export async function fillSampleHistory(database: Database): Promise<SampleHistory> {
  const sample = await fillSampleDistrict(database);
  const { districtId, runId } = sample;
  const staffId = await addPeople(database, sample);
  const runs = await addRuns(database, districtId, runId);
  const manualStudentId = await addManualStudent(database, districtId);
  const pair = await addPair(database, districtId);
  await addChanges(database, sample);
  await addProblems(database, districtId, runs.lastImport);
  const held = await addDistrictWithHeldImport(database);
  await addConnection(database, sample.districtId);
  const documentId = await addDocuments(database, sample);
  await addAudit(database, sample, manualStudentId);
  await addForecast(database, districtId, runId);
  const waiting = await addWaitingRequest(database);
  return {
    ...sample,
    runs: { ...runs, held },
    manualStudentId,
    pair,
    documentId,
    waiting,
    staffId,
  };
}

/** Computes the upcoming changes as of the sample's date. */
async function addForecast({ pool }: Database, districtId: number, runId: number): Promise<void> {
  await pool.query('update import_runs set school_year = 2027 where district_id = $1 and id = $2', [
    districtId,
    runId,
  ]);
  await updateForecast(pool, await getDistrict(pool, 'pineridge.example'), sampleNow);
}

async function addPeople(
  database: Database,
  { accounts, districtId }: SampleDistrict,
): Promise<string> {
  for (const role of ['technician', 'staff', 'read-only'] as const) {
    await accounts.createAccount({
      ...samplePeople[role],
      password: samplePassword,
      districtId: role === 'technician' ? null : districtId,
      role,
      ...(role === 'staff' && { schools: [402] }),
    });
  }
  await database.pool.query(
    `insert into account_invitations (district_id, email, role, schools, token_digest, invited_by_name,
       created_at, expires_at, mail_state)
     values ($1, 'lee.okafor@pineridge.example', 'staff', '{401}', sha256('an invitation'), 'Jordan Avery',
       '2026-11-21T16:20:00Z', '2026-11-28T16:20:00Z', 'sent'),
       ($1, 'sam.whitlow@pineridge.example', 'read-only', null, sha256('an older one'), 'Jordan Avery',
       '2026-11-02T14:05:00Z', '2026-11-09T14:05:00Z', 'sent')`,
    [districtId],
  );
  const users = await accounts.users.list(districtId);
  return users.find(({ email }) => email === samplePeople.staff.email)?.id ?? '';
}

const unchangedReport = {
  rowsRead: {
    'Student/Student': 70,
    'Enrollment/EntryWithdrawal': 151,
    'Family/StudentGuardian': 118,
  },
  seconds: { connecting: 0.4, reading: 96, comparing: 4.1, publishing: 2.2 },
  compared: 0,
  skipped: 0,
  notImported: {},
  problems: {},
  missingPermissions: [],
  missing: 0,
  newlyMissing: 0,
  statusesBefore: { ENROLLED: 40, PRE_ENROLLED: 8, GRADUATED: 8, INACTIVE: 8 },
  statusesAfter: { ENROLLED: 40, PRE_ENROLLED: 8, GRADUATED: 8, INACTIVE: 8 },
  statusMoves: [],
  uncounted: {},
  changesByField: {},
};

const ofCedarHollow = {
  rowsRead: {
    'Student/Student': 12,
    'Enrollment/EntryWithdrawal': 19,
    'Family/StudentGuardian': 21,
  },
  statusesBefore: { ENROLLED: 12 },
  statusesAfter: { ENROLLED: 12 },
};

/** Inserts imports before the last one: unchanged ones on weekends, a failure in October, one that Jordan approved. */
async function addRuns(database: Database, districtId: number, firstRunId: number) {
  const last = Temporal.PlainDate.from('2026-11-23');
  let failed = 0;
  const first = last.subtract({ days: 89 }).toString();
  await database.pool.query(
    `update import_runs set today = $3, started_at = $4, finished_at = $5 where district_id = $1 and id = $2`,
    [districtId, firstRunId, first, `${first}T08:00:00Z`, `${first}T08:05:00Z`],
  );
  for (let daysAgo = 88; daysAgo > 0; daysAgo--) {
    const day = last.subtract({ days: daysAgo });
    const run = createRun(day, daysAgo);
    const id = await insertRun(database, districtId, {
      ...run,
      today: day.toString(),
      started_at: `${day.toString()}T08:00:00Z`,
    });
    if (run.state === 'failed') failed = id;
  }
  const lastImport = await insertRun(database, districtId, { report: lastReport });
  await database.pool.query(
    `update import_runs set origin = 'schedule', school_year = 2027 where district_id = $1`,
    [districtId],
  );
  const dryRun = await insertRun(database, districtId, {
    state: 'planned',
    is_dry_run: true,
    started_at: '2026-11-23T14:30:00Z',
    finished_at: '2026-11-23T14:31:42Z',
    report: {
      ...unchangedReport,
      received: 64,
      added: 0,
      changed: 3,
      unchanged: 61,
      statusesAfter: { ...unchangedReport.statusesAfter, ENROLLED: 39, INACTIVE: 9 },
      statusMoves: [{ from: 'ENROLLED', to: 'INACTIVE', count: 1 }],
      changesByField: { status: 1, homeroom_teacher: 1, grade: 1 },
    },
  });
  await addPlan(database, districtId, dryRun);
  await addChangesOfImport(database, districtId, lastImport);
  return { lastImport, dryRun, failed };
}

function createRun(day: Temporal.PlainDate, daysAgo: number) {
  const isWeekend = day.dayOfWeek > 5;
  if (daysAgo === 47) {
    return {
      state: 'failed',
      finished_at: `${day.toString()}T08:21:30Z`,
      failure: {
        code: 'unreachable',
        message: 'no server answers at the base URL (ECONNREFUSED)',
        advice: 'Nothing was changed. The next import tries again.',
      },
    };
  }
  const changed = isWeekend ? 0 : (daysAgo * 7) % 11;
  const added = daysAgo % 13 === 0 && !isWeekend ? 2 : 0;
  const minutes = 1 + ((daysAgo * 5) % 4);
  return {
    state: changed + added === 0 ? 'unchanged' : 'published',
    finished_at: `${day.toString()}T08:0${minutes}:${10 + (daysAgo % 45)}Z`,
    report: { ...unchangedReport, received: 62, added, changed, unchanged: 62 - changed - added },
  };
}

const lastReport = {
  ...unchangedReport,
  received: 67,
  added: 2,
  changed: 5,
  unchanged: 57,
  compared: 10,
  skipped: 3,
  notImported: { 'without-enrollment': 1 },
  missing: 1,
  newlyMissing: 1,
  problems: { 'birth-date-missing': 2, 'number-shared': 1, 'field-unreadable': 1 },
  statusesBefore: { ENROLLED: 39, PRE_ENROLLED: 9, GRADUATED: 8, INACTIVE: 6 },
  statusMoves: [
    { from: null, to: 'ENROLLED', count: 1 },
    { from: null, to: 'PRE_ENROLLED', count: 1 },
    { from: 'PRE_ENROLLED', to: 'ENROLLED', count: 2 },
    { from: 'ENROLLED', to: 'INACTIVE', count: 2 },
  ],
  uncounted: { cecs: 4, 'not-retrieved': 38, 'never-effective': 2 },
  changesByField: { phones: 3, addresses: 1, homeroom_teacher: 2, grade: 1 },
  missingPermissions: [
    { object: 'Student/Student', fields: ['LanguageIDNative', 'StudentStateID'] },
    { object: 'Demographics/NamePhone', fields: ['Extension'] },
  ],
};

const phone = (number: string) => ({ number, type: 'Mobile', isConfidential: false });

/** Inserts what the last import changed: a status and phones. */
async function addChangesOfImport(database: Database, districtId: number, runId: number) {
  await database.pool.query(
    `insert into student_changes (district_id, student_id, run_id, record, field, old_value, new_value)
     select $1, id, $2, 'student', field, old, new
     from (select id, row_number() over (order by id desc) as nth from students
       where district_id = $1 and status = 'INACTIVE' order by id desc limit 3) s
     join (values (1, 'status', '"ENROLLED"'::jsonb, '"INACTIVE"'::jsonb), (2, 'phones', $3, $4),
       (3, 'phones', '[]', $4)) change (nth, field, old, new) using (nth)`,
    [
      districtId,
      runId,
      JSON.stringify([phone('(806) 555-0144')]),
      JSON.stringify([phone('(806) 555-0172')]),
    ],
  );
}

async function addPlan(database: Database, districtId: number, runId: number): Promise<void> {
  const { rows } = await database.pool.query<{ id: number }>(
    `select id from students where district_id = $1 and status = 'ENROLLED' order by id limit 3`,
    [districtId],
  );
  const kinds = [
    ['status', 'ENROLLED', 'INACTIVE', [['student', 'status', 'ENROLLED', 'INACTIVE']]],
    ['changed', 'ENROLLED', 'ENROLLED', [['student', 'homeroom_teacher', 'Ray Kim', 'Ana Ruiz']]],
    ['changed', 'ENROLLED', 'ENROLLED', [['student', 'grade', '04', '05']]],
  ] as const;
  for (const [index, [kind, before, after, changes]] of kinds.entries()) {
    await database.pool.query(
      `insert into import_plan_changes (district_id, run_id, position, kind, student_id, student_number,
         first_name, last_name, school_name, grade, status_before, status_after, changes)
       select district_id, $2, $3, $4, id, student_number, first_name, last_name, school_name, grade, $5, $6, $7
       from students where district_id = $1 and id = $8`,
      [
        districtId,
        runId,
        index + 1,
        kind,
        before,
        after,
        JSON.stringify(
          changes.map(([record, field, from, to]) => ({ record, recordId: null, field, from, to })),
        ),
        rows[index]?.id,
      ],
    );
  }
}

async function addManualStudent(database: Database, districtId: number): Promise<number> {
  const id = await insertStudent(database, districtId, {
    student_number: 'H-2207',
    first_name: 'Wren',
    last_name: 'Ashdown',
    legal_first_name: 'Wren',
    legal_last_name: 'Ashdown',
    birth_date: '2021-02-11',
    grade: 'PK',
    entity_id: 401,
    school_name: 'Pine Ridge Elementary',
    status: 'ENROLLED',
    status_rule: null,
    guardians: [{ first_name: 'Tess', last_name: 'Ashdown', relationship: 'Mother' }],
  });
  // Manually entered students have negative ids; Skyward's are positive.
  await database.pool.query('update guardians set skyward_id = -1 where student_id = $1', [id]);
  await database.pool.query(
    `insert into hand_set_statuses (district_id, student_id, reason, since, set_at, set_by_name)
     values ($1, $2, 'Early childhood services before school begins', '2026-09-14', '2026-09-14T15:10:00Z',
       'Jordan Avery')`,
    [districtId, id],
  );
  await database.pool.query(
    `insert into hand_changes (district_id, student_id, changed_at, account_name, action)
     values ($1, $2, '2026-09-14T15:08:00Z', 'Jordan Avery', 'created')`,
    [districtId, id],
  );
  return id;
}

/** Inserts likely duplicates: entered manually in September, received from Skyward in October. */
async function addPair(database: Database, districtId: number): Promise<readonly [number, number]> {
  const person = { first_name: 'Milo', last_name: 'Farrow', birth_date: '2019-06-03', grade: '01' };
  const fromSkyward = await insertStudent(database, districtId, {
    ...person,
    skyward_id: 5901,
    student_number: '104990',
    entity_id: 401,
    school_name: 'Pine Ridge Elementary',
  });
  const manual = await insertStudent(database, districtId, {
    ...person,
    legal_first_name: person.first_name,
    legal_last_name: person.last_name,
    student_number: 'H-2210',
    entity_id: 401,
    school_name: 'Pine Ridge Elementary',
    status_rule: null,
  });
  await database.pool.query(
    `insert into record_takeovers (district_id, run_id, record_id, former_skyward_id, skyward_id, sign)
     select $1, max(id), $2, 5300, 5901, 'state-id' from import_runs where district_id = $1`,
    [districtId, fromSkyward],
  );
  await database.pool.query(
    `insert into number_clashes (district_id, run_id, skyward_student_id, student_number, first_name, last_name,
       birth_date, kind)
     select $1, max(id), 5007, '104991', 'Odalys', 'Winfield', '2018-04-02', 'identity-changed'
     from import_runs where district_id = $1 and state in ('published', 'unchanged')`,
    [districtId],
  );
  return [Math.min(fromSkyward, manual), Math.max(fromSkyward, manual)];
}

/** Inserts changed values of the featured student, and staff values. */
async function addChanges(database: Database, sample: SampleDistrict): Promise<void> {
  const { districtId, studentId } = sample;
  const { rows } = await database.pool.query<{ id: number }>(
    `select id from import_runs where district_id = $1 and today in ('2026-10-05', '2026-11-10', '2026-11-18')
     order by today`,
    [districtId],
  );
  // As after the last import: the rules by which each status was determined.
  await database.pool.query(
    `update students set status_decided_on = '2026-11-23', status_decided_under = '[2027,"01","CECS",false]'
     where district_id = $1 and skyward_id is not null`,
    [districtId],
  );
  const changes = [
    ['homeroom_teacher', 'Ray Kim', 'Renata Holloway'],
    ['home_language', 'English', 'Spanish'],
    ['status', 'INACTIVE', 'PRE_ENROLLED'],
  ] as const;
  for (const [index, [field, from, to]] of changes.entries()) {
    await database.pool.query(
      `insert into student_changes (district_id, student_id, run_id, record, field, old_value, new_value)
       values ($1, $2, $3, 'student', $4, $5, $6)`,
      [districtId, studentId, rows[index]?.id, field, JSON.stringify(from), JSON.stringify(to)],
    );
  }
  for (const [field, value] of [
    ['pronouns', 'she/her'],
    ['notes', 'Prefers to be met at the front office. Her mother speaks Spanish on the phone.'],
  ]) {
    await database.pool.query(
      `insert into student_staff_values (district_id, student_id, field, value, changed_at, changed_by, changed_by_name)
       values ($1, $2, $3, $4, '2026-11-20T17:42:00Z', (select id from accounts where email = $5), $6)`,
      [districtId, studentId, field, value, samplePeople.staff.email, samplePeople.staff.name],
    );
  }
}

async function addProblems(database: Database, districtId: number, runId: number): Promise<void> {
  await database.pool.query(
    `insert into import_problems (district_id, run_id, kind, object, page, row_number, record_key, field,
       skyward_student_id, message)
     select $1, $2, kind, object, case when row is not null then 1 end, row, '[' || skyward || ']', field, skyward, message
     from (values
       ('birth-date-missing', 'Demographics/Name', null::integer, 5003, 'BirthDate', 'The birth date is missing in Skyward.'),
       ('birth-date-missing', 'Demographics/Name', null, 5014, 'BirthDate', 'The birth date is missing in Skyward.'),
       ('number-shared', 'Student/Student', null, 5022, 'StudentNumber', 'Two students have this student number.'),
       ('field-unreadable', 'Student/Student', 51, 5009, 'LanguageIDNative', 'LanguageIDNative: not a whole number')
     ) problem (kind, object, row, skyward, field, message)`,
    [districtId, runId],
  );
}

/** A form of the district. */
const fieldTrip: FormDraft = {
  key: 'field-trip',
  title: 'Permission for a field trip',
  group: 'Our own forms',
  summary: 'Parents sign it before the class goes on a trip.',
  allowsSeveral: true,
  sections: [
    {
      title: 'Who comes along',
      introduction: ['Please sign and send it back with your child by the day named below.'],
      fields: [
        { kind: 'text', key: 'name', label: 'Student', binding: 'student.legalName' },
        { kind: 'text', key: 'homeroom', label: 'Homeroom', binding: 'student.homeroom' },
        { kind: 'date', key: 'tripOn', label: 'Day of the trip', isRequired: true },
        { kind: 'signature', key: 'parent', label: 'Parent or guardian' },
      ],
    },
  ],
};

/** Creates a meeting notice and a cover page; the latter in August, before the grade changed. */
async function addDocuments(database: Database, sample: SampleDistrict): Promise<number> {
  const { districtId, studentId } = sample;
  const { rows } = await database.pool.query<{ accountId: string }>(
    'select id as "accountId" from accounts where email = $1',
    [samplePeople.staff.email],
  );
  const person = {
    accountId: rows[0]?.accountId ?? '',
    name: samplePeople.staff.name,
    role: 'staff',
  } as const;
  const today = Temporal.PlainDate.from('2026-11-20');
  const districtName = 'Pine Ridge Independent School District';
  const ids = await writeInDistrict(
    database.pool,
    { districtId, schools: null },
    async (districtDatabase) => {
      const context = { database: districtDatabase, districtName, today, person };
      await saveDistrictForm(districtDatabase, fieldTrip, 0, person);
      const created: number[] = [];
      for (const key of ['meeting-notice', 'education-program-cover']) {
        const form = findBuiltInForm(key);
        if (form === undefined) throw new Error(`There is no form ${key}`);
        const [one] = await createForStudents(context, form, [studentId]);
        created.push(one?.documentId ?? 0);
      }
      return created;
    },
  );
  await database.pool.query(
    `update documents set fields = jsonb_set(jsonb_set(fields, '{grade,value}', '"06"'), '{grade,copied}', '"06"'),
       details_at = '2026-08-20T15:00:00Z' where district_id = $1 and id = $2`,
    [districtId, ids.at(-1)],
  );
  for (const statement of [
    `update documents set created_at = '2026-11-20T17:30:00Z', changed_at = '2026-11-20T17:30:00Z'
     where district_id = $1`,
    `update document_versions set at = '2026-11-20T17:30:00Z' where district_id = $1`,
    `update form_templates set stored_at = '2026-11-20T17:30:00Z' where district_id = $1`,
    `update district_forms set changed_at = '2026-11-20T17:30:00Z' where district_id = $1`,
  ]) {
    await database.pool.query(statement, [districtId]);
  }
  return ids.at(-1) ?? 0;
}

/** Inserts the second district, whose last import is on hold since a third of the students would become inactive. */
async function addDistrictWithHeldImport(database: Database): Promise<number> {
  const districtId = await insertDistrict(database, {
    domain: 'cedarhollow.example',
    name: 'Cedar Hollow Schools',
    timeZone: 'America/Denver',
  });
  const first = await insertRun(database, districtId, {
    today: '2026-11-22',
    started_at: '2026-11-22T09:00:00Z',
    finished_at: '2026-11-22T09:02:00Z',
    report: {
      ...unchangedReport,
      received: 12,
      added: 12,
      changed: 0,
      unchanged: 0,
      ...ofCedarHollow,
    },
  });
  for (let index = 0; index < 12; index++) {
    await insertStudent(database, districtId, {
      skyward_id: 900 + index,
      student_number: String(7000 + index),
      first_name: ['Ada', 'Ravi', 'Lena', 'Tom'][index % 4] ?? 'Ada',
      last_name: ['Quill', 'Rossi', 'Berg'][index % 3] ?? 'Quill',
      first_run_id: first,
    });
  }
  const held = await insertRun(database, districtId, {
    state: 'held',
    started_at: '2026-11-23T09:00:00Z',
    finished_at: '2026-11-23T09:01:30Z',
    report: {
      ...unchangedReport,
      received: 8,
      added: 0,
      changed: 0,
      unchanged: 8,
      missing: 4,
      newlyMissing: 4,
      ...ofCedarHollow,
      statusesAfter: { ENROLLED: 8, INACTIVE: 4 },
      statusMoves: [{ from: 'ENROLLED', to: 'INACTIVE', count: 4 }],
    },
    failure: {
      code: 'too-many-missing',
      message:
        '4 of 12 active students (33 %) would be removed or made inactive, above the limit of 10 %.',
      advice: 'Check in Skyward whether they have left, then import anyway or discard it.',
    },
  });
  await database.pool.query(
    `insert into import_plan_changes (district_id, run_id, position, kind, student_id, student_number,
       first_name, last_name, status_before, status_after)
     select district_id, $2, row_number() over (order by id), 'missing', id, student_number, first_name,
       last_name, status, 'INACTIVE'
     from students where district_id = $1 order by id limit 4`,
    [districtId, held],
  );
  return held;
}

/** Inserts a connection from August, whose access expires in two weeks. */
async function addConnection(database: Database, districtId: number): Promise<void> {
  const clientKey = 'pine-ridge-demographics';
  await setConnection(
    database.pool,
    districtId,
    {
      baseUrl: 'https://pineridge.skyward.example/PineRidgeAPI',
      clientKey,
      clientSecret: 'never shown in pictures',
      entityId: 100,
      allowPrivateAddress: false,
    },
    newSealingKey(),
  );
  const at = '2026-08-26T14:00:00Z';
  const access = {
    accessId: 7,
    name: 'SameGoal',
    key: clientKey,
    authenticationType: 'OAuth 2.0',
    isActive: true,
    effectiveDate: '2025-12-08',
    expirationDate: '2026-12-08',
    entities: [
      'Pine Ridge Independent School District',
      'Pine Ridge Elementary',
      'Cedar Creek Middle',
      'Lakeview High',
    ].map((name, index) => ({ entityId: 400 + index, name })),
  };
  await database.pool.query(
    `insert into setup_requests (district_id, state, channel, requested_by, requested_at, verification,
       verified_at, client_key, base_url, connected_at, answered_at, closed_at)
     values ($1, 'connected', 'mail', $2, $3, $4, $3, $5, 'https://pineridge.skyward.example/PineRidgeAPI', $3, $3, $3)`,
    [
      districtId,
      samplePeople.administrator.email,
      at,
      JSON.stringify({ access, findings: [] }),
      clientKey,
    ],
  );
  await database.pool.query(
    'update skyward_connections set updated_at = $2 where district_id = $1',
    [districtId, at],
  );
}

/** Inserts a setup request of the second district, which lacks a school, and a mail without a known district. */
async function addWaitingRequest(database: Database) {
  const verification = {
    access: {
      accessId: 9,
      name: 'Demographics',
      key: 'cedar-hollow',
      authenticationType: 'OAuth 2.0',
      isActive: true,
      effectiveDate: '2026-11-20',
      expirationDate: '2027-11-20',
      entities: [{ entityId: 1, name: 'Cedar Hollow Schools' }],
    },
    findings: [
      {
        code: 'school-entities-missing',
        blocks: true,
        message: 'Cedar Hollow Middle School is not among the Custom API Entities.',
        advice: 'Add it to the record in Skyward, then verify again.',
      },
    ],
  };
  const { rows } = await database.pool.query<{ districtId: number; requestId: number }>(
    `insert into setup_requests (district_id, state, channel, requested_by, requested_at, verification,
       verified_at, client_key, base_url)
     select id, 'waiting', 'mail', 'ruth.ebner@cedarhollow.example', '2026-11-22T16:20:00Z', $1,
       '2026-11-23T14:05:00Z', 'cedar-hollow', 'https://cedarhollow.skyward.example/CedarHollowAPI'
     from districts where domain = 'cedarhollow.example' returning district_id as "districtId", id as "requestId"`,
    [JSON.stringify(verification)],
  );
  await database.pool.query(
    `insert into support_mails (district_id, received_at, envelope_from, header_from, subject, message_id,
       body, bytes, sender, outcome, reason)
     values (0, '2026-11-23T13:40:00Z', 'kim@elsewhere.example', '{kim@elsewhere.example}', 'What do you charge?',
       '<1@elsewhere.example>', 'Could you send us a price list?', 420, $1, 'inbox', 'other-subject')`,
    [JSON.stringify({ verdict: 'unknown', spf: 'none', dkim: 'none', dmarc: 'none' })],
  );
  const [waiting] = rows;
  if (waiting === undefined) throw new Error('The second district is missing');
  return waiting;
}

/** Inserts a week of audit events. */
async function addAudit(database: Database, sample: SampleDistrict, manualStudentId: number) {
  const { districtId, studentId } = sample;
  const events = [
    ['2026-11-23T14:52:00Z', 'administrator', 'signed-in', null, {}],
    ['2026-11-23T14:30:00Z', 'administrator', 'dry-run-started', null, {}],
    ['2026-11-20T17:42:00Z', 'staff', 'student-viewed', studentId, {}],
    [
      '2026-11-20T17:40:00Z',
      'staff',
      'access-denied',
      null,
      { method: 'GET', path: '/api/districts/{domain}/audit' },
    ],
    ['2026-11-20T17:38:00Z', 'staff', 'signed-in', null, {}],
    ['2026-11-19T20:05:00Z', 'technician', 'student-viewed', studentId, {}],
    ['2026-11-19T16:12:00Z', 'administrator', 'students-exported', null, {}],
    ['2026-11-18T15:21:00Z', 'read-only', 'student-viewed', 987_654, {}],
    ['2026-11-18T15:20:00Z', 'read-only', 'student-viewed', manualStudentId, {}],
    ['2026-11-18T15:19:00Z', 'read-only', 'signed-in', null, {}],
  ] as const;
  for (const [at, role, action, student, detail] of events.toReversed()) {
    const { name, email } = samplePeople[role];
    await database.pool.query(
      `insert into audit_events (district_id, happened_at, account_id, account_name, account_email, account_role,
         action, student_id, detail, address)
       values ($1, $2, (select id from accounts where email = $3), $4, $3, $5, $6, $7, $8, '203.0.113.24')`,
      [districtId, at, email, name, role, action, student, JSON.stringify(detail)],
    );
  }
}
