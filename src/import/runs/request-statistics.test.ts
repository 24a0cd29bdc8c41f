import { expect, it } from 'vitest';

import { createRequestCounter } from './request-statistics.ts';

it('counts requests, the time of all of them, and those that failed', () => {
  const traffic = createRequestCounter();
  for (const status of [200, 200, 401, 404, 0, 429, 500, 503]) traffic.add({ status, ms: 250 });
  expect(traffic.total()).toEqual({ requests: 8, failed: 4, seconds: 2 });
});

it('of a run that asked nothing there is nothing to count', () => {
  expect(createRequestCounter().total()).toEqual({ requests: 0, failed: 0, seconds: 0 });
});
