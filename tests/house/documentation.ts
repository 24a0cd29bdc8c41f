/**
 * Reads the documentation as data: its pages, their links, and the names that their tables explain.
 *
 * This folder reads the source files and docs for the tests of the project's own rules.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';

import { projectRoot } from './source-file.ts';

export interface Page {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Reads every Markdown page of the project. */
export async function readPages(): Promise<Page[]> {
  const folders = ['docs', 'sandbox', 'bench', 'proof', 'web', 'src', 'tests', 'scripts'];
  const below = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(projectRoot, folder), { recursive: true });
      return entries.map((entry) => `${folder}/${entry.split(sep).join('/')}`);
    }),
  );
  const paths = [...(await readdir(projectRoot)), ...below.flat()];
  return paths
    .filter((path) => path.endsWith('.md') && !path.includes('node_modules/'))
    .toSorted()
    .map(readPage);
}

/** Reads a page; empty if it does not exist, so that the test names its missing content. */
export function readPage(path: string): Page {
  const file = join(projectRoot, path);
  return { path, text: existsSync(file) ? readFileSync(file, 'utf8') : '' };
}

/** Lists the names that a page explains in the first column of a table: | `name` | … | */
export const listExplainedNames = (page: Page): string[] =>
  [...page.text.matchAll(/^\| *`([^`]+)`/gm)].map((match) => match[1] ?? '');

/** Finds broken links and pictures of a page within the project. External links are not checked. */
export function findBrokenLinks(
  page: Page,
  pages: readonly Page[],
  isThere: (path: string) => boolean,
) {
  const targets = [...withoutCode(page.text).matchAll(/\]\(([^()\s]+)\)|<img[^>]* src="([^"]+)"/g)];
  return targets
    .map((match) => match[1] ?? match[2] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page.path : posix.join(dirname(page.path), path);
      if (!isThere(file)) return true;
      const linked = pages.find((one) => one.path === file.replace(/\/$/, ''));
      return anchor !== undefined && linked !== undefined && !listAnchors(linked).includes(anchor);
    })
    .map((target) => `${page.path} links to ${target}`);
}

/** Lists the anchors of headings as on common hosts: lower case, hyphens for spaces, no punctuation. */
const listAnchors = (page: Page): string[] =>
  [...withoutCode(page.text).matchAll(/^#+ +(.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const withoutCode = (text: string) =>
  text.replaceAll(/```.*?```/gs, '').replaceAll(/`[^`\n]*`/g, '');

/** Finds the npm scripts that a page names. */
export function findNpmScripts(text: string): string[] {
  const run = [...text.matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)].map(
    (match) => match[1] ?? '',
  );
  return /\bnpm test\b/.test(text) ? [...run, 'test'] : run;
}
