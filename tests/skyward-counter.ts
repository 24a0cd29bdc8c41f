/** Stands before a practice Skyward and counts: requests, and how many are under way at once. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface SkywardCounter {
  /** Where the practice Skyward answers, by way of the counter. */
  readonly baseUrl: string;
  /** Requests for tokens, and all others. */
  readonly tokens: number;
  readonly requests: number;
  /** The most that were under way at once. */
  readonly most: number;
  close(): Promise<void>;
}

/** Opens a counter before the practice Skyward of this base URL. */
export async function openSkywardCounter(baseUrl: string): Promise<SkywardCounter> {
  const target = new URL(baseUrl);
  const counts = { tokens: 0, requests: 0, most: 0 };
  let underWay = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path.includes('/oauth/token')) counts.tokens++;
    else counts.requests++;
    underWay++;
    counts.most = Math.max(counts.most, underWay);
    response.once('close', () => underWay--);
    const pass = async (): Promise<void> => {
      const body = await buffer(request);
      const { authorization, 'content-type': type } = request.headers;
      const answer = await fetch(new URL(path, target), {
        method: request.method ?? 'GET',
        headers: {
          ...(authorization !== undefined && { authorization }),
          ...(type !== undefined && { 'content-type': type }),
        },
        ...(body.length > 0 && { body }),
      });
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'application/json',
      });
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}${target.pathname}`,
    get tokens() {
      return counts.tokens;
    },
    get requests() {
      return counts.requests;
    },
    get most() {
      return counts.most;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
