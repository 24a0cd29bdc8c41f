/** Decodes the bytes of a response regardless of its headers, and detects their form. */
import { isUtf8 } from 'node:buffer';
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { HttpResponse, RawResponse } from '../http/http-exchange.ts';

/** The encoding of a response body. */
export interface WireForm {
  readonly packing: 'none' | 'gzip' | 'x-gzip' | 'deflate' | 'mislabeled' | 'other';
  readonly charset: 'utf-8' | 'latin-1' | 'utf-16' | 'mislabeled' | 'other';
  readonly hasMark: boolean;
  /** Whether there was a non-ASCII character; without one the charset is ambiguous. */
  readonly hasAccents: boolean;
}

export type BodyKind = 'json' | 'html' | 'text' | 'none';

/** A decoded response. Text and JSON may quote data: used only during the probe, never stored. */
export interface SeenResponse {
  readonly status: number;
  readonly kind: BodyKind;
  /** Undefined without a body. */
  readonly wire: WireForm | undefined;
  readonly json: unknown;
  /** The response with a UTF-8 body. */
  readonly http: HttpResponse;
}

/** A page of 500 rows with few fields has about 100 KB. */
const maxUnpackedBytes = 64 * 1024 * 1024;

/** Decodes a response without rejecting any defect, because the probe looks for defects. */
export function toSeenResponse(raw: RawResponse): SeenResponse {
  const { bytes, packing } = unpacked(raw.body, raw.contentEncoding);
  const { text, ...letters } = decoded(bytes, raw.contentType);
  const { kind, json } = contentOf(text);
  return {
    status: raw.status,
    kind,
    json,
    wire: raw.body.length === 0 ? undefined : { packing, ...letters },
    http: {
      kind: 'response',
      status: raw.status,
      retryAfter: raw.retryAfter,
      location: raw.location,
      body: Buffer.from(text),
      bytes: raw.body.length,
    },
  };
}

function contentOf(text: string): { kind: BodyKind; json: unknown } {
  if (text.trim() === '') return { kind: 'none', json: undefined };
  try {
    const json: unknown = JSON.parse(text);
    return { kind: 'json', json };
  } catch {
    return { kind: /^\s*</.test(text) ? 'html' : 'text', json: undefined };
  }
}

function unpacked(
  body: Buffer,
  contentEncoding: string | undefined,
): { bytes: Buffer; packing: WireForm['packing'] } {
  const label = (contentEncoding ?? '').trim().toLowerCase();
  if (label === '' || label === 'identity') return { bytes: body, packing: 'none' };
  if (label !== 'gzip' && label !== 'x-gzip' && label !== 'deflate')
    return { bytes: body, packing: 'other' };
  const unpackings = label === 'deflate' ? [inflateSync, inflateRawSync] : [gunzipSync];
  for (const unpack of unpackings) {
    try {
      return { bytes: unpack(body, { maxOutputLength: maxUnpackedBytes }), packing: label };
    } catch {
      // Not this encoding.
    }
  }
  return { bytes: body, packing: 'mislabeled' };
}

function decoded(
  bytes: Buffer,
  contentType: string | undefined,
): { text: string } & Omit<WireForm, 'packing'> {
  const mark = markOf(bytes);
  const rest = bytes.subarray(mark.length);
  const label = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  const charset = mark.charset ?? charsetOf(label);
  const hasMark = mark.length > 0;
  const told = { charset, hasMark, hasAccents: rest.some((byte) => byte > 0x7f) };
  if (charset === 'utf-16') {
    const isBig = mark.isBig ?? rest[0] === 0;
    return { ...told, text: new TextDecoder(isBig ? 'utf-16be' : 'utf-16le').decode(rest) };
  }
  if (charset === 'latin-1') return { ...told, text: rest.toString('latin1') };
  if (isUtf8(rest)) return { ...told, text: rest.toString('utf8') };
  return { ...told, charset: 'mislabeled', text: rest.toString('latin1') };
}

function markOf(bytes: Buffer): {
  length: number;
  charset?: WireForm['charset'];
  isBig?: boolean;
} {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { length: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { length: 2, charset: 'utf-16', isBig: false };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { length: 2, charset: 'utf-16', isBig: true };
  return { length: 0 };
}

function charsetOf(label: string): WireForm['charset'] {
  if (/^(utf-?8|us-ascii|ascii)$/i.test(label)) return 'utf-8';
  if (/^utf-?16/i.test(label)) return 'utf-16';
  return /^(iso-8859-1|latin-?1|windows-1252|cp1252)$/i.test(label) ? 'latin-1' : 'other';
}
