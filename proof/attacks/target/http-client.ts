/** The HTTP client of an attacker: sends any header, path and bytes unchanged, and follows no redirects. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

/** The public URL; a proxy forwards its requests to the server. */
export const publicUrl = 'https://iep.example';

export interface RequestOptions {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text and bytes are sent unchanged, anything else as JSON. */
  readonly body?: unknown;
  /** Client address in the proxy's X-Forwarded-For header. */
  readonly clientAddress?: string;
  readonly cookie?: string | undefined;
}

export interface HttpResponse {
  /** 0 if there was no response. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  readonly cookies: string;
  readonly durationMs: number;
}

/** Timeout of a response; a request without a response is a finding. */
const timeoutMs = 20_000;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends a request to the server at `url`. Returns status 0 if the connection breaks. */
export async function sendRequest(url: string, options: RequestOptions): Promise<HttpResponse> {
  const response = await sendOnce(url, options);
  // The server may have closed a keep-alive connection at the same moment; then the request is sent again.
  return response.status === 0 && response.isStale ? sendRequest(url, options) : response;
}

async function sendOnce(
  url: string,
  options: RequestOptions,
): Promise<HttpResponse & { readonly isStale: boolean }> {
  const startedAt = performance.now();
  const { hostname, port } = new URL(url);
  const isRaw = options.body instanceof Uint8Array || typeof options.body === 'string';
  const body =
    options.body === undefined
      ? undefined
      : Buffer.from(isRaw ? (options.body as Uint8Array) : JSON.stringify(options.body));
  const method = options.method ?? 'GET';
  const headers = {
    host: new URL(publicUrl).host,
    'x-forwarded-for': options.clientAddress ?? '198.51.100.1',
    ...(method !== 'GET' && { origin: publicUrl }),
    ...(body && { 'content-type': 'application/json', 'content-length': String(body.length) }),
    ...(options.cookie && { cookie: options.cookie }),
    ...options.headers,
  };
  const { promise, resolve } = Promise.withResolvers<
    HttpResponse & { readonly isStale: boolean }
  >();
  const finish = (status: number, responseHeaders: IncomingHttpHeaders, bytes: Buffer) =>
    resolve({
      status,
      headers: responseHeaders,
      bytes,
      text: bytes.toString('utf8'),
      cookies: (responseHeaders['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; '),
      durationMs: performance.now() - startedAt,
      isStale: clientRequest.reusedSocket && performance.now() - startedAt < timeoutMs,
    });
  const clientRequest = request(
    { hostname, port, method, path: options.path, headers, agent },
    (response) => {
      const chunks: Buffer[] = [];
      // A stream of events has no end; its headers are enough.
      if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
        finish(response.statusCode ?? 0, response.headers, Buffer.alloc(0));
        response.destroy();
        return;
      }
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        finish(response.statusCode ?? 0, response.headers, Buffer.concat(chunks)),
      );
      response.on('error', () => finish(0, {}, Buffer.alloc(0)));
    },
  );
  clientRequest.on('error', (error) => {
    finish(0, {}, Buffer.from(error.message));
  });
  clientRequest.setTimeout(timeoutMs, () =>
    clientRequest.destroy(new Error('no response in time')),
  );
  clientRequest.end(body);
  return promise;
}

/** Sends bytes unchanged and returns everything received until the connection ends. */
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

/** Returns the error code of a response. */
export const findErrorCode = ({ text }: HttpResponse): string =>
  /"code":"([a-z-]+)"/.exec(text)?.[1] ?? 'without a code';
