/** A district's letterhead in the database, and whether its logo can be printed. */
import type { DistrictDatabase } from '../../database/district-scope.ts';
import type { Author } from '../document-context.ts';
import { openPdfInThread } from '../pdf-forms/thread.ts';
import type { Letterhead } from './page.ts';

/** The letterhead of the district; one without lines and logo where nobody has set any. */
export async function readLetterhead(database: DistrictDatabase): Promise<Letterhead> {
  const row = await database.one<Letterhead>(
    'select lines, logo from letterheads where district_id = $1',
  );
  return row ?? { lines: [], logo: null };
}

/** Keeps the letterhead. */
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
 * Why a logo can't be printed, as a sentence; `undefined` when it can. In a thread: a broken picture ends the one that
 * unpacks it, and a large one keeps it busy.
 */
export async function logoProblem(logo: Uint8Array): Promise<string | undefined> {
  const result = await openPdfInThread({ task: 'logo', file: logo });
  if ('logo' in result) return result.logo.problem;
  return 'The picture can not be read; it may be broken.';
}

/** The type that the first bytes tell. */
export const logoType = (logo: Uint8Array): 'image/png' | 'image/jpeg' =>
  logo[0] === 0x89 ? 'image/png' : 'image/jpeg';
