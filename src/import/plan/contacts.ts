/**
 * Assembles addresses, phones and e-mails of changed students and their guardians as JSON. They are most of what an
 * initial import writes. A list is aggregated as an array of rows and converted to JSON once, because building JSON
 * text or using `jsonb_agg` takes twice as long.
 */
import type pg from 'pg';
import { analyzeWithSmallSample } from './changed-students.ts';

export async function createContactTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table needed_people (person_id bigint);
    create temporary table contacts (person_id bigint, addresses jsonb, phones jsonb, emails jsonb)`);
}

const neededPeople = `
  insert into needed_people
  select person_id from changed_students
  union
  select g.person_id from staged_guardian_links g join changed_students c on c.skyward_id = g.student_skyward_id`;

/** Returns a query for lists of one kind by person. `entry`: the members of each entry, as in the API. */
const lists = (rows: string, entry: string, order: string): string => `
  select person_id, to_jsonb(array_agg(entry order by ${order})) as list
  from ${rows} cross join lateral (select ${entry}) as entry
  group by person_id`;

// Members are in the order in which jsonb stores them (shortest names first), which avoids a sort.
const addressEntry = `a.zip, a.city, a.full_text as text,
  case when l.is_home and l.is_mailing then array['home', 'mailing']
    when l.is_home then array['home'] else array['mailing'] end as uses,
  string_to_array(a.lines, chr(10)) as lines, a.state, a.county, a.country`;

const phoneEntry = `p.rank, p.type, p.number, p.extension, p.is_confidential as "isConfidential"`;

const emailEntry = 'e.rank, e.type, e.address';

/**
 * `people`: the table of people to assemble; `only`: a join that limits rows to them. People are sorted so that the
 * planner can use merge joins instead of hash tables of all lists.
 */
const contacts = (people: string, only: string) => `
  insert into contacts
  select n.person_id, coalesce(a.list, '[]'), coalesce(p.list, '[]'), coalesce(e.list, '[]')
  from (select person_id from ${people} order by person_id) n
  left join (${lists(
    `staged_person_addresses l join staged_addresses a using (address_id) ${only}`,
    addressEntry,
    'l.is_home desc, l.person_address_id',
  )}) a using (person_id)
  left join (${lists(
    `staged_person_phones p ${only}`,
    phoneEntry,
    'p.rank, p.person_phone_id',
  )}) p using (person_id)
  left join (${lists(
    `staged_person_emails e ${only}`,
    emailEntry,
    'e.rank, e.person_email_id',
  )}) e using (person_id)`;

/** From this share of changed students among all people on, the contacts of all people are assembled: with guardians these are most of them. */
const allPeopleShare = 0.25;

/** Fills `contacts` for at least all changed students and their guardians. */
export async function assembleContacts(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ share: number }>(`
    select (select count(*) from changed_students)::float8
      / greatest((select count(*) from staged_people), 1) as share`);
  if ((rows[0]?.share ?? 0) > allPeopleShare) {
    await client.query(contacts('staged_people', ''));
  } else {
    await client.query(neededPeople);
    await analyzeWithSmallSample(client, 'needed_people');
    await client.query(contacts('needed_people', 'join needed_people using (person_id)'));
  }
  await analyzeWithSmallSample(client, 'contacts (person_id)');
}
