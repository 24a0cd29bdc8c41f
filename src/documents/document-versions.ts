/** The versions of a document: its events and earlier content. */
import type { DocumentVersion } from '../contract/documents/documents.ts';
import type { DistrictDatabase } from '../database/district-and-school-scope.ts';
import type { StoredFields } from './filled-values.ts';

interface VersionRow extends Omit<DocumentVersion, 'at'> {
  readonly at: Temporal.Instant;
}

const columns = `v.version, v.event, v.at, v.changed_by_name as by, v.state`;

const toVersion = ({ version, event, at, by, state }: VersionRow): DocumentVersion => ({
  version,
  event,
  at: at.toString(),
  by,
  state,
});

/** Returns all versions of a document, latest first; empty if the caller may not see it. */
export async function listVersions(
  database: DistrictDatabase,
  documentId: number,
): Promise<DocumentVersion[]> {
  const rows = await database.rows<VersionRow>(
    `select ${columns} from document_versions v
     where v.district_id = $1 and v.document_id = $2 order by v.version desc`,
    documentId,
  );
  return rows.map(toVersion);
}

/** Returns a version with its fields; `undefined` if it does not exist. */
export async function findVersion(
  database: DistrictDatabase,
  documentId: number,
  version: number,
): Promise<{ readonly version: DocumentVersion; readonly fields: StoredFields } | undefined> {
  const row = await database.one<VersionRow & { readonly fields: StoredFields }>(
    `select ${columns}, v.fields from document_versions v
     where v.district_id = $1 and v.document_id = $2 and v.version = $3`,
    documentId,
    version,
  );
  return row && { version: toVersion(row), fields: row.fields };
}
