/** A gate before a practice Skyward: closed, every answer waits, so that a test finds an import under way. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SkywardGate {
  /** Where the practice Skyward answers, by way of the gate. */
  readonly baseUrl: string;
  /** Lets nothing more through; what asks for rows waits. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** Opens a gate before the practice Skyward of this base URL. */
export async function openSkywardGate(baseUrl: string): Promise<SkywardGate> {
  const target = new URL(baseUrl);
  let passage = Promise.withResolvers<undefined>();
  passage.resolve(undefined);
  const gate = createServer((request, response) => {
    const pass = async () => {
      const body = await text(request);
      await passage.promise;
      const { authorization, 'content-type': type } = request.headers;
      const answer = await fetch(new URL(request.url ?? '/', target), {
        method: request.method ?? 'GET',
        headers: {
          ...(authorization !== undefined && { authorization }),
          ...(type !== undefined && { 'content-type': type }),
        },
        ...(body !== '' && { body }),
      });
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'application/json',
      });
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
    // The import may have gone away meanwhile.
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  const { port } = gate.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}${target.pathname}`,
    shut: () => (passage = Promise.withResolvers()),
    open: () => passage.resolve(undefined),
    close: async () => {
      passage.resolve(undefined);
      gate.closeAllConnections();
      await new Promise((resolve) => gate.close(resolve));
    },
  };
}
