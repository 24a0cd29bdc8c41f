/** The commands for importing a district, each in its own process on the embedded server, as in the README. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startSandbox, type RunningSandbox } from '../sandbox/sandbox.ts';
import { openDaybreakProcesses, type DaybreakProcesses } from './servers/daybreak-process.ts';

let daybreak: DaybreakProcesses;
let skyward: RunningSandbox;

beforeAll(async () => {
  daybreak = await openDaybreakProcesses();
  skyward = await startSandbox({ port: 0, students: 60, seed: 5, today: '2026-11-23' });
});

afterAll(async () => {
  await skyward.close();
  await daybreak.remove();
});

const Outcome = z.object({
  district: z.string(),
  state: z.string(),
  report: z.object({ added: z.number(), changed: z.number() }).nullish(),
  failure: z.object({ code: z.string(), message: z.string(), advice: z.string() }).nullish(),
});

const addDistrict = (secret: string, ...more: string[]) =>
  daybreak.run(
    [
      'district',
      'add',
      '--domain',
      'Demo.Example',
      '--name',
      'Demo ISD',
      '--timezone',
      'America/Chicago',
      '--base-url',
      skyward.baseUrl,
      '--key',
      skyward.clientKey,
      ...more,
    ],
    `${secret}\n`,
  );

const runImport = (...more: string[]) =>
  daybreak.run(['import', '--today', '2026-11-23', '--json', ...more]);

describe('a district from its first command to its second import', () => {
  it('rejects an address of this machine unless that is allowed, and stores nothing', async () => {
    const rejected = await addDistrict(skyward.clientSecret);
    expect(rejected.status).toBe(1);
    expect(rejected.messages).toMatch(/https/i);
    const list = await daybreak.run(['district', 'list', '--json']);
    expect(list.output).toBe('');
  });

  it('adds a district with the secret from standard input, and never shows the secret', async () => {
    const added = await addDistrict(skyward.clientSecret, '--allow-private-address');
    expect(added).toMatchObject({ status: 0 });
    const list = await daybreak.run(['district', 'list', '--json']);
    expect(JSON.parse(list.output)).toMatchObject({ domain: 'demo.example', name: 'Demo ISD' });
    for (const shown of [added.output, added.messages, list.output]) {
      expect(shown).not.toContain(skyward.clientSecret);
    }
  });

  it('reports that a district already exists', async () => {
    const again = await addDistrict('another', '--allow-private-address');
    expect(again.status).toBe(1);
    expect(again.messages).toContain('daybreak district set');
  });

  it('plans a dry run without publishing, then publishes, then finds nothing to change', async () => {
    const planned = Outcome.parse(JSON.parse((await runImport('--dry-run')).output));
    expect(planned.state).toBe('planned');
    expect(planned.report?.added).toBeGreaterThan(50);
    expect((await daybreak.run(['students', '--json'])).output).toBe('');

    const first = Outcome.parse(JSON.parse((await runImport()).output));
    expect(first).toMatchObject({ state: 'published', report: { added: planned.report?.added } });
    const second = Outcome.parse(JSON.parse((await runImport()).output));
    expect(second).toMatchObject({ state: 'unchanged', report: { added: 0, changed: 0 } });
  });

  it('lists the students and the runs, as text and as JSON', async () => {
    const lines = (await daybreak.run(['students', '--json'])).output.trim().split('\n');
    expect(lines.length).toBeGreaterThan(50);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ district: 'demo.example' });
    const runs = (await daybreak.run(['runs', '--json'])).output.trim().split('\n');
    expect(runs.map((line) => Outcome.parse(JSON.parse(line)).state)).toEqual([
      'unchanged',
      'published',
      'planned',
    ]);
    const table = await daybreak.run(['runs', '--limit', '1']);
    expect(table.output).toContain('America/Chicago');
    expect(table.output).toContain('unchanged');
  });

  it('names the place of a problem, and keeps the student as last imported', async () => {
    const names = skyward.sandbox.rows('Demographics/Name');
    const students = skyward.sandbox.rows('Student/Student');
    const [line = ''] = (await daybreak.run(['students', '--json'])).output.split('\n');
    const number = z.object({ studentNumber: z.string() }).parse(JSON.parse(line));
    const student = [...students.ids()].find(
      (id) => students.get(id, 'StudentNumber') === number.studentNumber,
    );
    const person = Number(students.get(student ?? 0, 'NameID'));
    const birthDate = names.get(person, 'BirthDate');
    names.update(person, { BirthDate: '1753-01-01' });
    expect(Outcome.parse(JSON.parse((await runImport()).output)).state).toBe('unchanged');
    const problems = await daybreak.run(['problems']);
    expect(problems.output).toContain('birth-date-implausible: Demographics/Name');
    expect(problems.output).toContain(`field BirthDate, StudentID ${student}`);
    expect(problems.output).toContain('correct the birth date in Skyward');
    names.update(person, { BirthDate: birthDate });
  });

  it('explains a wrong secret, changes nothing, and works again with the right one', async () => {
    const connect = (secret: string) =>
      daybreak.run(
        [
          'district',
          'set',
          '--domain',
          'demo.example',
          '--base-url',
          skyward.baseUrl,
          '--key',
          skyward.clientKey,
          '--allow-private-address',
        ],
        secret,
      );
    await connect('not the secret');
    const failed = await runImport();
    expect(failed.status).toBe(1);
    expect(Outcome.parse(JSON.parse(failed.output))).toMatchObject({
      state: 'failed',
      failure: { code: 'wrong-credentials' },
    });
    expect(
      (await daybreak.run(['students', '--json'])).output.trim().split('\n').length,
    ).toBeGreaterThan(50);
    await connect(skyward.clientSecret);
    expect(Outcome.parse(JSON.parse((await runImport()).output)).state).toBe('unchanged');
  });
});

it('names a wrong option and an unknown district', async () => {
  const badDay = await daybreak.run(['import', '--today', '2026-02-30']);
  expect(badDay.status).toBe(1);
  expect(badDay.messages).toContain('YYYY-MM-DD');
  const unknown = await daybreak.run(['import', '--district', 'nobody.example']);
  expect(unknown.status).toBe(1);
  expect(unknown.messages).toContain('nobody.example');
});

it('adds an account for chosen schools, suspends it, sets a password, and lists it', async () => {
  const account = async (args: readonly string[], input = '') =>
    daybreak.run(['account', ...args], input);
  const email = 'cleo.clerk@demo.example';
  const add = 'add --name Cleo --district demo.example --role staff --email'.split(' ');
  const unclear = await account([...add, email], 'a long password');
  expect(unclear.status).toBe(1);
  const [, school = ''] = /The schools are: ([^;]+)/.exec(unclear.messages) ?? [];
  const added = await account([...add, email, '--school', school.toUpperCase()], 'a long password');
  expect(added).toMatchObject({ status: 0, messages: '' });
  expect(await account(['suspend', '--email', email])).toMatchObject({ status: 0 });
  const short = await account(['reset-password', '--email', email], 'short');
  expect(short.messages).toBe(
    'The password is shorter than 12 characters.\nCorrect it and try again; nothing was stored.\n',
  );
  const listed = await account(['list', '--json']);
  expect(JSON.parse(listed.output)).toMatchObject({
    district: 'demo.example',
    email,
    schools: [school],
    isSuspended: true,
    lastSignedInAt: null,
  });
});

it('adds a district that is connected later, but not half of a connection', async () => {
  const add = async (...more: string[]) =>
    daybreak.run([
      ...'district add --domain later.example --timezone America/Denver'.split(' '),
      '--name',
      'Later Schools',
      ...more,
    ]);
  const half = await add('--key', skyward.clientKey);
  expect(half.status).toBe(1);
  expect(half.messages).toContain('Give --base-url and --key');
  const added = await add();
  expect(added).toMatchObject({ status: 0 });
  expect(added.output).toContain('not connected to Skyward yet');
  const list = await daybreak.run(['district', 'list']);
  expect(list.output).toMatch(/later\.example +Later Schools +America\/Denver +not connected/u);
});
