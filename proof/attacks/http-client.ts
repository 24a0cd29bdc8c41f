/** HTTP as an attacker speaks it: any header, any path, bytes as they stand; nothing is followed or mended. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

/** The address that people type; a proxy hands requests for it to the server. */
export const publicUrl = 'https://iep.example';

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text and bytes go as they are, anything else as JSON. */
  readonly body?: unknown;
  /** Whose request the proxy says it is. */
  readonly from?: string;
  readonly cookie?: string | undefined;
}

export interface Answer {
  /** 0: none came. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  readonly cookies: string;
  readonly ms: number;
}

/** Nobody waits longer for an answer; whoever gets none has found a hole or is told so. */
const longestWaitMs = 20_000;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Asks the server at `url`. A connection that breaks is an answer with status 0. */
export async function askServer(url: string, ask: Ask): Promise<Answer> {
  const answer = await askOnce(url, ask);
  // The server may have ended a kept connection in the same moment; that is no answer to this request.
  return answer.status === 0 && answer.isStale ? askServer(url, ask) : answer;
}

async function askOnce(url: string, ask: Ask): Promise<Answer & { readonly isStale: boolean }> {
  const begun = performance.now();
  const { hostname, port } = new URL(url);
  const isRaw = ask.body instanceof Uint8Array || typeof ask.body === 'string';
  const body =
    ask.body === undefined
      ? undefined
      : Buffer.from(isRaw ? (ask.body as Uint8Array) : JSON.stringify(ask.body));
  const method = ask.method ?? 'GET';
  const headers = {
    host: new URL(publicUrl).host,
    'x-forwarded-for': ask.from ?? '198.51.100.1',
    ...(method !== 'GET' && { origin: publicUrl }),
    ...(body && { 'content-type': 'application/json', 'content-length': String(body.length) }),
    ...(ask.cookie && { cookie: ask.cookie }),
    ...ask.headers,
  };
  const { promise, resolve } = Promise.withResolvers<Answer & { readonly isStale: boolean }>();
  const end = (status: number, answered: IncomingHttpHeaders, bytes: Buffer) =>
    resolve({
      status,
      headers: answered,
      bytes,
      text: bytes.toString('utf8'),
      cookies: (answered['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; '),
      ms: performance.now() - begun,
      isStale: sent.reusedSocket && performance.now() - begun < longestWaitMs,
    });
  const sent = request({ hostname, port, method, path: ask.path, headers, agent }, (response) => {
    const chunks: Buffer[] = [];
    // A stream of events has no end; its beginning says enough.
    if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
      end(response.statusCode ?? 0, response.headers, Buffer.alloc(0));
      response.destroy();
      return;
    }
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () =>
      end(response.statusCode ?? 0, response.headers, Buffer.concat(chunks)),
    );
    response.on('error', () => end(0, {}, Buffer.alloc(0)));
  });
  sent.on('error', (error) => {
    end(0, {}, Buffer.from(error.message));
  });
  sent.setTimeout(longestWaitMs, () => sent.destroy(new Error('no answer in time')));
  sent.end(body);
  return promise;
}

/** Sends bytes as they are and gives back everything that comes until the connection ends. */
export async function sendRaw(url: string, text: string, waitMs = 3000): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const { promise, resolve } = Promise.withResolvers<string>();
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received += chunk;
  });
  socket.on('error', () => resolve(received));
  socket.on('close', () => resolve(received));
  socket.setTimeout(waitMs, () => socket.destroy());
  socket.write(Buffer.from(text, 'latin1'));
  return promise;
}

/** The code of a refusal. */
export const codeOf = ({ text }: Answer): string =>
  /"code":"([a-z-]+)"/.exec(text)?.[1] ?? 'without a code';
