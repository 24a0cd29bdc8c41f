/** Forms and documents: list, create, open, save, complete, print. */
import type { z } from 'zod';

import type { User } from '../../accounts/accounts.ts';
import {
  type DocumentFilter,
  maxPrinted,
  documentsApi,
} from '../../contract/documents/documents.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { findDistrictForm } from '../../documents/district-forms.ts';
import {
  exportDocumentRows,
  listDocumentRows,
  readDocumentCounts,
} from '../../documents/document-list.ts';
import { pdfTitle } from '../../documents/printing/document-pdf.ts';
import {
  findStoredDocument,
  type StoredDocument,
  setDueDate,
} from '../../documents/document-store.ts';
import { findVersion, listVersions } from '../../documents/document-versions.ts';
import { readLetterhead } from '../../documents/printing/letterhead.ts';
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
import {
  findPrintLines,
  toPrintPart,
  readPrintParts,
} from '../../documents/printing/print-parts.ts';
import {
  printInThread,
  PrintLimitError,
  type PrintLimits,
  type PrintOptions,
  type PrintPart,
} from '../../documents/printing/thread.ts';
import type { AuditDetails } from '../audited-call.ts';
import { ApiError, found } from '../api-error.ts';
import type { DistrictCall } from '../district-call.ts';
import type { Write } from '../server/downloads.ts';
import { documentContext } from './form-routes.ts';
import type { RouteContext } from '../route.ts';

export function addDocumentRoutes(routes: RouteContext): void {
  addListRoutes(routes);
  addCreationRoutes(routes);
  addChangeRoutes(routes);
  addReadingRoutes(routes);
  addPrintRoutes(routes);
}

/** The filter with what it leaves to the caller: whose documents, and which day it is. */
const toFilter = <Filter extends DocumentFilter>(
  filter: Filter,
  { today }: DistrictCall,
  { accountId }: User,
) => ({ ...filter, today, owner: filter.owner === 'me' ? accountId : filter.owner });

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
      contentType: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="documents.csv"',
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
        throw new ApiError('not-found', 'There is no form of this name.', { field: 'form' });
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
          'This student has an incomplete document of this form already.',
          { advice: 'Complete or delete that one first.' },
        );
      }
      await district.audit(
        { action: 'document-created', ...lineOf({ ...kept, id: copy.id }) },
        database,
      );
      return { id: copy.id };
    }),
  );
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
        throw new ApiError('not-possible', 'Only an incomplete document is wanted by a day.', {
          advice: 'Amend it first, or bring it back.',
        });
      }
      await district.audit({ action: 'document-due-set', ...lineOf(kept) }, database);
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

/** Keeps that fields of a document were changed. It saves itself while one types: once in a while will do. */
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
        ...lineOf({ id, title, studentId: student.id }),
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
      audited({ students: [lineOf(kept)] });
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
      audited({ students: [lineOf(kept, { version: params.version })] });
      return { ...version, fields: shownFields(kept.form, fields) };
    }),
  );

  route(documentsApi.printDocument, async ({ district, params, audited }) => {
    const kept = await district.read(async (database) => findStoredDocument(database, params.id));
    if (kept === undefined || kept.deletedAt !== null) throw documentNotFound();
    audited({ students: [lineOf(kept)] });
    return district.download('single prints', {
      contentType: 'application/pdf',
      disposition: `inline; filename="${kept.form.key}-${kept.id}.pdf"`,
      make: async (write, signal) => {
        const part = toPrintPart([kept], district.name);
        const [title = ''] = part.map((one) => pdfTitle(one));
        const limits = { milliseconds: printTimeoutMs.one, signal };
        await printFile(district, { as: 'pdf', title }, [part].values(), limits, write);
      },
    });
  });
}

/** What the audit trail says of a document. */
const lineOf = (
  { id, title, studentId }: Pick<StoredDocument, 'id' | 'title' | 'studentId'>,
  more: Readonly<Record<string, unknown>> = {},
) => ({ studentId, detail: { form: title, id, ...more } });

function addPrintRoutes({ route }: RouteContext): void {
  route(documentsApi.printDocuments, async ({ district, user, query, audited }) =>
    print('pdf', district, user, query, audited),
  );
  route(documentsApi.packDocuments, async ({ district, user, query, audited }) =>
    print('zip', district, user, query, audited),
  );
}

async function print(
  as: PrintOptions['as'],
  district: DistrictCall,
  user: User,
  query: z.output<(typeof documentsApi.printDocuments)['query']>,
  audited: (note: AuditDetails) => void,
): Promise<Response> {
  const filter = toFilter(query, district, user);
  const lines = await district.read(async (database) =>
    findPrintLines(database, filter, maxPrinted + 1),
  );
  if (lines.length === 0) {
    throw new ApiError('not-possible', 'No document fits, so there is nothing to print.', {
      advice: 'Widen the filter.',
    });
  }
  if (lines.length > maxPrinted) {
    throw new ApiError('not-possible', `More than ${maxPrinted} documents fit.`, {
      advice: `Narrow the filter, by school or by form; up to ${maxPrinted} are printed at a time.`,
    });
  }
  audited({ students: lines.map((one) => lineOf(one)) });
  return district.download('prints', {
    contentType: as === 'zip' ? 'application/zip' : 'application/pdf',
    disposition: `attachment; filename="documents-${district.today.toString()}.${as}"`,
    make: async (write, signal) => {
      const title = `${lines.length} documents of ${district.name}`;
      const parts = readPrintParts(lines, district.name, async (work) => district.read(work));
      const limits = { milliseconds: printTimeoutMs.many, signal };
      await printFile(district, { as, title }, parts, limits, write);
    },
  });
}

/** How long a print may take: far longer than any that somebody needs, and no longer than proxies wait. */
const printTimeoutMs = { one: 30_000, many: 240_000 };

async function printFile(
  district: DistrictCall,
  printOptions: Pick<PrintOptions, 'as' | 'title'>,
  parts: Iterator<PrintPart> | AsyncIterator<PrintPart>,
  limits: PrintLimits,
  write: Write,
): Promise<void> {
  const letterhead = await district.read(async (database) => readLetterhead(database));
  const whole = { ...printOptions, districtName: district.name, letterhead };
  try {
    for await (const bytes of printInThread(whole, parts, limits)) await write(bytes);
  } catch (error) {
    if (!(error instanceof PrintLimitError)) throw error;
    throw new ApiError('not-possible', 'This takes too long to print, so it was given up.', {
      advice: 'Shorten texts that fill many pages, or print fewer documents at a time.',
    });
  }
}

/** The document after a change, or the refusal that tells why there was none. */
function toDocument(outcome: Outcome) {
  if (outcome.outcome === 'done') return outcome.document;
  if (outcome.outcome === 'document-not-found') throw documentNotFound();
  if (outcome.outcome === 'conflict') {
    throw new ApiError('conflict', 'Somebody else has changed this document in the meantime.', {
      field: 'version',
      advice: 'Look at both versions and choose which one stays.',
    });
  }
  throw new ApiError('not-possible', outcome.why, { advice: outcome.advice });
}

const versionNotFound = (): ApiError =>
  new ApiError('not-found', 'This document has no version of this number.', {
    advice: 'Its history lists those that are kept.',
  });

const documentNotFound = (): ApiError =>
  new ApiError('not-found', 'There is no document of this number in your district.', {
    advice: "Look it up on the student's Documents tab.",
  });
