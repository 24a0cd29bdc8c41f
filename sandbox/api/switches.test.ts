/** Tests of every value of every switch over HTTP. */
import { gunzipSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contractSwitches, type SwitchName, type SwitchValues } from './contract-switches.ts';
import { readResponse, requestToken, signIn, type ApiResponse } from './sandbox-client.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { parseSwitchArguments, parseSwitchValues } from './switches.ts';

/** Switches that change the district's data, tested with that data. */
type DataSwitch = 'withdrawal-date' | 'no-show';

/** An observation, and its expected result for each value. */
interface Observation<Value extends string> {
  readonly observe: (sandbox: Sandbox) => Promise<unknown>;
  readonly values: Readonly<Record<Value, unknown>>;
}

type Observations = {
  readonly [Name in Exclude<SwitchName, DataSwitch>]: Observation<SwitchValues[Name]>;
};

const students = '/Custom/2/Student/Student';
const enrollmentPath = '/Custom/2/Enrollment/EntryWithdrawal';
const names = '/Custom/2/Demographics/Name';
const emails = '/Custom/2/Demographics/NameEmail';

const grant = { grant_type: 'client_credentials' };

async function token(
  sandbox: Sandbox,
  { method = 'POST', pair = '', form = {}, headers = {} }: TokenRequest = {},
): Promise<Response> {
  const basic =
    pair === '' ? {} : { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  const query = new URLSearchParams({ ...grant, ...form });
  return method === 'POST'
    ? sandbox.app.request(`${sandbox.basePath}/oauth/token`, {
        method,
        body: query,
        headers: { ...basic, ...headers },
      })
    : sandbox.app.request(`${sandbox.basePath}/oauth/token?${query.toString()}`, {
        headers: { ...basic, ...headers },
      });
}

interface TokenRequest {
  readonly method?: 'GET' | 'POST';
  readonly pair?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const observeForm = ({ clientKey, clientSecret }: Sandbox) => ({
  client_id: clientKey,
  client_secret: clientSecret,
});
const plainPair = ({ clientKey, clientSecret }: Sandbox) => `${clientKey}:${clientSecret}`;
const encodedPair = ({ clientKey, clientSecret }: Sandbox) =>
  `${encodeURIComponent(clientKey)}:${encodeURIComponent(clientSecret)}`;

async function statuses(responses: readonly Promise<{ status: number }>[]): Promise<number[]> {
  return (await Promise.all(responses)).map(({ status }) => status);
}

const statusAndText = ({ status, text }: ApiResponse) => [status, text] as const;

/** Returns an otherwise valid search body. */
const search = (condition: unknown, sort?: unknown) => ({
  SearchCondition: condition,
  ...(sort === undefined ? {} : { SearchSort: sort }),
});
const byId = (type: string, value?: number) => ({
  LongSearchCondition: { FieldName: 'StudentID', ConditionType: type, Value: value },
});
const group = (...conditions: unknown[]) => ({
  SearchConditionGroup: { ConditionGroupType: 'And', Conditions: conditions },
});

/** Returns the first value of a field that differs from the usual one. */
async function findValue(sandbox: Sandbox, path: string, field: string, id: number) {
  const call = await signIn(sandbox);
  const { json } = await call(`${path}/${id}?searchFields=${field}`);
  return json?.[field];
}

/** Adds a student without middle name, suffix and birth date. */
function withoutValues(sandbox: Sandbox): number {
  const [id = 0] = sandbox.rows('Demographics/Name').ids();
  sandbox
    .rows('Demographics/Name')
    .update(id, { MiddleName: null, NameSuffixID: null, BirthDate: null });
  return id;
}

const missing = (field: string) => async (sandbox: Sandbox) =>
  findValue(sandbox, names, field, withoutValues(sandbox));

/** Requests a page of a list of at least two pages. */
async function pages(sandbox: Sandbox, page: number, query = '?searchFields=StudentID') {
  const call = await signIn(sandbox);
  const { json } = await call(`${students}/${page}/10${query}`);
  return json?.['Paging'];
}

const lastPage = (sandbox: Sandbox) => Math.ceil(sandbox.rows('Student/Student').size / 10);

async function pastTheEnd(sandbox: Sandbox) {
  const call = await signIn(sandbox);
  const response = await call(`${students}/${lastPage(sandbox) + 1}/10?searchFields=StudentID`);
  return [
    response.status,
    response.text === '' ? '' : response.json?.['Objects'],
    response.rows.length,
  ];
}

const observePermissions = (path: string, fields: string) => async (sandbox: Sandbox) => {
  const call = await signIn(sandbox);
  const response = await call(`${path}/1/500?${fields}`);
  const metadata = await call(path);
  return [
    response.status,
    response.json?.['error'] ?? response.json?.['Objects'] ?? response.text,
    metadata.status,
  ];
};

const deniedObject = (object: string) =>
  `The Integration Access was not granted the object ${object}.`;

/** Observes a field: the status, the error or its values, and whether the metadata name it. */
const fieldIn = (path: string, key: string, field: string) => async (sandbox: Sandbox) => {
  const call = await signIn(sandbox);
  const response = await call(`${path}/1/500?searchFields=${key}&searchFields=${field}`);
  const values = new Set(
    response.rows.map((row) => (field in row ? (row[field] === null ? null : 'value') : 'absent')),
  );
  const metadata = await call(path);
  return [response.status, response.json?.['error'] ?? values, field in Object(metadata.json)];
};

const listStarts = (date: string) => async (sandbox: Sandbox) => {
  const [id = 0] = sandbox.rows('Enrollment/EntryWithdrawal').ids();
  sandbox.rows('Enrollment/EntryWithdrawal').update(id, { StartDate: `${date}T00:00:00` });
  return findValue(sandbox, enrollmentPath, 'StartDate', id);
};

/** Returns a response as bytes; the token is requested in the default form. */
async function readBytes(sandbox: Sandbox, path: string) {
  const { values } = sandbox.switches;
  sandbox.switches.reset();
  const { json } = await requestToken(sandbox);
  sandbox.switches.set(values);
  const response = await sandbox.app.request(`${sandbox.basePath}${path}`, {
    headers: { Authorization: `Bearer ${String(json?.['access_token'])}` },
  });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** A list with one name, `José Łuc`. */
const aList = `${names}/1/1?searchFields=FirstName`;

function rename(sandbox: Sandbox): void {
  const [id = 0] = sandbox.rows('Demographics/Name').ids();
  sandbox.rows('Demographics/Name').update(id, { FirstName: 'José Łuc' });
}

async function expire(sandbox: Sandbox) {
  const call = await signIn(sandbox);
  sandbox.accesses.expireTokens();
  return statusAndText(await call(`${students}/1/5?searchFields=StudentID`));
}

const observations: Observations = {
  'token-form': {
    observe: (sandbox) =>
      statuses([
        token(sandbox, { form: observeForm(sandbox) }),
        token(sandbox, { pair: plainPair(sandbox) }),
        token(sandbox, { method: 'GET', pair: encodedPair(sandbox) }),
      ]),
    values: {
      any: [200, 200, 200],
      'post-form': [200, 401, 405],
      'post-basic': [401, 200, 405],
      'get-basic': [405, 405, 200],
    },
  },
  'basic-pair': {
    observe: (sandbox) =>
      statuses([
        token(sandbox, { pair: plainPair(sandbox) }),
        token(sandbox, { pair: encodedPair(sandbox) }),
      ]),
    values: { either: [200, 200], plain: [200, 401], encoded: [401, 200] },
  },
  'integration-token': {
    observe: (sandbox) =>
      statuses(
        [{}, { 'Skyward-Integration-Token': sandbox.integrationToken }].map((headers) =>
          token(sandbox, { form: observeForm(sandbox), headers }),
        ),
      ),
    values: { ignored: [200, 200], required: [401, 200], other: [401, 401] },
  },
  'token-status': {
    observe: (sandbox) => statuses([token(sandbox, { form: observeForm(sandbox) })]),
    values: { 'status-200': [200], 'status-201': [201] },
  },
  'token-response': {
    observe: async (sandbox) => (await token(sandbox, { form: observeForm(sandbox) })).json(),
    values: {
      full: { access_token: expect.any(String), token_type: 'bearer', expires_in: 3600 },
      'token-only': { access_token: expect.any(String) },
      'lifetime-as-text': {
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: '3600',
      },
    },
  },
  'token-lifetime': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const seen: number[] = [];
      for (let count = 1; count <= 21; count += 1) {
        seen.push((await call(`${students}/1/1?searchFields=StudentID`)).status);
      }
      return seen.slice(-2);
    },
    values: { long: [200, 200], 'twenty-requests': [200, 403] },
  },
  'expired-token-response': {
    observe: expire,
    values: {
      '403-token-has-expired': [403, '{"error":"Token has expired"}'],
      '401-unauthorized': [401, '{"error":"Unauthorized"}'],
      '401-empty': [401, ''],
      '400-access-token-has-expired': [400, '{"error":"The access token provided has expired."}'],
      '403-your-token-expired': [403, '{"error":"Your token expired."}'],
      '200-token-expired': [200, '{"error":"Token expired"}'],
    },
  },
  'live-tokens': {
    observe: async (sandbox) => {
      const calls = [await signIn(sandbox), await signIn(sandbox)];
      return statuses(calls.map((call) => call(`${students}/1/1?searchFields=StudentID`)));
    },
    values: { many: [200, 200], 'newest-only': [403, 200] },
  },
  'user-agent': {
    observe: (sandbox) =>
      statuses(
        [{}, { 'User-Agent': 'Client/1.0' }].map((headers) =>
          token(sandbox, { form: observeForm(sandbox), headers }),
        ),
      ),
    values: { ignored: [200, 200], required: [403, 200] },
  },
  'path-case': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const paths = [
        'Custom/2/Student/Student',
        'custom/2/Student/Student',
        'custom/2/student/student',
      ];
      return statuses(paths.map((path) => call(`/${path}/1/1?searchFields=StudentID`)));
    },
    values: {
      any: [200, 200, 200],
      'as-documented': [200, 404, 404],
      'lower-prefix': [404, 200, 404],
    },
  },
  'doubled-slash': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      return statuses([
        call(`/${students}/1/1?searchFields=StudentID`),
        call(`${students}/1/1?searchFields=StudentID`),
      ]);
    },
    values: { taken: [200, 200], refused: [404, 200] },
  },
  'generic-prefix': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const paths = [students, students.replace('Custom', 'Generic')];
      return statuses(paths.map((path) => call(`${path}/1/1?searchFields=StudentID`)));
    },
    values: { works: [200, 200], refused: [200, 403] },
  },
  'system-metadata': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const { status, json } = await call('/Custom/GetSystemMetadata');
      const system = json?.['System'];
      const [first] = Array.isArray(system) ? (system as unknown[]) : [system];
      const district: unknown = Object(first)['Districts']?.[0];
      return [status, Array.isArray(system), Object(district)['SchoolYearCurrent']?.NumericYear];
    },
    values: {
      object: [200, false, 2027],
      list: [200, true, 2027],
      refused: [403, false, undefined],
      'without-current-year': [200, false, undefined],
    },
  },
  'field-metadata': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const { status, json } = await call(students);
      return [status, json?.['StudentID'], 'Relationships' in Object(json)];
    },
    values: {
      full: [200, { DataType: 'BigInt', PrimaryKey: true, ReadOnly: true }, true],
      'names-only': [200, {}, false],
      refused: [403, undefined, false],
    },
  },
  'entity-picker': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const { status, rows } = await call(`${students}/1/5?searchFields=StudentID`);
      return [status, rows.length];
    },
    values: {
      picked: [200, 5],
      'refused-403': [403, 0],
      'refused-404': [404, 0],
      'empty-lists': [200, 0],
    },
  },
  'envelope-case': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const { json } = await call(`${students}/1/5?searchFields=StudentID`);
      return [
        ...Object.keys(json ?? {}),
        ...Object.keys(Object(json?.['paging'] ?? json?.['Paging'])),
      ];
    },
    values: { documented: ['Objects', 'Paging', 'Next'], lower: ['objects', 'paging', 'next'] },
  },
  'field-case': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const { rows } = await call(`${students}/1/1?searchFields=StudentID`);
      return Object.keys(rows[0] ?? {});
    },
    values: {
      asked: ['StudentID'],
      'lower-first': ['studentID'],
      lower: ['studentid'],
      upper: ['STUDENTID'],
    },
  },
  'row-extras': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const { rows, json } = await call(`${students}/1/1?searchFields=StudentID`);
      return [rows[0] ?? {}, json ?? {}, Object(json?.['Paging'])].map((part) =>
        Object.keys(part).toSorted(),
      );
    },
    values: {
      none: [['StudentID'], ['Objects', 'Paging'], ['Next']],
      some: [
        ['RowVersion', 'StudentID', '_links'],
        ['Objects', 'Paging', 'Warnings'],
        ['Next', 'Previous'],
      ],
    },
  },
  'next-form': {
    observe: (sandbox) => pages(sandbox, 1),
    values: {
      path: { Next: `${students}/2/10` },
      'path-with-query': { Next: `${students}/2/10?searchFields=StudentID` },
      'lower-case-path': { Next: '/custom/2/student/student/2/10' },
      absolute: { Next: `http://localhost/PracticeStuAPI${students}/2/10` },
      none: {},
    },
  },
  'last-next': {
    observe: (sandbox) => pages(sandbox, lastPage(sandbox)),
    values: {
      null: { Next: null },
      absent: {},
      empty: { Next: '' },
      'own-address': { Next: expect.stringMatching(/Student\/[1-9]\d*\/10$/u) },
    },
  },
  'past-the-end': {
    observe: pastTheEnd,
    values: {
      'empty-list': [200, [], 0],
      'status-404': [404, undefined, 0],
      'status-204': [204, '', 0],
      'null-list': [200, null, 0],
      'last-page-again': [200, expect.any(Array), expect.toSatisfy((count) => Number(count) > 0)],
    },
  },
  'empty-list': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const response = await call(
        `${students}/1/10?searchFields=StudentID`,
        search(byId('Less', 0)),
      );
      return [response.status, response.text];
    },
    values: {
      'empty-list': [200, '{"Objects":[],"Paging":{"Next":null}}'],
      'status-204': [204, ''],
      'null-list': [200, '{"Objects":null,"Paging":null}'],
    },
  },
  'page-size': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const sizes = [100, 101];
      const responses = await Promise.all(
        sizes.map((size) => call(`${names}/1/${size}?searchFields=NameID`)),
      );
      return responses.map(({ status, rows, next }) => [
        status,
        rows.length,
        next?.split('/').at(-1),
      ]);
    },
    values: {
      any: [
        [200, 100, '100'],
        [200, 101, '101'],
      ],
      'capped-at-50': [
        [200, 50, '50'],
        [200, 50, '50'],
      ],
      'refused-over-100': [
        [200, 100, '100'],
        [400, 0, undefined],
      ],
    },
  },
  'page-length': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const ids: unknown[] = [];
      const lengths = new Set<number>();
      let path: string | null = `${students}/1/10`;
      while (path !== null) {
        const { rows, next } = await call(`${path}?searchFields=StudentID`);
        if (next !== null) lengths.add(rows.length);
        ids.push(...rows.map((row) => row['StudentID']));
        path = next;
      }
      expect(ids).toEqual([...sandbox.rows('Student/Student').ids()]);
      return [...lengths].toSorted((one, other) => one - other);
    },
    values: { even: [10], uneven: [8, 9] },
  },
  sort: {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const sort = [{ FieldName: 'StudentID', Descending: true }];
      const { status, rows } = await call(
        `${students}/1/500?searchFields=StudentID`,
        search(byId('NotNull'), sort),
      );
      const ids = rows.map((row) => Number(row['StudentID']));
      const up = ids.toSorted((one, other) => one - other);
      const is = (order: readonly number[]) => ids.every((id, place) => id === order[place]);
      return [status, ids.length > 0 && is(up), ids.length > 0 && is(up.toReversed())];
    },
    values: {
      obeyed: [200, false, true],
      refused: [400, false, false],
      'ignored-in-key-order': [200, true, false],
      'ignored-in-other-order': [200, false, false],
    },
  },
  'empty-group': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const path = `${students}/1/5?searchFields=StudentID`;
      return statuses([call(path, search(group())), call(path, search(group(byId('NotNull'))))]);
    },
    values: { taken: [200, 200], refused: [400, 200] },
  },
  'nested-groups': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const path = `${students}/1/5?searchFields=StudentID`;
      const inner = group(byId('NotNull'));
      return statuses([call(path, search(group(inner))), call(path, search(inner))]);
    },
    values: { taken: [200, 200], refused: [400, 200] },
  },
  'condition-kind': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const send = (kind: string, FieldName: string, Value: unknown) =>
        call(`${students}/1/5?searchFields=StudentID`, {
          SearchCondition: { [kind]: { FieldName, ConditionType: 'Equal', Value } },
        });
      return statuses([
        send('StringSearchCondition', 'StudentID', '1001'),
        send('LongSearchCondition', 'IsGraduated', 1),
        send('LongSearchCondition', 'StudentID', 1001),
        send('BoolSearchCondition', 'IsGraduated', false),
        send('StringSearchCondition', 'StudentNumber', '1'),
      ]);
    },
    values: { any: [200, 200, 200, 200, 200], 'fits-type': [400, 400, 200, 200, 200] },
  },
  'school-year': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const listYears = async (query: string) => {
        const { rows } = await call(`${enrollmentPath}/1/9999?searchFields=SchoolYearID${query}`);
        return new Set(rows.map((row) => row['SchoolYearID'])).size;
      };
      return [await listYears(''), await listYears('&SchoolYearID=12')];
    },
    values: { filter: [4, 1], 'current-when-blank': [1, 1], 'context-only': [4, 4] },
  },
  'dotted-fields': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const { status, rows } = await call(`${students}/1/1?searchFields=Name.LastName`);
      return [status, rows[0]];
    },
    values: {
      nested: [200, { Name: { LastName: expect.any(String) } }],
      flat: [200, { 'Name.LastName': expect.any(String) }],
      refused: [400, undefined],
    },
  },
  'rate-limit': {
    observe: async (sandbox) => {
      const responses: Response[] = [];
      for (let count = 1; count <= 15; count += 1)
        responses.push(await token(sandbox, { form: observeForm(sandbox) }));
      return responses.slice(-2).map(({ status, headers }) => [status, headers.get('retry-after')]);
    },
    values: {
      none: [
        [200, null],
        [200, null],
      ],
      'status-429': [
        [200, null],
        [429, '1'],
      ],
    },
  },
  'list-not-granted': {
    observe: observePermissions(emails, 'searchFields=NameEmailID'),
    values: {
      granted: [200, expect.arrayContaining([{ NameEmailID: expect.any(Number) }]), 200],
      'refused-403': [403, deniedObject('Demographics/NameEmail'), 403],
      'refused-404': [404, "Object 'Demographics/NameEmail' does not exist.", 404],
      'refused-400': [400, 'The request is not valid.', 400],
      'refused-401': [401, 'Unauthorized', 401],
      'refused-500': [500, 'An error has occurred.', 500],
      'error-with-200': [200, 'You do not have access.', 200],
      'null-list': [200, '{"Objects":null,"Paging":null}', 200],
      'empty-list': [200, [], 200],
    },
  },
  'table-not-granted': {
    observe: observePermissions(
      '/Custom/2/Demographics/Relationship',
      'searchFields=RelationshipID',
    ),
    values: {
      granted: [200, expect.arrayContaining([{ RelationshipID: expect.any(Number) }]), 200],
      'refused-403': [403, deniedObject('Demographics/Relationship'), 403],
      'refused-404': [404, "Object 'Demographics/Relationship' does not exist.", 404],
      'empty-list': [200, [], 200],
    },
  },
  'required-not-granted': {
    observe: observePermissions(
      '/Custom/2/Enrollment/WithdrawalCode',
      'searchFields=WithdrawalCodeID',
    ),
    values: {
      granted: [200, expect.arrayContaining([{ WithdrawalCodeID: expect.any(Number) }]), 200],
      'refused-403': [403, deniedObject('Enrollment/WithdrawalCode'), 403],
      'empty-list': [200, [], 200],
    },
  },
  'field-not-granted': {
    observe: fieldIn(names, 'NameID', 'MiddleName'),
    values: {
      granted: [200, new Set([null, 'value']), true],
      absent: [200, new Set(['absent']), false],
      'null-for-all': [200, new Set([null]), false],
      'refused-by-name': [403, 'You do not have access to MiddleName.', false],
      'refused-403-without-name': [403, 'Forbidden', false],
      'refused-401-without-name': [401, 'Unauthorized', false],
      'refused-400-without-name': [400, 'An error has occurred.', false],
      'error-with-200': [200, 'The field MiddleName is not permitted.', false],
    },
  },
  'required-field-not-granted': {
    observe: fieldIn(enrollmentPath, 'EntryWithdrawalID', 'EndDate'),
    values: {
      granted: [200, new Set([null, 'value']), true],
      absent: [200, new Set(['absent']), false],
      'null-for-all': [200, new Set([null]), false],
      'refused-by-name': [403, 'You do not have access to EndDate.', false],
    },
  },
  'error-body': {
    observe: async (sandbox) => {
      const call = await signIn(sandbox);
      const { text, headers } = await call(`${students}/0/5?searchFields=StudentID`);
      return [headers.get('content-type'), text];
    },
    values: {
      error: ['application/json; charset=utf-8', `{"error":"'0' is not a page; the first is 1."}`],
      'errors-list': [
        'application/json; charset=utf-8',
        `{"errors":["'0' is not a page; the first is 1."]}`,
      ],
      message: [
        'application/json; charset=utf-8',
        `{"Message":"'0' is not a page; the first is 1."}`,
      ],
      text: ['text/plain; charset=utf-8', "'0' is not a page; the first is 1."],
      html: ['text/html; charset=utf-8', expect.stringMatching(/^<!DOCTYPE html>[^]*'0' is not/u)],
    },
  },
  'missing-value': { observe: missing('MiddleName'), values: { null: null, absent: undefined } },
  'missing-text': { observe: missing('MiddleName'), values: { null: null, empty: '' } },
  'missing-id': { observe: missing('NameSuffixID'), values: { null: null, zero: 0 } },
  'missing-date': {
    observe: missing('BirthDate'),
    values: {
      null: null,
      'first-day-of-dotnet': '0001-01-01T00:00:00',
      'last-day-of-dotnet': '9999-12-31T00:00:00',
      empty: '',
    },
  },
  'date-form': {
    observe: listStarts('2026-08-02'),
    values: {
      'iso-midnight': '2026-08-02T00:00:00',
      'iso-date': '2026-08-02',
      'iso-midnight-utc': '2026-08-02T00:00:00Z',
      'us-date': '8/2/2026',
      'us-midnight': '8/2/2026 12:00:00 AM',
      'us-midnight-narrow-space': '8/2/2026 12:00:00\u202FAM',
      'day-month-name': '02-AUG-2026',
    },
  },
  'byte-order-mark': {
    observe: async (sandbox) => {
      const found: boolean[] = [];
      for (const path of [aList, '/Custom/GetSystemMetadata', `${students}/0/1`]) {
        const { bytes } = await readBytes(sandbox, path);
        found.push(bytes.subarray(0, 3).toString('hex') === 'efbbbf');
      }
      return found;
    },
    values: {
      none: [false, false, false],
      everywhere: [true, true, true],
      'lists-only': [true, false, false],
    },
  },
  charset: {
    observe: async (sandbox) => {
      rename(sandbox);
      const { response, bytes } = await readBytes(sandbox, aList);
      const type = response.headers.get('content-type');
      return [
        type,
        bytes.includes(Buffer.from('José', 'utf8')),
        bytes.includes(Buffer.from('José', 'latin1')),
        bytes.includes(Buffer.from('José Łuc', 'utf16le')),
      ];
    },
    values: {
      'utf-8': ['application/json; charset=utf-8', true, false, false],
      'latin-1': ['application/json; charset=iso-8859-1', false, true, false],
      'utf-16': ['application/json; charset=utf-16', false, false, true],
      mislabeled: ['application/json; charset=utf-8', false, true, false],
    },
  },
  'content-encoding': {
    observe: async (sandbox) => {
      rename(sandbox);
      const { response, bytes } = await readBytes(sandbox, aList);
      const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
      const isDeflate = bytes[0] === 0x78;
      const text = isGzip ? gunzipSync(bytes) : isDeflate ? inflateSync(bytes) : bytes;
      expect(text.toString('utf8')).toContain('José Łuc');
      return [response.headers.get('content-encoding'), isGzip, isDeflate];
    },
    values: {
      none: [null, false, false],
      gzip: ['gzip', true, false],
      'x-gzip': ['x-gzip', true, false],
      deflate: ['deflate', false, true],
      mislabeled: ['gzip', false, false],
    },
  },
};

const cases = Object.entries(observations).flatMap(([name, { observe, values }]) =>
  Object.entries(values).map(([value, expected]) => ({ name, value, observe, expected })),
);

describe('a switch is observable', () => {
  it.each(cases)('$name=$value', async ({ name, value, observe, expected }) => {
    const sandbox = createSandbox({
      students: 60,
      today: '2026-11-23',
      switches: parseSwitchArguments([`${name}=${value}`]),
    });
    expect(await observe(sandbox)).toEqual(expected);
  });

  it('changed while running, and no cached response is used', async () => {
    const sandbox = createSandbox({ students: 60, today: '2026-11-23', cacheResponses: true });
    const call = await signIn(sandbox);
    const path = `${students}/1/1?searchFields=StudentID`;
    const before = await call(path);
    sandbox.switches.set({ 'field-case': 'upper' });
    expect((await call(path)).rows[0]).toHaveProperty('STUDENTID');
    sandbox.switches.set({ 'field-case': 'asked', sort: 'refused' });
    expect((await call(path)).text).toBe(before.text);
    expect((await call(path, search(byId('NotNull'), []))).status).toBe(400);
    sandbox.switches.reset();
    expect((await call(path, search(byId('NotNull'), []))).status).toBe(200);
  });

  it('an empty list for a missing permission, whatever the form of empty lists', async () => {
    const sandbox = createSandbox({
      students: 60,
      today: '2026-11-23',
      switches: { 'list-not-granted': 'empty-list', 'empty-list': 'status-204' },
    });
    const call = await signIn(sandbox);
    const response = await call(`${emails}/1/5?searchFields=NameEmailID`);
    expect([response.status, response.json?.['Objects']]).toEqual([200, []]);
  });

  it('in a rejected token request as in any other', async () => {
    const sandbox = createSandbox({
      students: 60,
      today: '2026-11-23',
      switches: { 'error-body': 'message' },
    });
    const response = await readResponse(
      await token(sandbox, { form: { client_id: 'x', client_secret: 'y' } }),
    );
    expect(response.json).toEqual({ Message: expect.stringMatching(/^invalid_client: /u) });
  });
});

describe('names and values of switches', () => {
  it('have the first value as default', () => {
    const sandbox = createSandbox({ students: 60, today: '2026-11-23' });
    for (const [name, { values }] of Object.entries(contractSwitches)) {
      expect(Object.entries(sandbox.switches.values)).toContainEqual([
        name,
        Object.keys(values)[0],
      ]);
    }
  });

  it.each([
    ['weather=fine', /Switch 'weather' does not exist.*charset/u],
    ['charset=klingon', /'charset' has these values: utf-8, latin-1/u],
    ['charset', /written name=value/u],
  ])('reject %s', (text, message) => {
    expect(() => parseSwitchArguments([text])).toThrow(message);
  });

  it('reject a value that is not an object', () => {
    expect(() => parseSwitchValues(['charset'])).toThrow(/JSON object/u);
  });
});
