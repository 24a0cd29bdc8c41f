/** Bytes of responses: marks, charsets and encodings (RFC 8259 8.1, RFC 9110 8.4). */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decompressBody, toUtf8 } from './response-bytes.ts';

const maxBytes = 1_000_000;
const json = 'application/json';
const text = '{"FirstName":"José","LastName":"Ōe"}';
const latin = '{"FirstName":"José"}';

describe('a charset', () => {
  it.each([
    ['no mark and no charset', Buffer.from(text), json, text],
    ['a byte order mark', Buffer.from(`\uFEFF${text}`), `${json}; charset=utf-8`, text],
    ['two byte order marks', Buffer.from(`\uFEFF\uFEFF${text}`), json, text],
    ['a mark after a line end', Buffer.from(`\r\n\uFEFF${text}`), json, text],
    ['marks at both ends', Buffer.from(`\uFEFF \uFEFF${text}\n\uFEFF`), json, `${text}\n`],
    ['a mark at its end', Buffer.from(`${text}\uFEFF`), json, text],
    ['nothing but a mark', Buffer.from('\uFEFF'), json, ''],
    ['Latin-1', Buffer.from(latin, 'latin1'), `${json}; charset=iso-8859-1`, latin],
    ['a quoted name', Buffer.from(latin, 'latin1'), `${json};charset="Windows-1252"`, latin],
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${text}`, 'utf16le'), json, text],
    ['UTF-16 without one', Buffer.from(text, 'utf16le'), `${json}; charset=utf-16`, text],
    [
      'UTF-16 in the other order',
      Buffer.from(text, 'utf16le').swap16(),
      `${json}; charset=utf-16`,
      text,
    ],
    ['an empty body', Buffer.alloc(0), undefined, ''],
  ])('with %s is read', (_name, body, contentType, expected) => {
    expect(toUtf8(body, contentType).toString('utf8')).toBe(expected);
  });

  it.each([
    ['Latin-1 bytes as UTF-8', Buffer.from(latin, 'latin1'), `${json}; charset=utf-8`, 'UTF-8'],
    ['Latin-1 bytes without a charset', Buffer.from(latin, 'latin1'), json, 'UTF-8'],
    ['an unknown charset', Buffer.from(latin), `${json}; charset=klingon`, '"klingon"'],
    ['half a UTF-16 character', Buffer.from([0x7b, 0, 0]), `${json}; charset=utf-16`, '"utf-16"'],
  ])('with %s fails and names the mismatch', (_name, body, contentType, words) => {
    expect(() => toUtf8(body, contentType)).toThrow(
      expect.objectContaining({
        code: 'unreadable-response',
        message: expect.stringContaining(words) as string,
      }),
    );
  });

  it('accepts a response truncated inside a character', () => {
    const cut = Buffer.from('{"FirstName":"José').subarray(0, -1);
    expect(toUtf8(cut, json).toString('utf8')).toBe('{"FirstName":"Jos');
  });

  it('decodes any text in any charset that can encode it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const quoted = JSON.stringify({ value });
        for (const body of [Buffer.from(quoted), Buffer.from(`\uFEFF${quoted}`, 'utf16le')]) {
          expect(toUtf8(body, json).toString('utf8')).toBe(Buffer.from(quoted).toString('utf8'));
        }
      }),
    );
  });
});

describe('a content encoding', () => {
  const plain = Buffer.from(text);
  it.each([
    ['none', plain, undefined],
    ['identity', plain, 'identity'],
    ['gzip', gzipSync(plain), 'GZIP'],
    ['x-gzip', gzipSync(plain), 'x-gzip'],
    ['deflate', deflateSync(plain), 'deflate'],
    ['deflate without its header', deflateRawSync(plain), 'deflate'],
    ['gzip twice', gzipSync(gzipSync(plain)), 'gzip, gzip'],
    ['deflate, then gzip', gzipSync(deflateSync(plain)), 'deflate, gzip'],
  ])('of %s is decompressed', async (_name, body, header) => {
    expect(await decompressBody(body, header, maxBytes)).toEqual(plain);
  });

  it.each([
    ['gzip of a body that is not packed', plain, 'gzip'],
    ['gzip twice of a body packed once', gzipSync(plain), 'gzip, gzip'],
    ['deflate of a body that is not packed', plain, 'deflate'],
    ['another encoding than was asked for', brotliCompressSync(plain), 'br'],
    ['too many encodings', gzipSync(plain), 'gzip, gzip, gzip, gzip'],
  ])('of %s fails and names the header', async (_name, body, header) => {
    await expect(decompressBody(body, header, maxBytes)).rejects.toMatchObject({
      code: 'unreadable-response',
      message: expect.stringContaining(`Content-Encoding "${header}"`) as string,
    });
  });

  it('of a truncated body is a transient error', async () => {
    const cut = gzipSync(plain).subarray(0, 20);
    await expect(decompressBody(cut, 'gzip', maxBytes)).rejects.toMatchObject({
      code: 'Z_BUF_ERROR',
    });
  });

  it('never returns more than the limit', async () => {
    await expect(decompressBody(gzipSync(Buffer.alloc(4096)), 'gzip', 1024)).rejects.toMatchObject({
      code: 'ERR_BUFFER_TOO_LARGE',
    });
  });
});
