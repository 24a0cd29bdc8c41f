/** Encodes responses as bytes and headers: errors, byte order marks, charsets and compression. */
import { deflateSync, gzipSync } from 'node:zlib';
import type { SwitchValues } from './contract-switches.ts';
import type { ApiError } from './api-error.ts';

/** A response before encoding. */
export interface UnencodedResponse {
  readonly status: number;
  /** Undefined for a response without a body. */
  readonly text: string | undefined;
  readonly mediaType?: string;
  readonly isList?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An encoded body with its headers. */
export interface EncodedBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

const encoder = new TextEncoder();

/** Encodes a body, by default as JSON. */
export function encodeBody(
  switches: SwitchValues,
  text: string,
  { mediaType = 'application/json', isList = false }: Partial<UnencodedResponse> = {},
): EncodedBody {
  const mark = switches['byte-order-mark'];
  const hasMark = mark === 'everywhere' || (mark === 'lists-only' && isList);
  const { bytes, charset } = encodeText(switches.charset, text, hasMark);
  const { compressed, encoding } = compress(switches['content-encoding'], bytes);
  return {
    bytes: compressed,
    headers: {
      'Content-Type': `${mediaType}; charset=${charset}`,
      'Content-Length': String(compressed.length),
      ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
    },
  };
}

/** Converts a reply to the response to send. */
export function toResponse(switches: SwitchValues, reply: UnencodedResponse): Response {
  const { status, text, headers = {} } = reply;
  if (text === undefined) return new Response(null, { status, headers });
  const body = encodeBody(switches, text, reply);
  return new Response(body.bytes, { status, headers: { ...headers, ...body.headers } });
}

/** Converts an error to a reply. */
export function toErrorReply(switches: SwitchValues, error: ApiError): UnencodedResponse {
  const { status, message, details } = error;
  const headers = status === 429 ? { 'Retry-After': '1' } : {};
  if (message === '') return { status, text: undefined, headers };
  const description = details['error_description'];
  const fullMessage = typeof description === 'string' ? `${message}: ${description}` : message;
  const form = switches['error-body'];
  const text = {
    error: JSON.stringify({ error: message, ...details }),
    'errors-list': JSON.stringify({ errors: [fullMessage] }),
    message: JSON.stringify({ Message: fullMessage }),
    text: fullMessage,
    html: `<!DOCTYPE html>\n<html><head><title>Error</title></head><body><h1>${fullMessage}</h1></body></html>`,
  }[form];
  if (form !== 'text' && form !== 'html') return { status, text, headers };
  return { status, text, mediaType: form === 'html' ? 'text/html' : 'text/plain', headers };
}

function encodeText(
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

/** Encodes JSON as Latin-1; other characters become escapes. */
function latin1(text: string): Uint8Array<ArrayBuffer> {
  const escaped = text.replaceAll(
    /[\u0100-\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Uint8Array.from(Buffer.from(escaped, 'latin1'));
}

function compress(
  encoding: SwitchValues['content-encoding'],
  bytes: Uint8Array<ArrayBuffer>,
): { compressed: Uint8Array<ArrayBuffer>; encoding?: string } {
  if (encoding === 'none') return { compressed: bytes };
  if (encoding === 'mislabeled') return { compressed: bytes, encoding: 'gzip' };
  const compressed = encoding === 'deflate' ? deflateSync(bytes) : gzipSync(bytes);
  return { compressed: Uint8Array.from(compressed), encoding };
}
