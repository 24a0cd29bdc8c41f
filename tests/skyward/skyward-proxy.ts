/** A proxy in front of the sandbox Skyward, so that a test can count or block requests. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface SkywardProxy {
  /** Base URL of the sandbox Skyward through the proxy. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

interface ProxyOptions {
  /** Called with the path of each request as it arrives. */
  readonly onRequest?: (path: string) => void;
  /** Called when the response has been sent or the connection has closed. */
  readonly onEnd?: () => void;
  /** Awaited before a request is forwarded. */
  readonly beforeForward?: () => Promise<unknown>;
}

/** Opens a proxy in front of the sandbox Skyward with this base URL. */
export async function openSkywardProxy(
  baseUrl: string,
  { onRequest, onEnd, beforeForward }: ProxyOptions,
): Promise<SkywardProxy> {
  const target = new URL(baseUrl);
  const server = createServer((request, response) => {
    onRequest?.(request.url ?? '/');
    response.once('close', () => onEnd?.());
    const forward = async (): Promise<void> => {
      const body = await buffer(request);
      await beforeForward?.();
      const proxied = await sendRequest(target, request, body);
      response.writeHead(proxied.status, {
        'content-type': proxied.headers.get('content-type') ?? 'application/json',
      });
      response.end(Buffer.from(await proxied.arrayBuffer()));
    };
    // The import may have closed the connection.
    forward().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}${target.pathname}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function sendRequest(target: URL, request: IncomingMessage, body: Buffer): Promise<Response> {
  const { authorization, 'content-type': type } = request.headers;
  return fetch(new URL(request.url ?? '/', target), {
    method: request.method ?? 'GET',
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(type !== undefined && { 'content-type': type }),
    },
    ...(body.length > 0 && { body }),
  });
}
