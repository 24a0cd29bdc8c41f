/**
 * Which record is whose: no record changes hands by its number alone, a record that Skyward no longer delivers
 * stands in nobody's way, and whatever the import could not settle is listed for people.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPracticeDistrict, type PracticeDistrict } from '../../tests/practice-night.ts';
import { readInDistrict } from '../database/district-scope.ts';
import { listDuplicatePairs } from '../students/duplicates.ts';

let district: PracticeDistrict;
const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

beforeAll(async () => {
  district = await openPracticeDistrict({ students: 60, seed: 41 });
  expect((await district.night()).state).toBe('published');
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

const own = [
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
  const spells = rowsOf('Enrollment/EntryWithdrawal');
  const open = [...spells.ids()].find(
    (id) =>
      spells.get(id, 'EndDate') === null && spells.get(id, 'StartDate') === '2026-08-12T00:00:00',
  );
  const { EntryWithdrawalID: _, ...spell } = spells.find(open ?? 0) ?? {};
  spells.insert({ ...spell, StudentID: skyward, WithdrawalCodeID: null });
  rowsOf('Family/StudentGuardian').insert({
    StudentID: skyward,
    NameIDGuardian: names.insert({ FirstName: 'Rosa', LastName: last }),
  });
  return skyward;
}

/** Takes a student out of Skyward with all rows of their own. */
function remove(skyward: number): void {
  for (const path of own) {
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

/** The record of a student who was delivered and no longer is. */
async function aFormerStudent(child: Child): Promise<Found> {
  const skyward = enter(child);
  await district.night();
  remove(skyward);
  await district.night();
  const record = await recordOf(skyward);
  expect(record.missing).toBe(true);
  return record;
}

async function keptByHand(child: Child): Promise<number> {
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
    listDuplicatePairs(database, district.districtId),
  );
  return pairs.filter(({ first, second }) => first.studentId === id || second.studentId === id);
}

describe('a student number that is used again', () => {
  it('makes a new record: the former student keeps the record, and the pair is listed with its reason', async () => {
    const carlos = await aFormerStudent({ number: '555', state: 'S77' });
    const zoe = enter({
      number: '555',
      first: 'Zoe',
      last: 'Newcomer',
      born: '2020-09-30',
      state: 'S99',
    });
    const night = await district.night();
    expect(night).toMatchObject({ state: 'published', report: { added: 1, setAside: 0 } });
    expect(await recordOf(carlos.skyward ?? 0)).toEqual(carlos);
    const newcomer = await recordOf(zoe);
    expect(newcomer).toMatchObject({ first: 'Zoe', guardians: ['Rosa Newcomer'] });
    expect(newcomer.id).not.toBe(carlos.id);
    expect(await pairsWith(carlos.id)).toMatchObject([
      { reasons: ['same-number'], whyNotMerged: null, note: expect.stringMatching(/state ID/) },
    ]);
    expect((await district.night()).state).toBe('unchanged');
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
  ])(
    'by %s: the record is taken over only with a second sign',
    async (sign, former, now, isSame) => {
      const number = `N-${sign.length}`;
      const [gone, byHandNumber] = [
        await aFormerStudent({ ...former, number }),
        `H-${sign.length}`,
      ];
      const byHand = await keptByHand({ ...former, number: byHandNumber });
      const [anew, delivered] = [
        enter({ ...now, number }),
        enter({ ...now, number: byHandNumber }),
      ];
      expect((await district.night()).report).toMatchObject({ added: isSame ? 0 : 2, setAside: 0 });
      expect((await recordOf(anew)).id === gone.id).toBe(isSame);
      expect((await recordOf(delivered)).id === byHand).toBe(isSame);
      expect(await withNumber(number)).toHaveLength(isSame ? 1 : 2);
      expect((await pairsWith(gone.id)).length > 0).toBe(!isSame);
      expect((await pairsWith(byHand)).length > 0).toBe(!isSame);
      remove(anew);
      remove(delivered);
      await district.night();
    },
  );
});

describe('a record that Skyward no longer delivers', () => {
  it('gives its number to the student with whom it was merged', async () => {
    const [second, third] = [
      enter({ number: '1002', first: 'Ana' }),
      enter({ number: '1003', first: 'Ana' }),
    ];
    await district.night();
    remove(third);
    rowsOf('Student/Student').update(second, { StudentNumber: '1003' });
    expect((await district.night()).report).toMatchObject({ setAside: 0 });
    expect(await recordOf(second)).toMatchObject({ number: '1003' });
    const former = await recordOf(third);
    expect(former).toMatchObject({ number: '1003', missing: true });
    expect(await pairsWith(former.id)).toMatchObject([
      { reasons: ['same-number', 'same-name-and-birth-date'], whyNotMerged: null },
    ]);
    for (const spell of rowsOf(own[0] ?? '').where('StudentID', second)) {
      rowsOf(own[0] ?? '').update(spell, {
        EndDate: '2026-11-20T00:00:00',
        WithdrawalDate: '2026-11-21T00:00:00',
      });
    }
    await district.night();
    const [row] = await district.rows<{ status: string }>(
      'select status from students where district_id = $1 and skyward_id = $2',
      [second],
    );
    expect(row).toEqual({ status: 'INACTIVE' });
  });
});
