/** Attacks on the audit trail: reads without an event, floods of events, and changes of events. */
import { forEachConcurrent, type Family, type Attempts } from '../attack.ts';
import { hashAuditEvents } from './schools.ts';
import { districtPath } from '../target/callers.ts';
import { randomAddress, type Target } from '../target/target.ts';

export const auditTrailFamily: Family = {
  name: 'audit trail',
  isQuick: true,
  async attack(target, attempts) {
    await attackReads(target, attempts);
    await attackByFlood(target, attempts);
    await attackLines(target, attempts);
  },
};

/** Every read of records must add an event. */
async function attackReads(target: Target, attempts: Attempts): Promise<void> {
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
  await forEachConcurrent(
    attempts.sample(paths, 4),
    async (path) => {
      // A new user each time, since repeated reads within some minutes are one event.
      const caller = await target.createUser('administrator', 'a');
      const before = await hashAuditEvents(target, caller);
      const response = await target.send(caller, { path: `${districtPath('a')}${path}` });
      const after = await hashAuditEvents(target, caller);
      const isRead = response.status === 200;
      attempts.record(
        `${caller.kind}, GET ${path}`,
        isRead
          ? after === before && 'adds no event'
          : response.status >= 500 && `got ${response.status}`,
      );
    },
    2,
  );
}

async function attackByFlood(target: Target, attempts: Attempts): Promise<void> {
  const caller = await target.createUser('read-only', 'b');
  const countEvents = async () => {
    const { rows } = await target.database.pool.query<{ lines: number; withInjectedText: number }>(
      `select count(*)::int as lines, count(*) filter (where a::text like '%flood-of-letters%')::int as letters from audit_events a`,
    );
    return rows[0] ?? { lines: 0, withInjectedText: 0 };
  };
  const before = await countEvents();
  const count = attempts.isQuick ? 60 : 200;
  const indexes = Array.from({ length: count }, (_, index) => index);
  await forEachConcurrent(indexes, async (index) => {
    await target.send(caller, { path: `${districtPath('a')}/students/flood-of-letters-${index}` });
  });
  await forEachConcurrent(indexes, async (index) => {
    await target.send(caller, {
      path: `${districtPath('a')}/flood-of-letters-${index}/${'x'.repeat(150)}`,
    });
  });
  await forEachConcurrent(indexes.slice(0, 20), async () => {
    await target.send(undefined, {
      method: 'POST',
      path: '/api/session',
      body: { email: 'flood@b.example', password: 'x' },
      clientAddress: randomAddress(),
    });
  });
  const { lines, withInjectedText } = await countEvents();
  attempts.record(
    `${2 * count} rejected requests`,
    lines - before.lines > 0.4 * count && `add ${lines - before.lines} events`,
  );
  attempts.record(
    `${2 * count} rejected requests`,
    withInjectedText > before.withInjectedText &&
      `write letters of the attacker’s choice into ${withInjectedText} lines`,
  );
}

/** Events must be immutable. */
async function attackLines(target: Target, attempts: Attempts): Promise<void> {
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
      const response = await target.send(caller, {
        method,
        path: `${districtPath('a')}${path}`,
        body: {},
      });
      attempts.record(
        `${caller.kind}, ${method} ${path}`,
        response.status < 400 && `got ${response.status}`,
      );
    }
}
