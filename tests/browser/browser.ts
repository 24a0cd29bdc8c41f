/**
 * A real browser from npm, on any Linux machine, without further downloads or installed files.
 *
 * This folder tests the web app in a real browser.
 */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { createWriteStream } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

export interface OpenBrowser {
  readonly browser: Browser;
  /** Closes it and removes its files. */
  close(): Promise<void>;
}

/** A Chromium in a folder, ready to be started. */
export interface UnpackedBrowser {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

/** Unpacks and starts the Chromium of `@sparticuz/chromium` for this process alone. */
export async function openBrowser(): Promise<OpenBrowser> {
  await using cleanUp = new AsyncDisposableStack();
  const unpacked = await unpackBrowser();
  cleanUp.defer(() => unpacked.remove());
  const browser = await launchBrowser(unpacked);
  cleanUp.defer(() => browser.close());
  const ends = cleanUp.move();
  return { browser, close: () => ends.disposeAsync() };
}

/** Starts an unpacked browser. */
export const launchBrowser = async ({ executablePath, env }: UnpackedBrowser): Promise<Browser> =>
  chromium.launch({ executablePath, headless: true, args, env });

/**
 * Unpacks the browser into a new folder, which `remove` deletes. Its shared libraries (NSS and others, which small
 * machines lack) come from the same package and are searched after the machine's.
 */
export async function unpackBrowser(): Promise<UnpackedBrowser & { remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-browser-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const executablePath = await unpack(folder);
    return { executablePath, env: await environmentOf(folder, executablePath), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Root (in containers) cannot use Chromium's sandbox; the pages are trusted. There is little shared memory. */
const args = [
  '--no-sandbox',
  '--disable-setuid-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--no-zygote',
  '--hide-scrollbars',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
];

async function unpack(folder: string): Promise<string> {
  const packed = join(packageFolder(), 'bin');
  const executablePath = join(folder, 'chromium');
  await Promise.all([
    pipeline(
      createReadStream(join(packed, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(executablePath, { mode: 0o700 }),
    ),
    unpackArchive(join(packed, 'al2023.tar.br'), join(folder, 'al2023')),
    unpackArchive(join(packed, 'fonts.tar.br'), join(folder, 'fonts')),
    unpackArchive(join(packed, 'swiftshader.tar.br'), folder),
  ]);
  return executablePath;
}

/** Unpacks with `tar`, which npm needs anyway. It cannot read Brotli, so it gets a plain file. */
async function unpackArchive(archive: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const plain = join(target, 'archive.tar');
  await pipeline(createReadStream(archive), createBrotliDecompress(), createWriteStream(plain));
  await promisify(execFile)('tar', ['-xf', plain, '-C', target, '--no-same-owner']);
  await rm(plain);
}

/** Returns the environment, with the packed libraries if some are missing: they may be older than the machine's. */
async function environmentOf(
  folder: string,
  executablePath: string,
): Promise<Record<string, string>> {
  const machine = Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  const home = join(folder, 'home');
  await mkdir(home);
  const own = {
    ...machine,
    HOME: home,
    TMPDIR: folder,
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
  };
  if (await hasFonts())
    return (await needsLibraries(executablePath)) ? withLibraries(own, folder) : own;
  await writeFile(join(folder, 'fonts', 'fonts.conf'), fontSettings(folder));
  const withFonts = { ...own, FONTCONFIG_PATH: join(folder, 'fonts') };
  return (await needsLibraries(executablePath)) ? withLibraries(withFonts, folder) : withFonts;
}

const withLibraries = (environment: Record<string, string>, folder: string) => ({
  ...environment,
  LD_LIBRARY_PATH: [join(folder, 'al2023', 'lib'), environment['LD_LIBRARY_PATH']]
    .filter(Boolean)
    .join(':'),
});

/** Returns whether libraries are missing, by `ldd`; without `ldd` (Alpine), assumes so. */
async function needsLibraries(executablePath: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ldd', [executablePath]);
    return stdout.includes('not found');
  } catch {
    return true;
  }
}

async function hasFonts(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('fc-list', [':', 'family']);
    return stdout.trim() !== '';
  } catch {
    return false;
  }
}

const fontSettings = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'font-cache')}</cachedir></fontconfig>
`;

const packageFolder = (): string =>
  // Its entry is build/index.js; the packed files are next to that folder.
  dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')));
