/** A gate before a practice Skyward: closed, every answer waits, so that a test finds an import under way. */
import { openSkywardProxy, type SkywardProxy } from './skyward-proxy.ts';

export interface BlockingProxy extends SkywardProxy {
  /** Lets nothing more through; what asks for rows waits. */
  block(): void;
  unblock(): void;
}

/** Opens a gate before the practice Skyward of this base URL. */
export async function openBlockingProxy(baseUrl: string): Promise<BlockingProxy> {
  let unblocked = Promise.withResolvers<undefined>();
  unblocked.resolve(undefined);
  const proxy = await openSkywardProxy(baseUrl, { beforeForward: async () => unblocked.promise });
  return {
    baseUrl: proxy.baseUrl,
    block: () => (unblocked = Promise.withResolvers()),
    unblock: () => unblocked.resolve(undefined),
    close: async () => {
      unblocked.resolve(undefined);
      await proxy.close();
    },
  };
}
