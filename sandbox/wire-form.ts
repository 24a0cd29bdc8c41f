/** Turns what is answered into bytes and headers: the form of errors, byte order marks, charsets and packing. */
import { deflateSync, gzipSync } from 'node:zlib';
import type { SwitchValues } from './contract-switches.ts';
import type { Refusal } from './refusal.ts';

/** An answer before it is written. */
export interface Reply {
  readonly status: number;
  /** Undefined for an answer without a body. */
  readonly text: string | undefined;
  readonly mediaType?: string;
  readonly isList?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body as it goes over the wire, with what its headers say of it. */
export interface WireBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

const encoder = new TextEncoder();

/** Writes a body: JSON unless another media type is given. */
export function wireBody(
  switches: SwitchValues,
  text: string,
  { mediaType = 'application/json', isList = false }: Partial<Reply> = {},
): WireBody {
  const mark = switches['byte-order-mark'];
  const hasMark = mark === 'everywhere' || (mark === 'lists-only' && isList);
  const { bytes, charset } = encoded(switches.charset, text, hasMark);
  const { packed, encoding } = pack(switches['content-encoding'], bytes);
  return {
    bytes: packed,
    headers: {
      'Content-Type': `${mediaType}; charset=${charset}`,
      'Content-Length': String(packed.length),
      ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
    },
  };
}

/** A reply as the answer that is sent. */
export function responseOf(switches: SwitchValues, reply: Reply): Response {
  const { status, text, headers = {} } = reply;
  if (text === undefined) return new Response(null, { status, headers });
  const body = wireBody(switches, text, reply);
  return new Response(body.bytes, { status, headers: { ...headers, ...body.headers } });
}

/** What a refusal is answered with. */
export function refusalReply(switches: SwitchValues, refusal: Refusal): Reply {
  const { status, message, details } = refusal;
  const headers = status === 429 ? { 'Retry-After': '1' } : {};
  if (message === '') return { status, text: undefined, headers };
  const description = details['error_description'];
  const sentence = typeof description === 'string' ? `${message}: ${description}` : message;
  const form = switches['error-body'];
  const text = {
    error: JSON.stringify({ error: message, ...details }),
    'errors-list': JSON.stringify({ errors: [sentence] }),
    message: JSON.stringify({ Message: sentence }),
    text: sentence,
    html: `<!DOCTYPE html>\n<html><head><title>Error</title></head><body><h1>${sentence}</h1></body></html>`,
  }[form];
  if (form !== 'text' && form !== 'html') return { status, text, headers };
  return { status, text, mediaType: form === 'html' ? 'text/html' : 'text/plain', headers };
}

function encoded(
  charset: SwitchValues['charset'],
  text: string,
  hasMark: boolean,
): { bytes: Uint8Array<ArrayBuffer>; charset: string } {
  const mark = hasMark ? '\uFEFF' : '';
  if (charset === 'utf-8') return { bytes: encoder.encode(mark + text), charset };
  if (charset === 'utf-16') {
    return { bytes: Uint8Array.from(Buffer.from(mark + text, 'utf16le')), charset };
  }
  // Latin-1 has no byte order mark.
  if (charset === 'latin-1') return { bytes: latin1(text), charset: 'iso-8859-1' };
  return { bytes: Uint8Array.from([...encoder.encode(mark), ...latin1(text)]), charset: 'utf-8' };
}

/** JSON writes the characters that Latin-1 lacks with an escape. */
function latin1(text: string): Uint8Array<ArrayBuffer> {
  const escaped = text.replaceAll(
    /[\u0100-\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Uint8Array.from(Buffer.from(escaped, 'latin1'));
}

function pack(
  packing: SwitchValues['content-encoding'],
  bytes: Uint8Array<ArrayBuffer>,
): { packed: Uint8Array<ArrayBuffer>; encoding?: string } {
  if (packing === 'none') return { packed: bytes };
  if (packing === 'mislabeled') return { packed: bytes, encoding: 'gzip' };
  const packed = packing === 'deflate' ? deflateSync(bytes) : gzipSync(bytes);
  return { packed: Uint8Array.from(packed), encoding: packing };
}
