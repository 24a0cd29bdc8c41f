/** Probes of the sandbox in many forms: what they find, what they cost, and that reports contain no personal data. */
import { expect, it } from 'vitest';
import type { RunningSandbox } from '../../sandbox/sandbox.ts';
import {
  contractSwitches,
  defaultSwitchValues,
  type SwitchName,
} from '../../sandbox/api/contract-switches.ts';
import { neededObjects } from '../../src/qmlativ/objects/needed-objects.ts';
import { probeReportText } from '../../src/qmlativ/probe/probe-report-text.ts';
import { probeReport, type ProbeReport } from '../../src/qmlativ/probe/probe-report.ts';
import { probe } from '../../src/qmlativ/probe/probe.ts';
import { chooseMutants, createMutants, findExpectedStop, type Mutant } from './mutants.ts';
import { openProbedSkyward, probeSkyward, proveProbe } from './probe-proof.ts';
import { parseSwitchValues } from '../../sandbox/api/switches.ts';
import { startScriptedServer } from '../../tests/qmlativ/scripted-server.ts';
import { switchReadings } from '../../src/qmlativ/probe/switch-readings.ts';

it('reports every observable switch of the sandbox, and no other', () => {
  const observable = Object.entries(contractSwitches)
    .filter(([, { isObservable }]) => isObservable)
    .map(([name]) => name);
  expect(Object.keys(switchReadings).toSorted()).toEqual(observable.toSorted());
});

it('finds each switch of a sandbox in the default forms', async () => {
  const skyward = await openProbedSkyward({});
  try {
    const report = await probeSkyward(skyward, null);
    expect(report.untold).toEqual({});
    for (const [name, value] of Object.entries(report.switches))
      expect([name, value]).toEqual([name, defaultSwitchValues[name as SwitchName]]);
    expect(report).toMatchObject({ stop: null, isComplete: true, token: { form: 'post-form' } });
    expect(report.requests).toBeLessThanOrEqual(60);
    expect(report.objects.every(({ state }) => state === 'granted')).toBe(true);
    expect(report.needs.filter(({ isRequired }) => isRequired)).toEqual([]);
  } finally {
    await skyward.close();
  }
});

it('reports a sandbox that loads the report in the same way', async () => {
  const first = await openProbedSkyward({
    'token-form': 'get-basic',
    'path-case': 'lower-prefix',
    'envelope-case': 'lower',
    'field-case': 'upper',
    'next-form': 'absolute',
    'last-next': 'empty',
    'page-size': 'capped-at-50',
    'past-the-end': 'status-404',
    sort: 'refused',
    'dotted-fields': 'flat',
    'list-not-granted': 'refused-400',
    'required-not-granted': 'empty-list',
    'field-not-granted': 'refused-401-without-name',
    'error-body': 'html',
    'missing-date': 'last-day-of-dotnet',
    'date-form': 'us-midnight-narrow-space',
    charset: 'utf-16',
    'content-encoding': 'deflate',
    'withdrawal-date': 'next-day',
  });
  const when = Temporal.Instant.from('2050-05-05T05:05:05Z');
  const report = await probeSkyward(first, null, { when });
  await first.close();
  const second = await openProbedSkyward(parseSwitchValues(JSON.parse(JSON.stringify(report))));
  try {
    const again = await probeSkyward(second, null, { when });
    expect({ ...again, seconds: 0 }).toEqual({ ...report, seconds: 0 });
    expect(report.switches).toMatchObject({ 'token-form': 'get-basic', charset: 'utf-16' });
  } finally {
    await second.close();
  }
});

it('reports the same again from combinations of forms', async () => {
  const mutants = chooseMutants(createMutants(), 6).filter(
    (mutant) => findExpectedStop(mutant) === undefined,
  );
  expect(mutants.length).toBeGreaterThan(2);
  for (const mutant of mutants) {
    const { switches } = await probeMutant(mutant);
    const known = Object.fromEntries(
      Object.entries(switches).filter(([, value]) => value !== null),
    );
    expect((await probeMutant(parseSwitchValues({ switches }))).switches).toMatchObject(known);
  }
});

it('finds at least 95 % of the switches of ten mutants, and reports none wrong', async () => {
  const result = await proveProbe(chooseMutants(createMutants(), 10), { from: 0 }, () => undefined);
  expect(result).toMatchObject({ mutants: 10, wrong: [], differences: [] });
  expect(result.observable).toBeGreaterThan(100);
});

it('lists what is wrong in a report', async () => {
  const result = await proveProbe(
    [{ charset: 'utf-16' }],
    { from: 0 },
    () => undefined,
    (report) => ({
      ...report,
      switches: { ...report.switches, charset: 'latin-1', sort: 'refused' },
    }),
  );
  expect(result.wrong).toEqual([
    '0: charset=utf-16, reported latin-1',
    '0: sort at its default, reported refused',
  ]);
  expect(result.differences).toEqual(['found 0 of 1']);
});

it('ends at its limit of requests or time, and reports what it did not check', async () => {
  const skyward = await openProbedSkyward({});
  try {
    const limited = await probeSkyward(skyward, null, { limits: { requests: 7, ms: 180_000 } });
    expect(limited).toMatchObject({ requests: 7, isComplete: false, stop: null });
    expect(limited.switches).toMatchObject({ 'token-form': 'any', sort: null });
    expect(limited.untold['sort']).toMatch(/not asked/);
    expect(limited.objects.find(({ object }) => object === 'Family/Family')?.state).toBe(
      'not-asked',
    );
    expect(probeReportText(limited)).toMatch(/not everything was checked/);

    // Each reading of the clock is a second later.
    let seconds = 0;
    const now = () => (seconds += 1) * 1000;
    const timeLimited = await probeSkyward(skyward, null, {
      limits: { requests: 60, ms: 9000 },
      now,
    });
    expect(timeLimited.isComplete).toBe(false);
    expect(timeLimited.requests).toBeLessThan(9);
  } finally {
    await skyward.close();
  }
});

it('does not wait beyond its time limit when the server sends Retry-After', async () => {
  const skyward = await openProbedSkyward({ 'rate-limit': 'status-429' });
  try {
    const waited: number[] = [];
    const report = await probeSkyward(skyward, null, {
      delay: async (ms) => Promise.resolve(void waited.push(ms)),
    });
    expect(report.isComplete).toBe(true);
    expect(new Set(waited)).toEqual(new Set([1000]));
    const impatient = await probeSkyward(skyward, null, {
      limits: { requests: 60, ms: 900 },
      now: () => 0,
    });
    expect(impatient).toMatchObject({ isComplete: false, stop: null });
  } finally {
    await skyward.close();
  }
});

it('continues after a timeout of one list, and ends when nothing responds any more', async () => {
  const skyward = await openProbedSkyward({});
  try {
    skyward.sandbox.faults.add({ object: 'Family/Family', kind: 'hang', times: 'ever' });
    const slow = await probeSkyward(skyward, null, { requestTimeoutMs: 300 });
    expect(slow).toMatchObject({ stop: null, isComplete: false, switches: { sort: 'obeyed' } });
    expect(slow.unanswered).toBeGreaterThan(0);
    const states = new Map(slow.objects.map(({ object, state }) => [object, state]));
    expect(states.get('Family/Family')).toBe('not-asked');
    expect(states.get('Family/StudentFamily')).toBe('granted');

    skyward.sandbox.faults.add({ kind: 'hang', times: 'ever' });
    const unavailable = await probeSkyward(skyward, null, { requestTimeoutMs: 300 });
    expect(unavailable).toMatchObject({ stop: { code: 'timeout' }, requests: 2 });
  } finally {
    await skyward.close();
  }
});

it('reports a redirect without the name of the host', async () => {
  await using server = await startScriptedServer(({ path }) =>
    path.endsWith('/oauth/token')
      ? undefined
      : { status: 302, headers: { location: 'https://elsewhere.example/api' } },
  );
  const outcome = await probe({
    baseUrl: server.baseUrl,
    clientKey: 'key',
    clientSecret: 'secret',
    userAgent: 'test',
    allowPrivateAddresses: true,
  });
  const report = probeReport(outcome, neededObjects(), Temporal.Now.instant());
  expect(report.stop?.code).toBe('redirected');
  expect(formatReport(report)).not.toContain('elsewhere.example');
});

it('names what an import would lack', async () => {
  const skyward = await openProbedSkyward({
    'required-not-granted': 'empty-list',
    'required-field-not-granted': 'absent',
    'list-not-granted': 'refused-403',
  });
  try {
    const { needs } = await probeSkyward(skyward, null);
    const listSentences = (isRequired: boolean) =>
      needs.filter((need) => need.isRequired === isRequired).map(({ sentence }) => sentence);
    expect(listSentences(true)).toEqual([
      'Enrollment/EntryWithdrawal EndDate came in no sampled row.',
      'Enrollment/WithdrawalCode may not be granted (an empty list).',
    ]);
    expect(listSentences(false)).toContain(
      'Demographics/NameEmail is not granted (status 403, JSON with an error).',
    );
  } finally {
    await skyward.close();
  }
});

it('uses the parent entity when the district entity could not be selected', async () => {
  const skyward = await openProbedSkyward({ 'entity-picker': 'refused-403' });
  try {
    const report = await probeSkyward(skyward, null);
    expect(report.needs[0]).toMatchObject({ kind: 'entity', isRequired: true });
    expect(report.switches).toMatchObject({ 'entity-picker': 'refused-403', sort: 'obeyed' });
  } finally {
    await skyward.close();
  }
});

it('reports possible causes when no token is issued', async () => {
  const skyward = await openProbedSkyward({ 'integration-token': 'other' });
  try {
    const report = await probeSkyward(skyward, null);
    expect(report.stop).toMatchObject({ code: 'wrong-credentials' });
    expect(report.needs.map(({ kind }) => kind)).toEqual(['authentication', 'integration-token']);
    expect(report.token.form).toBeNull();
  } finally {
    await skyward.close();
  }
});

async function probeMutant(mutant: Mutant): Promise<ProbeReport> {
  const skyward = await openProbedSkyward(mutant);
  try {
    return await probeSkyward(skyward, skyward.entityId);
  } finally {
    await skyward.close();
  }
}

const peopleTables = [
  'Demographics/Address',
  'Demographics/Name',
  'Demographics/NameAddress',
  'Demographics/NameAlias',
  'Demographics/NameEmail',
  'Demographics/NamePhone',
  'Demographics/Street',
  'Demographics/Zip',
  'Enrollment/EntryWithdrawal',
  'Enrollment/StudentEntityYear',
  'Family/Family',
  'Family/FamilyGuardian',
  'Family/StudentFamily',
  'Family/StudentGuardian',
  'Staff/Staff',
  'Student/Student',
];

/** Returns every text and number of more than three characters in these tables, and their dates without times. */
function listValues({ sandbox }: RunningSandbox): Set<string> {
  const values = new Set<string>();
  for (const path of peopleTables) {
    const rows = sandbox.rows(path);
    for (const field of sandbox.catalog.get(path)?.fields.keys() ?? [])
      for (const id of rows.ids()) {
        const value = rows.get(id, field);
        if (value === null || typeof value === 'boolean') continue;
        values.add(String(value));
        if (/^\d{4}-\d\d-\d\dT/.test(String(value))) values.add(String(value).slice(0, 10));
      }
  }
  // One type of address has the name of an object.
  const names = new Set(neededObjects().flatMap(({ object }) => object.split('/')));
  return new Set([...values].filter((value) => value.length > 3 && !names.has(value)));
}

/** Returns the values that occur in a text as whole words. */
function findIn(text: string, values: Iterable<string>): string[] {
  const isWholeWord = (start: number, length: number) =>
    !/[\p{L}\p{N}]/u.test(text[start - 1] ?? ' ') &&
    !/[\p{L}\p{N}]/u.test(text[start + length] ?? ' ');
  return [...values].filter((value) => {
    for (let index = text.indexOf(value); index !== -1; index = text.indexOf(value, index + 1))
      if (isWholeWord(index, value.length)) return true;
    return false;
  });
}

const formatReport = (report: ProbeReport) =>
  [probeReportText(report), JSON.stringify(report), JSON.stringify(report, null, 2)].join('\n');

it.each<[string, Mutant]>([
  ['in the default forms', {}],
  ...chooseMutants(createMutants(), 4).map((mutant, place): [string, Mutant] => [
    `of mutant ${place + 1}`,
    mutant,
  ]),
])('contains no value of the people tables: a sandbox %s', async (_name, mutant) => {
  const skyward = await openProbedSkyward(mutant);
  try {
    const values = listValues(skyward);
    expect(values.size).toBeGreaterThan(1000);
    // A year in which no student was born or graduates.
    const when = Temporal.Instant.from('2150-05-05T05:05:05Z');
    const report = await probeSkyward(skyward, skyward.entityId, { when });
    expect(findIn(formatReport(report), values)).toEqual([]);
    expect(formatReport(report)).not.toContain(skyward.clientSecret);
    expect(formatReport(report)).not.toContain(new URL(skyward.baseUrl).host);
    const [value = ''] = values;
    expect(findIn(`${formatReport(report)} "${value}"`, values)).toEqual([value]);
  } finally {
    await skyward.close();
  }
});
