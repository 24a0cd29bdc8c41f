/** Fills two districts whose records all contain canaries, so that the origin of data in a response is known. */
import { z } from 'zod';

import type { Database } from '../../../src/database/database.ts';
import { addDistrict } from '../../../src/districts/district.ts';
import type { SealingKey } from '../../../src/districts/sealed-secret.ts';
import { buildReleaseForm } from '../../../tests/builders/pdf-form-builder.ts';
import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import type { HttpResponse, RequestOptions } from './http-client.ts';
import {
  type SendAs,
  type FindCaller,
  type Caller,
  type DistrictName,
  districtPath,
  getDomain,
  schoolIds,
  secretCanary,
} from './callers.ts';

type School = 'one' | 'two';
const schoolNames = ['one', 'two'] as const;

/** Ids of a district's records. */
export interface DistrictRecords {
  readonly districtId: number;
  /** Ids by school, as in URLs. */
  readonly student: Readonly<Record<School, number>>;
  readonly manualStudents: Readonly<Record<School, number>>;
  readonly document: Readonly<Record<School, number>>;
  readonly run: number;
  readonly person: string;
  readonly session: string;
  readonly invitation: string;
  readonly webhook: number;
  readonly view: number;
  readonly pdfForm: number;
  readonly formKey: string;
  readonly setupRequest: number;
}

type Ids = Omit<DistrictRecords, 'districtId' | 'student' | 'run'>;

/** Returns the number of a student by district and school. */
export const getStudentNumber = (district: DistrictName, school: School): string =>
  `${district === 'a' ? 71 : 72}${school === 'one' ? '0001' : '0002'}`;
export const sampleBirthDate = '2013-05-06';

export async function fillDistricts(
  database: Database,
  sealingKey: SealingKey,
): Promise<{
  readonly districtIds: Readonly<Record<DistrictName, number>>;
  /** Adds the records that only the API can write. */
  addByApi(
    send: SendAs,
    caller: FindCaller,
  ): Promise<Readonly<Record<DistrictName, DistrictRecords>>>;
}> {
  const a = await fillDistrict(database, sealingKey, 'a');
  const b = await fillDistrict(database, sealingKey, 'b');
  return {
    districtIds: { a: a.districtId, b: b.districtId },
    addByApi: async (send, caller) => {
      const add = async (district: DistrictName, filled: typeof a) => ({
        ...filled,
        ...(await addByApi(send, caller(`administrator of ${district}`), district, filled.student)),
      });
      return { a: await add('a', a), b: await add('b', b) };
    },
  };
}

async function fillDistrict(database: Database, sealingKey: SealingKey, district: DistrictName) {
  const { id: districtId } = await addDistrict(
    database.pool,
    // The sign-in page shows the name, which is public.
    { domain: getDomain(district), name: `District ${district}`, timeZone: 'America/Chicago' },
    {
      baseUrl: `https://skyward.${getDomain(district)}/API`,
      clientKey: `key-${district}`,
      clientSecret: `${secretCanary}-skyward-${district}`,
      entityId: null,
      allowPrivateAddress: false,
    },
    sealingKey,
  );
  await database.pool.query('update districts set nights_paused = true where id = $1', [
    districtId,
  ]);
  const run = await insertRun(database, districtId, { report: null });
  const student = { one: 0, two: 0 };
  for (const [index, school] of schoolNames.entries()) {
    const word = `Zq${district}${school}`;
    const entity_id = schoolIds[district][index] ?? 0;
    const skyward_id = entity_id * 10;
    student[school] = await insertStudent(database, districtId, {
      skyward_id,
      entity_id,
      student_number: getStudentNumber(district, school),
      state_id: `${getStudentNumber(district, school)}999`,
      first_name: `${word}first`,
      middle_name: `${word}middle`,
      last_name: `${word}last`,
      birth_date: sampleBirthDate,
      grade: '07',
      school_name: `${word} School`,
      homeroom: `${word} room`,
      first_run_id: run,
      emails: [{ rank: 1, type: 'Home', address: `${word}@mail.example` }],
      guardians: [{ first_name: `${word}mother`, last_name: `${word}guardian` }],
      enrollments: [{ skyward_id, school_name: `${word} School`, grade: '07' }],
    });
    await database.pool.query(
      `insert into import_problems (district_id, run_id, kind, object, field, record_key, skyward_student_id, message)
       values ($1, $2, 'birth-date-missing', 'Demographics/Name', 'birth_date', $3, $4, $5)`,
      [districtId, run, `${word}key`, skyward_id, `${word} has no birth date`],
    );
    await database.pool.query(
      `insert into student_changes (district_id, student_id, run_id, record, field, old_value, new_value)
       values ($1, $2, $3, 'student', 'homeroom', '"R1"', $4)`,
      [districtId, student[school], run, JSON.stringify(`${word} room`)],
    );
  }
  return { districtId, student, run };
}

/** Schemas of the parts read from responses. */
const responses = {
  created: z.object({ id: z.number() }),
  documents: z.object({ results: z.tuple([z.object({ documentId: z.number() })]) }),
  webhook: z.object({ webhook: z.object({ id: z.number() }) }),
  users: z.object({
    users: z.array(z.object({ id: z.string(), isYou: z.boolean() })),
    invitations: z.tuple([z.object({ id: z.string() })], z.unknown()),
  }),
  sessions: z.object({ sessions: z.tuple([z.object({ id: z.string() })], z.unknown()) }),
  setup: z.object({ request: z.object({ id: z.number() }).nullish() }),
};

async function addByApi(
  send: SendAs,
  administrator: Caller,
  district: DistrictName,
  student: DistrictRecords['student'],
): Promise<Ids> {
  const word = `Zq${district}dist`;
  const sendTo = async (
    method: string,
    path: string,
    body: unknown,
    more: Partial<RequestOptions> = {},
  ) =>
    parseBody(
      await send(administrator, {
        method,
        path: `${districtPath(district)}${path}`,
        body,
        ...more,
      }),
    );
  const get = async (path: string) => parseBody(await send(administrator, { path }));
  const formKey = `own-${district}`;
  await sendTo('PUT', `/form-templates/${formKey}`, {
    seen: 0,
    template: createForm(formKey, word),
  });
  const document = { one: 0, two: 0 };
  const manualStudents = { one: 0, two: 0 };
  for (const [index, school] of schoolNames.entries()) {
    const { results } = responses.documents.parse(
      await sendTo('POST', '/documents', { form: formKey, students: [student[school]] }),
    );
    document[school] = results[0].documentId;
    await sendTo('PUT', `/students/${student[school]}/staff-values/notes`, {
      value: `Zq${district}${school} notes`,
      version: 0,
    });
    const values = createManualStudent(`Zq${district}${school}`, schoolIds[district][index] ?? 0);
    manualStudents[school] = responses.created.parse(
      await sendTo('POST', '/manual-students', values),
    ).id;
  }
  const events = ['document.created'];
  const { webhook } = responses.webhook.parse(
    await sendTo('POST', '/webhooks', { url: `https://8.8.8.8/${word}`, events }),
  );
  const view = responses.created.parse(
    await sendTo('POST', '/student-views', { name: `${word} view`, isShared: true, query: {} }),
  );
  const pdf = responses.created.parse(
    await sendTo('POST', `/pdf-forms?fileName=${word}.pdf`, await buildReleaseForm(), {
      headers: { 'content-type': 'application/pdf' },
    }),
  );
  await sendTo('PUT', '/letterhead', { lines: [`${word} letterhead`], logo: null });
  await sendTo('POST', '/invitations', {
    email: `${word}@${getDomain(district)}`,
    role: 'read-only',
    schools: null,
  });
  await sendTo('PUT', '/single-sign-on', {
    issuer: `https://${word}.example`,
    clientId: `${word} client`,
    clientSecret: `${secretCanary}-sign-on-${district}`,
    isEnabled: false,
    trustsEmailAddresses: false,
    isRequired: false,
    newAccounts: null,
  });
  const { users, invitations } = responses.users.parse(
    await get(`${districtPath(district)}/users`),
  );
  const person = users.find(({ isYou }) => !isYou);
  if (person === undefined) throw new Error('The district has no user except its administrator.');
  const { sessions } = responses.sessions.parse(await get('/api/account/sessions'));
  const setup = await sendTo('POST', '/setup', undefined).catch(() => ({ request: null }));
  const { request } = responses.setup.parse(setup);
  return {
    manualStudents,
    document,
    person: person.id,
    session: sessions[0].id,
    invitation: invitations[0].id,
    webhook: webhook.id,
    view: view.id,
    pdfForm: pdf.id,
    formKey,
    setupRequest: request?.id ?? 1,
  };
}

/** Returns the body of a successful response. Throws for any other. */
function parseBody(response: HttpResponse): unknown {
  if (response.status === 200) return JSON.parse(response.text);
  throw new Error(`The district could not be filled: ${response.status} ${response.text}`);
}

const createForm = (key: string, word: string) => ({
  key,
  title: `${word} form`,
  group: 'Special Education',
  summary: word,
  allowsSeveral: true,
  sections: [
    {
      title: 'Student',
      fields: [
        { kind: 'text', key: 'name', label: 'Name', binding: 'student.name' },
        { kind: 'text', key: 'words', label: 'Words' },
      ],
    },
  ],
});

const createManualStudent = (word: string, entityId: number) => ({
  name: { first: `${word}hand`, middle: null, last: `${word}kept`, suffix: null },
  legalName: null,
  birthDate: sampleBirthDate,
  studentNumber: null,
  stateId: null,
  gender: null,
  grade: '07',
  school: { entityId },
  homeLanguage: null,
  addresses: [],
  phones: [],
  emails: [],
  guardians: [],
  status: { value: 'ENROLLED', reason: word, since: '2026-11-01' },
});
