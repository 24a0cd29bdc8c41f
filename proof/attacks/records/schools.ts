/** Staff of one school search for students of another one in every possible way. */
import { setTimeout as delay } from 'node:timers/promises';

import { unzipSync } from 'fflate';

import { readPdf } from '../../../tests/builders/pdf-text.ts';
import { findDisclosure } from './access.ts';
import { forEachConcurrent, type Family, type Attempts } from '../attack.ts';
import { sampleBirthDate, getStudentNumber } from '../target/district-records.ts';
import type { HttpResponse } from '../target/http-client.ts';
import { type Caller, districtPath, schoolIds } from '../target/callers.ts';
import type { Target } from '../target/target.ts';

export const schoolsFamily: Family = {
  name: 'schools',
  isQuick: true,
  async attack(target, attempts) {
    for (const kind of ['staff of one school of a', 'read-only of one school of a'])
      await attackAs(target, attempts, target.caller(kind));
    await attackNumbers(target, attempts, target.caller('staff of one school of a'));
  },
};

async function attackAs(target: Target, attempts: Attempts, caller: Caller): Promise<void> {
  const { student, document, run } = target.records.a;
  const number = getStudentNumber('a', 'two');
  const searchTexts = [
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
    ...searchTexts.map((word) => (word === '' ? '' : `search=${encodeURIComponent(word)}`)),
    `school=${schoolIds.a[1]}`,
    `school=${schoolIds.a.join(',')}`,
    'grade=07',
    'problem=any',
    'changedSince=2026-11-23',
    'search=Zqa&sort=-name',
  ];
  const paths = [
    ...lists.flatMap((list) => filters.map((filter) => `/${list}?${filter}`)),
    ...['documents', 'documents.csv', 'documents.pdf', 'documents.zip'].flatMap((list) => [
      `/${list}`,
      `/${list}?school=${schoolIds.a[1]}`,
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
    '/imports/status',
    '/home/staff',
  ];
  await forEachConcurrent(attempts.sample(paths, 40), async (path) => {
    const response = await target.send(caller, { path: `${districtPath('a')}${path}` });
    const isServerError = response.status === 0 || response.status >= 500;
    const disclosure = findDisclosure(caller, { text: await readText(response) });
    attempts.record(
      `${caller.kind}, GET ${path}`,
      isServerError ? `got ${response.status}` : disclosure,
    );
  });
}

/** Returns the text of a response, including ZIP and PDF files. */
async function readText(response: HttpResponse): Promise<string> {
  if (response.status !== 200) return response.text;
  const type = response.headers['content-type'] ?? '';
  if (type.startsWith('application/pdf')) return (await readPdf(response.bytes)).text;
  if (!type.includes('zip')) return response.text;
  const files = Object.entries(unzipSync(response.bytes));
  const texts = await Promise.all(
    files.map(async ([name, bytes]) => `${name} ${(await readPdf(bytes)).text}`),
  );
  return texts.join(' ');
}

/** A search for duplicates in another school must disclose nothing and add an event to the audit trail. */
async function attackNumbers(target: Target, attempts: Attempts, caller: Caller): Promise<void> {
  const path = `${districtPath('a')}/manual-students/likely-duplicates`;
  const none = { studentNumber: null, first: null, last: null, birthDate: null, exceptId: null };
  const bodies = [
    { ...none, studentNumber: getStudentNumber('a', 'two') },
    { ...none, first: 'Zqatwofirst', last: 'Zqatwolast', birthDate: sampleBirthDate },
  ];
  for (const body of bodies) {
    const before = await hashAuditEvents(target, caller);
    const response = await target.send(caller, { method: 'POST', path, body });
    const others = await target.send(caller, {
      method: 'POST',
      path,
      body: { ...body, exceptId: target.records.a.student.two },
    });
    attempts.record(
      `${caller.kind}, likely duplicates of another school`,
      findDisclosure(caller, { text: `${response.text}${others.text}` }),
    );
    attempts.record(
      `${caller.kind}, likely duplicates`,
      !(await isRecorded(target, caller, before)) && 'adds no event to the audit trail',
    );
  }
}

/** Returns a hash of a user's events in the audit trail, to detect new events and counts. */
export async function hashAuditEvents(target: Target, { email }: Caller): Promise<string> {
  const { rows } = await target.database.pool.query<{ sum: string | null }>(
    `select md5(string_agg(a::text, '|' order by id)) as sum from audit_events a where account_email = $1`,
    [email],
  );
  return rows[0]?.sum ?? '';
}

/** Counts of searches may be written a moment after the response (docs/decisions/0013-audit-trail.md). */
async function isRecorded(target: Target, caller: Caller, before: string): Promise<boolean> {
  for (const waitMs of [0, 100, 200, 400, 800]) {
    await delay(waitMs);
    if ((await hashAuditEvents(target, caller)) !== before) return true;
  }
  return false;
}
