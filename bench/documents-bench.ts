/** The benchmark of documents: creating one, creating a thousand, and printing those as one PDF. */
import type { Pool } from 'pg';

import type { Database } from '../src/database/database.ts';
import { transaction } from '../src/database/transaction.ts';
import { fieldsOf, type FormTemplate } from '../src/contract/documents/form-template.ts';
import { findBuiltInForm } from '../src/documents/built-in-forms.ts';
import { verdict, type Verdict } from './measurement.ts';
import { withBenchServer } from './bench-server.ts';
import { fillDistrict, type FilledDistrict } from './web-district.ts';
import { sendRequests, type RequestTimes, summarizeTimes } from './web-load.ts';
import { startSignedIn } from './web-process.ts';

export interface DocumentsResult {
  readonly students: number;
  readonly documents: number;
  /** Times of creating one document, `inFlight` at a time. */
  readonly create: RequestTimes;
  /** Time of creating documents for a thousand students, from the first request to the last response. */
  readonly manySeconds: number;
  readonly printed: {
    readonly seconds: number;
    readonly pages: number;
    readonly bytes: number;
    /** Highest memory of the server's process. */
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

/** Targets of documents (README.md). */
const targets = { createP95Ms: 60, manySeconds: 15, peakBytes: 500 * 1024 * 1024 } as const;

const warmUp = 200;
const manyCount = 1000;
/** Students per request, as in the web app. */
const partSize = 50;
const formKey = 'education-program-cover';

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
  const unusedStudents = await listUnusedStudents(
    database.pool,
    district,
    requests + warmUp + manyCount,
  );
  onProgress('Starting the server …');
  const { web, cookie } = await startSignedIn(database, databaseUrl, district.districtId);
  try {
    const url = `${web.url}/api/districts/${district.domain}`;
    const documentRequest = (part: readonly number[], batch?: string) => ({
      path: '/documents',
      body: { form: formKey, students: part, ...(batch !== undefined && { batch }) },
    });
    const single = unusedStudents.slice(0, requests + warmUp).map((id) => documentRequest([id]));
    const requestOptions = { url, cookie, inFlight };
    onProgress('Measuring: one document …');
    await sendRequests({ ...requestOptions, kind: 'warm-up', requests: single.slice(0, warmUp) });
    await sendRequests({ ...requestOptions, kind: 'create', requests: single.slice(warmUp) });

    onProgress(`Measuring: ${manyCount} documents …`);
    const batch = crypto.randomUUID();
    const chosen = unusedStudents.slice(-manyCount);
    const parts = Array.from({ length: manyCount / partSize }, (_, index) =>
      documentRequest(chosen.slice(index * partSize, (index + 1) * partSize), batch),
    );
    const startedMany = performance.now();
    await sendRequests({ ...requestOptions, inFlight: 1, kind: 'many', requests: parts });
    const manySeconds = (performance.now() - startedMany) / 1000;

    const { times } = await web.stop();
    return {
      students,
      documents,
      create: summarizeTimes(times['create'] ?? []),
      manySeconds,
      printed: await measurePrint(database, databaseUrl, district, batch, onProgress),
    };
  } finally {
    await web.stop();
  }
}

/** Prints in a new server, so that its memory is that of the print alone. */
async function measurePrint(
  database: Database,
  databaseUrl: string,
  { districtId, domain }: FilledDistrict,
  batch: string,
  onProgress: DocumentsBenchOptions['onProgress'],
): Promise<DocumentsResult['printed']> {
  onProgress(`Measuring: a PDF of ${manyCount} documents …`);
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

/** Reads the PDF as a stream and counts its pages. */
async function readPrint(
  url: string,
  cookie: string,
): Promise<{ readonly pages: number; readonly bytes: number }> {
  const response = await fetch(url, { headers: { cookie } });
  if (!response.ok || response.body === null) {
    throw new Error(`The server responded with ${response.status} to the print`);
  }
  let [pages, bytes, rest] = [0, 0, ''];
  for await (const chunk of response.body) {
    bytes += chunk.length;
    const text = rest + Buffer.from(chunk).toString('latin1');
    const found = [...text.matchAll(/\/Type \/Page\b/g)];
    pages += found.length;
    // A match may continue in the next chunk; a complete one must not be counted twice.
    const last = found.at(-1);
    rest = text.slice(
      Math.max(text.length - 12, last === undefined ? 0 : last.index + last[0].length),
    );
  }
  return { pages, bytes };
}

/** Inserts complete and incomplete documents, spread over the students. */
async function fillDocuments(
  pool: Pool,
  { districtId, studentCount }: FilledDistrict,
  documents: number,
): Promise<void> {
  const shipped = findBuiltInForm(formKey);
  if (shipped === undefined) throw new Error(`The form ${formKey} is no longer built in`);
  await transaction(pool, async (client) => {
    await client.query("select set_config('daybreak.district_id', $1, true)", [`${districtId}`]);
    await client.query(
      `insert into form_templates (district_id, form_key, version, definition) values ($1, $2, $3, $4)`,
      [districtId, formKey, shipped.version, JSON.stringify(shipped)],
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
        formKey,
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

/** Fields filled with text of a typical length. */
const writtenFields = (template: FormTemplate) =>
  Object.fromEntries(
    fieldsOf(template).map(({ key }) => {
      const value = 'A sentence of the usual length, as typed.';
      const source = { kind: 'typed', importDate: null, by: 'Bench' };
      return [key, { value, source, note: null, copied: null }];
    }),
  );

/** Lists students without a request so far. */
async function listUnusedStudents(
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

/** Compares the result with the targets. */
export const judgeDocuments = ({ create, manySeconds, printed }: DocumentsResult): Verdict[] => [
  verdict(
    'create-p95-ms',
    'creating a document, 95 % within milliseconds at the server',
    create.p95,
    targets.createP95Ms,
  ),
  verdict(
    'create-many-seconds',
    '1,000 documents for selected students, seconds',
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
