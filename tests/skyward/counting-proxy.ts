/** Stands before a practice Skyward and counts: requests, and how many are under way at once. */
import { openSkywardProxy, type SkywardProxy } from './skyward-proxy.ts';

export interface CountingProxy extends SkywardProxy {
  /** Requests for tokens, and all others. */
  readonly tokens: number;
  readonly requests: number;
  /** The most that were under way at once. */
  readonly maxInFlight: number;
}

/** Opens a counter before the practice Skyward of this base URL. */
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
