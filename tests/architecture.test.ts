/** Checks the architecture rules on every source file, and that each rule can fail. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { findBreaches, importTable } from './house/house-rules.ts';
import { findUndescribedFolders } from './house/folder-purpose.ts';
import { findImportCircles } from './house/import-circles.ts';
import { parseSource, projectRoot, readSourceFiles, type SourceFile } from './house/source-file.ts';

/** Parsed once, since there are hundreds of files. */
const files = await readSourceFiles();

describe('the source files', () => {
  it('follow the import table and the other rules', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(findBreaches(files)).toEqual([]);
  });

  it('have no circle of imports, neither of values nor of types', () => {
    expect(findImportCircles(files)).toEqual([]);
  });

  it('say in the first file of each folder what the folder is for', () => {
    expect(findUndescribedFolders(files)).toEqual([]);
  });

  it('use the select and the date field of the app, not others', () => {
    expect(files.flatMap(findOtherFields)).toEqual([]);
  });

  it('have no row in the import table for a deleted folder', () => {
    const without = Object.keys(importTable).filter(
      (folder) => !files.some(({ path }) => path.startsWith(`${folder}/`)),
    );
    expect(without).toEqual([]);
  });
});

/** Finds selects and date fields with another look, keyboard or date format than the app's own. */
function findOtherFields({ path }: SourceFile): string[] {
  if (!path.endsWith('.tsx') || path.startsWith('web/shell/fields/')) return [];
  const text = readFileSync(join(projectRoot, path), 'utf8');
  const others = /<select\b|type="date"|\bNativeSelect\b|\bSelect\b[^}]*\} from '@mantine/g;
  return [...text.matchAll(others)].map(([other]) => `${path}: ${other}`);
}

it('a circle of imports is found, however long, and named once', () => {
  const circle = [
    parseSource('src/api/a.ts', `import { b } from './b.ts'; import { d } from './d.ts';`),
    parseSource('src/api/b.ts', `import type { C } from './c.ts';`),
    parseSource('src/api/c.ts', `export { a } from './a.ts'; export { d } from './d.ts';`),
    parseSource('src/api/d.ts', `export const d = 1;`),
  ];
  expect(findImportCircles(circle)).toEqual([
    'src/api/a.ts imports src/api/b.ts imports src/api/c.ts imports src/api/a.ts',
  ]);
});

describe('the first file of a folder', () => {
  const described = '/** Sends mail.\n *\n * This folder is for mail. */';
  it.each([
    ['is the first by name', { 'src/mail/a.ts': described, 'src/mail/b.ts': '' }, []],
    ['is the one named like it', { 'src/mail/a.ts': '', 'src/mail/mail.ts': described }, []],
    ['is not a test', { 'src/mail/a.test.ts': '', 'src/mail/b.ts': described }, []],
    [
      'has to describe the folder',
      { 'src/mail/a.ts': '/** Sends mail. */', 'src/mail/b.ts': described },
      ['src/mail/a.ts'],
    ],
    [
      'has to begin with that comment',
      { 'src/mail/a.ts': `const a = 1;\n${described}` },
      ['src/mail/a.ts'],
    ],
  ])('%s', (_, texts, undescribed) => {
    const given = Object.entries(texts).map(([path, text]) => parseSource(path, text));
    expect(findUndescribedFolders(given)).toEqual(
      undescribed.map((path) => expect.stringContaining(path)),
    );
  });
});

/** Finds the breaches in one invented file. */
const findBreachesIn = (path: string, text: string) => findBreaches([parseSource(path, text)]);

describe('a breach is found when', () => {
  it.each([
    // The pure core imports only itself.
    ['src/enrollment/a.ts', `import { b } from '../database/b.ts';`, 'imports src/database/b.ts'],
    ['src/enrollment/a.ts', `import type { B } from '../roster/b.ts';`, 'types of src/roster/b.ts'],
    ['src/enrollment/a.ts', `import { readFile } from 'node:fs/promises';`, 'imports node:fs'],
    ['src/roster/a.ts', `export * from '../qmlativ/b.ts';`, 'imports src/qmlativ/b.ts'],
    ['src/contract/a.ts', `export type { B } from '../api/b.ts';`, 'types of src/api/b.ts'],
    ['src/contract/a.ts', `import { Hono } from 'hono';`, 'imports hono'],
    // Areas follow their row, with any form of import.
    ['src/database/a.ts', `const b = await import('../import/b.ts');`, 'imports src/import/b.ts'],
    ['src/districts/a.ts', `type B = import('../qmlativ/b.ts').B;`, 'types of src/qmlativ/b.ts'],
    [
      'src/qmlativ/a.ts',
      `import { b } from '../import/reading/roster-source.ts';`,
      'imports src/import',
    ],
    ['src/qmlativ/a.ts', `import type { B } from '../import/staging.ts';`, 'types of src/import'],
    [
      'src/import/reading/staging.ts',
      `import { b } from '../../qmlativ/b.ts';`,
      'imports src/qmlativ/b.ts',
    ],
    // Rooms follow their table.
    [
      'src/import/runs/a.ts',
      `import { b } from '../publish/b.ts';`,
      'imports src/import/publish/b.ts',
    ],
    [
      'src/qmlativ/http/a.ts',
      `import type { B } from '../lists/b.ts';`,
      'types of src/qmlativ/lists',
    ],
    [
      'src/qmlativ/unknown/a.ts',
      `import { b } from '../http/b.ts';`,
      'imports src/qmlativ/http/b.ts',
    ],
    ['sandbox/district/a.ts', `import { b } from '../api/b.ts';`, 'imports sandbox/api/b.ts'],
    [
      'sandbox/district/a.ts',
      `import type { B } from '../admin/b.ts';`,
      'types of sandbox/admin/b.ts',
    ],
    ['src/qmlativ/mapping/a.ts', `export const a = () => Date.now();`, 'uses Date'],
    ['src/students/a.ts', `import { b } from '../api/b.ts';`, 'imports src/api/b.ts'],
    ['src/accounts/a.ts', `import { b } from '../students/b.ts';`, 'imports src/students/b.ts'],
    ['src/api/a.ts', `import { b } from '../cli/b.ts';`, 'imports src/cli/b.ts'],
    // Only tests may import both the sandbox and the code.
    ['sandbox/a.ts', `import { b } from '../src/qmlativ/b.ts';`, 'imports src/qmlativ/b.ts'],
    ['sandbox/a.test.ts', `import { b } from '../src/qmlativ/b.ts';`, 'imports src/qmlativ/b.ts'],
    ['src/import/a.ts', `import { b } from '../../sandbox/b.ts';`, 'imports sandbox/b.ts'],
    ['src/import/a.ts', `import { b } from '../../tests/b.ts';`, 'imports tests/b.ts'],
    ['src/cli/a.ts', `import { b } from '../../bench/b.ts';`, 'imports bench/b.ts'],
    // The web app imports the contract, and types of the pure core.
    ['web/students/a.tsx', `import { b } from '../../src/students/b.ts';`, 'imports src/students'],
    ['web/students/a.tsx', `import { b } from '../../src/roster/b.ts';`, 'imports src/roster/b.ts'],
    // A new folder needs a row.
    ['src/payments/a.ts', ``, 'is in src/payments, which has no row'],
    // Names, exports, state, clock and random numbers.
    ['web/index.tsx', ``, 'is called index'],
    ['src/cli/string-utils.ts', ``, 'meaningless name'],
    ['src/cli/types.ts', ``, 'meaningless name'],
    ['src/cli/textTable.ts', ``, 'kebab-case'],
    ['web/a.tsx', `export default function A() { return null; }`, 'default export'],
    ['src/api/a.ts', `let count = 0;`, 'let count'],
    ['src/api/a.ts', `export var count = 0;`, 'let count'],
    ['src/enrollment/a.ts', `export const a = () => new Date();`, 'uses Date'],
    ['src/enrollment/a.ts', `export const a = (b: Date) => b;`, 'uses Date'],
    ['src/roster/a.ts', `export const a = () => Date.now();`, 'uses Date'],
    ['src/contract/a.ts', `const a = () => Temporal.Now.plainDateISO();`, 'uses Temporal.Now'],
    ['src/roster/a.ts', `export const a = () => Math.random();`, 'uses Math.random'],
  ])('%s says %s', (path, text, breach) => {
    expect(findBreachesIn(path, text)).toEqual([expect.stringContaining(breach)]);
  });
});

describe('nothing is found when', () => {
  it.each([
    ['src/roster/a.ts', `import { b } from '../enrollment/b.ts';`],
    ['src/qmlativ/a.ts', `import type { B } from '../import/reading/roster-source.ts';`],
    ['src/import/publish/a.ts', `import { b } from '../plan/b.ts';`],
    ['sandbox/district/a.ts', `import type { B } from '../api/b.ts';`],
    ['src/import/a.ts', `import { b } from './publish/b.ts';`],
    ['src/import/district-import.ts', `import { b } from '../qmlativ/b.ts';`],
    ['src/import/a.test.ts', `import { b } from '../../sandbox/b.ts'; let database;`],
    ['web/students/a.tsx', `import type { B } from '../../src/enrollment/b.ts';`],
    ['web/vite.config.ts', `export default {};`],
    ['src/contract/a.ts', `export const Day = z.string().meta({ Date: 1 }); Temporal.PlainDate;`],
    ['src/cli/a.ts', `export function a() { let b = 0; b += 1; return b; }`],
  ])('%s says %s', (path, text) => {
    expect(findBreachesIn(path, text)).toEqual([]);
  });
});
