/** Reads that leave no line in the audit trail, and floods that bury the lines that matter. */
import { each, type Family, type Tries } from './attack.ts';
import { linesOf } from './schools.ts';
import { districtPath } from './callers.ts';
import { freshAddress, type Target } from './target.ts';

export const auditTrailFamily: Family = {
  name: 'audit trail',
  isQuick: true,
  async attack(target, tries) {
    await attackReads(target, tries);
    await attackByFlood(target, tries);
    await attackLines(target, tries);
  },
};

/** Whatever reads a record or many of them leaves a trace. */
async function attackReads(target: Target, tries: Tries): Promise<void> {
  const { student, document, manualStudents, pdfForm, run, person } = target.records.a;
  const paths = [
    ...['', '/basics', '/enrollment', '/history', '/staff-values', '/manual-status'].map(
      (part) => `/students/${student.two}${part}`,
    ),
    `/students/${student.two}/pdf-forms/${pdfForm}`,
    `/students/${student.two}/pdf-forms/${pdfForm}/filled.pdf`,
    `/manual-students/${manualStudents.two}`,
    ...['', '/versions', '/versions/1', '/document.pdf'].map(
      (part) => `/documents/${document.two}${part}`,
    ),
    ...['?search=Zqatwo', '?page=1', '?school=402'].map((query) => `/students${query}`),
    '/students.csv',
    '/student-counts?search=Zqatwo',
    '/documents',
    '/documents.csv',
    '/documents.pdf',
    '/documents.zip',
    '/duplicates',
    `/duplicates/${student.one}/${student.two}`,
    `/pdf-forms/${pdfForm}/preview.pdf?student=${student.two}`,
    `/imports/${run}/problems?kind=birth-date-missing`,
    `/imports/${run}/plan?kind=changed`,
    '/users',
    '/audit',
    '/audit.csv',
    `/audit?user=${person}`,
  ];
  await each(
    tries.sample(paths, 4),
    async (path) => {
      // Somebody new each time: a second look within some minutes may be the same one.
      const caller = await target.newPerson('administrator', 'a');
      const before = await linesOf(target, caller);
      const answer = await target.ask(caller, { path: `${districtPath('a')}${path}` });
      const after = await linesOf(target, caller);
      const isRead = answer.status === 200;
      tries.note(
        `${caller.kind}, GET ${path}`,
        isRead
          ? after === before && 'leaves no line'
          : answer.status >= 500 && `answered ${answer.status}`,
      );
    },
    2,
  );
}

async function attackByFlood(target: Target, tries: Tries): Promise<void> {
  const caller = await target.newPerson('read-only', 'b');
  const counted = async () => {
    const { rows } = await target.database.pool.query<{ lines: number; letters: number }>(
      `select count(*)::int as lines, count(*) filter (where a::text like '%flood-of-letters%')::int as letters from audit_events a`,
    );
    return rows[0] ?? { lines: 0, letters: 0 };
  };
  const before = await counted();
  const count = tries.isQuick ? 60 : 200;
  const places = Array.from({ length: count }, (_, index) => index);
  await each(places, async (index) => {
    await target.ask(caller, { path: `${districtPath('a')}/students/flood-of-letters-${index}` });
  });
  await each(places, async (index) => {
    await target.ask(caller, {
      path: `${districtPath('a')}/flood-of-letters-${index}/${'x'.repeat(150)}`,
    });
  });
  await each(places.slice(0, 20), async () => {
    await target.ask(undefined, {
      method: 'POST',
      path: '/api/session',
      body: { email: 'flood@b.example', password: 'x' },
      from: freshAddress(),
    });
  });
  const { lines, letters } = await counted();
  tries.note(
    `${2 * count} refusals`,
    lines - before.lines > 0.4 * count && `leave ${lines - before.lines} lines`,
  );
  tries.note(
    `${2 * count} refusals`,
    letters > before.letters && `write letters of the attacker’s choice into ${letters} lines`,
  );
}

/** Nobody changes what was written. */
async function attackLines(target: Target, tries: Tries): Promise<void> {
  const administrator = target.caller('administrator of a');
  const technician = target.caller('technician');
  for (const caller of [administrator, technician])
    for (const [method, path] of [
      ['DELETE', '/audit'],
      ['PUT', '/audit'],
      ['DELETE', '/audit/1'],
      ['PATCH', '/audit/1'],
      ['POST', '/audit'],
    ] as const) {
      const answer = await target.ask(caller, {
        method,
        path: `${districtPath('a')}${path}`,
        body: {},
      });
      tries.note(
        `${caller.kind}, ${method} ${path}`,
        answer.status < 400 && `answered ${answer.status}`,
      );
    }
}
