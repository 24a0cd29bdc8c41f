/** Whether the server can do its work, for load balancers and monitors. */
import { z } from 'zod';

import type { Endpoint } from './endpoint.ts';

const getHealth = {
  method: 'GET',
  path: '/healthz',
  summary: 'Whether the server answers and reaches its database',
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
    'Whether this process may be given requests: it reaches its database, whose schema is the one it was made for',
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
    'Figures of nights, queue and process for Prometheus; asks for the token of the settings',
  access: 'public',
  audit: { kind: 'nothing' },
  limit: 'public',
  responseKind: 'download',
  response: z.string(),
  errors: ['not-found', 'database-unavailable'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const healthApi = { getHealth, getReadiness, getMetrics };
