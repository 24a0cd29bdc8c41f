/** A district's letterhead in the database, and whether its logo can be printed. */
import PdfKit from 'pdfkit';

import type { DistrictDatabase } from '../database/district-scope.ts';
import type { Author } from './desk.ts';
import type { Letterhead } from './pdf-page.ts';

type Client = Pick<DistrictDatabase, 'client'>;

/** The letterhead of the district; one without lines and logo where nobody has set any. */
export async function readLetterhead({ client }: Client, districtId: number): Promise<Letterhead> {
  const { rows } = await client.query<Letterhead>(
    'select lines, logo from letterheads where district_id = $1',
    [districtId],
  );
  return rows[0] ?? { lines: [], logo: null };
}

/** Keeps the letterhead. */
export async function keepLetterhead(
  { client }: Client,
  districtId: number,
  { lines, logo }: Letterhead,
  author: Author,
): Promise<void> {
  await client.query(
    `insert into letterheads (district_id, lines, logo, changed_by, changed_by_name)
     values ($1, $2, $3, $4, $5)
     on conflict (district_id) do update set lines = excluded.lines, logo = excluded.logo, changed_at = now(),
       changed_by = excluded.changed_by, changed_by_name = excluded.changed_by_name`,
    [districtId, lines, logo, author.accountId, author.name],
  );
}

/** More points than paper of this size can show; a picture that says so may be made to fill the memory. */
const mostPixels = 3000;

/** What a picture's own head says of it. */
interface OpenedPicture {
  readonly width: number;
  readonly height: number;
}

/** Why a logo can't be printed, as a sentence; `undefined` when it can. Nothing is unpacked before its size is known. */
export async function logoProblem(logo: Buffer): Promise<string | undefined> {
  try {
    const pdf = new PdfKit();
    // The types of PDFKit leave this one out; it is what `image` begins with.
    const { width, height } = (
      pdf as unknown as { openImage: (source: Buffer) => OpenedPicture }
    ).openImage(logo);
    if (!(width > 0 && height > 0 && width <= mostPixels && height <= mostPixels)) {
      return `The picture is ${width} by ${height} points large; at most ${mostPixels} each way are printed.`;
    }
    pdf.image(logo, 0, 0, { fit: [96, 48] });
    pdf.end();
    await Array.fromAsync(pdf);
    return undefined;
  } catch {
    return 'The picture can not be read; it may be broken.';
  }
}

/** The type that the first bytes tell. */
export const logoType = (logo: Uint8Array): 'image/png' | 'image/jpeg' =>
  logo[0] === 0x89 ? 'image/png' : 'image/jpeg';
