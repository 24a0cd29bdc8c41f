/** Compares the pre-filled values of new documents with Skyward's records, which are joined independently. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { FormField, FormTemplate } from '../src/contract/documents/form-template.ts';
import { writeInDistrict } from '../src/database/district-and-school-scope.ts';
import { bindings } from '../src/documents/bindings.ts';
import { createForStudents } from '../src/documents/document-work.ts';
import type { StoredFields } from '../src/documents/filled-values.ts';
import {
  openSandboxDistrict,
  sandboxDate,
  type SandboxDistrict,
} from './skyward/sandbox-district.ts';
import { readSkyward, type SkywardRecords } from './skyward/skyward-records.ts';

const compared = 500;
const districtName = 'Cedar Hollow ISD';

let district: SandboxDistrict;
let skyward: SkywardRecords;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 900, seed: 23, permissions: 'all' });
  skyward = readSkyward((path) => district.skyward.sandbox.rows(path), sandboxDate);
  expect((await district.runImport()).state).toBe('published');
});
afterAll(() => district.close());

/** Returns the key of a form field from the path of its binding. */
const createKey = (path: string) => path.replaceAll(/[.[\]]+/g, 'X').replace(/X$/, '');
const everything: FormTemplate = {
  key: 'everything',
  version: 1,
  title: 'Everything',
  group: 'Test',
  summary: '',
  allowsSeveral: false,
  sections: [
    {
      title: 'All',
      fields: bindings.map(({ path, holds }): FormField => {
        const common = { key: createKey(path), label: path, binding: path };
        if (holds === 'date') return { kind: 'date', ...common };
        if (holds === 'text') return { kind: 'text', ...common };
        const names = ['name', 'relationship', 'phone', 'email', 'address', 'language'];
        return { kind: 'people', ...common, columns: names.map((key) => ({ key, label: key })) };
      }),
    },
  ],
};

const joined = (...parts: unknown[]): string | null =>
  parts.filter((part) => part !== null && part !== undefined && part !== '').join(' ') || null;

interface Reachable {
  readonly phones: readonly Record<string, unknown>[];
  readonly emails: readonly Record<string, unknown>[];
  readonly addresses: readonly {
    readonly uses: readonly unknown[];
    readonly lines: readonly unknown[];
    readonly city: unknown;
    readonly state: unknown;
    readonly zip: unknown;
  }[];
}

function formatPhone({ phones }: Reachable, type?: string): string | null {
  const open = phones.find(
    (phone) =>
      phone['isConfidential'] === false &&
      (type === undefined
        ? phone['type'] !== 'Fax'
        : String(phone['type']).toLowerCase().includes(type)),
  );
  if (open === undefined) return null;
  return joined(open['number'], open['extension'] ? joined('ext.', open['extension']) : null);
}

function formatAddress({ addresses }: Reachable): string | null {
  const main = addresses.find(({ uses }) => uses.includes('mailing')) ?? addresses[0];
  if (main === undefined) return null;
  const place = [main.city, joined(main.state, main.zip)].filter((part) => part !== null);
  return [...main.lines, ...place].join(', ') || null;
}

const formatEmail = ({ emails }: Reachable) => emails[0]?.['address'] ?? null;

/** Lists the expected value of each path for a student; null means no value, with a note. */
function listExpectedValues(id: number): Record<string, unknown> {
  const student = skyward.expectedStudent(id);
  const guardians = skyward.expectedGuardians(id);
  const { status, decider } = skyward.determineStatus(skyward.expectedEnrollments(id));
  const today = Temporal.PlainDate.from(sandboxDate);
  const genders: Record<string, string> = {
    Female: 'Female',
    Male: 'Male',
    F: 'Female',
    M: 'Male',
  };
  const statuses: Record<string, string> = {
    ENROLLED: 'Enrolled',
    PRE_ENROLLED: 'Pre-Enrolled',
    GRADUATED: 'Graduated',
    INACTIVE: 'Inactive',
  };
  const findPerson = (person: (typeof guardians)[number]) => ({
    name: joined(person.first_name, person.middle_name, person.last_name, person.suffix),
    relationship: person.relationship,
    phone: formatPhone(person),
    email: formatEmail(person),
    address: formatAddress(person),
    language: person.language,
  });
  return {
    'student.name': joined(
      student.first_name,
      student.middle_name,
      student.last_name,
      student.suffix,
    ),
    'student.firstName': student.first_name,
    'student.lastName': student.last_name,
    'student.legalName': joined(
      student.legal_first_name,
      student.legal_middle_name,
      student.legal_last_name,
      student.legal_suffix,
    ),
    'student.number': student.student_number,
    'student.stateId': student.state_id,
    'student.birthDate': student.birth_date,
    'student.age':
      student.birth_date === null
        ? null
        : String(today.since(student.birth_date, { largestUnit: 'years' }).years),
    'student.gender': genders[String(student.gender)] ?? null,
    'student.pronouns': null,
    'student.grade': decider?.grade ?? skyward.table.students.get(id)?.['Grade'] ?? null,
    'student.schoolYear': decider
      ? `${decider.school_year - 1}-${String(decider.school_year).slice(2)}`
      : null,
    'student.homeroom': decider?.homeroom ?? null,
    'student.homeroomTeacher': decider?.homeroom_teacher ?? null,
    'student.advisor': decider?.advisor ?? null,
    'student.status': statuses[status],
    'student.nativeLanguage': student.native_language,
    'student.homeLanguage': student.home_language,
    'student.race': student.race,
    'student.ethnicity': student.ethnicity,
    'student.graduationYear': student.graduation_year ? String(student.graduation_year) : null,
    'student.address': formatAddress(student),
    'student.phone': formatPhone(student),
    'student.email': formatEmail(student),
    'school.name': decider?.school_name ?? null,
    'school.stateId': decider?.school_state_id ?? null,
    'district.name': districtName,
    today: sandboxDate,
    guardians:
      guardians.length === 0
        ? null
        : guardians.map((person) =>
            Object.fromEntries(
              Object.entries(findPerson(person)).map(([key, value]) => [key, value ?? '']),
            ),
          ),
    ...Object.fromEntries(
      [0, 1, 2, 3].flatMap((index) => {
        const person = guardians[index];
        const path = `guardians[${index + 1}]`;
        const phones = ['home', 'cell', 'work'].map((type) => [
          `${path}.phone.${type}`,
          person ? formatPhone(person, type) : null,
        ]);
        const parts = ['name', 'relationship', 'address', 'phone', 'email', 'language'] as const;
        return [
          ...parts.map((part) => [`${path}.${part}`, person ? findPerson(person)[part] : null]),
          ...phones,
        ];
      }),
    ),
  };
}

describe(`R5: the documents of ${compared} randomly chosen students`, () => {
  it('start with exactly Skyward’s values, field by field, each from that import', async () => {
    const published = await district.rows<{ id: number; sisStudentId: number }>(
      `select id, skyward_id as "sisStudentId" from students
       where district_id = $1 order by skyward_id`,
    );
    const [chosen = []] = fc.sample(
      fc.shuffledSubarray(published, { minLength: compared, maxLength: compared }),
      1,
    );
    const { districtId } = district;
    await writeInDistrict(district.database.pool, { districtId, schools: null }, async (database) =>
      createForStudents(
        {
          database,
          districtName,
          today: Temporal.PlainDate.from(sandboxDate),
          person: { accountId: crypto.randomUUID(), name: 'Sam Poe', role: 'staff' },
        },
        everything,
        chosen.map(({ id }) => id),
      ),
    );
    const documents = await district.rows<{ studentId: number; fields: StoredFields }>(
      `select student_id as "studentId", fields from documents where district_id = $1`,
    );
    expect(documents).toHaveLength(compared);
    const fieldsOf = new Map(documents.map(({ studentId, fields }) => [studentId, fields]));
    const filled = new Map<string, number>();
    for (const { id, sisStudentId } of chosen) {
      const fields = fieldsOf.get(id) ?? {};
      const expected = listExpectedValues(sisStudentId);
      const copied = Object.fromEntries(
        bindings.map(({ path }) => [path, fields[createKey(path)]?.value]),
      );
      expect({ sisStudentId, ...copied }).toEqual({ sisStudentId, ...expected });
      for (const { path } of bindings) {
        const field = fields[createKey(path)];
        expect([path, field?.note === null]).toEqual([path, field?.value !== null]);
        const isOfSkyward = field?.source?.kind === 'skyward';
        expect([path, field?.source?.importDate ?? null]).toEqual([
          path,
          isOfSkyward ? sandboxDate : null,
        ]);
        if (field?.value !== null) filled.set(path, (filled.get(path) ?? 0) + 1);
      }
    }
    // No field may be equal only because it is always empty.
    const never = bindings.filter(({ path }) => !filled.has(path)).map(({ path }) => path);
    expect(never.filter((path) => !/guardians\[[34]\]/.test(path))).toEqual(['student.pronouns']);
  });
});
