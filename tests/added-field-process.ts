/**
 * Imports a student and prints what is known of added fields. A process, since it runs in a copy
 * of the source that has the fields (added-field.test.ts).
 *
 * This folder tests the whole system; unit tests are next to their files. Its folders have shared test support.
 */
import { openPool } from '../src/database/database.ts';
import { readInDistrict } from '../src/database/district-and-school-scope.ts';
import { bindings } from '../src/documents/bindings.ts';
import { findDetailsOfStudents } from '../src/students/record/document-details.ts';
import { findStudent } from '../src/students/record/details.ts';
import { findEnrollmentForecast } from '../src/students/record/enrollment-forecast.ts';
import { findStudentHistory } from '../src/students/history/pages.ts';
import { runSandboxImport } from './skyward/sandbox-district.ts';
import { furtherFacts } from '../web/students/record/enrollment-facts.ts';

/** What the test hands over. */
export interface AddedFieldOptions {
  readonly database: Parameters<typeof openPool>[0];
  readonly skyward: Parameters<typeof runSandboxImport>[1];
  readonly districtId: number;
  readonly sisStudentId: number;
  /** Keys of fields of a student, a guardian and an enrollment, and paths of document fields. */
  readonly keys: readonly string[];
  readonly guardianKey: string;
  readonly enrollmentKey: string;
  readonly paths: readonly string[];
}

const options = JSON.parse(process.argv[2] ?? '{}') as AddedFieldOptions;
const { database, skyward, districtId, sisStudentId, keys, guardianKey, paths } = options;
const opened = await openPool(database, { migrate: false }, async () => undefined);
const { state } = await runSandboxImport(opened.pool, skyward, districtId);
const { rows } = await opened.pool.query<{ id: number }>(
  'select id from students where district_id = $1 and skyward_id = $2',
  [districtId, sisStudentId],
);
const id = rows[0]?.id ?? 0;
const today = Temporal.PlainDate.from('2026-11-23');
const found = await readInDistrict(
  opened.pool,
  { districtId, schools: null },
  async (district) => ({
    details: await findStudent(district, id, today),
    forecast: await findEnrollmentForecast(district, id, today),
    history: await findStudentHistory(district, id, {}),
    student: (await findDetailsOfStudents(district, [id])).get(id),
  }),
);
const { details, forecast, history, student } = found;
const valueOf = (record: object | undefined, key: string): unknown =>
  (record as Readonly<Record<string, unknown>> | undefined)?.[key];
process.stdout.write(
  JSON.stringify({
    state,
    details: keys.map((key) => valueOf(details, key)),
    guardians: details?.guardians.map((guardian) => valueOf(guardian, guardianKey)),
    enrollments: details?.enrollments.map((row) => valueOf(row, options.enrollmentKey)),
    enrollmentTab: forecast?.enrollments.flatMap(furtherFacts),
    history: history?.entries.map(({ label, from, to }) => [label, from, to]).toSorted(),
    documents: paths.map((path) => {
      const binding = bindings.find((one) => one.path === path);
      return student && binding?.read({ student, districtName: 'Demo', today });
    }),
  }),
);
await opened.close();
