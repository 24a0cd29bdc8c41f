/** Stands before a practice Skyward and counts: requests, and how many are under way at once. */
import { openSkywardPassage, type SkywardPassage } from './skyward-proxy.ts';

export interface SkywardCounter extends SkywardPassage {
  /** Requests for tokens, and all others. */
  readonly tokens: number;
  readonly requests: number;
  /** The most that were under way at once. */
  readonly most: number;
}

/** Opens a counter before the practice Skyward of this base URL. */
export async function openSkywardCounter(baseUrl: string): Promise<SkywardCounter> {
  const counts = { tokens: 0, requests: 0, most: 0 };
  let underWay = 0;
  const passage = await openSkywardPassage(baseUrl, {
    onRequest: (path) => {
      if (path.includes('/oauth/token')) counts.tokens++;
      else counts.requests++;
      underWay++;
      counts.most = Math.max(counts.most, underWay);
    },
    onEnd: () => underWay--,
  });
  return {
    ...passage,
    get tokens() {
      return counts.tokens;
    },
    get requests() {
      return counts.requests;
    },
    get most() {
      return counts.most;
    },
  };
}
