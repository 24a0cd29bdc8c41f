import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  insertRun,
  insertStudent,
  type StudentInput,
} from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  emailOf,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { type Caseload, caseloadApi } from '../../contract/students/caseload.ts';
import { savedViewsApi } from '../../contract/students/saved-views.ts';
import { type StudentPage, studentListApi } from '../../contract/students/student-list.ts';
import type { Address } from '../../contract/students/students.ts';

let api: TestApi;
let lastRun = 0;

const phone = (number: string) => ({
  rank: 1,
  type: 'Cell',
  number,
  extension: null,
  isConfidential: false,
});

const withdrawn: StudentInput = {
  status: 'INACTIVE',
  status_rule: 'withdrawn',
  status_decided_by: 9,
  enrollments: [
    {
      skyward_id: 9,
      school_name: 'Elm Campus',
      withdrawal_date: '2026-10-02',
      withdrawal_code: '80',
      withdrawal_reason: 'Moved in state',
    },
  ],
};

beforeAll(async () => {
  api = await openTestApi();
  const { database, districtId, otherDistrictId } = api;
  const firstRun = await insertRun(database, districtId, {
    today: '2026-11-22',
    started_at: '2026-11-22T08:00:00Z',
  });
  lastRun = await insertRun(database, districtId);
  const named = [
    ['García', 'Zoe', '1001', '10', 401],
    ['Garcia López', 'Ana', '1002', '09', 401],
    ["O'Brien", 'Finn', '1003', 'KG', 402],
    ['Müller', 'Per%cent', '1004', 'PK', 402],
    ['Nguyễn', 'Under_score', '1005', '02', 402],
    ['Smith-Jones', 'Back\\slash', '1006', null, 402],
  ] as const;
  for (const [lastName, firstName, number, grade, entityId] of named) {
    await insertStudent(database, districtId, {
      skyward_id: Number(number),
      first_name: firstName,
      last_name: lastName,
      student_number: number,
      entity_id: entityId,
      school_name: entityId === 401 ? 'Oak Campus' : 'Elm Campus',
      first_run_id: firstRun,
      ...(grade !== null && { grade }),
      ...(number === '1003' ? withdrawn : {}),
    });
  }
  await insertStudent(database, districtId, {
    first_name: 'María',
    last_name: 'Zapata',
    student_number: '2001',
    state_id: '9140022871',
    birth_date: '2013-04-17',
    entity_id: 401,
    school_name: 'Oak Campus',
    status: 'PRE_ENROLLED',
    status_rule: 'future-without-past',
    guardians: [
      { first_name: 'Lucía', last_name: 'Hernández', relationship: 'Mother' },
      { first_name: 'Andrés', last_name: 'Paz', phones: [phone('1 (512) 555-0102')] },
    ],
  });
  await database.pool.query(
    `update students set changed_run_id = case student_number when '1004' then $2::bigint else $1 end,
       missing_since_run_id = case student_number when '1006' then $2::bigint end
     where district_id = $3`,
    [firstRun, lastRun, districtId],
  );
  await database.pool.query(
    `insert into import_problems (district_id, run_id, kind, skyward_student_id, message)
     values ($1, $2, 'birth-date-missing', 1001, 'has no birth date')`,
    [districtId, lastRun],
  );
  await insertStudent(database, otherDistrictId, {
    last_name: 'Elsewhere',
    guardians: [{ first_name: 'Lucía', last_name: 'Hernández', phones: [phone('512 555 0102')] }],
  });
});
afterAll(() => api.close());

const query = (given: Readonly<Record<string, string>>) =>
  `?${new URLSearchParams(given).toString()}`;

async function list(given: Readonly<Record<string, string>> = {}): Promise<StudentPage> {
  const response = await api.askDistrict('staff', `/students${query(given)}`);
  expect(response.status).toBe(200);
  return parseResponse(studentListApi.listStudents.response, response);
}

const lastNames = async (given: Readonly<Record<string, string>> = {}) =>
  (await list(given)).rows.map((row) => row.name.last);

const byName = ['García', 'Garcia López', 'Müller', 'Nguyễn', "O'Brien", 'Smith-Jones', 'Zapata'];

it('explains a status by its dates, school and code, as on the page of the student', async () => {
  const response = await api.askDistrict('staff', '/students?status=INACTIVE');
  const { rows } = await parseResponse(studentListApi.listStudents.response, response);
  expect(rows.find(({ studentNumber }) => studentNumber === '1003')?.statusReason).toBe(
    'Inactive: withdrew Oct 2, 2026 from Elm Campus (code 80, moved in state). No current or upcoming enrollment. No change is scheduled.',
  );
});

describe('the order of the list', () => {
  it('is by last and first names, accents aside, the shorter last name first', async () => {
    expect(await lastNames()).toEqual(byName);
  });

  it.each([
    ['-name', byName.toReversed()],
    ['number', ['García', 'Garcia López', "O'Brien", 'Müller', 'Nguyễn', 'Smith-Jones', 'Zapata']],
    // Before the first grade, then 2, 9 and 10 as numbers, then nothing.
    ['grade', ['Müller', "O'Brien", 'Nguyễn', 'Garcia López', 'García', 'Smith-Jones', 'Zapata']],
    ['school', ['Müller', 'Nguyễn', "O'Brien", 'Smith-Jones', 'García', 'Garcia López', 'Zapata']],
    [
      'birthDate',
      ['Zapata', 'García', 'Garcia López', "O'Brien", 'Müller', 'Nguyễn', 'Smith-Jones'],
    ],
    [
      '-changed',
      ['Müller', 'Zapata', 'Smith-Jones', 'Nguyễn', "O'Brien", 'Garcia López', 'García'],
    ],
  ])('can be by any column: %s', async (sort, expected) => {
    expect(await lastNames({ sort })).toEqual(expected);
  });

  it.each(['name', '-name', 'homeroom', '-status'])(
    'gives every student once, page by page, by %s',
    async (sort) => {
      const seen: number[] = [];
      for (const page of ['1', '2', '3', '4']) {
        const { rows, total, hasMore } = await list({ page, pageSize: '2', sort });
        expect([total, hasMore]).toEqual([7, false]);
        seen.push(...rows.map((row) => row.id));
      }
      expect(new Set(seen).size).toBe(7);
      expect(seen).toEqual((await list({ sort })).rows.map((row) => row.id));
    },
  );

  it('has no rows past the last page', async () => {
    expect(await list({ page: '9', pageSize: '2' })).toMatchObject({ rows: [], total: 7 });
  });
});

describe('the search', () => {
  it.each([
    ['GARCIA', ['García', 'Garcia López']],
    ['gárcía lop', ['Garcia López']],
    ['ana garcia', ['Garcia López']],
    ['z garcia', ['García']],
    ['MULLER', ['Müller']],
    ['nguyen', ['Nguyễn']],
    ['obrien', ["O'Brien"]],
    ['o’brien', ["O'Brien"]],
    ['jones smith', ['Smith-Jones']],
    ['1005', ['Nguyễn']],
    ['100', ['García', 'Garcia López', "O'Brien", 'Müller', 'Nguyễn', 'Smith-Jones']],
    ['9140022871', ['Zapata']],
    ['maria zapata', ['Zapata']],
    ['nobody', []],
    ["' or 1=1 --", []],
    ['\\', []],
    ["garcia' & !x:* |", []],
  ])('finds by "%s"', async (search, expected) => {
    expect(await lastNames({ search })).toEqual(expected);
  });

  it.each([
    ['garica', ['García', 'Garcia López']],
    ['zaptaa', ['Zapata']],
    ['mria zapata', ['Zapata']],
    ['nguyenn', ['Nguyễn']],
  ])('forgives the typing error of "%s"', async (search, expected) => {
    const { rows } = await list({ search });
    expect(rows.map((row) => row.name.last)).toEqual(expected);
    expect(rows.map((row) => row.match?.isSimilar)).toEqual(expected.map(() => true));
  });

  it.each(['hernandez', 'lucia', 'hernández lucía', 'hernadez'])(
    'finds by the guardian, and says so: "%s"',
    async (search) => {
      const [row] = (await list({ search })).rows;
      expect(row?.name.last).toBe('Zapata');
      expect(row?.match).toMatchObject({
        by: 'guardian',
        guardian: { name: { first: 'Lucía', last: 'Hernández' }, relationship: 'Mother' },
      });
    },
  );

  it.each(['5125550102', '(512) 555-0102', '+1 512 555 0102', '555-0102', '5550', 'paz 5550102'])(
    'finds by the digits of a phone, and says whose it is: "%s"',
    async (search) => {
      const [row] = (await list({ search })).rows;
      expect(row?.match).toMatchObject({
        by: 'phone',
        phone: '1 (512) 555-0102',
        guardian: { name: { first: 'Andrés' } },
      });
    },
  );

  it('lists a grade that is all that is searched for', async () => {
    expect(await lastNames({ search: 'grade 2' })).toEqual(['Nguyễn']);
    expect(await lastNames({ search: 'kindergarten' })).toEqual(["O'Brien"]);
  });

  it('puts the exact number before those that begin so, names before guardians', async () => {
    await insertStudent(api.database, api.otherDistrictId, { student_number: '777' });
    await insertStudent(api.database, api.otherDistrictId, { student_number: '7771' });
    const response = await api.ask(
      'technician',
      '/api/districts/other.example/students?search=777',
    );
    const { rows } = await parseResponse(studentListApi.listStudents.response, response);
    expect(rows.map((row) => row.studentNumber)).toEqual(['777', '7771']);
  });

  it("never finds a student of another district, nor by that one's guardians", async () => {
    expect(await lastNames({ search: 'elsewhere' })).toEqual([]);
    expect(await lastNames({ search: 'elsewhree' })).toEqual([]);
    expect((await list({ search: '5125550102' })).total).toBe(1);
  });

  it('treats a search of U+0000 or blanks as none; one of punctuation finds no students', async () => {
    expect((await list({ search: '\0' })).total).toBe(7);
    expect((await list({ search: '  ' })).total).toBe(7);
    expect((await list({ search: '- -' })).total).toBe(0);
  });

  it('follows a change of name and of a guardian at once', async () => {
    const id = await insertStudent(api.database, api.otherDistrictId, {
      last_name: 'Before',
      guardians: [{ first_name: 'Odd', last_name: 'Formerly' }],
    });
    const find = async (search: string) => {
      const response = await api.ask(
        'technician',
        `/api/districts/other.example/students?search=${search}`,
      );
      return (await parseResponse(studentListApi.listStudents.response, response)).rows.map(
        (row) => row.id,
      );
    };
    expect(await find('formerly')).toEqual([id]);
    await api.database.pool.query(`update students set last_name = 'Afterwards' where id = $1`, [
      id,
    ]);
    await api.database.pool.query(
      `update guardians set last_name = 'Presently' where student_id = $1`,
      [id],
    );
    expect(await find('before')).toEqual([]);
    expect(await find('afterwrads')).toEqual([id]);
    expect(await find('formerly')).toEqual([]);
    expect(await find('presntly')).toEqual([id]);
  });
});

const address = (line: string, city: string, zip: string): Address => ({
  uses: ['home'],
  lines: [line],
  city,
  state: 'TX',
  zip,
  county: null,
  country: null,
  text: `${line}, ${city} TX ${zip}`,
});

describe('the search by words of different fields', () => {
  beforeAll(async () => {
    await insertStudent(api.database, api.districtId, {
      first_name: 'Huda',
      last_name: 'Abboud',
      suffix: 'Jr.',
      student_number: '3001',
      grade: '03',
      entity_id: 403,
      school_name: 'Magnolia Campus',
      emails: [{ rank: 1, type: 'School', address: 'habboud12@students.example' }],
      addresses: [address('77 Juniper Hill Rd', 'Levelland', '79336')],
      guardians: [
        {
          first_name: 'Karim',
          last_name: 'Salem',
          phones: [phone('(806) 555-0184')],
          emails: [{ rank: 1, type: 'Home', address: 'k.salem@mail.example' }],
          addresses: [address('1402 N Larkspur Avenue', 'Brownfield', '79316-2210')],
        },
      ],
    });
  });
  afterAll(async () => {
    await api.database.pool.query(`delete from students where student_number = '3001'`);
  });

  it.each([
    // A student's name with a guardian's phone, e-mail or name, in any order and with one typo each.
    ['huda abboud 806-555-0184', 'phone', { guardian: { name: { first: 'Karim' } } }],
    ['8065550184 huda', 'phone', {}],
    ['hudda k.salem@mail.example', 'email', { email: 'k.salem@mail.example' }],
    ['abbuod salme', 'guardian', { isSimilar: true }],
    ['Abboud, Huda', 'name', {}],
    ['huda jr', 'name', {}],
    // Her own e-mail, address and school.
    ['habboud12@students', 'email', { email: 'habboud12@students.example' }],
    ['77 juniper', 'address', { address: '77 Juniper Hill Rd' }],
    ['huda juniper hill', 'address', {}],
    ['77 juniper hill rd', 'address', { address: '77 Juniper Hill Rd' }],
    ['77 juniper hill road', 'address', { address: '77 Juniper Hill Rd' }],
    ['juniper hill rd levelland', 'address', { address: '77 Juniper Hill Rd, Levelland, 79336' }],
    ['levelland', 'address', { guardian: null }],
    ['79336', 'address', {}],
    // Her guardian's, with another spelling and with words left out.
    ['1402 larkspur ave', 'address', { guardian: { name: { first: 'Karim' } } }],
    ['1402 n larkspur', 'address', { address: '1402 N Larkspur Avenue' }],
    ['1402 north larkspur brownfield', 'address', {}],
    ['huda larkspur avenue', 'address', {}],
    ['brownfield 79316', 'address', { address: '1402 N Larkspur Avenue, Brownfield, 79316-2210' }],
    ['huda magnolia', 'school', {}],
    ['huda grade 3', 'name', {}],
    ['3rd grade magnolia', 'school', {}],
  ])('finds by "%s", and says that it is by %s', async (search, by, match) => {
    const { rows } = await list({ search });
    expect(rows.map((row) => row.name.last)).toEqual(['Abboud']);
    expect(rows[0]?.match).toMatchObject({ by, ...match });
  });

  it.each([
    'huda 5125550102',
    'abboud hernandez',
    'grade 5 huda',
    'oak huda',
    '78 juniper',
    '77 juniper ct',
  ])('needs every word: "%s"', async (search) => {
    expect(await lastNames({ search })).toEqual([]);
  });
});

describe('the filters', () => {
  it.each([
    [{ status: 'INACTIVE' }, ["O'Brien"]],
    [{ status: 'INACTIVE,PRE_ENROLLED' }, ["O'Brien", 'Zapata']],
    [{ school: '401' }, ['García', 'Garcia López', 'Zapata']],
    [{ grade: '09,10' }, ['García', 'Garcia López']],
    [{ school: '401', grade: '09' }, ['Garcia López']],
    [{ changedSince: '2026-11-23' }, ['Müller']],
    [{ changedSince: '2026-11-22' }, byName],
    [{ changedSince: '2026-11-24' }, []],
    [{ problem: 'row' }, ['García']],
    [{ problem: 'missing' }, ['Smith-Jones']],
    [{ problem: 'any' }, ['García', 'Smith-Jones']],
    [{ search: 'garcia', grade: '09' }, ['Garcia López']],
    [{ search: 'garcia', problem: 'any' }, ['García']],
    [{ search: 'muller', changedSince: '2026-11-23' }, ['Müller']],
    [{ search: 'garcia', changedSince: '2026-11-24' }, []],
    [{ search: 'garcia', status: 'INACTIVE' }, []],
  ])('%o', async (given, expected) => {
    const page = await list(given);
    expect(page.rows.map((row) => row.name.last)).toEqual(expected);
    expect(page.total).toBe(expected.length);
  });

  const counts = async (given: Readonly<Record<string, string>>) =>
    parseResponse(
      studentListApi.countStudents.response,
      await api.askDistrict('staff', `/student-counts${query(given)}`),
    );

  it('count every value, each part without its own filter', async () => {
    expect(await counts({ status: 'INACTIVE', school: '402' })).toEqual({
      isCounted: true,
      statuses: [
        { status: 'PRE_ENROLLED', count: 0 },
        { status: 'ENROLLED', count: 3 },
        { status: 'INACTIVE', count: 1 },
      ],
      grades: [
        { grade: 'PK', count: 0 },
        { grade: 'KG', count: 1 },
        { grade: '02', count: 0 },
        { grade: '09', count: 0 },
        { grade: '10', count: 0 },
      ],
      schools: [
        { entityId: 402, name: 'Elm Campus', count: 1 },
        { entityId: 401, name: 'Oak Campus', count: 0 },
      ],
    });
  });

  it('count what a search or a rarer filter leaves', async () => {
    expect((await counts({ search: 'garcia' })).grades).toEqual([
      { grade: '09', count: 1 },
      { grade: '10', count: 1 },
    ]);
    expect((await counts({ problem: 'missing' })).schools).toEqual([
      { entityId: 402, name: 'Elm Campus', count: 1 },
    ]);
  });

  it('count right after students were added, changed and removed', async () => {
    const { pool } = api.database;
    const kept = async () => {
      const { rows } = await pool.query(
        `select status, sum(number)::int as number from student_counts where district_id = $1
         group by status having sum(number) <> 0 order by status`,
        [api.districtId],
      );
      return rows as unknown;
    };
    const counted = async () => {
      const { rows } = await pool.query(
        `select status, count(*)::int as number from students where district_id = $1
         group by status order by status`,
        [api.districtId],
      );
      return rows as unknown;
    };
    const id = await insertStudent(api.database, api.districtId, { status: 'GRADUATED' });
    expect(await kept()).toEqual(await counted());
    await pool.query(`update students set status = 'WITHDREW' where id = $1`, [id]);
    expect(await kept()).toEqual(await counted());
    await pool.query('delete from students where id = $1', [id]);
    expect(await kept()).toEqual(await counted());
  });
});

describe('a user with schools', () => {
  it('sees, finds, counts and exports the students of these schools alone', async () => {
    const { pool } = api.database;
    await pool.query(`update accounts set schools = '{401}' where email = $1`, [
      emailOf('read-only'),
    ]);
    const ask = async (path: string) => (await api.askDistrict('read-only', path)).json();
    expect(await ask('/students')).toMatchObject({ total: 3 });
    expect(await ask('/students?search=nguyen')).toMatchObject({ total: 0, rows: [] });
    expect(await ask('/students?search=garcia')).toMatchObject({ total: 2 });
    expect(await ask('/student-counts')).toMatchObject({
      schools: [{ entityId: 401, name: 'Oak Campus', count: 3 }],
    });
    expect(await ask('')).toMatchObject({ schools: [{ entityId: 401, name: 'Oak Campus' }] });
    const csv = await (await api.askDistrict('read-only', '/students.csv')).text();
    expect(csv.trimEnd().split('\r\n')).toHaveLength(4);
  });
});

describe('the export', () => {
  const exported = async (given: Readonly<Record<string, string>>) => {
    const response = await api.askDistrict('staff', `/students.csv${query(given)}`);
    return {
      headers: response.headers,
      text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer()),
    };
  };

  it('holds all that fit in the order of the list, with the columns chosen, for Excel too', async () => {
    const { headers, text } = await exported({
      grade: '09,10',
      sort: '-name',
      columns: 'name,grade',
    });
    expect(text).toBe(
      '\uFEFFLast name,First name,Middle name,Suffix,Grade\r\nGarcia López,Ana,,,09\r\nGarcía,Zoe,,,10\r\n',
    );
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="students-demo\.example-\d{4}-\d\d-\d\d\.csv"$/,
    );
  });

  it('holds what a search finds', async () => {
    expect((await exported({ search: 'hernandez', columns: 'number' })).text).toBe(
      '\uFEFFStudent number\r\n2001\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@x', '\t=1', ' =1'])('defuses the formula %j', async (value) => {
    const id = await insertStudent(api.database, api.otherDistrictId, { first_name: value });
    const response = await api.ask(
      'technician',
      '/api/districts/other.example/students.csv?columns=name',
    );
    expect(await response.text()).toContain(`"'${value}"`);
    await api.database.pool.query('delete from students where id = $1', [id]);
  });

  it('of a selection holds these students alone, of those whom the caller may see', async () => {
    const { rows } = await list({ sort: 'name' });
    const ids = rows.slice(1, 3).map(({ id }) => id);
    const outside = await insertStudent(api.database, api.otherDistrictId, { last_name: 'Other' });
    const selection = { ids: [...ids, outside].join(','), sort: '-name' };
    const names = byName.slice(1, 3).toReversed();
    const { text } = await exported({ ...selection, columns: 'name' });
    expect(text.trimEnd().split('\r\n').slice(1)).toEqual(
      names.map((name) => expect.stringContaining(name) as unknown),
    );
    const printed = await parseResponse(
      studentListApi.printStudents.response,
      await api.askDistrict('staff', `/student-prints${query(selection)}`),
    );
    expect(printed.rows.map(({ name }) => name.last)).toEqual(names);
    const { rows: events } = await api.database.pool.query(
      `select action, detail ->> 'count' as count from audit_events
       where action in ('students-exported', 'students-printed') order by id desc limit 2`,
    );
    expect(events).toEqual([
      { action: 'students-printed', count: '2' },
      { action: 'students-exported', count: '2' },
    ]);
    await api.database.pool.query('delete from students where id = $1', [outside]);
  });

  it('is kept in the audit trail with its count, never with what was searched for', async () => {
    await exported({ search: 'hernandez', status: 'PRE_ENROLLED' });
    const { rows } = await api.database.pool.query(
      `select detail from audit_events where action = 'students-exported' order by id desc limit 1`,
    );
    expect(rows).toEqual([{ detail: { count: 1, status: ['PRE_ENROLLED'], isSearch: true } }]);
  });
});

describe('the own list of students', () => {
  const read = async (caller: 'staff' | 'read-only' | 'administrator'): Promise<Caseload> =>
    parseResponse(caseloadApi.getCaseload.response, await api.askDistrict(caller, '/caseload'));
  const change = async (
    caller: 'staff' | 'read-only' | 'administrator',
    body: Readonly<Record<string, unknown>>,
  ): Promise<Response> => api.send(caller, 'POST', '/caseload', body);

  it('is shown, searched, counted and exported by its owner alone', async () => {
    const { rows } = await list();
    const [first, second] = rows.map(({ id }) => id);
    expect(await read('staff')).toEqual({ students: [] });
    expect((await change('staff', { students: [first, second], isAdded: true })).status).toBe(200);
    expect((await change('staff', { students: [first, 999_999], isAdded: true })).status).toBe(200);
    expect(await lastNames({ mine: 'true' })).toEqual(byName.slice(0, 2));
    expect(await lastNames({ mine: 'true', sort: '-name' })).toEqual(
      byName.slice(0, 2).toReversed(),
    );
    expect(await lastNames({ mine: 'true', search: 'ana garcia' })).toEqual(['Garcia López']);
    expect(await lastNames({ mine: 'true', search: 'zapata' })).toEqual([]);
    expect(await list({ mine: 'true', page: '2', pageSize: '2' })).toMatchObject({
      rows: [],
      total: 2,
    });
    const csv = await api.askDistrict('staff', `/students.csv${query({ mine: 'true' })}`);
    expect((await csv.text()).trimEnd().split('\r\n')).toHaveLength(3);
    expect((await read('read-only')).students).toEqual([]);

    await change('staff', { students: [first], isAdded: false });
    expect((await read('staff')).students).toEqual([second]);
    await change('staff', { students: [second], isAdded: false });
    expect(await lastNames({ mine: 'true' })).toEqual([]);
  });

  it('is changed for others by administrators, and by nobody for users of another district', async () => {
    const [student] = (await list()).rows.map(({ id }) => id);
    const { rows: accounts } = await api.database.pool.query<{
      id: string;
      districtId: number | null;
      role: string;
    }>('select id, district_id as "districtId", role from accounts');
    const staff = accounts.find((one) => one.districtId === api.districtId && one.role === 'staff');
    const elsewhere = accounts.find((one) => one.districtId !== api.districtId);
    const body = { students: [student], isAdded: true };
    expect((await change('read-only', { ...body, account: staff?.id })).status).toBe(404);
    expect((await change('administrator', { ...body, account: elsewhere?.id })).status).toBe(404);
    expect((await change('administrator', { ...body, account: staff?.id })).status).toBe(200);
    expect((await read('staff')).students).toEqual([student]);
    const ofStaff = query({ caseload: staff?.id ?? '' });
    const seen = await api.askDistrict('administrator', `/students${ofStaff}`);
    const { rows } = await parseResponse(studentListApi.listStudents.response, seen);
    expect(rows.map(({ id }) => id)).toEqual([student]);
    expect((await api.askDistrict('read-only', `/students${ofStaff}`)).status).toBe(404);
    const ofAnother = query({ caseload: elsewhere?.id ?? '' });
    expect((await api.askDistrict('administrator', `/students${ofAnother}`)).status).toBe(404);
    await change('staff', { students: [student], isAdded: false });
  });
});

describe('saved views', () => {
  const view = { name: 'My ninth grade', isShared: false, query: { grade: '09', sort: '-name' } };
  const names = async (role: Parameters<TestApi['askDistrict']>[0]) =>
    (
      await parseResponse(
        savedViewsApi.listSavedViews.response,
        await api.askDistrict(role, '/student-views'),
      )
    ).views.map(({ name }) => name);

  it('are seen by their owner alone, renamed, deleted and made again', async () => {
    const made = await parseResponse(
      savedViewsApi.createSavedView.response,
      await api.send('staff', 'POST', '/student-views', view),
    );
    expect(made).toMatchObject({ ...view, isOwn: true });
    expect(await names('staff')).toEqual(['My ninth grade']);
    expect(await names('administrator')).toEqual([]);
    const path = `/student-views/${made.id}`;
    expect((await api.send('administrator', 'PUT', path, view)).status).toBe(404);
    expect((await api.send('administrator', 'DELETE', path)).status).toBe(404);
    await api.send('staff', 'PUT', path, { ...view, name: 'Ninth' });
    expect(await names('staff')).toEqual(['Ninth']);
    const gone = await parseResponse(
      savedViewsApi.createSavedView.response,
      await api.send('staff', 'DELETE', path),
    );
    expect(await names('staff')).toEqual([]);
    const again = { name: gone.name, isShared: gone.isShared, query: gone.query };
    await api.send('staff', 'POST', '/student-views', again);
    expect(await names('staff')).toEqual(['Ninth']);
  });

  it('are shared in the district by administrators only', async () => {
    const shared = { ...view, name: 'Shared', isShared: true };
    const rejected = await api.send('staff', 'POST', '/student-views', shared);
    expect(rejected.status).toBe(400);
    expect((await errorOf(rejected)).field).toBe('isShared');
    expect((await api.send('administrator', 'POST', '/student-views', shared)).status).toBe(200);
    expect(await names('read-only')).toEqual(['Shared']);
    const elsewhere = await api.ask('technician', '/api/districts/other.example/student-views');
    expect(await elsewhere.json()).toEqual({ views: [] });
  });
});

it.each([
  ['?serch=x', 'serch'],
  ['?search=a&search=b', 'search'],
  ['?status=AWAY', 'status.0'],
  ['?status=', 'status'],
  ['?school=abc', 'school.0'],
  ['?changedSince=yesterday', 'changedSince'],
  ['?problem=none', 'problem'],
  ['?sort=shoe', 'sort'],
  ['?page=0', 'page'],
  ['?page=two', 'page'],
  ['?pageSize=101', 'pageSize'],
  [`?search=${'x'.repeat(101)}`, 'search'],
])('refuses %s and names the parameter', async (asked, field) => {
  const response = await api.askDistrict('staff', `/students${asked}`);
  expect(response.status).toBe(400);
  expect(await errorOf(response)).toMatchObject({ code: 'bad-request', field });
});
