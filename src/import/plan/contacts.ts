/**
 * Assembles addresses, phones and e-mails of students and guardians as JSON. They are most of what an initial import
 * writes. A list is aggregated as an array of rows and converted to JSON once, because building JSON text or using
 * `jsonb_agg` takes twice as long.
 */

/** By column: the staged rows of a list, the members of each entry as in the API, and the order. */
const lists = {
  addresses: {
    rows: 'staged_person_addresses l join staged_addresses a using (address_id)',
    // Members are in the order in which jsonb stores them (shortest names first), which avoids a sort.
    entry: `a.zip, a.city, a.full_text as text,
      case when l.is_home and l.is_mailing then array['home', 'mailing']
        when l.is_home then array['home'] else array['mailing'] end as uses,
      string_to_array(a.lines, chr(10)) as lines, a.state, a.county, a.country`,
    order: 'l.is_home desc, l.person_address_id',
  },
  phones: {
    rows: 'staged_person_phones p',
    entry: `p.rank, p.type, p.number, p.extension, p.is_confidential as "isConfidential"`,
    order: 'p.rank, p.person_phone_id',
  },
  emails: {
    rows: 'staged_person_emails e',
    entry: 'e.rank, e.type, e.address',
    order: 'e.rank, e.person_email_id',
  },
} as const;

/**
 * Returns the joins of the lists of the person with this id. `people`: a query for the people to assemble, a superset
 * of those joined.
 */
export const joinContacts = (personId: string, people: string): string =>
  Object.entries(lists)
    .map(
      ([column, { rows, entry, order }]) => `left join (
        select person_id, to_jsonb(array_agg(entry order by ${order})) as list
        from ${rows} cross join lateral (select ${entry}) as entry
        where person_id in (${people})
        group by person_id
      ) ${column} on ${column}.person_id = ${personId}`,
    )
    .join(' ');

/** The lists of a person, by column, with these joins. */
export const receivedContacts = Object.fromEntries(
  Object.keys(lists).map((column) => [column, `coalesce(${column}.list, '[]')`]),
);
