/** Which documents are printed together, and each as its pages want it. */
import type { DistrictDatabase } from '../database/district-scope.ts';
import { spokenName } from './bindings.ts';
import { conditionsOf, type DatedFilter } from './document-list.ts';
import type { PrintedDocument } from './document-pdf.ts';
import { findKeptDocuments, type KeptDocument } from './document-store.ts';
import { shownFields } from './document-work.ts';
import { fileNameOf } from './documents-zip.ts';
import type { PrintPart } from './printing.ts';

/** Of a document that will be printed. */
export interface PrintLine {
  readonly id: number;
  readonly studentId: number;
  readonly title: string;
}

/** The documents that fit, by student as people look them up; at most `limit`. */
export async function findPrintLines(
  { client }: Pick<DistrictDatabase, 'client'>,
  districtId: number,
  { ids, ...filter }: DatedFilter & { readonly ids?: readonly number[] | undefined },
  limit: number,
): Promise<PrintLine[]> {
  const values: unknown[] = [districtId, limit];
  const given = (value: unknown) => `$${values.push(value)}`;
  const { rows } = await client.query<PrintLine>(
    `select d.id, d.student_id as "studentId", d.title
     from documents d join students s on s.district_id = d.district_id and s.id = d.student_id
     where d.district_id = $1 and ${conditionsOf(filter, given)}
       ${ids === undefined ? '' : `and d.id = any(${given(ids)})`}
     order by coalesce(s.last_name, s.legal_last_name), coalesce(s.first_name, s.legal_first_name), s.id, d.id
     limit $2`,
    values,
  );
  return rows;
}

/** A document as its pages want it. */
const printedOf = (
  kept: KeptDocument,
  districtName: string,
): Omit<PrintedDocument, 'letterhead'> => ({
  form: kept.form,
  fields: shownFields(kept.form, kept.fields),
  districtName,
  studentName: spokenName(kept.studentName),
  standing: `${kept.state === 'complete' ? 'Complete' : 'Incomplete'}, version ${kept.version}`,
});

/** These documents for the thread that prints. */
export const printPartOf = (kept: readonly KeptDocument[], districtName: string): PrintPart =>
  kept.map((one) => {
    const { last, first } = one.studentName;
    const words = [last, first, one.studentNumber, one.title];
    return { ...printedOf(one, districtName), fileName: fileNameOf(words, one.id) };
  });

/** Documents that are in memory at a time. */
const partSize = 25;

/** The documents of these lines, some at a time, each part read when it is asked for. */
export async function* printPartsOf(
  lines: readonly PrintLine[],
  districtId: number,
  districtName: string,
  read: <Result>(work: (database: DistrictDatabase) => Promise<Result>) => Promise<Result>,
): AsyncGenerator<PrintPart> {
  for (let start = 0; start < lines.length; start += partSize) {
    const ids = lines.slice(start, start + partSize).map(({ id }) => id);
    const kept = await read(async (database) => findKeptDocuments(database, districtId, ids));
    // An empty part would be the end: those of this part were deleted meanwhile.
    if (kept.length === 0) continue;
    yield printPartOf(kept, districtName);
  }
}
