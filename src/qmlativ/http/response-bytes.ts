/** Turns the bytes of every answer into UTF-8, in one place: tolerant of marks, strict about what does not fit. */
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw } from 'node:zlib';
import { QmlativError } from './qmlativ-error.ts';

const decompressGzip = promisify(gunzip);
const decompressZlib = promisify(inflate);
const decompressDeflate = promisify(inflateRaw);

/** Servers and gateways stack at most two encodings. */
const maxEncodings = 3;

/**
 * Unpacks a body by its Content-Encoding (RFC 9110 8.4): gzip and deflate, also several. Throws `unreadable-answer`
 * for any other encoding and for a body that is not packed as the header says; a body that was cut on the way throws
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
    throw createEncodingError(contentEncoding, 'names too many encodings');
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
      throw createEncodingError(header, 'does not fit the body');
    return decompressGzip(body, limit);
  }
  if (encoding !== 'deflate') throw createEncodingError(header, 'was not asked for');
  // Servers disagree on whether deflate has zlib's two bytes in front.
  const hasHeader = body.length > 1 && body[0] === 0x78 && body.readUInt16BE(0) % 31 === 0;
  try {
    return await (hasHeader ? decompressZlib : decompressDeflate)(body, limit);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'Z_DATA_ERROR')
      throw createEncodingError(header, 'does not fit the body');
    throw error;
  }
}

const createEncodingError = (header: string | undefined, reason: string) =>
  new QmlativError('unreadable-answer', `the Content-Encoding ${quoteHeader(header)} ${reason}`);

/** A header as it may be shown: short, and without anything that is not part of such names. */
const quoteHeader = (header: string | undefined): string =>
  `"${(header ?? '').replace(/[^\w ,./+-]/g, '?').slice(0, 40)}"`;

/**
 * The body as UTF-8 without byte order marks (RFC 8259 8.1 lets a reader ignore them). A mark decides the charset,
 * else the Content-Type does, else it is UTF-8. Throws `unreadable-answer` for a charset that is not known and for
 * bytes that do not fit it.
 */
export function toUtf8(body: Buffer, contentType: string | undefined): Buffer {
  const stripped = stripByteOrderMarks(body);
  if (stripped.length < body.length) return checkUtf8(stripped, 'a byte order mark says so');
  const charset = parseCharset(contentType);
  const label = detectUtf16(body) ?? charset ?? 'utf-8';
  if (/^(utf-?8|us-ascii|ascii)$/i.test(label)) {
    const why =
      charset === undefined ? 'no other charset is named' : `the charset is ${quoteHeader(label)}`;
    return checkUtf8(body, why);
  }
  const decoder = findDecoder(label, body);
  if (decoder === undefined)
    throw new QmlativError('unreadable-answer', `the charset ${quoteHeader(label)} is not known`);
  try {
    return Buffer.from(decoder.decode(body));
  } catch {
    throw new QmlativError(
      'unreadable-answer',
      `the bytes do not fit the charset ${quoteHeader(label)}`,
    );
  }
}

/** `why` says how the body came to be taken for UTF-8. */
function checkUtf8(body: Buffer, why: string): Buffer {
  if (isUtf8(body)) return body;
  // An answer that was cut on the way may end inside a character: that is for its reader to find, and to repeat.
  const lead = body.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  const isCutCharacter = body.length - lead < 4 && (body[lead] ?? 0) >= 0xc2;
  if (isCutCharacter && isUtf8(body.subarray(0, lead))) return body.subarray(0, lead);
  throw new QmlativError('unreadable-answer', `the bytes are not UTF-8, though ${why}`);
}

/** Gateways add a mark to an answer that has one already, or put something around one. */
function stripByteOrderMarks(body: Buffer): Buffer {
  let start = 0;
  for (let at = 0; isByteOrderMark(body, (at = skipSpace(body, at))); at += 3) start = at + 3;
  let end = body.length;
  while (end - 3 >= start && isByteOrderMark(body, end - 3)) end -= 3;
  return end - start === body.length ? body : body.subarray(start, end);
}

const isByteOrderMark = (body: Buffer, at: number): boolean =>
  body[at] === 0xef && body[at + 1] === 0xbb && body[at + 2] === 0xbf;

/** Where the space ends that JSON allows around a value. */
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

/** JSON begins with an ASCII character, so the first byte tells the order of unmarked UTF-16. */
function findDecoder(label: string, body: Buffer): TextDecoder | undefined {
  const name = /^utf-?16$/i.test(label) && body[0] === 0 ? 'utf-16be' : label;
  try {
    return new TextDecoder(name, { fatal: true });
  } catch {
    return undefined;
  }
}
