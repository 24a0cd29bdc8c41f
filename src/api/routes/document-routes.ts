/** Documents: list, create, open, save, complete. */
import { documentsApi } from '../../contract/documents/documents.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { findDistrictForm } from '../../documents/district-forms.ts';
import {
  exportDocumentRows,
  listDocumentRows,
  readDocumentCounts,
} from '../../documents/document-list.ts';
import {
  completeDocuments,
  setDueDates,
  updateAllFromDetails,
} from '../../documents/document-bulk.ts';
import { findStoredDocument, setDueDate } from '../../documents/document-store.ts';
import { findVersion, listVersions } from '../../documents/document-versions.ts';
import {
  createCopy,
  createForStudents,
  openDocument,
  type Outcome,
  saveFields,
  shownFields,
  applyDetails,
  performStep,
} from '../../documents/document-work.ts';
import { ApiError, found } from '../api-error.ts';
import type { DistrictCall } from '../district-call.ts';
import type { RouteContext } from '../route.ts';
import { documentContext, documentNotFound, toAuditEntry, toFilter } from './document-request.ts';

export function addDocumentRoutes(routes: RouteContext): void {
  addListRoutes(routes);
  addCreationRoutes(routes);
  addChangeRoutes(routes);
  addBulkRoutes(routes);
  addReadingRoutes(routes);
}

function addListRoutes({ route }: RouteContext): void {
  route(documentsApi.listDocuments, async ({ district, user, query, audited }) => {
    const list = await district.read(async (database) =>
      listDocumentRows(database, toFilter(query, district, user)),
    );
    audited({ records: list.rows.length });
    return list;
  });

  route(documentsApi.countDocuments, async ({ district, user }) =>
    district.read(async (database) => readDocumentCounts(database, user.accountId, district.today)),
  );

  route(documentsApi.exportDocuments, async ({ district, user, query, audited }) =>
    district.download('exports', {
      fileName: 'documents.csv',
      make: async (write) => {
        const { csv, count } = await district.read(async (database) =>
          exportDocumentRows(database, toFilter(query, district, user)),
        );
        audited({ detail: { count } });
        await write(csv);
      },
    }),
  );
}

function addCreationRoutes({ route }: RouteContext): void {
  route(documentsApi.createDocuments, async ({ district, user, body }) => {
    const results = await district.write(async (database) => {
      const offered = await findDistrictForm(database, body.form);
      if (offered?.isOffered !== true) {
        throw new ApiError('not-found', 'Form not found.', { field: 'form' });
      }
      const form = offered.template;
      const created = await createForStudents(
        documentContext(database, district, user),
        form,
        body.students,
        { batch: body.batch, dueOn: body.dueOn },
      );
      const made = created.flatMap(({ studentId, outcome, documentId: id }) =>
        outcome === 'created' ? [{ studentId, detail: { form: form.title, id } }] : [],
      );
      await district.auditForStudents('document-created', made, database);
      return created;
    });
    return { results };
  });

  route(documentsApi.copyDocument, async ({ district, user, params }) =>
    district.write(async (database) => {
      const kept = found(await findStoredDocument(database, params.id), documentNotFound);
      const copy = found(
        await createCopy(documentContext(database, district, user), params.id),
        documentNotFound,
      );
      if (!copy.isNew) {
        throw new ApiError(
          'not-possible',
          'This student already has an incomplete document of this form.',
          { advice: 'Complete or delete that one first.' },
        );
      }
      await district.audit(
        { action: 'document-created', ...toAuditEntry({ ...kept, id: copy.id }) },
        database,
      );
      return { id: copy.id };
    }),
  );
}

function addBulkRoutes({ route }: RouteContext): void {
  route(documentsApi.setDocumentsDue, async ({ district, body: { ids, dueOn } }) => {
    const changed = await district.write(async (database) => {
      const documents = await setDueDates(database, ids, dueOn);
      await district.auditForStudents(
        'document-due-set',
        documents.map((one) => toAuditEntry(one)),
        database,
      );
      return documents;
    });
    return { changed: changed.map(({ id }) => id) };
  });

  route(documentsApi.completeDocuments, async ({ district, user, body: { ids } }) => {
    const { results } = await district.write(async (database) => {
      const completion = await completeDocuments(documentContext(database, district, user), ids);
      await district.auditForStudents(
        'document-step',
        completion.changed.map((one) => toAuditEntry(one, { step: 'complete' })),
        database,
      );
      return completion;
    });
    return { results };
  });

  route(documentsApi.updateDocumentsFromDetails, async ({ district, user, body: { ids } }) => {
    const updated = await district.write(async (database) => {
      const documents = await updateAllFromDetails(documentContext(database, district, user), ids);
      await district.auditForStudents(
        'document-changed',
        documents.map((one) => toAuditEntry(one)),
        database,
      );
      return documents;
    });
    return { updated: updated.map(({ id }) => id) };
  });
}

function addChangeRoutes({ route }: RouteContext): void {
  route(documentsApi.saveDocument, async ({ district, user, params, body }) => {
    const { version, values } = body;
    return toDocument(
      await district.write(async (database) =>
        auditChange(
          district,
          database,
          await saveFields(documentContext(database, district, user), params.id, version, values),
        ),
      ),
    );
  });

  route(documentsApi.setDocumentDue, async ({ district, params, body: { dueOn } }) => {
    await district.write(async (database) => {
      const kept = found(
        await findStoredDocument(database, params.id, {
          forChange: true,
        }),
        documentNotFound,
      );
      if (!(await setDueDate(database, params.id, dueOn))) {
        throw new ApiError('not-possible', 'Only incomplete documents have a due date.', {
          advice: 'Amend or restore it first.',
        });
      }
      await district.audit({ action: 'document-due-set', ...toAuditEntry(kept) }, database);
    });
    return { dueOn };
  });

  route(documentsApi.updateFromDetails, async ({ district, user, params, body }) =>
    toDocument(
      await district.write(async (database) =>
        auditChange(
          district,
          database,
          await applyDetails(
            documentContext(database, district, user),
            params.id,
            body.version,
            body,
          ),
        ),
      ),
    ),
  );

  route(documentsApi.takeDocumentStep, async ({ district, user, params, body }) =>
    toDocument(
      await district.write(async (database) => {
        const documents = documentContext(database, district, user);
        const taken = await performStep(documents, params.id, body.version, body.step);
        if (taken.outcome === 'done') {
          const { title, student } = taken.document;
          const detail = { step: body.step, form: title, id: params.id };
          await district.audit(
            { action: 'document-step', studentId: student.id, detail },
            database,
          );
        }
        return taken;
      }),
    ),
  );
}

/** Records that fields of a document were changed; deduplicated, since documents save automatically. */
async function auditChange(
  district: DistrictCall,
  database: DistrictDatabase,
  outcome: Outcome,
): Promise<Outcome> {
  if (outcome.outcome === 'done') {
    const { id, title, student } = outcome.document;
    await district.audit(
      {
        action: 'document-changed',
        ...toAuditEntry({ id, title, studentId: student.id }),
        isDeduplicated: true,
      },
      database,
    );
  }
  return outcome;
}

function addReadingRoutes({ route }: RouteContext): void {
  route(documentsApi.getDocument, async ({ district, user, params, audited }) => {
    const document = found(
      await district.read(async (database) =>
        openDocument(documentContext(database, district, user), params.id),
      ),
      documentNotFound,
    );
    const detail = { form: document.title, id: document.id };
    audited({ students: [{ studentId: document.student.id, detail }] });
    return document;
  });

  route(documentsApi.listDocumentVersions, async ({ district, params, audited }) =>
    district.read(async (database) => {
      const kept = found(await findStoredDocument(database, params.id), documentNotFound);
      audited({ students: [toAuditEntry(kept)] });
      return { versions: await listVersions(database, params.id) };
    }),
  );

  route(documentsApi.getDocumentVersion, async ({ district, params, audited }) =>
    district.read(async (database) => {
      const kept = found(await findStoredDocument(database, params.id), documentNotFound);
      const { version, fields } = found(
        await findVersion(database, params.id, params.version),
        versionNotFound,
      );
      audited({ students: [toAuditEntry(kept, { version: params.version })] });
      return { ...version, fields: shownFields(kept.form, fields) };
    }),
  );
}

/** Returns the document after a change, or throws the reason why there was none. */
function toDocument(outcome: Outcome) {
  if (outcome.outcome === 'done') return outcome.document;
  if (outcome.outcome === 'document-not-found') throw documentNotFound();
  if (outcome.outcome === 'conflict') {
    throw new ApiError('conflict', 'Someone else has changed this document in the meantime.', {
      field: 'version',
      advice: 'Compare both versions and choose one.',
    });
  }
  throw new ApiError('not-possible', outcome.why, { advice: outcome.advice });
}

const versionNotFound = (): ApiError =>
  new ApiError('not-found', 'Version not found.', {
    advice: 'The version history lists all stored versions.',
  });
