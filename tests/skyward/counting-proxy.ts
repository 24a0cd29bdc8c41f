/** A proxy in front of the sandbox Skyward that counts requests and those in flight. */
import { openSkywardProxy, type SkywardProxy } from './skyward-proxy.ts';

export interface CountingProxy extends SkywardProxy {
  /** Token requests, and all others. */
  readonly tokens: number;
  readonly requests: number;
  /** Highest number of requests in flight. */
  readonly maxInFlight: number;
}

/** Opens a counting proxy in front of the sandbox Skyward with this base URL. */
export async function openCountingProxy(baseUrl: string): Promise<CountingProxy> {
  const counts = { tokens: 0, requests: 0, maxInFlight: 0 };
  let inFlight = 0;
  const proxy = await openSkywardProxy(baseUrl, {
    onRequest: (path) => {
      if (path.includes('/oauth/token')) counts.tokens++;
      else counts.requests++;
      inFlight++;
      counts.maxInFlight = Math.max(counts.maxInFlight, inFlight);
    },
    onEnd: () => inFlight--,
  });
  return {
    ...proxy,
    get tokens() {
      return counts.tokens;
    },
    get requests() {
      return counts.requests;
    },
    get maxInFlight() {
      return counts.maxInFlight;
    },
  };
}
