/** Files that wait for their readers: what comes out is what went in, and nothing stays. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import {
  TemporaryFileError,
  TemporaryFiles,
  TemporaryFileTooLargeError,
} from './temporary-file.ts';

const pieces = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 50 }),
    fc.string({ unit: 'binary' }),
    // Larger than what stays in memory, now and then.
    fc.integer({ min: 1, max: 400_000 }).map((size) => new Uint8Array(size).fill(size)),
  ),
  { maxLength: 8 },
);

it('return what was written, in memory or on disk, and count it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'temporary-file-test-'));
  await fc.assert(
    fc.asyncProperty(pieces, async (given) => {
      const files = new TemporaryFiles({ folder });
      const file = files.create('a');
      const written = given.map((piece) => Buffer.from(piece as Uint8Array));
      for (const piece of given) await file.write(piece);
      const all = Buffer.concat(written);
      expect([file.size, files.bytes]).toEqual([all.length, all.length]);
      const small = file.inMemory();
      const back = small ?? Buffer.concat(await Array.fromAsync(file.pieces()));
      expect(all.equals(back)).toBe(true);
      expect(small === undefined).toBe(all.length > 256 * 1024);
      // It has no name while it is there.
      expect(await readdir(folder)).toEqual([]);
      await file.close();
      await file.close();
      expect(files.bytes).toBe(0);
    }),
    { numRuns: 50 },
  );
  await rm(folder, { recursive: true });
});

it('fail at their limits, and keep the count right', async () => {
  const files = new TemporaryFiles({ maxFileBytes: 10, maxBytes: 15, maxGroupBytes: 15 });
  const one = files.create('a');
  await one.write('0123456789');
  await expect(one.write('x')).rejects.toMatchObject({ limit: 'file', maxBytes: 10 });
  const other = files.create('a');
  await other.write('01234');
  await expect(other.write('5')).rejects.toBeInstanceOf(TemporaryFileTooLargeError);
  expect(files.bytes).toBe(15);
  await one.close();
  await other.write('5');
  await other.close();
  expect(files.bytes).toBe(0);
});

it('of one group leave space for others', async () => {
  const files = new TemporaryFiles({ maxBytes: 20 });
  const one = files.create('a');
  await one.write('0123456789');
  await expect(files.create('a').write('x')).rejects.toMatchObject({ limit: 'group' });
  const other = files.create('b');
  await other.write('0123456789');
  await expect(files.create('c').write('x')).rejects.toMatchObject({ limit: 'all' });
  await one.close();
  const again = files.create('a');
  await again.write('0123456789');
  await Promise.all([again, other].map(async (file) => file.close()));
  expect(files.bytes).toBe(0);
});

it('report which folder failed, and why', async () => {
  const files = new TemporaryFiles({ folder: '/nowhere/at/all' });
  const file = files.create('a');
  const failed = file.write(new Uint8Array(1024 * 1024));
  await expect(failed).rejects.toBeInstanceOf(TemporaryFileError);
  await expect(failed).rejects.toThrow('/nowhere/at/all failed (ENOENT)');
  await file.close();
  expect(files.bytes).toBe(0);
});
