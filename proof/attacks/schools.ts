/** Staff of one school who look for students of another one, by everything that a student can be found by. */
import { setTimeout as delay } from 'node:timers/promises';

import { unzipSync } from 'fflate';

import { readPdf } from '../../tests/builders/pdf-text.ts';
import { shownTo } from './access.ts';
import { each, type Family, type Tries } from './attack.ts';
import { birthDateOf, numberOf } from './district-records.ts';
import type { Answer } from './http-client.ts';
import { type Caller, districtPath, schoolsOf } from './callers.ts';
import type { Target } from './target.ts';

export const schoolsFamily: Family = {
  name: 'schools',
  isQuick: true,
  async attack(target, tries) {
    for (const kind of ['staff of one school of a', 'read-only of one school of a'])
      await attackAs(target, tries, target.caller(kind));
    await attackNumbers(target, tries, target.caller('staff of one school of a'));
  },
};

async function attackAs(target: Target, tries: Tries, caller: Caller): Promise<void> {
  const { student, document, run } = target.records.a;
  const number = numberOf('a', 'two');
  const words = [
    'Zqatwo',
    'Zqatwofirst',
    'Zqatwomiddle',
    'Zqatwolast Zqatwofirst',
    'Zqatwomother',
    'Zqatwoguardian',
    'Zqatwokept',
    number,
    number.slice(0, 5),
    `${number}999`,
    '7100',
    'Zqatwolost',
    'Zqatwo School',
    '',
  ];
  const lists = ['students', 'student-counts', 'students.csv'];
  const filters = [
    ...words.map((word) => (word === '' ? '' : `search=${encodeURIComponent(word)}`)),
    `school=${schoolsOf.a[1]}`,
    `school=${schoolsOf.a.join(',')}`,
    'grade=07',
    'problem=any',
    'changedSince=2026-11-23',
    'search=Zqa&sort=-name',
  ];
  const paths = [
    ...lists.flatMap((list) => filters.map((filter) => `/${list}?${filter}`)),
    ...['documents', 'documents.csv', 'documents.pdf', 'documents.zip'].flatMap((list) => [
      `/${list}`,
      `/${list}?school=${schoolsOf.a[1]}`,
      `/${list}?student=${student.two}`,
    ]),
    `/documents.pdf?ids=${document.one},${document.two}`,
    `/documents.zip?ids=${document.one},${document.two}`,
    '/document-counts',
    '/student-views',
    `/imports/${run}/problems?kind=birth-date-missing`,
    ...['status', 'missing', 'added', 'changed'].map(
      (kind) => `/imports/${run}/plan?kind=${kind}&search=Zqatwo`,
    ),
    `/imports/${run}`,
    '/imports/latest',
  ];
  await each(tries.sample(paths, 40), async (path) => {
    const answer = await target.ask(caller, { path: `${districtPath('a')}${path}` });
    const trouble = answer.status === 0 || answer.status >= 500;
    const shown = shownTo(caller, { text: await textOf(answer) });
    tries.note(`${caller.kind}, GET ${path}`, trouble ? `answered ${answer.status}` : shown);
  });
}

/** What an answer holds, packed and printed files included. */
async function textOf(answer: Answer): Promise<string> {
  if (answer.status !== 200) return answer.text;
  const type = answer.headers['content-type'] ?? '';
  if (type.startsWith('application/pdf')) return (await readPdf(answer.bytes)).text;
  if (!type.includes('zip')) return answer.text;
  const files = Object.entries(unzipSync(answer.bytes));
  const texts = await Promise.all(
    files.map(async ([name, bytes]) => `${name} ${(await readPdf(bytes)).text}`),
  );
  return texts.join(' ');
}

/** Whether somebody of another school has a number, or a name and birth date, is not told without a trace. */
async function attackNumbers(target: Target, tries: Tries, caller: Caller): Promise<void> {
  const path = `${districtPath('a')}/manual-students/likely-duplicates`;
  const none = { studentNumber: null, first: null, last: null, birthDate: null, exceptId: null };
  const bodies = [
    { ...none, studentNumber: numberOf('a', 'two') },
    { ...none, first: 'Zqatwofirst', last: 'Zqatwolast', birthDate: birthDateOf },
  ];
  for (const body of bodies) {
    const before = await linesOf(target, caller);
    const answer = await target.ask(caller, { method: 'POST', path, body });
    const others = await target.ask(caller, {
      method: 'POST',
      path,
      body: { ...body, exceptId: target.records.a.student.two },
    });
    tries.note(
      `${caller.kind}, likely duplicates of another school`,
      shownTo(caller, { text: `${answer.text}${others.text}` }),
    );
    tries.note(
      `${caller.kind}, likely duplicates`,
      !(await leavesLine(target, caller, before)) && 'leaves no line in the audit trail',
    );
  }
}

/** What the audit trail holds of a person, so that a line more or a count more can be told. */
export async function linesOf(target: Target, { email }: Caller): Promise<string> {
  const { rows } = await target.database.pool.query<{ sum: string | null }>(
    `select md5(string_agg(a::text, '|' order by id)) as sum from audit_events a where account_email = $1`,
    [email],
  );
  return rows[0]?.sum ?? '';
}

/** Counts of searches may be written a moment after the response (docs/decisions/0013-audit-trail.md). */
async function leavesLine(target: Target, caller: Caller, before: string): Promise<boolean> {
  for (const waitMs of [0, 100, 200, 400, 800]) {
    await delay(waitMs);
    if ((await linesOf(target, caller)) !== before) return true;
  }
  return false;
}
