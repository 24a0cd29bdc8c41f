/** Liveness, readiness and metrics, for load balancers and monitors. */
import { z } from 'zod';

import type { Endpoint } from './endpoint.ts';

const getHealth = {
  method: 'GET',
  path: '/healthz',
  summary: 'Whether the server is running and reaches its database',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'health',
  response: z.strictObject({ status: z.literal('ok') }),
  errors: ['database-unavailable'],
} as const satisfies Endpoint;

const getReadiness = {
  method: 'GET',
  path: '/readyz',
  summary:
    'Whether this process can take requests: it reaches its database, and the schema has the version it expects',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'health',
  response: z.strictObject({ status: z.literal('ready') }),
  errors: ['database-unavailable'],
} as const satisfies Endpoint;

const getMetrics = {
  method: 'GET',
  path: '/metrics',
  summary:
    'Metrics of imports, queue and process for Prometheus; requires the token of the settings',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'public',
  responseKind: 'download',
  response: z.string(),
  errors: ['not-found', 'database-unavailable'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const healthApi = { getHealth, getReadiness, getMetrics };
