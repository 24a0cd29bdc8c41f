/**
 * Puts addresses, phones and e-mails of everybody on a candidate's page together, ready to be shown. They
 * are the larger part of what a first night writes, so lists are joined as text and read as JSON once each:
 * building them piece by piece takes the server three times as long.
 */
import type pg from 'pg';
import { analyzeBriefly } from './candidates.ts';

export async function createContactTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table needed_people (person_id bigint);
    create temporary table written_addresses (address_id bigint, members text);
    create temporary table contacts (person_id bigint, addresses jsonb, phones jsonb, emails jsonb)`);
}

const neededPeople = `
  insert into needed_people
  select person_id from candidates
  union
  select g.person_id from staged_guardian_links g join candidates c on c.skyward_id = g.student_skyward_id`;

/** The members of a JSON object as text, by names and SQL values. */
const membersText = (members: Readonly<Record<string, string>>): string =>
  Object.entries(members)
    .map(([name, value]) => `'"${name}":' || coalesce(to_json(${value})::text, 'null')`)
    .join(` || ',' || `);

/** A person's entries, each the text of JSON members, as the text of a JSON list. */
const listText = (members: string, order: string): string =>
  `'[' || string_agg('{' || ${members} || '}', ',' order by ${order}) || ']'`;

/** Each address once: a family shares one. */
const writtenAddresses = (needed: string) => `
  insert into written_addresses
  select a.address_id, ${membersText({
    lines: 'string_to_array(a.lines, chr(10))',
    city: 'a.city',
    state: 'a.state',
    zip: 'a.zip',
    county: 'a.county',
    country: 'a.country',
    text: 'a.full_text',
  })}
  from staged_addresses a
  where a.address_id in (select l.address_id from staged_person_addresses l ${needed})`;

const addressMembers = `w.members || case when l.is_home and l.is_mailing then ',"uses":["home","mailing"]'
  when l.is_home then ',"uses":["home"]' else ',"uses":["mailing"]' end`;

const phoneMembers = membersText({
  rank: 'p.rank',
  type: 'p.type',
  number: 'p.number',
  extension: 'p.extension',
  isConfidential: 'p.is_confidential',
});

const emailMembers = membersText({ rank: 'e.rank', type: 'e.type', address: 'e.address' });

const contacts = (needed: string) => `
  insert into contacts
  select n.person_id, coalesce(a.list::jsonb, '[]'), coalesce(p.list::jsonb, '[]'),
    coalesce(e.list::jsonb, '[]')
  from needed_people n
  left join (
    select l.person_id, ${listText(addressMembers, 'l.is_home desc, l.person_address_id')} as list
    from staged_person_addresses l join written_addresses w using (address_id) ${needed}
    group by l.person_id
  ) a using (person_id)
  left join (
    select p.person_id, ${listText(phoneMembers, 'p.rank, p.person_phone_id')} as list
    from staged_person_phones p ${needed}
    group by p.person_id
  ) p using (person_id)
  left join (
    select e.person_id, ${listText(emailMembers, 'e.rank, e.person_email_id')} as list
    from staged_person_emails e ${needed}
    group by e.person_id
  ) e using (person_id)`;

/** From this share of all people on, going through everybody's lists is quicker than picking theirs. */
const mostPeople = 0.5;

/** Fills `contacts` for every candidate and their guardians. */
export async function assembleContacts(client: pg.ClientBase): Promise<void> {
  const { rowCount } = await client.query(neededPeople);
  await analyzeBriefly(client, 'needed_people');
  const { rows } = await client.query<{ people: number }>(
    'select count(*)::integer as people from staged_people',
  );
  const isMost = (rowCount ?? 0) > (rows[0]?.people ?? 0) * mostPeople;
  const needed = isMost ? '' : 'join needed_people using (person_id)';
  await client.query(writtenAddresses(needed));
  await analyzeBriefly(client, 'written_addresses');
  await client.query(contacts(needed));
  await analyzeBriefly(client, 'contacts (person_id)');
}
