/** Selects the documents to print together, and converts them for printing. */
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { Parameters } from '../../database/parameters.ts';
import { selectNamePart } from '../../database/display-name.ts';
import { spokenName } from '../bindings.ts';
import { toConditions, type DatedFilter } from '../document-list.ts';
import type { PrintedDocument } from './document-pdf.ts';
import { findStoredDocuments, type StoredDocument } from '../document-store.ts';
import { shownFields } from '../document-work.ts';
import { toFileName } from './zip.ts';
import type { PrintPart } from './thread.ts';

/** A document to print. */
export interface PrintLine {
  readonly id: number;
  readonly studentId: number;
  readonly title: string;
}

/** Returns the matching documents, ordered by student name, at most `limit`. */
export async function findPrintLines(
  database: DistrictDatabase,
  { ids, ...filter }: DatedFilter & { readonly ids?: readonly number[] | undefined },
  limit: number,
): Promise<PrintLine[]> {
  const parameters = new Parameters();
  const addParameter = (value: unknown) => parameters.add(value);
  return database.rows<PrintLine>(
    `select d.id, d.student_id as "studentId", d.title
     from documents d join students s on s.district_id = d.district_id and s.id = d.student_id
     where d.district_id = $1 and ${toConditions(filter, addParameter)}
       ${ids === undefined ? '' : `and d.id = any(${addParameter(ids)})`}
     order by ${selectNamePart('s', 'last_name')}, ${selectNamePart('s', 'first_name')}, s.id, d.id
     limit ${parameters.add(limit)}`,
    ...parameters.values,
  );
}

/** Converts a document for printing. */
const toPrintedDocument = (
  stored: StoredDocument,
  districtName: string,
): Omit<PrintedDocument, 'letterhead'> => ({
  form: stored.form,
  fields: shownFields(stored.form, stored.fields),
  districtName,
  studentName: spokenName(stored.studentName),
  footer: `${stored.state === 'complete' ? 'Complete' : 'Incomplete'}, version ${stored.version}`,
});

/** Converts documents for the printing thread. */
export const toPrintPart = (stored: readonly StoredDocument[], districtName: string): PrintPart =>
  stored.map((one) => {
    const { last, first } = one.studentName;
    const nameParts = [last, first, one.studentNumber, one.title];
    return { ...toPrintedDocument(one, districtName), fileName: toFileName(nameParts, one.id) };
  });

/** Documents in memory at a time. */
const partSize = 25;

/** Yields the documents in parts, each read on demand. */
export async function* readPrintParts(
  lines: readonly PrintLine[],
  districtName: string,
  read: <Result>(work: (database: DistrictDatabase) => Promise<Result>) => Promise<Result>,
): AsyncGenerator<PrintPart> {
  for (let start = 0; start < lines.length; start += partSize) {
    const ids = lines.slice(start, start + partSize).map(({ id }) => id);
    const stored = await read(async (database) => findStoredDocuments(database, ids));
    // An empty part would mean the end; these documents were deleted meanwhile.
    if (stored.length === 0) continue;
    yield toPrintPart(stored, districtName);
  }
}
