/** Serves the built web app from memory. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

import type { Context, MiddlewareHandler } from 'hono';

interface WebFile {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly brotli: Uint8Array<ArrayBuffer> | undefined;
  readonly type: string;
  /** Its name contains a hash of its content, so it never changes. */
  readonly isHashed: boolean;
}

/** Path from the root of the site -> file; `/index.html` is the app itself. */
export type WebFiles = ReadonlyMap<string, WebFile>;

/** Extension of files that the build has compressed with Brotli. */
export const compressedEnding = '.br';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Reads the folder that `buildWeb` returned. */
export async function readWebFiles(folder: string): Promise<WebFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = new Set(entries.map(({ parentPath, name }) => join(parentPath, name)));
  const files = new Map<string, WebFile>();
  for (const entry of entries) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    const compressed = `${file}${compressedEnding}`;
    files.set(path, {
      plain: new Uint8Array(await readFile(file)),
      brotli: names.has(compressed) ? new Uint8Array(await readFile(compressed)) : undefined,
      type,
      isHashed: path.startsWith('/assets/'),
    });
  }
  return files;
}

/** The home page of a district, whose domain contains a dot. */
const districtHome = /^\/a\/[^/]+\/?$/;

/** Sends a file of the app; any other address without an extension is a screen and gets `index.html`. */
export function webFilesMiddleware(files: WebFiles): MiddlewareHandler {
  return async (context, next) => {
    const { path, method } = context.req;
    const isScreen = districtHome.test(path) || !path.slice(path.lastIndexOf('/')).includes('.');
    const file = files.get(path) ?? (isScreen ? files.get('/index.html') : undefined);
    const isRead = method === 'GET' || method === 'HEAD';
    if (file === undefined || !isRead || /^\/(?:api|healthz|readyz)(?:\/|$)/.test(path))
      return next();
    return sendFile(context, file);
  };
}

function sendFile(context: Context, file: WebFile): Response {
  const takesBrotli = /\bbr\b/.test(context.req.header('accept-encoding') ?? '');
  const isCompressed = takesBrotli && file.brotli !== undefined;
  return context.body(isCompressed ? file.brotli : file.plain, 200, {
    'content-type': file.type,
    'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    ...(isCompressed ? { 'content-encoding': 'br' } : {}),
  });
}
