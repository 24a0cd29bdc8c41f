/** Compares the documentation with the code: commands, settings and error codes must be in docs/. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { commandReference } from '../scripts/command-reference.ts';
import { limitReference } from '../scripts/limit-reference.ts';
import { createProgram } from '../src/cli/program.ts';
import { problemKinds } from '../src/roster/row-problem.ts';
import {
  findBrokenLinks,
  listExplainedNames,
  findNpmScripts,
  readPage,
  readPages,
} from './house/documentation.ts';
import { findEnvironmentVariables, findErrorCodes } from './house/documented-names.ts';
import { listSourcePaths, projectRoot } from './house/source-file.ts';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));

/** Returns what `find` finds in the files of src/ except tests. */
async function foundInSources(find: (path: string, text: string) => string[]): Promise<string[]> {
  const paths = await listSourcePaths();
  const found = paths
    .filter((path) => path.startsWith('src/') && !path.includes('.test.'))
    .flatMap((path) => find(path, readFileSync(join(projectRoot, path), 'utf8')));
  return [...new Set(found)].toSorted();
}

describe('the documentation', () => {
  it('shows every current command and option (npm run docs writes the page)', async () => {
    expect(readPage('docs/commands.md').text).toBe(await commandReference(createProgram()));
  });

  it('shows every safety limit with its defaults (npm run docs writes the page)', async () => {
    expect(readPage('docs/safety-limits.md').text).toBe(await limitReference());
  });

  it('explains every environment variable that is read, and no other', async () => {
    const read = await foundInSources((_, text) => findEnvironmentVariables(text));
    expect(read).toContain('DATABASE_URL');
    expect(listExplainedNames(readPage('docs/settings.md')).toSorted()).toEqual(read);
  });

  it('explains every error code and every kind of problem, and no other', async () => {
    const codes = await foundInSources(findErrorCodes);
    expect(codes).toEqual(
      expect.arrayContaining(['wrong-credentials', 'database-unreachable', 'not-found', 'timeout']),
    );
    const names = [...codes, ...Object.keys(problemKinds)];
    const explained = listExplainedNames(readPage('docs/errors.md'));
    const explainedForCallers = listExplainedNames(readPage('docs/api.md'));
    expect(names.filter((name) => ![...explained, ...explainedForCallers].includes(name))).toEqual(
      [],
    );
    expect(explained.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('names every npm script, and none that does not exist', async () => {
    const named = (await readPages()).flatMap(({ text }) => findNpmScripts(text));
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(scripts).toSorted());
  });

  it('links only to existing files and headings', async () => {
    const pages = await readPages();
    expect(pages.map(({ path }) => path)).toContain('README.md');
    const broken = pages.flatMap((page) =>
      findBrokenLinks(page, pages, (path) => existsSync(join(projectRoot, path))),
    );
    expect(broken).toEqual([]);
  });

  it('names only files that exist on the architecture page', () => {
    const named = readPage('docs/architecture.md').text.matchAll(/`([\w/-]+\.(?:ts|tsx|sql))`/g);
    const missing = Array.from(named, ([, path = '']) => path).filter(
      (path) => !existsSync(join(projectRoot, path)),
    );
    expect(missing).toEqual([]);
  });
});

describe('the test of the documentation', () => {
  it('finds codes in unions, in keys of an object, in classes and in values', () => {
    const text = `
      type AFaultCode = 'a-lost' | 'b-lost';
      const sentences = { 'c-lost': 'C.', gone: { inner: 1 } } as const;
      type BFaultCode = keyof typeof sentences;
      interface Hold { readonly code: 'd-lost' | 'e-lost'; color: 'red' }
      class Fault extends Error { readonly code = 'f-lost'; readonly name = 'Fault'; }
      class Other { readonly code: 'g-lost' | undefined; }
      const hold = { code: 'h-lost', message: 'H.' };
      issues.push({ code: 'custom' });`;
    expect(findErrorCodes('a.ts', text).toSorted()).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
        .map((name) => `${name}-lost`)
        .concat('gone')
        .toSorted(),
    );
  });

  it('finds environment variables in every form of reading', () => {
    const text = `given('ONE'); environment['TWO']; process.env['THREE']; process.env.FOUR;
      'Set DAYBREAK_FIVE.'; environment.six`;
    expect(findEnvironmentVariables(text)).toEqual(
      expect.arrayContaining(['ONE', 'TWO', 'THREE', 'FOUR', 'DAYBREAK_FIVE']),
    );
    expect(findEnvironmentVariables(text)).toHaveLength(5);
  });

  it('counts only the first column of a table as explained', () => {
    const text = '| `one` | see `two` |\n| --- | --- |\n\n`three` is not in a table.';
    expect(listExplainedNames({ path: 'a.md', text })).toEqual(['one']);
  });

  it('finds broken links and pictures, but not those in code', () => {
    const pages = [
      { path: 'docs/a.md', text: '[b](b.md#two-words) [c](b.md#three) ![d](d.png) `[e](e.md)`' },
      {
        path: 'docs/b.md',
        text: '# Two words!\n<img src="../f.png" alt="">\n[g](https://g.example)',
      },
    ];
    const isThere = (path: string) => path === 'docs/b.md';
    expect(pages.flatMap((page) => findBrokenLinks(page, pages, isThere))).toEqual([
      'docs/a.md links to b.md#three',
      'docs/a.md links to d.png',
      'docs/b.md links to ../f.png',
    ]);
  });

  it('finds the npm scripts that a page names', () => {
    expect(findNpmScripts('`npm run demo`, `npm run -s daybreak -- status`; `npm test`')).toEqual([
      'demo',
      'daybreak',
      'test',
    ]);
  });
});
