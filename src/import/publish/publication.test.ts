/** What publishing writes to the database other than the records themselves. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  openSandboxDistrict,
  type SandboxDistrict,
} from '../../../tests/skyward/sandbox-district.ts';

let district: SandboxDistrict;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 11 });
  await district.runImport();
});
afterAll(() => district.close());

it('notes every word of every name, of students and guardians, and no other', async () => {
  const [words] = await district.rows<{ noted: string[]; due: string[] }>(
    `select (select array_agg(word order by word) from search_words where district_id = $1) as noted,
       (select array_agg(distinct word collate "C" order by word collate "C") from (
         select unnest(array[last_name, first_name, middle_name, legal_last_name, legal_first_name])
         from students where district_id = $1
         union all
         select unnest(array[last_name, first_name, middle_name]) from guardians where district_id = $1
       ) names (name), string_to_table(search_form(name), ' ') word
       where length(word) between 3 and 40) as due`,
  );
  expect(words?.due.length).toBeGreaterThan(100);
  expect(words?.noted).toEqual(words?.due);
});
