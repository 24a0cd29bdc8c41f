/**
 * Imports that import the rows of changed students alone, held against first imports that import all students's:
 * both must publish the same.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addDistrict,
  openSandboxDistrict,
  runSandboxImport,
  type SandboxDistrict,
} from '../../../tests/skyward/sandbox-district.ts';
import { publishedData } from '../../../tests/builders/published-data.ts';

let district: SandboxDistrict;
beforeAll(async () => {
  district = await openSandboxDistrict({ students: 400, seed: 11 });
  expect((await district.runImport()).state).toBe('published');
});
afterAll(() => district.close());

type Values = Readonly<Record<string, string | number | boolean | null>>;

/** Changes a field of some row in the middle of a list. */
function change(path: string, values: Values, place = 0.5): void {
  const rows = district.skyward.sandbox.rows(path);
  const ids = [...rows.ids()];
  const id = ids[Math.floor(ids.length * place)];
  if (id === undefined) throw new Error(`${path} has no rows`);
  rows.update(id, values);
}

/** What a district that is connected today would publish. */
async function publishedAnew(domain: string): Promise<string> {
  const other = await addDistrict(district.database, domain);
  const run = await runSandboxImport(district.database.pool, district.skyward, other);
  expect(run.state).toBe('published');
  return publishedData(district.database.pool, other, { withHistory: false });
}

test.each<[string, () => void]>([
  ['a phone', () => change('Demographics/NamePhone', { PhoneNumber: '5555550142' })],
  ['an e-mail', () => change('Demographics/NameEmail', { EmailAddress: 'new@example.org' })],
  [
    'an address that several share',
    () => change('Demographics/Address', { StreetNumber: '77', FormattedFullAddress: '77 Elm St' }),
  ],
  ['an address of residence', () => change('Demographics/NameAddress', { IsMailing: false })],
  [
    'names of students, guardians and staff',
    () => {
      for (const place of [0.1, 0.35, 0.6, 0.85]) {
        change('Demographics/Name', { FirstName: `Avery ${Math.round(place * 100)}` }, place);
      }
    },
  ],
  ["a family's language", () => change('Family/Family', { LanguageIDHome: null })],
  ['the rank of a guardian', () => change('Family/StudentGuardian', { Rank: 9 })],
  [
    'enrollments',
    () => {
      for (const place of [0.5, 0.7, 0.9]) {
        change('Enrollment/EntryWithdrawal', { StartDate: '2026-08-19T00:00:00' }, place);
      }
    },
  ],
  [
    'grades',
    () => {
      for (const place of [0.5, 0.7, 0.9]) {
        change('Enrollment/StudentEntityYear', { Grade: 'KG' }, place);
      }
    },
  ],
])('the same is published after a change of %s', async (what, apply) => {
  apply();
  const run = await district.runImport();
  expect(run.state).toBe('published');
  expect(run.report?.compared).toBeLessThan(80);
  expect(
    await publishedData(district.database.pool, district.districtId, { withHistory: false }),
  ).toBe(await publishedAnew(`${what.replaceAll(/\W+/g, '-')}.example`));
});
