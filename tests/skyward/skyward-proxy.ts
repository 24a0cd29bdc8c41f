/** Passes on to a practice Skyward what an import asks, so that a test can count or hold it back. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface SkywardPassage {
  /** Where the practice Skyward answers, by way of the passage. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

interface Passing {
  /** Called with the path of each request as it arrives. */
  readonly onRequest?: (path: string) => void;
  /** Called once its answer has been sent, or the import has gone away. */
  readonly onEnd?: () => void;
  /** Awaited before a request is passed on. */
  readonly leave?: () => Promise<unknown>;
}

/** Opens a passage to the practice Skyward of this base URL. */
export async function openSkywardPassage(
  baseUrl: string,
  { onRequest, onEnd, leave }: Passing,
): Promise<SkywardPassage> {
  const target = new URL(baseUrl);
  const server = createServer((request, response) => {
    onRequest?.(request.url ?? '/');
    response.once('close', () => onEnd?.());
    const pass = async (): Promise<void> => {
      const body = await buffer(request);
      await leave?.();
      const answer = await ask(target, request, body);
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'application/json',
      });
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
    // The import may have gone away meanwhile.
    pass().catch(() => response.destroy());
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

async function ask(target: URL, request: IncomingMessage, body: Buffer): Promise<Response> {
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
