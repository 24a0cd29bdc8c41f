/** Adds the field of CONTRIBUTING.md, and others, to a copy of the source: one entry and one migration are enough. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { AddedFieldOptions } from './added-field-process.ts';
import { openSandboxDistrict, type SandboxDistrict } from './skyward/sandbox-district.ts';

const root = join(import.meta.dirname, '..');
const copied = [
  'src',
  'sandbox',
  'tests/skyward',
  'tests/servers',
  'tests/added-field-process.ts',
  'web/students/record/enrollment-facts.ts',
  'web/students/record/field-text.ts',
];

let district: SandboxDistrict;
let copy = '';

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 7, permissions: 'all' });
  copy = await mkdtemp(join(tmpdir(), 'daybreak-added-field-'));
  for (const path of [...copied, 'package.json'])
    await cp(join(root, path), join(copy, path), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(async () => {
  await district.close();
  await rm(copy, { recursive: true, force: true });
});

/** The two blocks of the section "A field from Skyward". */
async function readExample(): Promise<{ entry: string; migration: string }> {
  const text = await readFile(join(root, 'CONTRIBUTING.md'), 'utf8');
  const section = text.slice(text.indexOf('**A field from Skyward.**'));
  const block = (language: string) =>
    new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(section)?.[1] ?? '';
  return { entry: block('ts'), migration: block('sql') };
}

/** Fields of other types and records than the example of CONTRIBUTING.md. */
const others = {
  student: `
mayBePhotographed: {
  column: 'may_be_photographed', type: 'boolean', label: 'May be photographed',
  staged: 'students', copies: 'AllowMediaDistribution',
  document: { path: 'student.mayBePhotographed', example: 'yes' },
},
firstDay: {
  column: 'first_day', type: 'date', label: 'First day',
  staged: 'students', copies: 'EarliestDistrictEnrollmentDate',
},`,
  guardian: `
license: {
  column: 'license', type: 'text', label: 'License',
  staged: 'people', copies: 'DriversLicenseNumber',
},`,
  enrollment: `
membershipDays: {
  column: 'membership_days', type: 'integer', label: 'Days of membership',
  staged: 'enrollments', copies: 'MembershipDays',
},`,
  migration: `
    alter table students add may_be_photographed boolean, add first_day date;
    alter table guardians add license text;
    alter table enrollments add membership_days integer`,
};

async function addEntry(record: 'student' | 'guardian' | 'enrollment', entry: string) {
  const file = join(copy, `src/roster/fields/${record}.ts`);
  const text = await readFile(file, 'utf8');
  const place = `export const ${record}Fields = {\n`;
  expect(text).toContain(place);
  await writeFile(file, text.replace(place, `${place}${entry}`));
}

async function addFields(): Promise<void> {
  const { entry, migration } = await readExample();
  await addEntry('student', entry + others.student);
  await addEntry('guardian', others.guardian);
  await addEntry('enrollment', others.enrollment);
  await district.database.pool.query(`${migration};${others.migration}`);
}

async function importFields(sisStudentId: number): Promise<unknown> {
  const { baseUrl, clientKey, clientSecret, entityId } = district.skyward;
  const options: AddedFieldOptions = {
    database: {
      ...inject('testServer'),
      database: String(district.database.pool.options.database),
    },
    skyward: { baseUrl, clientKey, clientSecret, entityId },
    districtId: district.districtId,
    sisStudentId,
    keys: ['dentalPolicyNumber', 'mayBePhotographed', 'firstDay'],
    guardianKey: 'license',
    enrollmentKey: 'membershipDays',
    paths: ['student.dentalPolicyNumber', 'student.mayBePhotographed'],
  };
  const script = join(copy, 'tests/added-field-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(options)]);
  return JSON.parse(stdout);
}

it('shows fields that CONTRIBUTING.md and this test add on screens, in History and in documents', async () => {
  await addFields();
  const rowsOf = (path: string) => district.skyward.sandbox.rows(path);
  const students = rowsOf('Student/Student');
  const links = rowsOf('Family/StudentGuardian');
  const id = [...students.ids()].find((one) => links.where('StudentID', one).length === 1) ?? 0;
  const [link = 0] = links.where('StudentID', id);
  const guardian = Number(links.get(link, 'NameIDGuardian'));
  const enrollments = rowsOf('Enrollment/EntryWithdrawal');
  const [enrollment = 0] = enrollments.where('StudentID', id).toReversed();
  students.update(id, {
    DentalPolicyNumber: 'D-1',
    AllowMediaDistribution: false,
    EarliestDistrictEnrollmentDate: '2019-08-14T00:00:00',
  });
  rowsOf('Demographics/Name').update(guardian, { DriversLicenseNumber: 'L-7' });
  enrollments.update(enrollment, { MembershipDays: 12 });
  expect(await importFields(id)).toEqual({
    state: 'published',
    details: ['D-1', false, '2019-08-14'],
    guardians: ['L-7'],
    enrollments: [12, null],
    enrollmentTab: expect.arrayContaining(['Days of membership: 12']),
    history: [],
    documents: [
      { value: 'D-1', origin: 'record' },
      { value: 'no', origin: 'record' },
    ],
  });
  students.update(id, {
    DentalPolicyNumber: null,
    AllowMediaDistribution: null,
    EarliestDistrictEnrollmentDate: '0001-01-01T00:00:00',
  });
  rowsOf('Demographics/Name').update(guardian, { DriversLicenseNumber: null });
  enrollments.update(enrollment, { MembershipDays: 13 });
  expect(await importFields(id)).toEqual({
    state: 'published',
    details: [null, null, null],
    guardians: [null],
    enrollments: [13, null],
    enrollmentTab: expect.arrayContaining(['Days of membership: 13']),
    history: [
      ['Days of membership', '12', '13'],
      ['Dental policy number', 'D-1', null],
      ['First day', 'Aug 14, 2019', null],
      ['License', 'L-7', null],
      ['May be photographed', 'no', null],
    ],
    documents: [
      { missing: 'Details have no dental policy number.' },
      { missing: 'Details have no may be photographed.' },
    ],
  });
});
