/** Printing in threads: on demand, within limits, and terminated if the reader leaves. */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';

import { unzipSync } from 'fflate';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { readPdf } from '../../../tests/builders/pdf-text.ts';
import { toFileName, toSavedName } from './zip.ts';
import { printInThread, type PrintOptions, type PrintPart } from './thread.ts';
import { findBuiltInForm } from '../built-in-forms.ts';

const options = (as: PrintOptions['as']): PrintOptions => ({
  as,
  title: 'Some documents',
  districtName: 'Pine Ridge ISD',
  letterhead: undefined,
});

const limits = { milliseconds: 60_000 };

const form = findBuiltInForm('section-504-plan');

async function* partsOf(count: number, requested: { parts: number }): AsyncGenerator<PrintPart> {
  if (form === undefined) throw new Error('The form of this test is no longer built in');
  for (let part = 0; part < count; part++) {
    requested.parts++;
    await Promise.resolve();
    yield [0, 1].map((one) => ({
      form,
      fields: [],
      districtName: 'Pine Ridge ISD',
      studentName: `Student ${part}-${one}`,
      footer: 'Incomplete, version 1',
      fileName: `${part}-${one}.pdf`,
    }));
  }
}

it('one PDF has all documents in order', async () => {
  const chunks = await Array.fromAsync(
    printInThread(options('pdf'), partsOf(3, { parts: 0 }), limits),
  );
  const pdf = await readPdf(Buffer.concat(chunks));
  expect(pdf.title).toBe('Some documents');
  const names = [...pdf.text.matchAll(/· (Student \d-\d)/g)].map((found) => found[1]);
  expect(names).toEqual(
    ['0-0', '0-1', '1-0', '1-1', '2-0', '2-1'].map((name) => `Student ${name}`),
  );
});

it('a logo is embedded once for all documents', async () => {
  // One blue pixel.
  const logo = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const imagesOf = async (parts: number) => {
    const letterhead = { lines: ['Pine Ridge ISD'], logo };
    const print = printInThread(
      { ...options('pdf'), letterhead },
      partsOf(parts, { parts: 0 }),
      limits,
    );
    const text = Buffer.concat(await Array.fromAsync(print)).toString('latin1');
    return text.match(/\/Subtype \/Image/g)?.length;
  };
  expect(await imagesOf(1)).toBeGreaterThan(0);
  expect(await imagesOf(5)).toBe(await imagesOf(1));
});

it('a zip has one file per document', async () => {
  const chunks = await Array.fromAsync(
    printInThread(options('zip'), partsOf(2, { parts: 0 }), limits),
  );
  const files = unzipSync(Buffer.concat(chunks));
  expect(Object.keys(files)).toEqual(['0-0.pdf', '0-1.pdf', '1-0.pdf', '1-1.pdf']);
});

it('documents are read only as fast as the file is read', async () => {
  const requested = { parts: 0 };
  const print = printInThread(options('zip'), partsOf(500, requested), limits);
  await print.next();
  expect(requested.parts).toBeLessThan(20);
  await print.return(undefined);
  expect(requested.parts).toBeLessThan(20);
});

it('the thread ends when its reader leaves', async () => {
  const started = once(process, 'worker');
  const print = printInThread(options('zip'), partsOf(500, { parts: 0 }), limits);
  await print.next();
  const [worker] = (await started) as [Worker];
  const ended = once(worker, 'exit');
  await print.return(undefined);
  expect((await ended)[0]).toBe(1);
});

it('a print that takes too long is terminated, even within a document', async () => {
  if (form === undefined) throw new Error('The form of this test is no longer built in');
  const fields = form.sections
    .flatMap((section) => section.fields)
    // The layout of an unbreakable word takes time quadratic in its length.
    .map(({ key, kind }) => ({ key, value: kind === 'text' ? 'W'.repeat(10_000) : null }));
  const endless = [
    { form, fields, districtName: '', studentName: '', footer: '', fileName: '1.pdf' },
  ] as unknown as PrintPart;
  const started = once(process, 'worker');
  const print = Array.fromAsync(
    printInThread(options('pdf'), [endless].values(), { milliseconds: 100 }),
  );
  const [worker] = (await started) as [Worker];
  const ended = once(worker, 'exit');
  await expect(print).rejects.toThrow('it takes too much time');
  await ended;
});

it('the thread ends when its reader leaves before the first chunk', async () => {
  const gone = new AbortController();
  const never: AsyncIterator<PrintPart> = {
    next: () => Promise.resolve({ value: [], done: true }),
  };
  const started = once(process, 'worker');
  const print = Array.fromAsync(
    printInThread(options('pdf'), never, { ...limits, signal: gone.signal }),
  );
  const [worker] = (await started) as [Worker];
  const ended = once(worker, 'exit');
  gone.abort(new Error('The reader has left'));
  await expect(print).rejects.toThrow('aborted');
  await ended;
});

it('an error while reading documents ends the print', async () => {
  async function* broken(): AsyncGenerator<PrintPart> {
    yield* partsOf(1, { parts: 0 });
    throw new Error('The database is away');
  }
  await expect(Array.fromAsync(printInThread(options('pdf'), broken(), limits))).rejects.toThrow(
    'The database is away',
  );
});

it('a document is saved under student, form and date', () => {
  expect(toSavedName(['Abbott', 'Finn', 'IEP Cover Page', '2026-11-29'])).toBe(
    'Abbott-Finn-IEP-Cover-Page-2026-11-29',
  );
  expect(toSavedName(['Núñez', null, 'Meeting Notice (ARD/IEP)', '2026-11-29'])).toBe(
    'Núñez-Meeting-Notice-ARD-IEP-2026-11-29',
  );
});

it('file names are valid on all systems for any student name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(), (name, id) => {
      const file = toFileName([name, null, 'Form'], id);
      expect(file).not.toMatch(/[<>:"/\\|?*\p{Cc}]/u);
      expect(toSavedName([name, 'Form'])).toMatch(/^[^<>:"/\\|?*\p{Cc}\s]+$/u);
      expect(file).toMatch(new RegExp(` ${id}\\.pdf$`));
      expect(file.startsWith('.')).toBe(false);
      expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
    }),
  );
});
