/** Compares what an import publishes, field by field, with Skyward's records, which are joined independently. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openSandboxDistrict,
  sandboxDate,
  type SandboxDistrict,
} from './skyward/sandbox-district.ts';
import { at, readSkyward, type Row, type SkywardRecords } from './skyward/skyward-records.ts';

let district: SandboxDistrict;
let skyward: SkywardRecords;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 500, seed: 11, permissions: 'all' });
  skyward = readSkyward((path) => district.skyward.sandbox.rows(path), sandboxDate);
  expect((await district.runImport()).state).toBe('published');
});
afterAll(() => district.close());

interface Published extends Row {
  id: number;
  skyward_id: number;
}

/** Reads a student's row without the fingerprint, which exceeds JavaScript's numbers. */
const published = async () => {
  const rows = await district.rows<{ student: Published }>(
    `select to_jsonb(s) - 'source_fingerprint' as student from students s
     where district_id = $1 order by skyward_id`,
  );
  return rows.map((row) => row.student);
};

/** Removes the composed `text` and `country` from addresses, which Skyward does not have. */
const plainAddresses = (row: object) => {
  const { addresses } = row as { addresses: Record<string, unknown>[] };
  const comparable = ['uses', 'lines', 'city', 'state', 'zip', 'county'];
  return { ...row, addresses: addresses.map((address) => only(address, comparable)) };
};

const only = (row: object, columns: readonly string[]) =>
  Object.fromEntries(Object.entries(row).filter(([column]) => columns.includes(column)));

describe('an initial import', () => {
  it('R32 R33 R36: imports exactly the students with a counted enrollment', async () => {
    const expected = [...skyward.table.students.keys()].filter(
      (id) => skyward.determineStatus(skyward.expectedEnrollments(id)).counts,
    );
    const found = (await published()).map((row) => row.skyward_id);
    expect(found).toEqual(expected.toSorted((a, b) => a - b));
    expect(found.length).toBeLessThan(skyward.table.students.size);
  });

  it('R1 R4: publishes every field of every student as Skyward has it', async () => {
    for (const row of await published()) {
      const expected = skyward.expectedStudent(row.skyward_id);
      expect(plainAddresses(only(row, Object.keys(expected)))).toEqual(expected);
    }
  });

  it('R2: publishes every guardian of every student, in Skyward’s order', async () => {
    const rows = await district.rows<Row>(
      `select s.skyward_id as student, g.* from guardians g
       join students s on s.district_id = g.district_id and s.id = g.student_id
       where g.district_id = $1 order by s.skyward_id, g.position`,
    );
    const byStudent = Map.groupBy(rows, (row) => row['student']);
    for (const { skyward_id: id } of await published()) {
      const expected = skyward.expectedGuardians(id);
      const found = (byStudent.get(id) ?? []).map((row) =>
        plainAddresses(only(row, Object.keys(expected[0] ?? {}))),
      );
      expect(found).toEqual(expected);
    }
    expect(rows.length).toBeGreaterThan(500);
  });

  it('R34 R35: publishes every enrollment, with grade, homeroom, teacher and advisor', async () => {
    const rows = await district.rows<Row>(
      `select s.skyward_id as student, e.* from enrollments e
       join students s on s.district_id = e.district_id and s.id = e.student_id
       where e.district_id = $1 order by s.skyward_id, e.skyward_id`,
    );
    const byStudent = Map.groupBy(rows, (row) => row['student']);
    for (const { skyward_id: id } of await published()) {
      const expected = skyward.expectedEnrollments(id);
      const found = (byStudent.get(id) ?? []).map((row) =>
        only(row, Object.keys(expected[0] ?? {})),
      );
      expect(found).toEqual(expected);
    }
  });

  it('R37 to R41: sets every student’s status by the rules, and the placement from the deciding row', async () => {
    const seen = new Set<string>();
    for (const row of await published()) {
      const { status, decider } = skyward.determineStatus(
        skyward.expectedEnrollments(row.skyward_id),
      );
      expect([row.skyward_id, row['status']]).toEqual([row.skyward_id, status]);
      expect(row['status_decided_by']).toBe(decider?.skyward_id);
      const columns = [
        'entity_id',
        'entity_name',
        'school_name',
        'school_state_id',
        'homeroom',
        'homeroom_teacher',
        'advisor',
      ];
      expect(only(row, columns)).toEqual(only(decider ?? {}, columns));
      expect(row['grade']).toBe(
        decider?.grade ?? at(skyward.table.students, row.skyward_id)?.['Grade'],
      );
      seen.add(status);
    }
    expect(seen).toEqual(new Set(['ENROLLED', 'PRE_ENROLLED', 'GRADUATED', 'INACTIVE']));
  });
});
