/** Decodes response bodies to UTF-8: content encoding, charset and byte order marks. Throws when bytes do not match the headers. */
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw } from 'node:zlib';
import { QmlativError } from './qmlativ-error.ts';

const decompressGzip = promisify(gunzip);
const decompressZlib = promisify(inflate);
const decompressDeflate = promisify(inflateRaw);

/** Servers and gateways apply at most two. */
const maxEncodings = 3;

/**
 * Decompresses a body by its Content-Encoding (RFC 9110 8.4): gzip and deflate, also combined. Throws
 * `unreadable-response` for other encodings and for a body that does not match the header; a truncated body throws
 * zlib's own error.
 */
export async function decompressBody(
  body: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const encodings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'identity');
  if (body.length === 0 || encodings.length === 0) return body;
  if (encodings.length > maxEncodings)
    throw createEncodingError(contentEncoding, 'has too many encodings');
  let decompressed = body;
  for (const encoding of encodings.toReversed()) {
    decompressed = await decompressOnce(decompressed, encoding, contentEncoding, maxBytes);
  }
  return decompressed;
}

async function decompressOnce(
  body: Buffer,
  encoding: string,
  header: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const limit = { maxOutputLength: maxBytes };
  if (encoding === 'gzip' || encoding === 'x-gzip') {
    if (body[0] !== 0x1f || body[1] !== 0x8b)
      throw createEncodingError(header, 'does not match the body');
    return decompressGzip(body, limit);
  }
  if (encoding !== 'deflate') throw createEncodingError(header, 'was not requested');
  // Servers disagree on whether deflate includes the zlib header.
  const hasHeader = body.length > 1 && body[0] === 0x78 && body.readUInt16BE(0) % 31 === 0;
  try {
    return await (hasHeader ? decompressZlib : decompressDeflate)(body, limit);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'Z_DATA_ERROR')
      throw createEncodingError(header, 'does not match the body');
    throw error;
  }
}

const createEncodingError = (header: string | undefined, reason: string) =>
  new QmlativError('unreadable-response', `the Content-Encoding ${quoteHeader(header)} ${reason}`);

/** Returns a header that is safe to show: short, with only characters of encoding names. */
const quoteHeader = (header: string | undefined): string =>
  `"${(header ?? '').replace(/[^\w ,./+-]/g, '?').slice(0, 40)}"`;

/**
 * Returns the body as UTF-8 without byte order marks (RFC 8259 8.1 lets a reader ignore them). The charset comes from
 * the byte order mark, else from Content-Type, else it is UTF-8. Throws `unreadable-response` for an unknown charset and
 * for bytes that are invalid in it.
 */
export function toUtf8(body: Buffer, contentType: string | undefined): Buffer {
  const stripped = stripByteOrderMarks(body);
  if (stripped.length < body.length) return checkUtf8(stripped, 'it has a UTF-8 byte order mark');
  const charset = parseCharset(contentType);
  const label = detectUtf16(body) ?? charset ?? 'utf-8';
  if (/^(utf-?8|us-ascii|ascii)$/i.test(label)) {
    const why =
      charset === undefined ? 'no other charset is given' : `the charset is ${quoteHeader(label)}`;
    return checkUtf8(body, why);
  }
  const decoder = findDecoder(label, body);
  if (decoder === undefined)
    throw new QmlativError(
      'unreadable-response',
      `the charset ${quoteHeader(label)} is not supported`,
    );
  try {
    return Buffer.from(decoder.decode(body));
  } catch {
    throw new QmlativError(
      'unreadable-response',
      `the bytes are invalid in the charset ${quoteHeader(label)}`,
    );
  }
}

/** `why`: the reason to expect UTF-8. */
function checkUtf8(body: Buffer, why: string): Buffer {
  if (isUtf8(body)) return body;
  // A truncated response may end inside a character; its reader detects that and retries.
  const lead = body.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  const isCutCharacter = body.length - lead < 4 && (body[lead] ?? 0) >= 0xc2;
  if (isCutCharacter && isUtf8(body.subarray(0, lead))) return body.subarray(0, lead);
  throw new QmlativError('unreadable-response', `the bytes are not UTF-8, though ${why}`);
}

/** Gateways may add a second byte order mark, or add text around one. */
function stripByteOrderMarks(body: Buffer): Buffer {
  let start = 0;
  for (let at = 0; isByteOrderMark(body, (at = skipSpace(body, at))); at += 3) start = at + 3;
  let end = body.length;
  while (end - 3 >= start && isByteOrderMark(body, end - 3)) end -= 3;
  return end - start === body.length ? body : body.subarray(start, end);
}

const isByteOrderMark = (body: Buffer, at: number): boolean =>
  body[at] === 0xef && body[at + 1] === 0xbb && body[at + 2] === 0xbf;

/** Returns the index after JSON white space. */
function skipSpace(body: Buffer, from: number): number {
  let at = from;
  while ([0x20, 0x09, 0x0a, 0x0d].includes(body[at] ?? 0)) at += 1;
  return at;
}

function detectUtf16(body: Buffer): string | undefined {
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  return body[0] === 0xfe && body[1] === 0xff ? 'utf-16be' : undefined;
}

const parseCharset = (contentType: string | undefined): string | undefined =>
  /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1];

/** JSON starts with an ASCII character, so the first byte shows the byte order of UTF-16 without a mark. */
function findDecoder(label: string, body: Buffer): TextDecoder | undefined {
  const name = /^utf-?16$/i.test(label) && body[0] === 0 ? 'utf-16be' : label;
  try {
    return new TextDecoder(name, { fatal: true });
  } catch {
    return undefined;
  }
}
