/** A district's letterhead in the database, and whether its logo can be printed. */
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import type { Author } from '../document-context.ts';
import { openPdfInThread } from '../pdf-forms/thread.ts';
import type { Letterhead } from './page.ts';

/** Returns the district's letterhead; an empty one if none is set. */
export async function readLetterhead(database: DistrictDatabase): Promise<Letterhead> {
  const row = await database.one<Letterhead>(
    'select lines, logo from letterheads where district_id = $1',
  );
  return row ?? { lines: [], logo: null };
}

/** Saves the letterhead. */
export async function storeLetterhead(
  database: DistrictDatabase,
  { lines, logo }: Letterhead,
  author: Author,
): Promise<void> {
  await database.execute(
    `insert into letterheads (district_id, lines, logo, changed_by, changed_by_name)
     values ($1, $2, $3, $4, $5)
     on conflict (district_id) do update set lines = excluded.lines, logo = excluded.logo, changed_at = now(),
       changed_by = excluded.changed_by, changed_by_name = excluded.changed_by_name`,
    lines,
    logo,
    author.accountId,
    author.name,
  );
}

/**
 * Returns why a logo can't be printed, as a sentence; `undefined` if it can. Runs in a thread, since a broken image may
 * crash it and a large one may block it.
 */
export async function logoProblem(logo: Uint8Array): Promise<string | undefined> {
  const result = await openPdfInThread({ task: 'logo', file: logo });
  if ('logo' in result) return result.logo.problem;
  return 'The image can’t be read; it may be damaged.';
}

/** Returns the type by the first bytes. */
export const logoType = (logo: Uint8Array): 'image/png' | 'image/jpeg' =>
  logo[0] === 0x89 ? 'image/png' : 'image/jpeg';
