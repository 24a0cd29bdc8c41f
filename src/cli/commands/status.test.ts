/** `daybreak status` over streams, as a shell uses it. */
import { PassThrough, Readable, Writable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runStatus } from './status.ts';

const row = {
  id: 7,
  entityId: 401,
  schoolYear: 2027,
  startDate: '2026-08-12',
  endDate: null,
  withdrawalDate: null,
  withdrawalCode: null,
  isDefaultEntity: true,
  calendarEndDate: null,
};
const student = (studentId: string, ...rows: object[]): string =>
  JSON.stringify({ studentId, enrollments: rows });
const settings = {
  today: Temporal.PlainDate.from('2026-11-23'),
  schoolYear: 2027,
  nextSchoolYear: 'current' as const,
};

async function run(input: Iterable<string | Uint8Array>, options = {}) {
  const output = new PassThrough();
  const written = output.toArray();
  const exitCode = await runStatus({
    input: Readable.from(input),
    output,
    ...settings,
    ...options,
  });
  output.end();
  const text = Buffer.concat(await written).toString();
  return {
    exitCode,
    text,
    lines: text
      .split('\n')
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line)),
  };
}

/** Returns the error in the output for one input line. */
async function readError(line: string | Uint8Array, options = {}): Promise<string> {
  const { exitCode, text } = await run([line], options);
  const { error, line: number, ...others } = JSON.parse(text) as Record<string, unknown>;
  expect({ exitCode, number, others }).toEqual({ exitCode: 1, number: 1, others: {} });
  return String(error);
}

describe('daybreak status', () => {
  it('writes exactly the documented keys, in their order', async () => {
    const cecs = { ...row, id: 3, withdrawalCode: 'CECS' };
    const { exitCode, text } = await run([student('1', row, cecs)]);
    expect(exitCode).toBe(0);
    expect(text).toBe(
      '{"studentId":"1","status":"ENROLLED","rule":"current-enrollment","decidedBy":7,"leftOut":[{"id":3,"reason":"cecs"}],"changesOn":null}\n',
    );
  });

  it('writes the date of the next change as text', async () => {
    const { lines } = await run([student('1', { ...row, endDate: '2026-11-30T00:00:00' })]);
    expect(lines).toMatchObject([{ changesOn: '2026-12-01' }]);
  });

  it('counts the next school year when asked to', async () => {
    const next = { ...row, schoolYear: 2028, startDate: '2027-08-11' };
    const stayed = { ...row, id: 6, endDate: '2027-05-21' };
    const left = { ...stayed, withdrawalCode: '80' };
    const statuses = async (nextSchoolYear: string) =>
      (
        await run(
          [
            `${student('new', next)}\n${student('stayed', stayed, next)}\n${student('left', left, next)}`,
          ],
          { today: Temporal.PlainDate.from('2027-06-15'), nextSchoolYear },
        )
      ).lines.map((line) => (line as { status: string }).status);
    expect(await statuses('current')).toEqual(['INACTIVE', 'INACTIVE', 'INACTIVE']);
    expect(await statuses('returning')).toEqual(['PRE_ENROLLED', 'ENROLLED', 'INACTIVE']);
    expect(await statuses('all')).toEqual(['PRE_ENROLLED', 'ENROLLED', 'ENROLLED']);
  });

  it('a day between the last day and the withdrawal date is no gap', async () => {
    const over = { endDate: '2026-12-18', withdrawalDate: '2027-01-05', withdrawalCode: 'TR' };
    const line = student(
      'transfer',
      { ...row, id: 1, ...over },
      { ...row, id: 2, entityId: 402, startDate: '2027-01-05' },
    );
    expect((await run([line], { today: Temporal.PlainDate.from('2026-12-28') })).text).toBe(
      '{"studentId":"transfer","status":"ENROLLED","rule":"future-with-past","decidedBy":2,"leftOut":[],"changesOn":null}\n',
    );
  });

  it.each([
    '0001-01-01T00:00:00',
    '1753-01-01',
    '1899-12-30',
    '1900-01-01T00:00:00',
    '1979-12-31',
    '2901-01-01',
    '9999-12-31T23:59:59.9999999',
  ])('treats an end date of %s as none', async (noDate) => {
    const line = student('nodate', { ...row, id: 1, endDate: noDate });
    expect((await run([line])).text).toBe(
      '{"studentId":"nodate","status":"ENROLLED","rule":"current-enrollment","decidedBy":1,"leftOut":[],"changesOn":null}\n',
    );
  });

  it.each([
    ['null', null],
    ['missing', undefined],
    ['no date', ''],
    ['of another form', '12-AUG-2026'],
    ['a number', 20_260_812],
    ['a day that does not exist', '2027-02-29'],
    ['a placeholder', '0001-01-01'],
    ['a placeholder of the future', '9999-12-31'],
  ])('leaves out only the enrollment when its start date is %s', async (_what, startDate) => {
    const line = student('1', row, { ...row, id: 3, startDate });
    expect((await run([line])).text).toBe(
      '{"studentId":"1","status":"ENROLLED","rule":"current-enrollment","decidedBy":7,"leftOut":[{"id":3,"reason":"unreadable-date"}],"changesOn":null}\n',
    );
  });

  it('uses a withdrawal date before the end date', async () => {
    const line = student('early', {
      ...row,
      id: 1,
      endDate: '2027-05-27',
      withdrawalDate: '2026-10-02',
      withdrawalCode: '80',
    });
    expect((await run([line])).text).toBe(
      '{"studentId":"early","status":"INACTIVE","rule":"withdrawn","decidedBy":1,"leftOut":[],"changesOn":null}\n',
    );
  });

  it.each([
    [{ isNoShow: true }, 'PRE_ENROLLED'],
    [{ enrolledAtLeastOneDay: false }, 'PRE_ENROLLED'],
    [{ isNoShow: false, enrolledAtLeastOneDay: true }, 'ENROLLED'],
    [{ isNoShow: null, enrolledAtLeastOneDay: null }, 'ENROLLED'],
    [{}, 'ENROLLED'],
  ])('a one-day enrollment that is %j, before an upcoming one: %s', async (flags, status) => {
    const day = '2026-08-12';
    const noShow = { ...row, id: 1, endDate: day, withdrawalDate: day, ...flags };
    const { lines } = await run([student('1', noShow, { ...row, startDate: '2027-01-05' })]);
    expect(lines).toMatchObject([
      { status, leftOut: status === 'ENROLLED' ? [] : [{ id: 1, reason: 'never-effective' }] },
    ]);
  });

  it('writes an error for an invalid line, continues, and returns 1', async () => {
    const { exitCode, lines } = await run([`${student('a')}\n\nnonsense\n${student('b')}\n`]);
    expect(exitCode).toBe(1);
    expect(lines).toMatchObject([{ studentId: 'a' }, { line: 3 }, { studentId: 'b' }]);
  });

  it('accepts CRLF, a byte order mark, blank lines, a missing final newline, and empty input', async () => {
    const { exitCode, lines } = await run([`\uFEFF${student('a')}\r\n \r\n\r\n${student('b')}`]);
    expect(exitCode).toBe(0);
    expect(lines).toMatchObject([{ studentId: 'a' }, { studentId: 'b' }]);
    expect(await run([])).toMatchObject({ exitCode: 0, text: '' });
  });

  it('returns the same output however the bytes are split into chunks', async () => {
    const ids = ['a', 'Zoë', '王', '👩🏽‍🎓', 'b'];
    const bytes = Buffer.from(ids.map((id) => `${student(id, row)}\r\n`).join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), async (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, at) => bytes.subarray(places[at], end));
        const { lines } = await run(chunks);
        expect(lines.map((line) => (line as { studentId: string }).studentId)).toEqual(ids);
      }),
    );
  });

  it('reads a student with many enrollments on one long line', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => ({ ...row, id: at + 1 }));
    const { lines } = await run([`${student('long', ...rows)}\n${student('b')}`]);
    expect(lines).toMatchObject([{ studentId: 'long', decidedBy: 20_000 }, { studentId: 'b' }]);
  });

  it('rejects a line over the limit without keeping it in memory, and continues', async () => {
    const pieces = ['x'.repeat(90), 'x'.repeat(90), `x\n${student('b')}\n`];
    const { lines } = await run(pieces, { maxLineBytes: 100 });
    expect(lines).toMatchObject([{ line: 1 }, { studentId: 'b' }]);
    expect(JSON.stringify(lines[0])).toContain('longer than 100 bytes');
  });

  it('rejects only the line that is not UTF-8', async () => {
    const bad = Buffer.from([0x22, 0xff, 0x22, 0x0a]);
    const { lines } = await run([
      Buffer.concat([Buffer.from(`${student('a')}\n`), bad, Buffer.from(student('b'))]),
    ]);
    expect(lines).toMatchObject([{ studentId: 'a' }, { line: 2 }, { studentId: 'b' }]);
  });

  it('returns without an error when the reader closes the output', async () => {
    const output = new Writable({
      write: (_chunk, _encoding, done) => {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    let taken = 0;
    function* endless(): Generator<string> {
      for (;;) {
        taken += 1;
        yield `${student(String(taken), row)}\n`;
      }
    }
    expect(await runStatus({ input: Readable.from(endless()), output, ...settings })).toBe(0);
  });

  it('throws when the output cannot be written', async () => {
    const output = new Writable({
      write: (_chunk, _encoding, done) => {
        done(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
      },
    });
    const input = Readable.from([`${student('a')}\n`, `${student('b')}\n`]);
    await expect(runStatus({ input, output, ...settings })).rejects.toMatchObject({
      code: 'status-output-failed',
    });
  });
});

describe('errors of a line', () => {
  it.each([
    ['null', 'The line is not an object with studentId and enrollments.'],
    ['[]', 'The line is not an object with studentId and enrollments.'],
    ['{"enrollments":[]}', 'studentId is missing; it must be a text of at least one character.'],
    ['{"studentId":5,"enrollments":[]}', 'studentId is not a text of at least one character.'],
    ['{"studentId":"","enrollments":[]}', 'studentId is empty.'],
    ['{"studentId":"1"}', 'enrollments is missing; it must be a list.'],
    ['{"studentId":"1","enrollments":{}}', 'enrollments is not a list.'],
    [student('1', [7]), 'enrollments[0] is not an object.'],
    ['{"studentId":"1","enrollments":[null]}', 'enrollments[0] is not an object.'],
  ])('%s', async (line, error) => {
    expect(await readError(line)).toContain(error);
  });

  it.each([
    [{ id: '7' }, 'enrollments[1].id is not a whole number'],
    [{ id: 7.5 }, 'enrollments[1].id is not a whole number'],
    [{ id: 9_007_199_254_740_992 }, 'enrollments[1].id is not a whole number'],
    [{ entityId: null }, 'enrollments[1].entityId is not a whole number'],
    [{ schoolYear: '2027' }, 'enrollments[1].schoolYear is not a school year'],
    [{ schoolYear: 0 }, 'enrollments[1].schoolYear is not a school year'],
    [{ endDate: '2027-02-29' }, 'enrollments[1].endDate is not a day written YYYY-MM-DD or null.'],
    [{ endDate: '' }, 'enrollments[1].endDate is not a day written YYYY-MM-DD or null.'],
    [{ endDate: 20261130 }, 'enrollments[1].endDate is not a day written YYYY-MM-DD or null.'],
    [{ withdrawalDate: '11/30/2026' }, 'enrollments[1].withdrawalDate is not a day'],
    [{ calendarEndDate: undefined }, 'enrollments[1].calendarEndDate is missing'],
    [{ withdrawalCode: 1 }, 'enrollments[1].withdrawalCode is not a text or null.'],
    [{ isDefaultEntity: 'true' }, 'enrollments[1].isDefaultEntity is not true or false.'],
    [{ isNoShow: 'yes' }, 'enrollments[1].isNoShow is not true, false or null.'],
    [{ enrolledAtLeastOneDay: 0 }, 'enrollments[1].enrolledAtLeastOneDay is not true, false or'],
    [{ id: 1 }, "enrollments[1].id is the same as an earlier one's."],
  ])('%j', async (change, error) => {
    expect(await readError(student('1', { ...row, id: 1 }, { ...row, ...change }))).toContain(
      error,
    );
  });

  it('finds a repeated id among many enrollments', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({ ...row, id: at === 29 ? 4 : at }));
    expect(await readError(student('1', ...rows))).toContain('enrollments[29].id is the same');
  });

  it('never repeats content of the line', async () => {
    for (const line of [
      '{"studentId":"Ada Secret" x',
      'Ada Secret',
      student('1', { ...row, endDate: 'Ada Secret' }),
    ]) {
      expect(await readError(line)).not.toMatch(/Ada|Secret/);
    }
  });

  it('writes one line of JSON for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        const line = text.replaceAll('\n', ' ');
        expect((await run([line])).lines).toHaveLength(line.trim() === '' ? 0 : 1);
      }),
    );
  });
});
