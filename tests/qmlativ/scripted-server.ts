/** A small HTTP server with responses scripted by a test. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

export interface ScriptedRequest {
  readonly method: string;
  /** Decoded path, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ScriptedReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  readonly gzip?: boolean;
  /** Sends only the first half of the body, then breaks the connection. */
  readonly cut?: boolean;
  /** Sends the head of the response and then nothing more. */
  readonly hang?: boolean;
}

export interface ScriptedServer extends AsyncDisposable {
  /** Has a path, like real base URLs. */
  readonly baseUrl: string;
  readonly port: number;
  /** All requests so far, in order. */
  readonly requests: ScriptedRequest[];
}

type Script = (
  request: ScriptedRequest,
) => ScriptedReply | undefined | Promise<ScriptedReply | undefined>;

/** Response to a request for rows between the pages of an unchanged list. */
const noRows: ScriptedReply = { json: { Objects: [], Paging: { Next: null } } };

const isGapRequest = (request: ScriptedRequest) =>
  /"ConditionType":"(Greater|Less)"/.test(request.body);

/**
 * Starts a server. Requests for rows between pages return none, unless the script responds to them. Without a scripted
 * response, `/oauth/token` returns a token, and everything else is 404.
 */
export async function startScriptedServer(
  script: Script,
  { respondsToGaps = false } = {},
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  let tokens = 0;
  const response = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const request = await readRequest(incoming);
    requests.push(request);
    const reply = isGapRequest(request) && !respondsToGaps ? noRows : await script(request);
    write(outgoing, reply ?? defaultReply(request, () => (tokens += 1)));
  };
  const server = createServer((incoming, outgoing) => {
    void response(incoming, outgoing);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}/TestStuAPI`,
    port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function defaultReply(request: ScriptedRequest, countToken: () => number): ScriptedReply {
  if (request.path.endsWith('/oauth/token'))
    return { json: { access_token: `token-${countToken()}`, expires_in: 3600 } };
  return { status: 404, json: { error: 'no such address' } };
}

async function readRequest(incoming: IncomingMessage): Promise<ScriptedRequest> {
  const url = new URL(incoming.url ?? '/', 'http://test.example');
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function write(outgoing: ServerResponse, reply: ScriptedReply): void {
  const plain = Buffer.from(reply.text ?? JSON.stringify(reply.json ?? null));
  const body = reply.gzip === true ? gzipSync(plain) : plain;
  outgoing.writeHead(reply.status ?? 200, {
    'content-type': reply.text === undefined ? 'application/json' : 'text/html',
    'content-length': String(body.length),
    ...(reply.gzip === true ? { 'content-encoding': 'gzip' } : {}),
    ...reply.headers,
  });
  if (reply.hang === true) {
    outgoing.flushHeaders();
  } else if (reply.cut === true) {
    outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy());
  } else {
    outgoing.end(body);
  }
}

/** The parts of a list request: `/{api}/{entity}/{module}/{object}/{page}/{size}`. */
export interface ListAddress {
  readonly object: string;
  readonly page: number;
  readonly size: number;
  readonly fields: string[];
}

/** Parses the path of a list request; undefined for any other. */
export function listAddress(request: ScriptedRequest): ListAddress | undefined {
  const found = /\/\d+\/(\w+\/\w+)\/(\d+)\/(\d+)$/.exec(request.path);
  if (found === null) return undefined;
  const [, object = '', page, size] = found;
  return {
    object,
    page: Number(page),
    size: Number(size),
    fields: [...request.query].flatMap(([name, value]) =>
      name.startsWith('searchFields') ? [value] : [],
    ),
  };
}

/** How a server marks the end of a list, in every possible form. */
export type EndForm = 'null' | 'empty' | 'absent-at-end' | 'own-address' | 'always' | 'never';

export const endForms: readonly EndForm[] = [
  'null',
  'empty',
  'absent-at-end',
  'own-address',
  'always',
  'never',
];

/** Returns a page of a list with the given form of its end. */
export function createPage(
  rows: readonly unknown[],
  page: number,
  size: number,
  end: EndForm,
): { Objects: unknown[]; Paging?: { Next?: string | null } } {
  const Objects = rows.slice((page - 1) * size, page * size);
  const address = (number: number) => `/Custom/1/Student/Student/${number}/${size}`;
  if (end === 'never') return { Objects };
  if (page * size < rows.length || end === 'always')
    return { Objects, Paging: { Next: address(page + 1) } };
  if (end === 'absent-at-end') return { Objects, Paging: {} };
  if (end === 'own-address') return { Objects, Paging: { Next: address(page) } };
  return { Objects, Paging: { Next: end === 'null' ? null : '' } };
}

/** Returns rows with the keys 1 to `count`, of the object that most tests read. */
export function directionalRows(
  count: number,
): { DirectionalID: number; Code: string; Description: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    DirectionalID: index + 1,
    Code: `D${index + 1}`,
    Description: `Direction ${index + 1}`,
  }));
}
