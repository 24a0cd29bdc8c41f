/** Builds the web app when its sources are newer than what was built last. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';

import { compressedEnding } from './web-files.ts';

const compress = promisify(brotliCompress);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const webFolder = join(root, 'web');
const viteConfig = join(webFolder, 'vite.config.ts');
const builtFolder = join(webFolder, 'dist');
/** Holds the hash of the sources that the folder was built from. */
const stampFile = join(builtFolder, '.built-from');

/** What the app is built from, except the installed packages that the lockfile names. */
const sources = [
  'web',
  'src/contract',
  'src/enrollment',
  // The help inside the app.
  'docs/errors.md',
  'docs/skyward-setup.md',
  'docs/status-rules.md',
  'docs/user-guide.md',
  'docs/images/guide',
  'docs/images/students.png',
  'package-lock.json',
];

/**
 * Returns the folder of the built app, building it first when a source changed since (about two
 * seconds; nothing is printed). The image has the built app without its sources, so nothing is
 * built there. Throws Vite's error, which names file and line, when the build fails.
 */
export async function buildWeb(): Promise<string> {
  if (!existsSync(viteConfig)) return builtFolder;
  const hash = await sourceHash();
  const built = await readFile(stampFile, 'utf8').catch(() => undefined);
  if (built === hash) return builtFolder;
  await buildForProduction();
  await compressText();
  await writeFile(stampFile, hash);
  return builtFolder;
}

/** Under a test runner NODE_ENV is `test`, and the libraries would come with all their checks for developers. */
async function buildForProduction(): Promise<void> {
  // Loaded only when needed: Vite is a development package, which the image does not have.
  const { build } = await import('vite');
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ configFile: viteConfig, logLevel: 'error' });
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

/** Compresses what a browser reads as text, once for all starts of the server: quality 11 is the best. */
async function compressText(): Promise<void> {
  const entries = await readdir(builtFolder, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && /\.(?:html|js|css|svg)$/.test(entry.name),
  );
  await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const file = join(parentPath, name);
      await writeFile(`${file}${compressedEnding}`, await compress(await readFile(file)));
    }),
  );
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await sourceFiles()) {
    hash.update(relative(root, file)).update('\0');
    hash.update(await readFile(file)).update('\0');
  }
  return hash.digest('hex');
}

async function sourceFiles(): Promise<readonly string[]> {
  const files: string[] = [];
  for (const source of sources) {
    const path = join(root, source);
    if (extname(source) !== '') {
      files.push(path);
      continue;
    }
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      const isSource =
        entry.isFile() && !file.startsWith(builtFolder) && !/\.test\.tsx?$/.test(file);
      if (isSource) files.push(file);
    }
  }
  return files.toSorted();
}
