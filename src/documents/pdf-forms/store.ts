/** A district's PDF forms in the database (migration 0023). */
import type {
  PdfForm,
  PdfFormMapping,
  PdfFormSummary,
} from '../../contract/documents/pdf-forms.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import type { Author } from '../document-context.ts';
import { daysToRestore } from '../document-store.ts';
import type { ReadPdfForm } from './file.ts';

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

/** Returns the current forms, or the removed ones that can be restored, by title. */
export async function listPdfFormRows(
  database: DistrictDatabase,
  { isRemoved }: { readonly isRemoved: boolean },
): Promise<PdfFormSummary[]> {
  const rows = await database.rows<SummaryRow>(
    `select ${summaryColumns} from pdf_forms
     where district_id = $1 and (removed_at is not null) = $2 and ${isAvailable}
     order by lower(title), id`,
    isRemoved,
  );
  return rows.map(toTexts);
}

/** Returns a form, including a removed one that can be restored; `undefined` if there is none. */
export async function findPdfForm(
  database: DistrictDatabase,
  id: number,
): Promise<PdfForm | undefined> {
  const row = await database.one<FormRow>(
    `select ${summaryColumns}, version, fields, mapping, removed_content as "removedContent"
     from pdf_forms where district_id = $1 and id = $2 and ${isAvailable}`,
    id,
  );
  return row && toTexts(row);
}

/** Returns the cleaned file. */
export async function readPdfFile(
  database: DistrictDatabase,
  id: number,
): Promise<Uint8Array | undefined> {
  const row = await database.one<{ file: Uint8Array }>(
    'select file from pdf_forms where district_id = $1 and id = $2',
    id,
  );
  return row?.file;
}

/** Returns the number of forms, and the title of one made from the same file. */
export async function countPdfForms(
  database: DistrictDatabase,
  sha256: Uint8Array,
): Promise<{ readonly count: number; readonly sameTitle: string | null }> {
  const row = await database.one<{ count: number; sameTitle: string | null }>(
    `select count(*)::int as count, min(title) filter (where sha256 = $2) as "sameTitle"
     from pdf_forms where district_id = $1 and removed_at is null`,
    sha256,
  );
  return row ?? { count: 0, sameTitle: null };
}

/** Inserts a form; returns its id. */
export async function insertPdfForm(
  database: DistrictDatabase,
  author: Author,
  form: {
    readonly title: string;
    readonly fileName: string;
    readonly sha256: Uint8Array;
    readonly read: ReadPdfForm;
  },
): Promise<number> {
  const { file, fields, pages, removedContent: removed } = form.read;
  const row = await database.one<{ id: number }>(
    `insert into pdf_forms (district_id, title, file_name, file, sha256, pages, fields, removed_content,
       created_by, created_by_name, changed_by, changed_by_name)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $10) returning id`,
    form.title,
    form.fileName,
    Buffer.from(file.buffer, file.byteOffset, file.byteLength),
    form.sha256,
    pages,
    JSON.stringify(fields),
    removed,
    author.accountId,
    author.name,
  );
  return row?.id ?? 0;
}

/** Saves a form if the version is still current; returns false if not. */
export async function updatePdfForm(
  database: DistrictDatabase,
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
  return (
    (await database.execute(
      `update pdf_forms set title = $4, mapping = $5, version = version + 1, changed_at = now(),
       changed_by = $6, changed_by_name = $7
     where district_id = $1 and id = $2 and version = $3`,
      id,
      version,
      title,
      JSON.stringify(mapping),
      author.accountId,
      author.name,
    )) === 1
  );
}

/** Removes or restores a form. */
export async function markPdfFormRemoved(
  database: DistrictDatabase,
  id: number,
  author: Author,
  isRemoved: boolean,
): Promise<void> {
  await database.execute(
    `update pdf_forms set removed_at = case when $3 then now() end, version = version + 1,
       changed_at = now(), changed_by = $4, changed_by_name = $5
     where district_id = $1 and id = $2 and (removed_at is not null) <> $3`,
    id,
    isRemoved,
    author.accountId,
    author.name,
  );
}
