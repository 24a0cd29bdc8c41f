/** A district's PDF forms in the database (migration 0023). */
import type {
  PdfForm,
  PdfFormMapping,
  PdfFormSummary,
} from '../../contract/documents/pdf-forms.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';
import type { Author } from '../document-context.ts';
import { daysToRestore } from '../document-store.ts';
import type { ReadPdfForm } from './file.ts';

type Client = Pick<DistrictDatabase, 'client'>;

interface SummaryRow extends Omit<PdfFormSummary, 'changedAt' | 'removedAt'> {
  readonly changedAt: Temporal.Instant;
  readonly removedAt: Temporal.Instant | null;
}

type FormRow = SummaryRow & Pick<PdfForm, 'version' | 'fields' | 'mapping' | 'removedContent'>;

const summaryColumns = `id, title, file_name as "fileName", octet_length(file) as bytes, pages,
  jsonb_array_length(fields) as "fieldCount", jsonb_array_length(mapping) as "mappedCount",
  changed_at as "changedAt", changed_by_name as "changedBy", removed_at as "removedAt"`;

const isAvailable = `(removed_at is null or removed_at > now() - interval '${daysToRestore} days')`;

const toTexts = <Row extends SummaryRow>(row: Row) => ({
  ...row,
  changedAt: row.changedAt.toString(),
  removedAt: row.removedAt?.toString() ?? null,
});

/** Those that are there, or those removed and still within reach, by title. */
export async function listPdfFormRows(
  { client }: Client,
  districtId: number,
  { isRemoved }: { readonly isRemoved: boolean },
): Promise<PdfFormSummary[]> {
  const { rows } = await client.query<SummaryRow>(
    `select ${summaryColumns} from pdf_forms
     where district_id = $1 and (removed_at is not null) = $2 and ${isAvailable}
     order by lower(title), id`,
    [districtId, isRemoved],
  );
  return rows.map(toTexts);
}

/** The form of this number, a removed one within reach included; `undefined` when there is none. */
export async function findPdfForm(
  { client }: Client,
  districtId: number,
  id: number,
): Promise<PdfForm | undefined> {
  const { rows } = await client.query<FormRow>(
    `select ${summaryColumns}, version, fields, mapping, removed_content as "removedContent"
     from pdf_forms where district_id = $1 and id = $2 and ${isAvailable}`,
    [districtId, id],
  );
  const [row] = rows;
  return row && toTexts(row);
}

/** The cleaned file. */
export async function readPdfFile(
  { client }: Client,
  districtId: number,
  id: number,
): Promise<Uint8Array | undefined> {
  const { rows } = await client.query<{ file: Uint8Array }>(
    'select file from pdf_forms where district_id = $1 and id = $2',
    [districtId, id],
  );
  return rows[0]?.file;
}

/** The title of a form made of this very file, and how many forms there are. */
export async function countPdfForms(
  { client }: Client,
  districtId: number,
  sha256: Uint8Array,
): Promise<{ readonly count: number; readonly sameTitle: string | null }> {
  const { rows } = await client.query<{ count: number; sameTitle: string | null }>(
    `select count(*)::int as count, min(title) filter (where sha256 = $2) as "sameTitle"
     from pdf_forms where district_id = $1 and removed_at is null`,
    [districtId, sha256],
  );
  return rows[0] ?? { count: 0, sameTitle: null };
}

/** Adds a form; gives its number. */
export async function insertPdfForm(
  { client }: Client,
  districtId: number,
  author: Author,
  form: {
    readonly title: string;
    readonly fileName: string;
    readonly sha256: Uint8Array;
    readonly read: ReadPdfForm;
  },
): Promise<number> {
  const { file, fields, pages, removedContent: removed } = form.read;
  const { rows } = await client.query<{ id: number }>(
    `insert into pdf_forms (district_id, title, file_name, file, sha256, pages, fields, removed_content,
       created_by, created_by_name, changed_by, changed_by_name)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $10) returning id`,
    [
      districtId,
      form.title,
      form.fileName,
      Buffer.from(file.buffer, file.byteOffset, file.byteLength),
      form.sha256,
      pages,
      JSON.stringify(fields),
      removed,
      author.accountId,
      author.name,
    ],
  );
  return rows[0]?.id ?? 0;
}

/** Saves over the version that was seen; false when there is a newer one. */
export async function updatePdfForm(
  { client }: Client,
  districtId: number,
  id: number,
  author: Author,
  {
    version,
    title,
    mapping,
  }: {
    readonly version: number;
    readonly title: string;
    readonly mapping: readonly PdfFormMapping[];
  },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update pdf_forms set title = $4, mapping = $5, version = version + 1, changed_at = now(),
       changed_by = $6, changed_by_name = $7
     where district_id = $1 and id = $2 and version = $3`,
    [districtId, id, version, title, JSON.stringify(mapping), author.accountId, author.name],
  );
  return rowCount === 1;
}

/** Removes it or brings it back. */
export async function markPdfFormRemoved(
  { client }: Client,
  districtId: number,
  id: number,
  author: Author,
  isRemoved: boolean,
): Promise<void> {
  await client.query(
    `update pdf_forms set removed_at = case when $3 then now() end, version = version + 1,
       changed_at = now(), changed_by = $4, changed_by_name = $5
     where district_id = $1 and id = $2 and (removed_at is not null) <> $3`,
    [districtId, id, isRemoved, author.accountId, author.name],
  );
}
