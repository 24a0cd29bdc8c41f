/** The benchmark of documents: creating one and many, and a thousand of them as one PDF. */
import type { Pool } from 'pg';

import type { Database } from '../src/database/database.ts';
import { transaction } from '../src/database/transaction.ts';
import { fieldsOf, type FormTemplate } from '../src/contract/documents/form-template.ts';
import { findBuiltInForm } from '../src/documents/built-in-forms.ts';
import { verdict, type Verdict } from './measurement.ts';
import { withBenchServer } from './server-folder.ts';
import { fillDistrict, type FilledDistrict } from './web-district.ts';
import { askAll, type RequestTimes, timesAt } from './web-load.ts';
import { startSignedIn } from './web-process.ts';

export interface DocumentsResult {
  readonly students: number;
  readonly documents: number;
  /** Creating one document, so many at a time. */
  readonly create: RequestTimes;
  /** Creating a document for each of a thousand students, from the first request to the last answer. */
  readonly manySeconds: number;
  readonly printed: {
    readonly seconds: number;
    readonly pages: number;
    readonly bytes: number;
    /** Highest memory of the server's process meanwhile. */
    readonly peakBytes: number;
  };
}

export interface DocumentsBenchOptions {
  readonly students: number;
  readonly documents: number;
  readonly requests: number;
  readonly inFlight: number;
  readonly onProgress: (sentence: string) => void;
}

/** Targets of documents (issue "Documents that are already filled in"). */
const targets = { createP95Ms: 60, manySeconds: 15, peakBytes: 500 * 1024 * 1024 } as const;

const warmUp = 200;
const many = 1000;
/** As the web app sends them. */
const partSize = 50;
const form = 'education-program-cover';

/** Fills a district with students and documents, starts the server, and measures. */
export async function benchDocuments(options: DocumentsBenchOptions): Promise<DocumentsResult> {
  return withBenchServer(async ({ database, url }) => measure(database, url, options));
}

async function measure(
  database: Database,
  databaseUrl: string,
  { students, documents, requests, inFlight, onProgress }: DocumentsBenchOptions,
): Promise<DocumentsResult> {
  onProgress(`Filling a district of ${students} students and ${documents} documents …`);
  const district = await fillDistrict(database.pool, students);
  await fillDocuments(database.pool, district, documents);
  const unused = await studentsWithout(database.pool, district, requests + warmUp + many);
  onProgress('Starting the server …');
  const { web, cookie } = await startSignedIn(database, databaseUrl, district.districtId);
  try {
    const url = `${web.url}/api/districts/${district.domain}`;
    const order = (part: readonly number[], batch?: string) => ({
      path: '/documents',
      body: { form, students: part, ...(batch !== undefined && { batch }) },
    });
    const single = unused.slice(0, requests + warmUp).map((id) => order([id]));
    const asked = { url, cookie, inFlight };
    onProgress('Measuring: one document …');
    await askAll({ ...asked, kind: 'warm-up', requests: single.slice(0, warmUp) });
    await askAll({ ...asked, kind: 'create', requests: single.slice(warmUp) });

    onProgress(`Measuring: ${many} documents …`);
    const batch = crypto.randomUUID();
    const chosen = unused.slice(-many);
    const parts = Array.from({ length: many / partSize }, (_, index) =>
      order(chosen.slice(index * partSize, (index + 1) * partSize), batch),
    );
    const startedMany = performance.now();
    await askAll({ ...asked, inFlight: 1, kind: 'many', requests: parts });
    const manySeconds = (performance.now() - startedMany) / 1000;

    const { times } = await web.stop();
    return {
      students,
      documents,
      create: timesAt(times['create'] ?? []),
      manySeconds,
      printed: await measurePrint(database, databaseUrl, district, batch, onProgress),
    };
  } finally {
    await web.stop();
  }
}

/** In a server of its own, whose memory is that of the print and of nothing before it. */
async function measurePrint(
  database: Database,
  databaseUrl: string,
  { districtId, domain }: FilledDistrict,
  batch: string,
  onProgress: DocumentsBenchOptions['onProgress'],
): Promise<DocumentsResult['printed']> {
  onProgress(`Measuring: a PDF of ${many} documents …`);
  const { web, cookie } = await startSignedIn(database, databaseUrl, districtId);
  try {
    const started = performance.now();
    const address = `${web.url}/api/districts/${domain}/documents.pdf?batch=${batch}`;
    const printed = await readPrint(address, cookie);
    const seconds = (performance.now() - started) / 1000;
    const { peakBytes } = await web.stop();
    return { seconds, ...printed, peakBytes };
  } finally {
    await web.stop();
  }
}

/** Reads the PDF as it comes and counts its pages; nothing of it is kept. */
async function readPrint(
  url: string,
  cookie: string,
): Promise<{ readonly pages: number; readonly bytes: number }> {
  const response = await fetch(url, { headers: { cookie } });
  if (!response.ok || response.body === null) {
    throw new Error(`The server answered ${response.status} to the print`);
  }
  let [pages, bytes, rest] = [0, 0, ''];
  for await (const chunk of response.body) {
    bytes += chunk.length;
    const text = rest + Buffer.from(chunk).toString('latin1');
    const found = [...text.matchAll(/\/Type \/Page\b/g)];
    pages += found.length;
    // What may begin a match that ends in the next piece; a whole match is not counted twice.
    const last = found.at(-1);
    rest = text.slice(
      Math.max(text.length - 12, last === undefined ? 0 : last.index + last[0].length),
    );
  }
  return { pages, bytes };
}

/** Complete and incomplete documents of every shipped form's size, spread over the students. */
async function fillDocuments(
  pool: Pool,
  { districtId, studentCount }: FilledDistrict,
  documents: number,
): Promise<void> {
  const shipped = findBuiltInForm(form);
  if (shipped === undefined) throw new Error(`The form ${form} is not shipped any more`);
  await transaction(pool, async (client) => {
    await client.query("select set_config('daybreak.district_id', $1, true)", [`${districtId}`]);
    await client.query(
      `insert into form_templates (district_id, form_key, version, definition) values ($1, $2, $3, $4)`,
      [districtId, form, shipped.version, JSON.stringify(shipped)],
    );
    await client.query(
      `insert into documents (district_id, student_id, form_key, form_version, title, fields, is_only_one,
         state, completed_at, created_by, created_by_name, changed_by, changed_by_name, changed_at)
       select $1, s.id, $2, $3, $4, $5, false, state, case state when 'complete' then now() end,
         owner, 'Owner ' || n % 300, owner, 'Owner ' || n % 300, now() - n % 100000 * interval '1 minute'
       from generate_series(1, $6::integer) n
       cross join lateral (
         select case when n % 4 = 0 then 'incomplete' else 'complete' end as state,
           md5((n % 300)::text)::uuid as owner) drawn
       join (select id, row_number() over (order by id) as nth from students where district_id = $1) s
         on s.nth = 1 + n % $7::integer`,
      [
        districtId,
        form,
        shipped.version,
        shipped.title,
        JSON.stringify(writtenFields(shipped)),
        documents,
        studentCount,
      ],
    );
  });
  await pool.query('vacuum analyze');
}

/** Fields as large as people leave them. */
const writtenFields = (template: FormTemplate) =>
  Object.fromEntries(
    fieldsOf(template).map(({ key }) => {
      const value = 'What somebody wrote here, in a few words.';
      const source = { kind: 'typed', importDate: null, by: 'Bench' };
      return [key, { value, source, note: null, copied: null }];
    }),
  );

/** Students for whom nobody has asked yet. */
async function studentsWithout(
  pool: Pool,
  { districtId }: FilledDistrict,
  count: number,
): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(
    `select id from students where district_id = $1 order by hashint8extended(id, 7) limit $2`,
    [districtId, count],
  );
  if (rows.length < count) throw new Error(`The benchmark needs ${count} students or more`);
  return rows.map(({ id }) => id);
}

/** Holds the result to the targets. */
export const judgeDocuments = ({ create, manySeconds, printed }: DocumentsResult): Verdict[] => [
  verdict(
    'create-p95-ms',
    'creating a document, 95 % within milliseconds at the server',
    create.p95,
    targets.createP95Ms,
  ),
  verdict(
    'create-many-seconds',
    '1,000 documents for chosen students, seconds',
    manySeconds,
    targets.manySeconds,
  ),
  verdict(
    'print-peak-bytes',
    'memory of the server with a PDF of 1,000 documents',
    printed.peakBytes,
    targets.peakBytes,
  ),
];
