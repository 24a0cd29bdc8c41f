/**
 * A proxy in front of the sandbox Skyward that can block requests, so that a test finds an import in progress.
 *
 * This folder runs imports from the sandbox Skyward, also through proxies that count or block.
 */
import { openSkywardProxy, type SkywardProxy } from './skyward-proxy.ts';

export interface BlockingProxy extends SkywardProxy {
  /** Blocks all further requests. */
  block(): void;
  unblock(): void;
}

/** Opens a blocking proxy in front of the sandbox Skyward with this base URL. */
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
