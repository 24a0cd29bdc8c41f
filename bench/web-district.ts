/** Fills a database with an invented district of any size, by a few set-based statements. */
import type { Pool } from 'pg';

import { transaction } from '../src/database/transaction.ts';

/** A filled district, with samples for the requests of a web benchmark. */
export interface FilledDistrict {
  readonly districtId: number;
  readonly domain: string;
  readonly studentCount: number;
  /** Samples of names and student numbers to search for. */
  readonly names: readonly {
    readonly first: string;
    readonly last: string;
    readonly number: string;
  }[];
  readonly guardians: readonly { readonly last: string; readonly phone: string }[];
  readonly studentIds: readonly number[];
  readonly schools: readonly number[];
}

const commonFirst =
  'María José Ana Luis Carlos Sofía Diego Emma Liam Noah Olivia Ava Mia Amelia Harper Ethan Mason Lucas Aiden Jackson Zoë Chloé André Renée Jesús Ángel Camila Valentina Isabella Mateo Santiago Emily Madison Grace Lily Hannah Samuel David Joseph Daniel Michael Alexander Benjamin James William Elijah Jayden Aaliyah Nevaeh Trinity Destiny Jasmine Kiara Malik Jamal Darius Xavier Thùy Minh Linh Anh Priya Arjun Rohan Ananya Fatima Omar Yusuf Aisha Björn Łucja Zofia Ivan Anya Kai Leilani'.split(
    ' ',
  );
const commonLast =
  "Garcia García Martinez Martínez Rodriguez Hernandez Hernández Lopez López Gonzalez González Perez Pérez Sanchez Sánchez Ramirez Torres Flores Rivera Gomez Diaz Reyes Morales Cruz Ortiz Gutierrez Chavez Ramos Ruiz Vega Castillo Mendoza Smith Johnson Williams Brown Jones Davis Miller Wilson Moore Taylor Anderson Thomas Jackson White Harris Martin Thompson Robinson Clark Lewis Lee Walker Hall Allen Young King Wright Scott Green Baker Adams Nelson Hill Campbell Mitchell Roberts Carter Phillips Evans Turner Parker Collins Edwards Stewart Morris Murphy Cook Rogers Morgan Peterson Cooper Reed Bailey Bell Kelly Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray James Hughes Price Myers Long Foster Sanders Ross Powell Sullivan Russell O'Brien O'Connor Nguyễn Trần Lê Phạm Müller Schröder Kowalski Patel Singh Khan Kim Park Chen Wang Yang Smith-Jones Castillo-Vega".split(
    ' ',
  );

const startingConsonants = 'b br c ch d dr f g gr h j k kl l m n p pr r s sch st t tr v w z'.split(
  ' ',
);
const vowels = 'a e i o u ai au ea ei ie oa ou'.split(' ');
const endingConsonants = 'l m n r s t ck ll nd ng rd rt st x'.split(' ');
const endings = 'a er son ez i man o ski ton ard ley berg'.split(' ');

/** Invents more names from syllables: a large district has thousands of rare ones. */
function inventedNames(count: number): string[] {
  const names: string[] = [];
  for (let index = 0; names.length < count; index++) {
    const pick = (parts: readonly string[], divisor: number) =>
      parts[Math.floor((index * 2_654_435_761) / divisor) % parts.length] ?? '';
    const stem = [
      pick(startingConsonants, 1),
      pick(vowels, 31),
      pick(endingConsonants, 377),
      pick(startingConsonants, 5_003),
    ];
    const name = `${stem.join('')}${pick(vowels, 65_537)}${pick(endings, 800_011)}`;
    names.push(`${name.charAt(0).toUpperCase()}${name.slice(1)}`);
  }
  return names;
}

/** SQL for a number from 0 to 1 that depends on the row alone, so that each run fills the same data. */
const share = (seed: number, row = 'n') =>
  `((hashint8extended(${row}, ${seed}) & 1048575) / 1048576.0)`;

const firstNames = 6_000 + commonFirst.length;
const lastNames = 40_000 + commonLast.length;

/** SQL for the number of a name; a few names are frequent, most are rare, as in a real district. */
const pick = (names: number, seed: number) => `1 + floor(pow(${share(seed)}, 3) * ${names})::int`;

const fillRuns = `
  insert into import_runs (district_id, state, today, school_year, phase, started_at, finished_at)
  select $1, 'published', day::date, 2027, 'report', day + interval '8 hours', day + interval '8 hours 5 minutes'
  from generate_series('2026-08-26'::timestamptz, '2026-11-23', interval '1 day') day order by day`;

const fillStudents = `
  insert into students (district_id, skyward_id, student_number, state_id,
    legal_first_name, legal_last_name, first_name, middle_name, last_name, birth_date, gender,
    graduation_year, addresses, phones, emails, grade, entity_id, entity_name, school_name,
    school_state_id, homeroom, homeroom_teacher, status, status_rule, first_run_id, changed_run_id,
    missing_since_run_id, status_decided_on, status_decided_under)
  select $1, 1000000 + n, (200000 + n)::text, (9000000000 + n * 7)::text,
    first.name, last_name, first.name, case when n % 3 > 0 then middle.name end, last_name,
    date '2022-09-01' - (age * 365 + floor(${share(5)} * 365)::int), case n % 2 when 0 then 'F' else 'M' end,
    2040 - age, jsonb_build_array(jsonb_build_object('uses', array['home'], 'lines', array[n % 9000 || ' Elm St'],
      'city', 'Pine Ridge', 'state', 'TX', 'zip', '76' || lpad((n % 999)::text, 3, '0'), 'county', null,
      'country', null, 'text', n % 9000 || ' Elm St, Pine Ridge TX')),
    '[]', jsonb_build_array(jsonb_build_object('rank', 1, 'type', 'Home', 'address', 's' || n || '@example.org')),
    case when age = 0 then 'KG' else lpad(age::text, 2, '0') end,
    400 + school, 'Campus ' || school, 'Invented School ' || lpad(school::text, 3, '0'), '057' || school,
    'R' || n % 60, teacher.name, status,
    case status when 'ENROLLED' then 'current-enrollment' when 'PRE_ENROLLED' then 'future-without-past'
      when 'GRADUATED' then 'graduated' else 'withdrawn' end,
    $3::bigint, case when n % 2 = 0 then $3::bigint else $3::bigint + floor(${share(8)} * 89)::int end,
    case when n % 997 = 0 then $3::bigint + 80 end, date '2026-11-23', '[2027,{}]'
  from (
    select people.*, family.name || coalesce(' ' || second.name, '') as last_name,
      -- Three in six schools are elementary, one is for the middle grades, two are high schools.
      case school % 6 when 0 then 6 + n % 3 when 1 then 9 + n % 4 when 2 then 9 + n % 4 else n % 6 end as age,
      case when ${share(11)} < 0.86 then 'ENROLLED' when ${share(11)} < 0.88 then 'PRE_ENROLLED'
        when ${share(11)} < 0.92 then 'GRADUATED' when ${share(11)} < 0.921 then 'TRANSFERRED' else 'INACTIVE' end as status
    from (select n, 1 + floor(${share(10)} * greatest($2::int / 700, 1))::int as school,
        ${pick(firstNames, 1)} as first_nth, ${pick(firstNames, 3)} as middle_nth, ${pick(lastNames, 2)} as last_nth,
        case when n % 11 = 0 then ${pick(lastNames, 4)} end as second_nth, ${pick(lastNames, 7)} as teacher_nth
      from generate_series(1, $2::int) n) people
    join bench_last family on family.nth = last_nth left join bench_last second on second.nth = second_nth) people
  join bench_first first on first.nth = first_nth join bench_first middle on middle.nth = middle_nth
  join bench_last teacher on teacher.nth = teacher_nth`;

/** Two guardians for every second student, one for the others. */
const fillGuardians = `
  insert into guardians (district_id, student_id, skyward_id, position, first_name, last_name, relationship,
    is_custodial, lives_with, language, phones, emails)
  select district_id, id, people.n, place + 1, first.name, case when ${share(22, 'people.n')} < 0.7 then last_name else family.name end,
    case place when 0 then 'Mother' else 'Father' end, true, true, 'English',
    jsonb_build_array(
      jsonb_build_object('rank', 1, 'type', 'Cell', 'number', '(' || 512 + people.n % 7 || ') '
        || 200 + floor(${share(24, 'people.n')} * 799)::int || '-' || lpad(floor(${share(25, 'people.n')} * 10000)::text, 4, '0'),
        'extension', null, 'isConfidential', false)),
    jsonb_build_array(jsonb_build_object('rank', 1, 'type', 'Home', 'address', 'g' || people.n || '@example.org'))
  from (select n, district_id, id, last_name, place, ${pick(firstNames, 21)} as first_nth, ${pick(lastNames, 23)} as last_nth
    from (select s.district_id, s.id, s.last_name, place, s.id * 2 + place as n
      from students s, generate_series(0, 1) place
      where s.district_id = $1 and (place = 0 or s.id % 2 = 0)) links) people
  join bench_first first on first.nth = first_nth join bench_last family on family.nth = last_nth`;

const fillEnrollments = `
  insert into enrollments (district_id, student_id, skyward_id, entity_id, entity_name, school_name, school_state_id,
    school_year, start_date, end_date, withdrawal_date, withdrawal_code, is_default_entity, grade)
  select district_id, id, id * 2 + back, entity_id, entity_name, school_name, school_state_id, 2027 - back,
    date '2026-08-12' - back * 364, case back when 1 then date '2026-05-22' end,
    case when back = 0 and status = 'INACTIVE' then date '2026-10-01' end,
    case when back = 0 and status = 'INACTIVE' then '24' end, true, grade
  from students, generate_series(0, 1) back where district_id = $1`;

const fillChanges = `
  insert into student_changes (district_id, student_id, run_id, record, field, old_value, new_value)
  select district_id, id, changed_run_id, 'student', 'homeroom', '"R1"', '"R2"'
  from students where district_id = $1 and changed_run_id > first_run_id`;

const fillProblems = `
  insert into import_problems (district_id, run_id, kind, object, field, skyward_student_id, message)
  select district_id, $2, 'birth-date-missing', 'Demographics/Name', 'birth_date', skyward_id, 'has no birth date'
  from students where district_id = $1 and skyward_id % 661 = 0`;

/** Creates the district with its runs, students, guardians and enrollments; takes seconds. */
export async function fillDistrict(pool: Pool, students: number): Promise<FilledDistrict> {
  const domain = 'bench.example';
  const { rows } = await pool.query<{ id: number }>(
    `insert into districts (domain, name, time_zone) values ($1, 'Bench District', 'America/Chicago') returning id`,
    [domain],
  );
  const districtId = rows[0]?.id ?? 0;
  const first = [...commonFirst, ...inventedNames(6_000)];
  const last = [...commonLast, ...inventedNames(40_000)];
  await pool.query(fillRuns, [districtId]);
  const runs = await pool.query<{ first: number; last: number }>(
    'select min(id) as first, max(id) as last from import_runs where district_id = $1',
    [districtId],
  );
  await transaction(pool, async (client) => {
    for (const [table, names] of Object.entries({ bench_first: first, bench_last: last })) {
      await client.query(
        `create temporary table ${table} (nth integer primary key, name text) on commit drop`,
      );
      await client.query(
        `insert into ${table} select nth, name from unnest($1::text[]) with ordinality names (name, nth)`,
        [names],
      );
    }
    await client.query(fillStudents, [districtId, students, runs.rows[0]?.first]);
    // Without statistics the planner would use nested loops.
    await client.query('analyze students');
    await client.query(fillGuardians, [districtId]);
    await client.query(fillEnrollments, [districtId]);
    await client.query(fillChanges, [districtId]);
    await client.query(fillProblems, [districtId, runs.rows[0]?.last]);
  });
  await pool.query('vacuum analyze');
  return { districtId, domain, studentCount: students, ...(await readSamples(pool, districtId)) };
}

async function readSamples(pool: Pool, districtId: number) {
  const names = await pool.query<FilledDistrict['names'][number] & { id: number }>(
    `select id, first_name as first, last_name as last, student_number as number from students
     where district_id = $1 order by hashint8extended(id, 99) limit 500`,
    [districtId],
  );
  const guardians = await pool.query<FilledDistrict['guardians'][number]>(
    `select last_name as last, phones -> 0 ->> 'number' as phone from guardians
     where district_id = $1 order by hashint8extended(skyward_id, 98) limit 200`,
    [districtId],
  );
  const schools = await pool.query<{ id: number }>(
    'select distinct entity_id as id from students where district_id = $1',
    [districtId],
  );
  return {
    names: names.rows,
    guardians: guardians.rows,
    studentIds: names.rows.map(({ id }) => id),
    schools: schools.rows.map(({ id }) => id),
  };
}
