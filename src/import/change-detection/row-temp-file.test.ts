/** The temporary file returns all rows, is private, and fails with advice. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CopyText, type CopyValue } from '../../database/copy-text.ts';
import { RowTempFile } from './row-temp-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybreak-temp-file-test-'));
});
afterEach(async () => rm(folder, { recursive: true }));

async function openTempFile(): Promise<RowTempFile> {
  const file = await RowTempFile.open(folder);
  if (file === undefined) throw new Error('The temporary file could not be created');
  return file;
}

/** A row as COPY takes it. */
function textOf(row: readonly CopyValue[]): string {
  const text = new CopyText(1024);
  text.addRow(row);
  return text.take().toString();
}

/** Each row read from the temporary file: its text and the values of the id columns. */
async function rowsOf(file: RowTempFile, list: string) {
  const rows: { text: string; ids: number[] }[] = [];
  for await (const { text, ends, ids } of file.chunks(list)) {
    const width = ids.length / ends.length;
    let start = 0;
    for (const [row, end] of ends.entries()) {
      rows.push({
        text: text.toString('utf8', start, end),
        ids: [...ids.subarray(row * width, (row + 1) * width)],
      });
      start = end;
    }
  }
  return rows;
}

/** Rows as a page of them comes, encoded. */
function pageOf(rows: readonly (readonly CopyValue[])[], idColumns: readonly number[]) {
  const text = new CopyText(1024);
  const ends = rows.map((row) => {
    text.addRow(row);
    return text.length;
  });
  const ids = rows.flatMap((row) =>
    idColumns.map((column) => (typeof row[column] === 'number' ? row[column] : Number.NaN)),
  );
  return {
    count: rows.length,
    text: text.take(),
    ends: Uint32Array.from(ends),
    ids: Float64Array.from(ids),
  };
}

async function storeRows(
  file: RowTempFile,
  list: string,
  idColumns: readonly number[],
  rows: readonly (readonly CopyValue[])[],
  pageSize = 7,
) {
  const stored = file.list(list, idColumns.length);
  for (let start = 0; start < rows.length; start += pageSize) {
    stored.add(pageOf(rows.slice(start, start + pageSize), idColumns));
    await stored.flush();
  }
  await stored.end();
}

const id = fc.option(fc.maxSafeNat());
const row = fc.tuple(id, fc.string({ maxLength: 40 }), id, fc.boolean());

describe('a temporary file', () => {
  test('returns every row as COPY text with its ids, by list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row), fc.array(row), async (people, phones) => {
        const file = await openTempFile();
        await storeRows(file, 'people', [0], people);
        await storeRows(file, 'phones', [2, 0], phones);
        expect(await rowsOf(file, 'people')).toEqual(
          people.map((one) => ({ text: textOf(one), ids: [one[0] ?? Number.NaN] })),
        );
        expect(await rowsOf(file, 'phones')).toEqual(
          phones.map((one) => ({
            text: textOf(one),
            ids: [one[2] ?? Number.NaN, one[0] ?? Number.NaN],
          })),
        );
        await file.close();
      }),
      { numRuns: 30 },
    );
  });

  test.each([1, 999, 20_000])(
    'takes more rows than one chunk holds, %i a page, and a field of two megabytes among them',
    async (pageSize) => {
      const file = await openTempFile();
      const rows = Array.from({ length: 20_000 }, (_, index) => [
        index,
        index === 7000 ? 'ä'.repeat(2_000_000) : `Row ${index}`,
      ]);
      await storeRows(file, 'people', [0], rows, pageSize);
      const back = await rowsOf(file, 'people');
      expect(back.length).toBe(rows.length);
      expect(back.every((one, index) => one.ids[0] === index)).toBe(true);
      expect(back[7000]?.text.length).toBe(textOf(rows[7000] ?? []).length);
      expect(back[19_999]?.text).toBe(textOf(rows[19_999] ?? []));
      await file.close();
    },
  );

  test('discards a list that was not ended, and accepts it again', async () => {
    const file = await openTempFile();
    const first = file.list('people', 1);
    for (let index = 0; index < 9000; index++) first.add(pageOf([[index, 'lost']], [0]));
    await first.flush();
    expect(await rowsOf(file, 'people')).toEqual([]);
    await storeRows(file, 'people', [0], [[1, 'kept']]);
    expect(await rowsOf(file, 'people')).toEqual([{ text: '1\tkept\n', ids: [1] }]);
    await file.close();
  });

  test('accepts two lists concurrently', async () => {
    const file = await openTempFile();
    const [people, phones] = [file.list('people', 1), file.list('phones', 1)];
    const rows = Array.from({ length: 100 }, (_, index) => [index, 'x'.repeat(30_000)]);
    for (const one of rows) {
      people.add(pageOf([one], [0]));
      phones.add(pageOf([one.toReversed()], [1]));
      await Promise.all([people.flush(), phones.flush()]);
    }
    await Promise.all([people.end(), phones.end()]);
    const texts = async (list: string) => (await rowsOf(file, list)).map(({ text }) => text);
    expect(await texts('people')).toEqual(rows.map(textOf));
    expect(await texts('phones')).toEqual(rows.map((one) => textOf(one.toReversed())));
    await file.close();
  });

  test('leaves no file name behind', async () => {
    const file = await openTempFile();
    await storeRows(file, 'people', [0], [[1, 'Ada']]);
    expect(await readdir(folder)).toEqual([]);
    await file.close();
  });

  test('is undefined if no file can be created', async () => {
    expect(await RowTempFile.open(join(folder, 'missing'))).toBeUndefined();
  });

  test('gives advice when the file cannot be written', async () => {
    const file = await openTempFile();
    const list = file.list('people', 1);
    await file.close();
    list.add(pageOf([[1, 'Ada']], [0]));
    await expect(list.end()).rejects.toMatchObject({
      code: 'temporary-file-failed',
      message: expect.stringContaining(folder) as string,
      advice: expect.stringContaining('TMPDIR') as string,
    });
  });
});
