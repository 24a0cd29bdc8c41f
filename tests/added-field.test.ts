/** Adds the field of CONTRIBUTING.md to a copy of the source and imports it: one entry and one migration are enough. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { AddedFieldOptions } from './added-field-process.ts';
import { openSandboxDistrict, type SandboxDistrict } from './skyward/sandbox-district.ts';

const root = join(import.meta.dirname, '..');
const copied = ['src', 'sandbox', 'tests/skyward', 'tests/servers', 'tests/added-field-process.ts'];

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

async function addExample(): Promise<void> {
  const { entry, migration } = await readExample();
  const file = join(copy, 'src/roster/fields/student.ts');
  const text = await readFile(file, 'utf8');
  const place = '  ...contactFields,\n';
  expect(text).toContain(place);
  await writeFile(file, text.replace(place, `${entry}${place}`));
  await district.database.pool.query(migration);
}

async function importExample(sisStudentId: number): Promise<unknown> {
  const { baseUrl, clientKey, clientSecret, entityId } = district.skyward;
  const options: AddedFieldOptions = {
    database: {
      ...inject('testServer'),
      database: String(district.database.pool.options.database),
    },
    skyward: { baseUrl, clientKey, clientSecret, entityId },
    districtId: district.districtId,
    sisStudentId,
    key: 'dentalPolicyNumber',
    path: 'student.dentalPolicyNumber',
  };
  const script = join(copy, 'tests/added-field-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(options)]);
  return JSON.parse(stdout);
}

it('shows a field that CONTRIBUTING.md adds in Details, in History and in documents', async () => {
  await addExample();
  const students = district.skyward.sandbox.rows('Student/Student');
  const [id = 0] = students.ids();
  students.update(id, { DentalPolicyNumber: 'D-1' });
  expect(await importExample(id)).toEqual({
    state: 'published',
    details: 'D-1',
    history: [],
    document: { value: 'D-1', origin: 'record' },
  });
  students.update(id, { DentalPolicyNumber: null });
  expect(await importExample(id)).toEqual({
    state: 'published',
    details: null,
    history: [['Dental policy number', 'D-1', null]],
    document: { missing: 'Details have no dental policy number.' },
  });
});
