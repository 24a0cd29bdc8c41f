/** What the routes of documents share: context, filter, entry of the audit trail, and the 404. */
import type { User } from '../../accounts/accounts.ts';
import type { DocumentFilter } from '../../contract/documents/documents.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import type { DocumentContext } from '../../documents/document-context.ts';
import type { StoredDocument } from '../../documents/document-store.ts';
import { ApiError } from '../api-error.ts';
import type { DistrictCall } from '../district-call.ts';

/** Returns the context of document operations for this call. */
export const documentContext = (
  database: DistrictDatabase,
  district: DistrictCall,
  user: User,
): DocumentContext => ({
  database,
  districtName: district.name,
  today: district.today,
  person: user,
});

/** Adds the caller and the date to a filter. */
export const toFilter = <Filter extends DocumentFilter>(
  filter: Filter,
  { today }: DistrictCall,
  { accountId }: User,
) => ({ ...filter, today, owner: filter.owner === 'me' ? accountId : filter.owner });

/** Returns what the audit trail records of a document. */
export const toAuditEntry = (
  { id, title, studentId }: Pick<StoredDocument, 'id' | 'title' | 'studentId'>,
  more: Readonly<Record<string, unknown>> = {},
) => ({ studentId, detail: { form: title, id, ...more } });

export const documentNotFound = (): ApiError =>
  new ApiError('not-found', 'Document not found.', {
    advice: 'The student’s Documents tab lists all documents.',
  });
