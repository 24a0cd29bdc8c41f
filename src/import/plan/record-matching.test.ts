/**
 * Which record is whose: no record changes hands by its number alone, a record that is no longer in Skyward
 * never prevents a match, and what the import could not decide is listed for users.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openSandboxDistrict,
  type SandboxDistrict,
} from '../../../tests/skyward/sandbox-district.ts';
import { readInDistrict, writeInDistrict } from '../../database/district-and-school-scope.ts';
import {
  confirmIdentity,
  listDuplicatePairs,
  saveNotDuplicate,
} from '../../students/duplicates/pairs.ts';
import { listNumberMatches, undoNumberMatch } from '../../students/duplicates/number-matches.ts';

let district: SandboxDistrict;
const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 41 });
  expect((await district.runImport()).state).toBe('published');
});
afterAll(() => district.close());

interface Child {
  readonly number: string;
  readonly first?: string;
  readonly legalFirst?: string;
  readonly last?: string;
  readonly born?: string;
  readonly state?: string;
}

const ownTables = [
  'Enrollment/EntryWithdrawal',
  'Enrollment/StudentEntityYear',
  'Family/StudentGuardian',
  'Family/StudentFamily',
];

/** Enters a student with an open enrollment and a guardian; gives the StudentID. */
function enter({ number, first = 'Carlos', legalFirst, last = 'Old', born, state }: Child): number {
  const names = rowsOf('Demographics/Name');
  const nameId = names.insert({
    FirstName: first,
    FirstNameLegal: legalFirst ?? null,
    LastName: last,
    BirthDate: `${born ?? '2007-01-15'}T00:00:00`,
  });
  const skyward = rowsOf('Student/Student').insert({ NameID: nameId, StudentNumber: number });
  if (state !== undefined) {
    rowsOf('Student/Student').update(skyward, { CalculatedStudentStateID: state });
  }
  const enrollments = rowsOf('Enrollment/EntryWithdrawal');
  const open = [...enrollments.ids()].find(
    (id) =>
      enrollments.get(id, 'EndDate') === null &&
      enrollments.get(id, 'StartDate') === '2026-08-12T00:00:00',
  );
  const { EntryWithdrawalID: _, ...enrollment } = enrollments.find(open ?? 0) ?? {};
  enrollments.insert({ ...enrollment, StudentID: skyward, WithdrawalCodeID: null });
  rowsOf('Family/StudentGuardian').insert({
    StudentID: skyward,
    NameIDGuardian: names.insert({ FirstName: 'Rosa', LastName: last }),
  });
  return skyward;
}

/** Takes a student out of Skyward with all rows of their own. */
function remove(skyward: number): void {
  for (const path of ownTables) {
    for (const row of rowsOf(path).where('StudentID', skyward)) rowsOf(path).remove(row);
  }
  rowsOf('Student/Student').remove(skyward);
}

interface Found {
  readonly id: number;
  readonly skyward: number | null;
  readonly number: string;
  readonly first: string;
  readonly missing: boolean;
  readonly guardians: readonly string[];
}

const found = (where: string, value: string | number) =>
  district.rows<Found>(
    `select id, skyward_id as skyward, student_number as number, first_name as first,
       missing_since_run_id is not null as missing,
       array(select first_name || ' ' || last_name from guardians g
         where g.district_id = $1 and g.student_id = s.id) as guardians
     from students s where district_id = $1 and ${where} = $2 order by id`,
    [value],
  );

const withNumber = (number: string) => found('student_number', number);

async function recordOf(skyward: number): Promise<Found> {
  const [record] = await found('skyward_id', skyward);
  if (record === undefined) throw new Error('No record has this StudentID');
  return record;
}

/** The record of a student who was received and no longer is. */
async function aFormerStudent(child: Child): Promise<Found> {
  const skyward = enter(child);
  await district.runImport();
  remove(skyward);
  await district.runImport();
  const record = await recordOf(skyward);
  expect(record.missing).toBe(true);
  return record;
}

async function addManual(child: Child): Promise<number> {
  const { number, first = 'Carlos', last = 'Old', born = '2007-01-15', state = null } = child;
  const [row] = await district.rows<{ id: number }>(
    `insert into students (district_id, student_number, state_id, first_name, last_name,
       legal_first_name, legal_last_name, birth_date, status)
     values ($1, $2, $3, $4, $5, $4, $5, $6, 'TRANSFERRED') returning id`,
    [number, state, first, last, born],
  );
  return row?.id ?? 0;
}

/** The pairs under Duplicates that name this record. */
async function pairsWith(id: number) {
  const scope = { districtId: district.districtId, schools: null };
  const { pairs } = await readInDistrict(district.database.pool, scope, async (database) =>
    listDuplicatePairs(database),
  );
  return pairs.filter(({ first, second }) => first.studentId === id || second.studentId === id);
}

describe('a reused student number', () => {
  it('creates a new record; the former student keeps theirs, and the pair is listed with its reason', async () => {
    const carlos = await aFormerStudent({ number: '555', state: 'S77' });
    const zoe = enter({
      number: '555',
      first: 'Zoe',
      last: 'Newname',
      born: '2020-09-30',
      state: 'S99',
    });
    const run = await district.runImport();
    expect(run).toMatchObject({ state: 'published', report: { added: 1, skipped: 0 } });
    expect(await recordOf(carlos.skyward ?? 0)).toEqual(carlos);
    const newStudent = await recordOf(zoe);
    expect(newStudent).toMatchObject({ first: 'Zoe', guardians: ['Rosa Newname'] });
    expect(newStudent.id).not.toBe(carlos.id);
    expect(await pairsWith(carlos.id)).toMatchObject([
      {
        reasons: ['same-number'],
        mergeBlockedReason: null,
        note: expect.stringMatching(/state ID/),
      },
    ]);
    expect((await district.runImport()).state).toBe('unchanged');
  });

  const carlos = { number: 'x', first: 'Carlos', last: 'Old', born: '2007-01-15' };
  it.each<[string, Child, Child, boolean]>([
    [
      'the same state ID, whatever the name',
      { ...carlos, state: 'T1' },
      { ...carlos, first: 'Karl', born: '2008-01-15', state: 't1' },
      true,
    ],
    [
      'the same birth date and first name, the state ID known of one alone',
      { ...carlos, state: 'T2' },
      { ...carlos, last: 'Married' },
      true,
    ],
    [
      'a first name with other accents, case and punctuation',
      { ...carlos, first: 'Jose-María' },
      { ...carlos, first: 'JOSÉ MARIA' },
      true,
    ],
    [
      'the legal first name',
      { ...carlos, first: 'Carlos' },
      { ...carlos, first: 'Charly', legalFirst: 'Carlos' },
      true,
    ],
    [
      'another state ID, though name and birth date are the same',
      { ...carlos, state: 'T3' },
      { ...carlos, state: 'T4' },
      false,
    ],
    ['a twin: last name and birth date alone', carlos, { ...carlos, first: 'Marcos' }, false],
    ['the name alone', carlos, { ...carlos, born: '2019-01-15' }, false],
    [
      'the number alone',
      carlos,
      { number: 'x', first: 'Zoe', last: 'New', born: '2020-09-30' },
      false,
    ],
  ])('by %s: the record is matched only with a second sign', async (sign, former, now, isSame) => {
    const number = `N-${sign.length}`;
    const [gone, manualNumber] = [await aFormerStudent({ ...former, number }), `H-${sign.length}`];
    const manual = await addManual({ ...former, number: manualNumber });
    const [newId, fromSkyward] = [
      enter({ ...now, number }),
      enter({ ...now, number: manualNumber }),
    ];
    expect((await district.runImport()).report).toMatchObject({
      added: isSame ? 0 : 2,
      skipped: 0,
    });
    expect((await recordOf(newId)).id === gone.id).toBe(isSame);
    expect((await recordOf(fromSkyward)).id === manual).toBe(isSame);
    expect(await withNumber(number)).toHaveLength(isSame ? 1 : 2);
    expect((await pairsWith(gone.id)).length > 0).toBe(!isSame);
    expect((await pairsWith(manual)).length > 0).toBe(!isSame);
    remove(newId);
    remove(fromSkyward);
    await district.runImport();
  });
});

describe('a record that is no longer in Skyward', () => {
  it('gives its number to the student it was merged with', async () => {
    const [second, third] = [
      enter({ number: '1002', first: 'Ana' }),
      enter({ number: '1003', first: 'Ana' }),
    ];
    await district.runImport();
    remove(third);
    rowsOf('Student/Student').update(second, { StudentNumber: '1003' });
    expect((await district.runImport()).report).toMatchObject({ skipped: 0 });
    expect(await recordOf(second)).toMatchObject({ number: '1003' });
    const former = await recordOf(third);
    expect(former).toMatchObject({ number: '1003', missing: true });
    expect(await pairsWith(former.id)).toMatchObject([
      { reasons: ['same-number', 'same-name-and-birth-date'], mergeBlockedReason: null },
    ]);
    for (const enrollment of rowsOf('Enrollment/EntryWithdrawal').where('StudentID', second)) {
      rowsOf('Enrollment/EntryWithdrawal').update(enrollment, {
        EndDate: '2026-11-20T00:00:00',
        WithdrawalDate: '2026-11-21T00:00:00',
      });
    }
    await district.runImport();
    const [row] = await district.rows<{ status: string }>(
      'select status from students where district_id = $1 and skyward_id = $2',
      [second],
    );
    expect(row).toEqual({ status: 'INACTIVE' });
  });

  it('comes back as the same record after years, also under a new number, and conflicts only with a received student', async () => {
    const former = await aFormerStudent({ number: '2001', state: 'R1' });
    const other = enter({ number: '2001', first: 'Zoe', born: '2020-09-30', state: 'R2' });
    await district.runImport();
    // The sandbox Skyward never gives a StudentID again: the record gets the one of the row that comes back.
    const back = enter({ number: '2001', state: 'R1' });
    await district.rows('update students set skyward_id = $3 where district_id = $1 and id = $2', [
      former.id,
      back,
    ]);
    const gone = await recordOf(back);
    const clash = await district.runImport();
    expect(clash.report).toMatchObject({ skipped: 1, problems: { 'number-shared': 1 } });
    expect(await recordOf(back)).toEqual(gone);
    expect((await recordOf(other)).first).toBe('Zoe');
    rowsOf('Student/Student').update(back, { StudentNumber: '2002' });
    await district.runImport();
    expect(await recordOf(back)).toMatchObject({ id: gone.id, number: '2002', missing: false });
  });

  it('is not matched when two records could be the received student', async () => {
    const first = await aFormerStudent({ number: '2010' });
    const manual = await addManual({ number: '2010' });
    const newId = enter({ number: '2010' });
    expect((await district.runImport()).report).toMatchObject({ added: 1, skipped: 0 });
    const record = await recordOf(newId);
    expect(await recordOf(first.skyward ?? 0)).toEqual(first);
    const holders = (await withNumber('2010')).map(({ id }) => id);
    expect(new Set(holders)).toEqual(new Set([first.id, manual, record.id]));
    const pairs = await pairsWith(record.id);
    expect(pairs.filter(({ reasons }) => reasons.includes('same-number'))).toHaveLength(2);
  });

  it('is not matched by state ID alone, but listed as a likely duplicate', async () => {
    const gone = await aFormerStudent({ number: '2015', state: 'Q1' });
    const newId = enter({ number: '2016', first: 'Karl', born: '2007-01-16', state: 'Q1' });
    expect((await district.runImport()).report).toMatchObject({ added: 1, problems: {} });
    expect(await recordOf(gone.skyward ?? 0)).toEqual(gone);
    const pairs = await pairsWith((await recordOf(newId)).id);
    expect(pairs).toMatchObject([{ reasons: ['same-state-id'], mergeBlockedReason: null }]);
  });

  it('gives its number to a manual student as well', async () => {
    const gone = await aFormerStudent({ number: '2020' });
    const manual = await addManual({ number: '2020', first: 'Zoe' });
    expect((await withNumber('2020')).map(({ id }) => id)).toEqual([gone.id, manual]);
  });
});

describe('numbers that move among received students', () => {
  it('can rotate, form a chain ending at a former student, and go to a new student, all in one import', async () => {
    const gone = await aFormerStudent({ number: '3000' });
    const [a, b, c, d] = ['3001', '3002', '3003', '3004'].map((number, index) =>
      enter({ number, first: `Child ${index}`, born: `2012-01-0${index + 1}`, state: `C${index}` }),
    );
    await district.runImport();
    const all = rowsOf('Student/Student');
    all.update(a ?? 0, { StudentNumber: '3002' });
    all.update(b ?? 0, { StudentNumber: '3001' });
    all.update(c ?? 0, { StudentNumber: '3000' });
    all.update(d ?? 0, { StudentNumber: '3003' });
    const newId = enter({ number: '3004', first: 'Newname', born: '2020-01-01' });
    expect((await district.runImport()).report).toMatchObject({ skipped: 0, added: 1 });
    const numbers = await Promise.all(
      [a, b, c, d, newId].map(async (skyward) => (await recordOf(skyward ?? 0)).number),
    );
    expect(numbers).toEqual(['3002', '3001', '3000', '3003', '3004']);
    expect(await recordOf(gone.skyward ?? 0)).toEqual(gone);
  });
});

const editor = { accountId: '00000000-0000-0000-0000-000000000001', name: 'Sam Poe' };
const scope = () => ({ districtId: district.districtId, schools: null });

describe('a StudentID that describes another person', () => {
  /** Writes another child over the one of this StudentID. */
  function overwrite(skyward: number, child: Child): void {
    const all = rowsOf('Student/Student');
    all.update(skyward, {
      StudentNumber: child.number,
      CalculatedStudentStateID: child.state ?? null,
      NameID: rowsOf('Demographics/Name').insert({
        FirstName: child.first ?? 'Carlos',
        LastName: child.last ?? 'Old',
        BirthDate: `${child.born ?? '2007-01-15'}T00:00:00`,
      }),
    });
  }

  it.each<[string, Child, Child, boolean]>([
    [
      'number, name and birth date change',
      { number: 'a' },
      { number: 'b', first: 'Zoe', last: 'New', born: '2020-09-30' },
      true,
    ],
    [
      'number and first name change, as with a twin',
      { number: 'a' },
      { number: 'b', first: 'Marcos' },
      true,
    ],
    [
      'number, last name and birth date change',
      { number: 'a' },
      { number: 'b', last: 'New', born: '2009-01-15' },
      true,
    ],
    [
      'state ID, first name and birth date change under the same number',
      { number: 'a', state: 'I1' },
      { number: 'a', state: 'I2', first: 'Zoe', born: '2020-09-30' },
      true,
    ],
    [
      'everything but the state ID changes',
      { number: 'a', state: 'I3' },
      { number: 'b', state: 'I3', first: 'Zoe', last: 'New', born: '2020-09-30' },
      false,
    ],
    ['number and last name change', { number: 'a' }, { number: 'b', last: 'Married' }, false],
    ['number and birth date change', { number: 'a' }, { number: 'b', born: '2007-01-16' }, false],
    [
      'name and birth date change, with number and state ID unknown to differ',
      { number: 'a' },
      { number: 'a', first: 'Zoe', last: 'New', born: '2020-09-30' },
      false,
    ],
  ])(
    'when %s is skipped only without a second matching attribute',
    async (what, before, after, isAside) => {
      const numbered = (child: Child) => ({ ...child, number: `I-${what.length}-${child.number}` });
      const skyward = enter(numbered(before));
      await district.runImport();
      const record = await recordOf(skyward);
      overwrite(skyward, numbered(after));
      const run = await district.runImport();
      expect(run.report?.skipped).toBe(isAside ? 1 : 0);
      expect(run.report?.problems).toEqual(isAside ? { 'identity-changed': 1 } : {});
      const now = await recordOf(skyward);
      expect(now.id).toBe(record.id);
      expect(now.first).toBe(isAside ? record.first : (after.first ?? record.first));
      remove(skyward);
      await district.runImport();
    },
  );

  it('is listed, and imported once a user confirms that it is the same student', async () => {
    const skyward = enter({ number: '5001' });
    await district.runImport();
    const record = await recordOf(skyward);
    overwrite(skyward, { number: '5002', first: 'Zoe', last: 'New', born: '2020-09-30' });
    const confirm = async (isSame: boolean) =>
      writeInDistrict(district.database.pool, scope(), async (database) =>
        confirmIdentity(database, { sisStudentId: skyward, isSame }, editor),
      );
    expect(await confirm(true)).toBe(false);
    const { runId } = await district.runImport();
    const [problem] = await district.rows<{ message: string }>(
      `select message, field, object, record_key as key from import_problems
       where district_id = $1 and run_id = $2`,
      [runId],
    );
    expect(problem).toMatchObject({
      object: 'Student/Student',
      field: 'StudentNumber',
      key: String(skyward),
      message: expect.not.stringMatching(/Zoe|5002/),
    });
    const changed = async () =>
      (await pairsWith(record.id)).filter(({ reasons }) => reasons.includes('identity-changed'));
    const [pair] = await changed();
    expect(pair).toMatchObject({
      reasons: ['identity-changed'],
      first: { studentId: record.id },
      second: { origin: 'skipped', sisStudentId: skyward, studentNumber: '5002' },
      confirmed: null,
    });
    expect(await confirm(true)).toBe(true);
    expect((await changed())[0]?.confirmed?.by).toBe('Sam Poe');
    expect((await district.runImport()).report).toMatchObject({ skipped: 0, changed: 1 });
    expect(await recordOf(skyward)).toMatchObject({ id: record.id, number: '5002', first: 'Zoe' });
    expect(await changed()).toEqual([]);
    // It was said of that rows alone.
    overwrite(skyward, { number: '5003', first: 'Ivo', last: 'Other', born: '2018-09-30' });
    expect((await district.runImport()).report).toMatchObject({ skipped: 1 });
  });
});

describe('a matched record', () => {
  const undo = async (runId: number, recordId: number) =>
    writeInDistrict(district.database.pool, scope(), async (database) =>
      undoNumberMatch(database, { runId, recordId }, editor),
    );
  const listMatchesOf = async (recordId: number) =>
    (
      await readInDistrict(district.database.pool, scope(), async (database) =>
        listNumberMatches(database),
      )
    ).filter((one) => one.recordId === recordId);

  /** The whole record with its parts; without what says only when it was looked at. */
  const whole = (id: number) =>
    district.rows<{ record: unknown }>(
      `select jsonb_build_array(
         (select to_jsonb(s) - '{updated_at,source_fingerprint,changed_run_id,status_left_out,status_changes_on,status_decided_on,status_decided_under,status_same_through}'::text[]
          from students s where district_id = $1 and id = $2),
         (select jsonb_agg(to_jsonb(g) order by g.skyward_id) from guardians g where district_id = $1 and student_id = $2),
         (select jsonb_agg(to_jsonb(e) order by e.skyward_id) from enrollments e where district_id = $1 and student_id = $2)
       ) as record`,
      [id],
    );

  it('is only shown by a dry run', async () => {
    const gone = await aFormerStudent({ number: '4000' });
    const newId = enter({ number: '4000' });
    const plan = await district.runImport({ isDryRun: true });
    expect(plan).toMatchObject({ state: 'planned', report: { added: 0, changed: 1 } });
    expect(await recordOf(gone.skyward ?? 0)).toEqual(gone);
    expect(await listMatchesOf(gone.id)).toEqual([]);
    remove(newId);
  });

  it.each(['missing', 'manual'] as const)(
    'of one %s is listed with its evidence, and can be restored whole; the received student gets another',
    async (formerly) => {
      const number = `41-${formerly}`;
      const id =
        formerly === 'missing'
          ? (await aFormerStudent({ number })).id
          : await addManual({ number });
      await district.rows(
        `insert into student_staff_values (district_id, student_id, field, value, changed_by, changed_by_name)
         values ($1, $2, 'notes', 'Ours', gen_random_uuid(), 'Sam Poe')`,
        [id],
      );
      const before = await whole(id);
      const newId = enter({ number, last: 'Newname' });
      const run = await district.runImport();
      expect((await recordOf(newId)).id).toBe(id);
      expect(await listMatchesOf(id)).toMatchObject([
        {
          runId: run.runId,
          formerly,
          evidence: 'birth-date-and-first-name',
          name: { last: 'Newname' },
        },
      ]);
      // A later import changes more of it.
      const nameId = Number(rowsOf('Student/Student').get(newId, 'NameID'));
      rowsOf('Demographics/Name').update(nameId, { MiddleName: 'Later' });
      for (const link of rowsOf('Family/StudentGuardian').where('StudentID', newId)) {
        rowsOf('Family/StudentGuardian').remove(link);
      }
      await district.runImport();

      expect(await undo(run.runId, id)).toBe(true);
      expect(await whole(id)).toEqual(before);
      expect(await listMatchesOf(id)).toEqual([]);
      expect(await undo(run.runId, id)).toBe(false);

      expect((await district.runImport()).report).toMatchObject({ added: 1 });
      const own = await recordOf(newId);
      expect(own.id).not.toBe(id);
      expect(await whole(id)).toEqual(before);
      const [pair] = await pairsWith(own.id);
      expect(pair?.notDuplicate?.by).toBe('Sam Poe');
      await writeInDistrict(district.database.pool, scope(), async (database) =>
        saveNotDuplicate(database, pair?.key ?? '', false, editor),
      );
      expect((await pairsWith(own.id))[0]?.notDuplicate).toBeNull();
    },
  );
});

describe('the first import of a district with manual student', () => {
  it('matches those with a second sign, and creates records for all others', async () => {
    const first = await openSandboxDistrict({ students: 20, seed: 43 });
    try {
      const students = [...first.skyward.sandbox.rows('Student/Student').ids()].map((id) => {
        const student = first.skyward.sandbox.rows('Student/Student');
        const name = first.skyward.sandbox
          .rows('Demographics/Name')
          .find(Number(student.get(id, 'NameID')));
        return { id, number: student.get(id, 'StudentNumber'), name };
      });
      const [one, other] = students.slice(-2);
      for (const [student, born] of [
        [one, one?.name?.['BirthDate']],
        [other, '1999-01-01'],
      ] as const) {
        await first.rows(
          `insert into students (district_id, student_number, first_name, last_name, birth_date, status)
           values ($1, $2, $3, 'Byhand', $4, 'TRANSFERRED')`,
          [student?.number, student?.name?.['FirstName'], String(born).slice(0, 10)],
        );
      }
      expect((await first.runImport()).state).toBe('published');
      const records = await first.rows<{ number: string; skyward: number | null }>(
        `select student_number as number, skyward_id as skyward from students
         where district_id = $1 and student_number in ($2, $3) order by id`,
        [one?.number, other?.number],
      );
      expect(records.map(({ skyward }) => skyward)).toEqual([one?.id, null, other?.id]);
    } finally {
      await first.close();
    }
  });
});
