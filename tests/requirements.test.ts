/** Compares docs/requirements.md with the requirement numbers that code, tests and docs cite. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readPage, readPages } from './house/documentation.ts';
import { listSourcePaths, projectRoot } from './house/source-file.ts';

/** Returns the numbers that a text cites; `R6 to R8` cites three. Invented values such as `'R1'` are not citations. */
function findCitedNumbers(text: string): string[] {
  const citations = text
    .replaceAll(/(['"])R\d+\1/g, '')
    .matchAll(/\bR(\d{1,2})(?: to R(\d{1,2}))?\b/g);
  return Array.from(citations, ([, first, last = first]) => [Number(first), Number(last)]).flatMap(
    ([first = 0, last = 0]) =>
      Array.from({ length: last - first + 1 }, (_, index) => `R${first + index}`),
  );
}

const listed = Array.from(
  readPage('docs/requirements.md').text.matchAll(
    /^\| (R\d+) +\| (.+?) +\| `([^`]+)` +\| `([^`]+)` +\|$/gm,
  ),
  ([, number = '', , decidedIn = '', testedIn = '']) => ({ number, decidedIn, testedIn }),
);
const numbers = listed.map(({ number }) => number);
const readSource = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const sources = (await listSourcePaths())
  .filter((path) => path !== 'tests/requirements.test.ts')
  .map((path) => ({ path, text: readSource(path) }));

describe('the requirements page', () => {
  it('lists R1 to R42 once each', () => {
    expect(numbers).toEqual(Array.from({ length: 42 }, (_, index) => `R${index + 1}`));
  });

  it('names files that exist', () => {
    const files = listed.flatMap(({ decidedIn, testedIn }) => [decidedIn, testedIn]);
    expect(files.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  it('names for each requirement a test file that cites its number', () => {
    const missing = listed.filter(({ number, testedIn }) => {
      const text = sources.find(({ path }) => path === testedIn)?.text ?? '';
      return !testedIn.includes('.test.') || !findCitedNumbers(text).includes(number);
    });
    expect(missing).toEqual([]);
  });

  it('lists every number that code or docs cite', async () => {
    const unknown = [...sources, ...(await readPages())].flatMap(({ path, text }) =>
      findCitedNumbers(text)
        .filter((number) => !numbers.includes(number))
        .map((number) => `${path}: ${number}`),
    );
    expect(unknown).toEqual([]);
  });

  it('is compared with single numbers and with ranges', () => {
    expect(findCitedNumbers("R4, R9 to R11 ('R50' is a value)")).toEqual([
      'R4',
      'R9',
      'R10',
      'R11',
    ]);
  });
});
