/** Tests of starting and stopping a sandbox, and of its malformed data. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { signIn } from './api/sandbox-client.ts';
import { malformedDataKinds, type MalformedDataKind } from './district/malformed-data.ts';
import { createSandbox, startSandbox } from './sandbox.ts';

describe('a sandbox on a port', () => {
  it('responds over HTTP until it is closed, even with a hanging request', async () => {
    const running = await startSandbox({
      port: 0,
      students: 30,
      faults: [{ kind: 'hang', object: 'GetSystemMetadata' }],
    });
    const token = await fetch(`${running.baseUrl}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: running.clientKey,
        client_secret: running.clientSecret,
      }),
    });
    const { access_token: accessToken } = Object(await token.json());
    const headers = { Authorization: `Bearer ${String(accessToken)}` };
    const list = await fetch(
      `${running.baseUrl}/Custom/${running.entityId}/District/Entity/1/2?searchFields[0]=Name`,
      { headers },
    );
    expect(await list.json()).toMatchObject({ Objects: [{ Name: 'System' }, {}] });
    const hanging = fetch(`${running.baseUrl}/Custom/GetSystemMetadata`, { headers }).then(
      ({ status }) => status,
      () => 'broken',
    );
    await running.close();
    expect(['broken', 503]).toContain(await hanging);
    await expect(fetch(running.baseUrl)).rejects.toThrow('fetch failed');
  });

  it('rejects a port that is in use', async () => {
    const running = await startSandbox({ port: 0, students: 30 });
    const port = Number(new URL(running.baseUrl).port);
    await expect(startSandbox({ port, students: 30 })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await running.close();
  });

  it.each([{ students: 0 }, { years: 1 }, { schools: 1.5 }, { today: '2026-02-30' }])(
    'refuses the option %o',
    (options) => {
      expect(() => createSandbox(options)).toThrow(RangeError);
    },
  );
});

describe('remembered rows', () => {
  it('come back after rows were changed, added and removed', () => {
    const sandbox = createSandbox({ students: 30, today: '2026-11-23' });
    const students = sandbox.rows('Student/Student');
    const [changedId = 0, removedId = 0] = students.ids();
    students.update(changedId, { StudentNumber: 'before' });
    const facts = JSON.stringify(sandbox.facts());
    const restore = sandbox.remember();
    for (const repetition of [1, 2]) {
      students.update(changedId, { StudentNumber: `after ${repetition}`, Grade: '12' });
      students.remove(removedId);
      students.insert({ StudentNumber: 'added' });
      expect(JSON.stringify(sandbox.facts())).not.toBe(facts);
      restore();
      expect(JSON.stringify(sandbox.facts())).toBe(facts);
    }
  });
});

describe('malformed data', () => {
  it('is added by kind, and the API still works', async () => {
    const sandbox = createSandbox({
      students: 60,
      today: '2026-11-23',
      malformedData: [
        'no-name',
        'missing-name-row',
        'birth-1753',
        'unknown-student',
        'same-number',
        'huge-name',
      ],
    });
    const call = await signIn(sandbox);
    const names = await call(
      '/Custom/2/Demographics/Name/1/9999?searchFields=LastName&searchFields=BirthDate',
    );
    expect(names.rows.some((row) => row['BirthDate'] === '1753-01-01T00:00:00')).toBe(true);
    expect(names.rows.some((row) => String(row['LastName']).length === 2_000_000)).toBe(true);
    expect(names.rows.some((row) => row['LastName'] === null)).toBe(true);
    const students = await call(
      '/Custom/2/Student/Student/1/9999?searchFields=StudentNumber&searchFields=Name.LastName',
    );
    expect(new Set(students.rows.map((row) => row['StudentNumber'])).size).toBe(
      students.rows.length - 1,
    );
    expect(students.rows.filter((row) => row['Name'] === null)).toHaveLength(1);
    const enrollments = await call(
      '/Custom/2/Enrollment/EntryWithdrawal/1/9999?searchFields=StudentID&searchFields=Student.StudentNumber',
    );
    expect(enrollments.rows.filter((row) => row['Student'] === null)).toHaveLength(1);
  });
});

describe('malformed data of one kind', () => {
  const options = { students: 120, seed: 2, today: '2026-11-23' } as const;
  const clean = createSandbox(options).facts().students;
  const known = new Map(clean.map((student) => [student.studentId, student]));

  /** Returns the sandbox with the students who differ from those of the clean district or are missing. */
  function createMalformed(kind: MalformedDataKind) {
    const sandbox = createSandbox(options);
    sandbox.addMalformedData([kind]);
    const { students } = sandbox.facts();
    return {
      sandbox,
      changed: students.filter(
        (student) => JSON.stringify(student) !== JSON.stringify(known.get(student.studentId)),
      ),
      gone: clean.filter(({ studentId }) => !students.some((each) => each.studentId === studentId)),
    };
  }

  it('withdrawn-before-end: the end of the school year is after the withdrawal', () => {
    const row = createMalformed('withdrawn-before-end').changed[0]?.enrollments.at(-1);
    expect(row?.endDate).toBe(row?.calendarEndDate);
    expect(String(row?.withdrawalDate) < String(row?.endDate)).toBe(true);
    expect(String(row?.withdrawalDate) > String(row?.startDate)).toBe(true);
    expect(row?.withdrawalCode).toBe('80');
  });

  it('placeholder-dates: placeholders at both ends of the calendar', () => {
    const row = createMalformed('placeholder-dates').changed[0]?.enrollments.at(-1);
    expect(row).toMatchObject({ endDate: '0001-01-01', withdrawalDate: '9999-12-31' });
  });

  it('one-graduation-code: every enrolled student left with 01', () => {
    const { changed } = createMalformed('one-graduation-code');
    expect(changed.length).toBeGreaterThan(100);
    for (const { enrollments } of changed) {
      const left = enrollments.filter(({ endDate }) => endDate === '2026-11-20');
      expect(left.map(({ withdrawalCode }) => withdrawalCode)).toContain('01');
      expect(
        enrollments.some(({ endDate, startDate }) => !endDate && startDate < '2026-11-20'),
      ).toBe(false);
    }
  });

  it('number-given-again: a student is deleted, and another one has the number', () => {
    const { changed, gone } = createMalformed('number-given-again');
    expect([changed.length, gone.length]).toEqual([1, 1]);
    expect(changed[0]?.studentNumber).toBe(gone[0]?.studentNumber);
    expect(changed[0]?.birthDate).not.toBe(gone[0]?.birthDate);
    expect(changed[0]?.stateId).not.toBe(gone[0]?.stateId);
    expect(changed[0]?.enrollments).toHaveLength(1);
  });

  it.each([
    ['short-table', 'Demographics/Zip', 'ZipCode', 7],
    ['vacant-post', 'Staff/Staff', 'NameID', null],
  ] as const)('%s: one row of a table of codes or staff', (kind, path, field, expected) => {
    const rows = createMalformed(kind).sandbox.rows(path);
    const [first = 0] = rows.ids();
    expect(expected === null ? rows.get(first, field) : rows.size).toBe(expected);
  });

  it.each([
    ['lost-code', 'Enrollment/EntryWithdrawal', 'WithdrawalCodeID', 2_000_000_000],
    ['lost-language', 'Student/Student', 'LanguageIDNative', 2_000_000_000],
    ['huge-number', 'Student/Student', 'GradYear', 20_302_030_203],
  ] as const)('%s: one value of one row', (kind, path, field, expected) => {
    const rows = createMalformed(kind).sandbox.rows(path);
    expect(Array.from(rows.ids()).filter((id) => rows.get(id, field) === expected)).toHaveLength(1);
  });

  it('odd-texts: invisible characters in number and names', () => {
    const [student] = createMalformed('odd-texts').changed;
    expect(student?.studentNumber).toMatch(/\u200B$/u);
    expect(student?.firstName).toMatch(/^\u202E.*\t$/u);
    expect(student?.lastName).toMatch(/^ .*\r\n$/u);
  });

  it('contains all kinds together', () => {
    const sandbox = createSandbox({ ...options, malformedData: malformedDataKinds });
    expect(sandbox.facts().students.length).toBe(clean.length);
  });
});

describe('the command', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const start = (...options: string[]) =>
    spawn(process.execPath, [main, ...options], { stdio: 'pipe' });

  it('prints one line of JSON once ready, and ends on SIGTERM', async () => {
    const child = start('--port', '0', '--students', '50', '--seed', '7');
    const [line] = await once(child.stdout, 'data');
    expect(JSON.parse(String(line))).toEqual({
      baseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/PracticeStuAPI$/u),
      clientKey: expect.any(String),
      clientSecret: expect.any(String),
      entityId: 2,
      adminUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/PracticeStuSTS$/u),
      adminUser: expect.any(String),
      adminPassword: expect.any(String),
      partnerUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/partner\/v1$/u),
      partnerToken: expect.any(String),
      integrationToken: expect.any(String),
      controlUrl: expect.stringMatching(/\/control$/u),
    });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it.each([
    [['--students', 'many'], /--students needs a whole number/u],
    [['--malformed-data', 'mud'], /Kind 'mud' does not exist/u],
    [['--colour', 'blue'], /--colour/u],
  ])('reports what is wrong with %j', async (options, message) => {
    const child = start(...options);
    const [text] = await once(child.stderr, 'data');
    expect(String(text)).toMatch(message);
    expect(await once(child, 'exit')).toEqual([1, null]);
  });

  it('reports a port that is in use', async () => {
    const running = await startSandbox({ port: 0, students: 30 });
    const child = start('--port', new URL(running.baseUrl).port, '--students', '30');
    const [text] = await once(child.stderr, 'data');
    expect(String(text)).toMatch(/port is in use.*--port/u);
    await running.close();
  });
});
