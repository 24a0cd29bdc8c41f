import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';

import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { compressedEnding, readWebFiles, webFilesMiddleware } from './web-files.ts';

let folder = '';
const app = new Hono();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybreak-web-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>App</title>');
  const script = join(folder, 'assets', 'index-abc123.js');
  await writeFile(script, 'const answer = 42;');
  await writeFile(`${script}${compressedEnding}`, brotliCompressSync('const answer = 42;'));
  await writeFile(join(folder, '.built-from'), 'a hash');
  app.use(webFilesMiddleware(await readWebFiles(folder)));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the files of the app', () => {
  it('are cached for a year if their name contains a hash', async () => {
    const response = await app.request('/assets/index-abc123.js');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(await response.text()).toBe('const answer = 42;');
  });

  it('are sent compressed to clients that accept it', async () => {
    const headers = { 'accept-encoding': 'gzip, br' };
    const response = await app.request('/assets/index-abc123.js', { headers });
    expect(response.headers.get('content-encoding')).toBe('br');
    const body = brotliDecompressSync(await response.bytes());
    expect(body.toString()).toBe('const answer = 42;');
  });

  it.each(['/', '/a/demo.example', '/a/demo.example/students', '/students/12?tab=1', '/nowhere'])(
    'answer %s with the app, asked for again each time',
    async (path) => {
      const response = await app.request(path);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toContain('<title>App</title>');
    },
  );

  it.each([
    '/assets/missing.js',
    '/assets/index-abc123.js.br',
    '/.built-from',
    '/../package.json',
    '/%2e%2e/package.json',
    '/api/nothing',
    '/healthz',
  ])('do not answer %s', async (path) => {
    expect((await app.request(path)).status).toBe(404);
  });

  it('accept no request that writes', async () => {
    expect((await app.request('/students', { method: 'POST' })).status).toBe(404);
  });
});
