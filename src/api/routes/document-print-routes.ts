/** Printing: one document, many as one PDF, many in a zip file. */
import type { z } from 'zod';

import type { User } from '../../accounts/accounts.ts';
import { maxPrinted, documentsApi } from '../../contract/documents/documents.ts';
import { pdfTitle } from '../../documents/printing/document-pdf.ts';
import { findStoredDocument } from '../../documents/document-store.ts';
import { readLetterhead } from '../../documents/printing/letterhead.ts';
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
import { toSavedName } from '../../documents/printing/zip.ts';
import type { AuditDetails } from '../audited-call.ts';
import { ApiError } from '../api-error.ts';
import type { DistrictCall } from '../district-call.ts';
import type { Write } from '../server/downloads.ts';
import type { RouteContext } from '../route.ts';
import { documentNotFound, toAuditEntry, toFilter } from './document-request.ts';

/** Adds the routes of printed documents: one, many as one PDF, many in a zip file. */
export function addDocumentPrintRoutes({ route }: RouteContext): void {
  route(documentsApi.printDocument, async ({ district, params, query, audited }) => {
    const kept = await district.read(async (database) => findStoredDocument(database, params.id));
    if (kept === undefined || kept.deletedAt !== null) throw documentNotFound();
    audited({ students: [toAuditEntry(kept)] });
    const { last, first } = kept.studentName;
    return district.download('single prints', {
      fileName: `${toSavedName([last, first, kept.form.title, district.today.toString()])}.pdf`,
      isInline: true,
      make: async (write, signal) => {
        const part = toPrintPart([kept], district.name);
        const [title = ''] = part.map((one) => pdfTitle(one));
        const limits = { milliseconds: printTimeoutMs.one, signal };
        const opensPrintDialog = query.print === 'yes';
        await printFile(
          district,
          { as: 'pdf', title, opensPrintDialog },
          [part].values(),
          limits,
          write,
        );
      },
    });
  });

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
  { print: dialog, ...query }: z.output<(typeof documentsApi.printDocuments)['query']>,
  audited: (note: AuditDetails) => void,
): Promise<Response> {
  const filter = toFilter(query, district, user);
  const lines = await district.read(async (database) =>
    findPrintLines(database, filter, maxPrinted + 1),
  );
  if (lines.length === 0) {
    throw new ApiError('not-possible', 'No documents match, so there is nothing to print.', {
      advice: 'Remove a filter.',
    });
  }
  if (lines.length > maxPrinted) {
    throw new ApiError('not-possible', `More than ${maxPrinted} documents match.`, {
      advice: `Narrow the filter, by school or by form; up to ${maxPrinted} can be printed at a time.`,
    });
  }
  audited({ students: lines.map((one) => toAuditEntry(one)) });
  return district.download('prints', {
    fileName: `documents-${district.today.toString()}.${as}`,
    // The browser opens it, to print it.
    isInline: dialog === 'yes',
    make: async (write, signal) => {
      const title = `${lines.length} documents of ${district.name}`;
      const parts = readPrintParts(lines, district.name, async (work) => district.read(work));
      const limits = { milliseconds: printTimeoutMs.many, signal };
      const opensPrintDialog = dialog === 'yes';
      await printFile(district, { as, title, opensPrintDialog }, parts, limits, write);
    },
  });
}

/** How long a print may take: far longer than normal prints need, and no longer than proxies wait. */
const printTimeoutMs = { one: 30_000, many: 240_000 };

async function printFile(
  district: DistrictCall,
  printOptions: Pick<PrintOptions, 'as' | 'title' | 'opensPrintDialog'>,
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
    throw new ApiError('not-possible', 'Printing takes too long, so it was stopped.', {
      advice: 'Shorten texts that fill many pages, or print fewer documents at a time.',
    });
  }
}
