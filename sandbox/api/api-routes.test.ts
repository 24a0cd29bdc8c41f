/** Tests of the API: pages, searches, single rows, metadata, entities. */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readResponse, requestToken, signIn, type CallApi } from './sandbox-client.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { propertyRuns } from '../property-runs.ts';

const students = '/Custom/2/Student/Student';
const enrollmentPath = '/Custom/2/Enrollment/EntryWithdrawal';

describe('reading', () => {
  let sandbox: Sandbox;
  let call: CallApi;
  beforeAll(async () => {
    sandbox = createSandbox({ students: 200, today: '2026-11-23', seed: 3 });
    call = await signIn(sandbox);
  });

  it('returns every row once over its pages, whatever their size', async () => {
    const all = [...sandbox.rows('Student/Student').ids()];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 17, max: 300 }), async (pageSize) => {
        const seen: unknown[] = [];
        let next: string | null = `${students}/1/${pageSize}`;
        while (next !== null) {
          const page = await call(`${next}?searchFields=StudentID`);
          seen.push(...page.rows.map((row) => row['StudentID']));
          next = page.next;
        }
        expect(seen).toEqual(all);
      }),
      { numRuns: propertyRuns(8) },
    );
  });

  it('returns the next page as a path without a query, and none at the end', async () => {
    const first = await call(`${students}/1/100?searchFields=StudentID&SchoolYearID=13`);
    expect(first.next).toBe(`${students}/2/100`);
    const all = await call(`${students}/1/100000?searchFields=StudentID`);
    expect(all.json?.['Paging']).toEqual({ Next: null });
  });

  it('returns no next page after a full last page', async () => {
    const count = sandbox.rows('District/Entity').size;
    const full = await call(`/Custom/2/District/Entity/1/${count}?searchFields=EntityID`);
    expect(full.rows).toHaveLength(count);
    expect(full.next).toBeNull();
  });

  it('returns an empty page past the end', async () => {
    const past = await call(`${students}/900/100?searchFields=StudentID`);
    expect(past.status).toBe(200);
    expect(past.json).toEqual({ Objects: [], Paging: { Next: null } });
  });

  it('sends values in the documented formats: numbers, flags, text, dates, and null', async () => {
    const { rows } = await call(
      `${enrollmentPath}/1/1000?searchFields=EntryWithdrawalID&searchFields=StartDate&searchFields=EndDate&searchFields=IsDefaultEntity&searchFields=WithdrawalCodeID`,
    );
    const open = rows.find((row) => row['EndDate'] === null);
    expect(open).toEqual({
      EntryWithdrawalID: expect.any(Number),
      StartDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00$/u),
      EndDate: null,
      IsDefaultEntity: expect.any(Boolean),
      WithdrawalCodeID: null,
    });
  });

  it('returns null for a related row if the key is empty', async () => {
    const { rows } = await call(
      `${enrollmentPath}/1/1000?searchFields=WithdrawalCodeID&searchFields=WithdrawalCode.Code`,
    );
    for (const row of rows)
      expect(row['WithdrawalCode'] === null).toBe(row['WithdrawalCodeID'] === null);
  });

  it('follows relationships over several steps and by their names', async () => {
    const { rows } = await call(
      '/Custom/2/Family/StudentGuardian/1/3?searchFields=NameGuardian.LastName&searchFields=Student.Name.LastName&searchFields=Student.StudentNumber',
    );
    expect(rows[0]).toEqual({
      NameGuardian: { LastName: expect.any(String) },
      Student: { Name: { LastName: expect.any(String) }, StudentNumber: expect.any(String) },
    });
  });

  it('follows the name of an object with a single relationship to it', async () => {
    const { rows } = await call(
      '/Custom/2/Family/StudentGuardian/1/3?searchFields=Name.FirstName&searchFields=NameGuardian.FirstName',
      {
        SearchCondition: {
          StringSearchCondition: { FieldName: 'Name.FirstName', ConditionType: 'NotNull' },
        },
        SearchSort: [{ FieldName: 'Name.FirstName' }],
      },
    );
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row['Name']).toEqual(row['NameGuardian']);
  });

  it('rejects the name of an object with several relationships to it', async () => {
    const response = await call('/Custom/2/Family/StudentGuardian/1/3?searchFields=User.Username');
    expect(response.status).toBe(400);
    expect(response.json?.['error']).toMatch(/no relationship 'User'.*UserCreatedBy/u);
  });

  it.each([
    ['Enrollment/GradeReference', 'GradYear', 'GradeLevel.Code'],
    ['Student/StudentDistrict', 'StudentID', 'Student.StudentNumber'],
    ['Demographics/Country', 'Code', 'Description'],
    ['Demographics/Occupation', 'Code', 'CodeDescription'],
    ['District/DistrictSchoolYear', 'DistrictID', 'SchoolYear.NumericYear'],
    ['District/ConfigEntityYear', 'EntityID', 'SchoolYear.NumericYear'],
    ['District/CalendarYear', 'NumericYear', 'Description'],
  ])('has %s, which public clients request', async (object, ...fields) => {
    const query = fields.map((field) => `searchFields=${field}`).join('&');
    const request = await signIn(
      createSandbox({ students: 60, today: '2026-11-23', permissions: 'all' }),
    );
    const { rows } = await request(`/Custom/2/${object}/1/9?${query}`);
    expect(rows.length).toBeGreaterThan(3);
    expect(JSON.stringify(rows)).not.toContain('null');
  });

  it('has the object of student sections, without rows', async () => {
    const request = await signIn(
      createSandbox({ students: 60, today: '2026-11-23', permissions: 'all' }),
    );
    const response = await request(
      '/Custom/2/Scheduling/StudentSection/1/9?searchFields=StudentID&searchFields=SectionID',
      { SearchParameters: { AsOfDate: '2000-01-01' } },
    );
    expect(response.rows).toEqual([]);
    expect(response.status).toBe(200);
  });

  it('sorts by several fields, ascending and descending, and searches related fields', async () => {
    const { rows } = await call(
      `${enrollmentPath}/1/5000?searchFields=StartDate&searchFields=EntryWithdrawalID&searchFields=WithdrawalCode.Code`,
      {
        SearchCondition: {
          StringSearchCondition: {
            FieldName: 'WithdrawalCode.Code',
            ConditionType: 'List',
            List: ['80', '01'],
          },
        },
        SearchSort: [
          { FieldName: 'StartDate', Descending: true },
          { FieldName: 'EntryWithdrawalID' },
        ],
      },
    );
    expect(rows.length).toBeGreaterThan(3);
    const sorted = rows.toSorted(
      (a, b) =>
        String(b['StartDate']).localeCompare(String(a['StartDate'])) ||
        Number(a['EntryWithdrawalID']) - Number(b['EntryWithdrawalID']),
    );
    expect(rows).toEqual(sorted);
    for (const row of rows) expect(['80', '01']).toContain(Object(row['WithdrawalCode'])['Code']);
  });

  it('accepts member names and query names in any case', async () => {
    const one = await call(`${enrollmentPath}/1/50?searchFields=StudentID&SchoolYearID=13`, {
      searchcondition: {
        longsearchcondition: { fieldname: 'StudentID', Conditiontype: 'Less', value: '1005' },
      },
    });
    const other = await call(`${enrollmentPath}/1/50?SEARCHFIELDS=StudentID&schoolyearid=13`, {
      SearchCondition: {
        LongSearchCondition: { FieldName: 'StudentID', ConditionType: 'Less', Value: 1005 },
      },
    });
    expect(one.rows.length).toBeGreaterThan(0);
    expect(one.text).toBe(other.text);
  });

  it('accepts field names, prefix, module and object in any case, and responds with the requested names', async () => {
    const one = await call(`/custom/2/student/STUDENT/1/5?searchFields=studentid`);
    const other = await call(`${students}/1/5?searchFields=StudentID`);
    expect(one.rows.map((row) => row['studentid'])).toEqual(
      other.rows.map((row) => row['StudentID']),
    );
    expect(one.rows[0]).toEqual({ studentid: expect.any(Number) });
  });

  it('limits rows to the school year of the query or of the search parameters', async () => {
    const byQuery = await call(
      `${enrollmentPath}/1/9999?searchFields=SchoolYearID&SchoolYearID=12`,
    );
    const byBody = await call(`${enrollmentPath}/1/9999?searchFields=SchoolYearID`, {
      SearchParameters: { SchoolYearID: '12' },
    });
    expect(new Set(byQuery.rows.map((row) => row['SchoolYearID']))).toEqual(new Set([12]));
    expect(byBody.text).toBe(byQuery.text);
  });

  it.each([
    ['filter', '', [11, 12, 13, 14]],
    ['current-when-blank', '', [13]],
    ['current-when-blank', '&SchoolYearID=12', [12]],
    ['context-only', '&SchoolYearID=12', [11, 12, 13, 14]],
  ] as const)('reads SchoolYearID as configured: %s with "%s"', async (rule, query, years) => {
    const other = createSandbox({
      students: 60,
      today: '2026-11-23',
      switches: { 'school-year': rule },
    });
    const request = await signIn(other);
    const { rows } = await request(`${enrollmentPath}/1/9999?searchFields=SchoolYearID${query}`);
    expect(new Set(rows.map((row) => row['SchoolYearID']))).toEqual(new Set(years));
  });

  it('shows a school its rows of entity-bound objects, and the district all rows', async () => {
    const school = await call('/Custom/3/Enrollment/EntryWithdrawal/1/9999?searchFields=EntityID');
    expect(new Set(school.rows.map((row) => row['EntityID']))).toEqual(new Set([3]));
    const district = await call(`${enrollmentPath}/1/9999?searchFields=EntityID`);
    expect(new Set(district.rows.map((row) => row['EntityID'])).size).toBeGreaterThan(5);
    expect((await call('/Custom/3/District/Entity/4?searchFields=Name')).status).toBe(404);
  });

  it('describes itself: system, module and fields', async () => {
    const system = await call('/Custom/GetSystemMetadata');
    expect(system.json).toMatchObject({
      System: {
        EntityID: 1,
        Districts: [{ EntityID: sandbox.entityId, SchoolYearCurrent: { NumericYear: 2027 } }],
      },
    });
    const module = await call('/Custom/2/Student');
    expect(module.json).toMatchObject({ Student: { href: students } });
    const fields = await call(students);
    expect(fields.json?.['StudentID']).toMatchObject({ PrimaryKey: true, ReadOnly: true });
    expect(fields.json?.['NameID']).not.toHaveProperty('PrimaryKey');
    expect(fields.json?.['NameID']).not.toHaveProperty('ReadOnly');
    expect(fields.json).toHaveProperty('Relationships.Name');
    expect(fields.json).toHaveProperty('ValidationRules.NameID');
    expect(fields.json).not.toHaveProperty('StudentStateID');
  });

  it.each([
    [
      'an unknown prefix',
      '/Private/2/Student/Student/1/5?searchFields=StudentID',
      404,
      /Generic or \/Custom/u,
    ],
    [
      'an unknown entity',
      '/Custom/99/Student/Student/1/5?searchFields=StudentID',
      404,
      /Entity '99'/u,
    ],
    [
      'an unknown module',
      '/Custom/2/Stundent/Student/1/5?searchFields=StudentID',
      404,
      /Module 'Stundent'/u,
    ],
    [
      'an unknown object',
      '/Custom/2/Student/Unknown/1/5?searchFields=StudentID',
      404,
      /'Student\/Unknown'/u,
    ],
    ['an unknown row', `${students}/7?searchFields=StudentID`, 404, /no row 7/u],
    [
      'an unknown field',
      `${students}/1/5?searchFields=Shoe`,
      400,
      /Student\/Student has no field 'Shoe'/u,
    ],
    [
      'an unknown relationship',
      `${students}/1/5?searchFields=Mother.LastName`,
      400,
      /no relationship 'Mother'.*Name/u,
    ],
    [
      'fields not granted',
      `${students}/1/5?searchFields=StudentStateID&searchFields=IsLEP&searchFields=StudentID`,
      403,
      /StudentStateID/u,
    ],
    [
      'an object not granted',
      '/Custom/2/Demographics/EmergencyContact/1/5?searchFields=Rank',
      403,
      /Demographics\/EmergencyContact/u,
    ],
    ['no fields at all', `${students}/1/5`, 400, /names no searchFields/u],
    ['page 0', `${students}/0/5?searchFields=StudentID`, 400, /first is 1/u],
    ['too large a page', `${students}/1/100001?searchFields=StudentID`, 400, /100000/u],
    [
      'an unknown query parameter',
      `${students}/1/5?searchFields=StudentID&Filter=x`,
      400,
      /'Filter'/u,
    ],
    [
      'an unknown school year',
      `${students}/1/5?searchFields=StudentID&SchoolYearID=99`,
      400,
      /School year 99/u,
    ],
    [
      'a school year that is no number',
      `${students}/1/5?searchFields=StudentID&SchoolYearID=x`,
      400,
      /SchoolYearID/u,
    ],
    ['too many parts', `${students}/1/5/9?searchFields=StudentID`, 404, /too many parts/u],
  ])('rejects %s', async (_, path, status, message) => {
    const response = await call(path);
    expect(response.json?.['error']).toMatch(message);
    expect(response.status).toBe(status);
  });

  it('names every field without permission', async () => {
    const response = await call(
      `${students}/1/5?searchFields=StudentStateID&searchFields=IsLEP&searchFields=StudentID`,
    );
    expect(response.json).toMatchObject({
      object: 'Student/Student',
      fields: ['StudentStateID', 'IsLEP'],
    });
    expect(response.json?.['error']).toMatch(/fields StudentStateID, IsLEP of Student\/Student/u);
  });

  it.each([
    ['no JSON', '{', /not JSON/u],
    ['a list', [], /must be a JSON object/u],
    ['an unknown member', { Where: 1 }, /unknown member 'Where'/u],
    [
      'an unknown field',
      {
        SearchCondition: {
          LongSearchCondition: { FieldName: 'Shoe', ConditionType: 'Equal', Value: 1 },
        },
      },
      /'Shoe'/u,
    ],
    ['a sort that is no list', { SearchSort: {} }, /SearchSort/u],
    [
      'a direction in words',
      { SearchSort: [{ FieldName: 'StudentID', Descending: 'yes' }] },
      /true or false/u,
    ],
    ['unknown search parameters', { SearchParameters: { Campus: 1 } }, /'Campus'/u],
  ])('rejects a search body with %s', async (_, body, message) => {
    const response = await call(`${students}/1/5?searchFields=StudentID`, body);
    expect(response.status).toBe(400);
    expect(response.json?.['error']).toMatch(message);
  });
});

async function createTestSandbox() {
  const sandbox = createSandbox({ students: 30, today: '2026-11-23' });
  return { sandbox, call: await signIn(sandbox) };
}

describe('writing', () => {
  const types = '/Custom/2/Enrollment/StudentType';
  it('creates, changes and deletes a row, and lists what is left', async () => {
    const { call } = await createTestSandbox();
    const made = await call(
      `${types}?searchFields=StudentTypeID&searchFields=Code`,
      { DataObject: { Code: 'Q', Description: 'Quest' } },
      'PUT',
    );
    expect(made.json).toEqual({ StudentTypeID: 9, Code: 'Q' });
    const changed = await call(`${types}/9?searchFields=CodeDescription`, {
      DataObject: { StudentTypeID: 9, Code: 'R' },
    });
    expect(changed.json).toEqual({ CodeDescription: 'R - Quest' });
    expect((await call(`${types}/7?ignoreWarnings=TRUE`, undefined, 'DELETE')).json).toEqual({
      StudentTypeID: 7,
    });
    const left = await call(`${types}/1/9?searchFields=StudentTypeID`);
    expect(left.rows).toEqual([{ StudentTypeID: 6 }, { StudentTypeID: 8 }, { StudentTypeID: 9 }]);
    expect((await call(`${types}/7?searchFields=Code`)).status).toBe(404);
  });

  it.each([
    ['a missing required field', { Code: 'Q' }, /needs a value for Description/u],
    ['a read-only field', { Code: 'Q', Description: 'Quest', CodeDescription: 'x' }, /read-only/u],
    ['an unknown field', { Code: 'Q', Description: 'Quest', Shoe: 1 }, /'Shoe'/u],
    ['a number for a text', { Code: 7, Description: 'Quest' }, /must be a text/u],
    [
      'a key that leads nowhere',
      { Code: 'Q', Description: 'Quest', DistrictID: 99 },
      /District\/District has no row 99/u,
    ],
  ])('rejects %s', async (_, values, message) => {
    const { call } = await createTestSandbox();
    const response = await call(types, { DataObject: values }, 'PUT');
    expect(response.status).toBe(400);
    expect(response.json?.['error']).toMatch(message);
  });

  it('rejects writing with a read-only access', async () => {
    const { sandbox, call } = await createTestSandbox();
    sandbox.accesses.change(sandbox.clientKey, { allowsWriting: false });
    const body = { DataObject: { Code: 'Q', Description: 'Quest' } };
    expect((await call(types, body, 'PUT')).status).toBe(403);
    expect((await call(`${types}/7`, undefined, 'DELETE')).status).toBe(403);
  });

  it('shows a change of a name in every field computed from it', async () => {
    const { sandbox, call } = await createTestSandbox();
    const nameId = Number(sandbox.rows('Student/Student').get(1001, 'NameID'));
    sandbox
      .rows('Demographics/Name')
      .update(nameId, { LastName: 'Ó Súilleabháin', MiddleName: null });
    const { rows } = await call(
      `${students}/1/1?searchFields=LastName&searchFields=Name.FullNameLFM`,
    );
    expect(rows[0]?.['LastName']).toBe('Ó Súilleabháin');
    expect(Object(rows[0]?.['Name'])['FullNameLFM']).toMatch(/^Ó Súilleabháin, [^ ]+/u);
  });
});

describe('cached responses', () => {
  it('are the same bytes until a row changes, with their length', async () => {
    const sandbox = createSandbox({ students: 30, today: '2026-11-23', cacheResponses: true });
    const call = await signIn(sandbox);
    const path = `${students}/1/5?searchFields=StudentNumber`;
    const [first, second] = [await call(path), await call(path)];
    expect(second.text).toBe(first.text);
    expect(second.headers.get('content-length')).toBe(
      String(new TextEncoder().encode(first.text).length),
    );
    sandbox.rows('Student/Student').update(1001, { StudentNumber: 'changed' });
    expect((await call(path)).rows[0]).toEqual({ StudentNumber: 'changed' });
  });

  it('are not served to an access that lost the field', async () => {
    const sandbox = createSandbox({ students: 30, today: '2026-11-23', cacheResponses: true });
    const call = await signIn(sandbox);
    const path = `${students}/1/5?searchFields=StudentNumber`;
    await call(path);
    sandbox.accesses.dropFields(sandbox.clientKey, 'Student/Student', ['StudentNumber']);
    expect((await call(path)).status).toBe(403);
  });
});

describe('outside the API', () => {
  it('also responds with a clear error', async () => {
    const sandbox = createSandbox({ students: 30, today: '2026-11-23' });
    const response = await readResponse(await sandbox.app.request('/elsewhere'));
    expect(response.status).toBe(404);
    expect(response.json?.['error']).toMatch(/PracticeStuAPI/u);
    expect((await requestToken(sandbox)).status).toBe(200);
  });
});
