import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { z } from 'zod';

import type { Endpoint } from '../contract/endpoint.ts';
import type { ApiEnvironment, ApiOptions } from './server/api-environment.ts';
import { addRoute, IncompleteEndpointError } from './route.ts';

const whole = {
  method: 'GET',
  path: '/api/examples',
  summary: 'An example',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'public',
  response: z.strictObject({}),
} as const satisfies Endpoint;

const add = (endpoint: Partial<Record<keyof Endpoint, unknown>>) => () =>
  addRoute(new Hono<ApiEnvironment>(), {} as ApiOptions, endpoint as unknown as Endpoint, () =>
    Promise.resolve({}),
  );

it('accepts an endpoint that declares access, audit and limit', () => {
  expect(add(whole)).not.toThrow();
});

it.each([
  ['access', undefined],
  ['access', []],
  ['audit', undefined],
  ['audit', { kind: 'look' }],
  ['audit', { kind: 'look', action: 'no-such-action' }],
  ['audit', { kind: 'change', actions: [] }],
  ['audit', { kind: 'change', actions: ['signed-in', 'toString'] }],
  ['limit', undefined],
  ['limit', 'toString'],
])('refuses to start with an endpoint whose %s is %j', (member, value) => {
  const endpoint = { ...whole, [member]: value };
  expect(add(endpoint)).toThrow(IncompleteEndpointError);
  expect(add(endpoint)).toThrow(
    `The endpoint GET /api/examples declares no ${member}; see src/contract/endpoint.ts.`,
  );
});
