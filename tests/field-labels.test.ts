/** The same field has the same label in History, in the preview of changes, in comparisons and in exports. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importChangesApi } from '../src/contract/imports/import-changes.ts';
import { duplicatesApi } from '../src/contract/students/duplicates.ts';
import { historyPageSize, studentHistoryApi } from '../src/contract/students/student-history.ts';
import type { Field } from '../src/roster/fields/catalog.ts';
import { enrollmentFields } from '../src/roster/fields/enrollment.ts';
import { guardianFields } from '../src/roster/fields/guardian.ts';
import { combinedFields, decidedFields, studentFields } from '../src/roster/fields/student.ts';
import { insertRun, insertStudent } from './builders/record-builder.ts';
import { parseResponse, openTestApi, type TestApi } from './servers/test-api.ts';

const fields = [
  ...Object.entries<Field>(studentFields).map((field) => ['student', ...field] as const),
  ...Object.entries<Field>(guardianFields).map((field) => ['guardian', ...field] as const),
  ...Object.entries<Field>(enrollmentFields).map((field) => ['enrollment', ...field] as const),
];

let api: TestApi;
let studentId = 0;
let runId = 0;

beforeAll(async () => {
  api = await openTestApi();
  runId = await insertRun(api.database, api.districtId);
  studentId = await insertStudent(api.database, api.districtId);
});
afterAll(() => api.close());

it('names a field alike in History', async () => {
  for (const [record, , { column }] of fields)
    await api.database.pool.query(
      `insert into student_changes (district_id, student_id, run_id, record, record_id, field, old_value, new_value)
       values ($1, $2, $3, $4, 7, $5, '"a"', '"b"')`,
      [api.districtId, studentId, runId, record, column],
    );
  const labels: string[] = [];
  for (let page = 1; page <= Math.ceil(fields.length / historyPageSize); page++) {
    const { entries } = await parseResponse(
      studentHistoryApi.listStudentHistory.response,
      await api.askDistrict('staff', `/students/${studentId}/history?page=${page}`),
    );
    labels.push(...entries.map(({ label }) => label));
  }
  expect(labels.toReversed()).toEqual(fields.map(([, , { label }]) => label));
});

it('names a field alike in the preview of changes', async () => {
  const changes = fields.map(([record, , { column }]) => ({
    record,
    recordId: 7,
    field: column,
    from: 'a',
    to: 'b',
  }));
  await api.database.pool.query(
    `insert into import_plan_changes (district_id, run_id, position, kind, student_id, changes)
     values ($1, $2, 1, 'changed', $3, $4)`,
    [api.districtId, runId, studentId, JSON.stringify(changes)],
  );
  const { rows } = await parseResponse(
    importChangesApi.listImportPlan.response,
    await api.askDistrict('staff', `/imports/${runId}/plan`),
  );
  expect(rows[0]?.changes.map(({ field, label }) => `${field}: ${label}`).toSorted()).toEqual(
    fields
      .map(
        ([record, key, { label }]) =>
          `${key}: ${{ student: label, guardian: `Guardian ${lower(label)}`, enrollment: `Enrollment ${lower(label)}` }[record]}`,
      )
      .toSorted(),
  );
});

/** Within a sentence: `Phone numbers` as `phone numbers`, `ID` stays. */
const lower = (label: string) =>
  /^[A-Z][a-z-]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

const labelOf = (key: string) =>
  new Map(
    Object.entries<{ label: string }>({ ...studentFields, ...decidedFields, ...combinedFields }),
  ).get(key)?.label;

it('names a field alike in comparisons', async () => {
  const otherId = await insertStudent(api.database, api.districtId);
  const comparison = await parseResponse(
    duplicatesApi.compareStudents.response,
    await api.askDistrict('administrator', `/duplicates/${studentId}/${otherId}`),
  );
  const compared = comparison.fields.filter(({ key }) => !key.startsWith('staff:'));
  expect(compared.length).toBeGreaterThan(10);
  expect(compared.map(({ name }) => name)).toEqual(compared.map(({ key }) => labelOf(key)));
});

it('names a field alike in exports', async () => {
  const response = await api.askDistrict('staff', '/students.csv');
  const [headings = ''] = (await response.text()).split('\r\n');
  expect(headings.replace('\u{feff}', '').split(',')).toEqual([
    ...['lastName', 'firstName', 'middleName', 'suffix', 'studentNumber', 'stateId'].map(labelOf),
    ...['grade', 'schoolName', 'homeroom', 'birthDate', 'status', 'statusRule'].map(labelOf),
    'Last updated',
  ]);
});
