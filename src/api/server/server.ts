/**
 * The HTTP server: the API of the contract, its documentation, and the web app.
 *
 * This folder is the HTTP server around the routes: security headers, errors, downloads, the web app's files.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { getRequestListener, RequestError } from '@hono/node-server';
import { type Context, Hono } from 'hono';

import { createAuditTrail } from '../../accounts/audit/audit-trail.ts';
import { type Endpoint, type ErrorResponse, errorStatus } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import type { ApiEnvironment, ApiOptions, ApiDeps } from './api-environment.ts';
import { ApiError, errorResponse } from '../api-error.ts';
import { addAuditRoutes } from '../routes/audit-routes.ts';
import { Connections } from './connections.ts';
import { errorLogFields } from '../error-log-fields.ts';
import { docsPage, openApiDocument } from './openapi.ts';
import { addDistrictInformationRoutes } from '../routes/district-information-routes.ts';
import { addDistrictMailRoutes } from '../routes/district-mail-routes.ts';
import { addDistrictRoutes } from '../routes/district-routes.ts';
import { addDocumentPrintRoutes } from '../routes/document-print-routes.ts';
import { addDocumentRoutes } from '../routes/document-routes.ts';
import { addFormRoutes } from '../routes/form-routes.ts';
import { addHealthRoutes } from '../routes/health-routes.ts';
import { addHomeRoutes } from '../routes/home-routes.ts';
import { addMetricsRoute } from '../routes/metrics-route.ts';
import { addPdfFormRoutes } from '../routes/pdf-form-routes.ts';
import { createRateLimits } from './rate-limits.ts';
import { createRouteContext } from '../route.ts';
import {
  addressLimit,
  bodySizeLimit,
  errorHandler,
  findAddress,
  noForeignParts,
  noStore,
  singleHost,
  pathPattern,
  requestLog,
  sameOrigin,
  securityHeaders,
} from './security.ts';
import { addSetupRoutes } from '../routes/setup-routes.ts';
import { addSessionRoutes } from '../routes/session-routes.ts';
import { addDuplicateRoutes } from '../routes/duplicate-routes.ts';
import { addManualStatusRoutes } from '../routes/manual-status-routes.ts';
import { addManualStudentRoutes } from '../routes/manual-student-routes.ts';
import { addImportRoutes } from '../routes/import-routes.ts';
import { addUpcomingRoutes } from '../routes/upcoming-routes.ts';
import { addAccountRoutes } from '../routes/account-routes.ts';
import { addUserRoutes } from '../routes/user-routes.ts';
import { addSingleSignOnRoutes } from '../routes/single-sign-on-routes.ts';
import { closeSlowConnections, type SlowClientLimits } from './slow-clients.ts';
import { addStaffValueRoutes } from '../routes/staff-value-routes.ts';
import { addStudentListRoutes } from '../routes/student-list-routes.ts';
import { addCaseloadRoutes } from '../routes/caseload-routes.ts';
import { addStudentRoutes } from '../routes/student-routes.ts';
import { TemporaryFiles } from './temporary-file.ts';
import { addWebhookRoutes } from '../routes/webhook-routes.ts';
import { readWebFiles, webFilesMiddleware } from './web-files.ts';
import { createWorkLimiters } from './work-limits.ts';

/**
 * Returns the API without a port; tests call `app.request('/api/session')`. Unknown paths get a 404 and other
 * methods of known paths a 405, both in the form of every error.
 */
export function createApi(deps: ApiDeps): Hono<ApiEnvironment> {
  const { rateLimits = createRateLimits() } = deps;
  const { web } = deps.database;
  const options: ApiOptions = {
    ...deps,
    database: web,
    rateLimits,
    work: deps.work ?? createWorkLimiters(web.pool.options.max),
    temporaryFiles: deps.temporaryFiles ?? new TemporaryFiles(),
  };
  const { database, log, publicUrl, trustedProxies } = options;
  const app = new Hono<ApiEnvironment>();
  app.onError(errorHandler(log));
  app.notFound(respondNotFound);

  const trail = deps.trail ?? createAuditTrail(database.audit);
  app.use(async (context, next) => {
    context.set('trail', trail);
    await next();
  });
  app.use(requestLog(log, randomUUID));
  app.use(findAddress(trustedProxies));
  app.use(securityHeaders(publicUrl?.startsWith('https:') ?? false));
  app.use(singleHost);
  app.use(addressLimit);
  app.use('/api/*', noStore);
  app.use('/healthz', noStore);
  app.use('/readyz', noStore);
  app.use('/metrics', noStore);
  app.use(sameOrigin(publicUrl));
  app.use('/api/*', noForeignParts);
  app.use('/api/*', bodySizeLimit(Object.values<Endpoint>(endpoints)));

  const routes = createRouteContext(app, options);
  addSessionRoutes(routes);
  addAccountRoutes(routes);
  addUserRoutes(routes);
  addSingleSignOnRoutes(routes);
  addDistrictRoutes(routes);
  addDistrictInformationRoutes(routes);
  addDistrictMailRoutes(routes);
  addWebhookRoutes(routes);
  addStudentListRoutes(routes);
  addCaseloadRoutes(routes);
  addStudentRoutes(routes);
  addStaffValueRoutes(routes);
  addManualStudentRoutes(routes);
  addManualStatusRoutes(routes);
  addDuplicateRoutes(routes);
  addFormRoutes(routes);
  addDocumentRoutes(routes);
  addDocumentPrintRoutes(routes);
  addPdfFormRoutes(routes);
  addHomeRoutes(routes);
  addImportRoutes(routes);
  addUpcomingRoutes(routes);
  addSetupRoutes(routes);
  addAuditRoutes(routes);
  addHealthRoutes(routes);
  addMetricsRoute(routes);
  addDocumentation(app);
  return app;
}

/** The documentation is public, since it names no district and no person. */
function addDocumentation(app: Hono<ApiEnvironment>): void {
  const document = openApiDocument();
  const page = docsPage(document);
  // Built once, since anyone may request it without limit.
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  app.get('/api/openapi.json', (context) =>
    context.body(bytes, 200, { 'content-type': 'application/json' }),
  );
  app.get('/api/docs', (context) => context.html(page));
}

const known = Object.values<Endpoint>(endpoints).map((endpoint) => ({
  method: endpoint.method,
  pattern: pathPattern(endpoint),
}));

function respondNotFound(context: Context<ApiEnvironment>): Response | Promise<Response> {
  const { path } = context.req;
  const allowed = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  if (allowed.length === 0) {
    return errorResponse(
      context,
      new ApiError('not-found', 'There is nothing at this address.', {
        advice: 'See /api/docs for the addresses of the API.',
      }),
    );
  }
  return errorResponse(
    context,
    new ApiError(
      'method-not-allowed',
      `This address does not support ${context.req.method}.`,
      { advice: `It supports ${allowed.join(', ')}.` },
      { allow: allowed.join(', ') },
    ),
  );
}

export interface ServerOptions extends ApiDeps {
  /** Folder of the built web app, as `buildWeb` returns it; without it only the API is served. */
  readonly webFolder?: string | undefined;
  /** Address to listen on (default 127.0.0.1). */
  readonly host?: string | undefined;
  /** 0: any free port. */
  readonly port: number;
  /** When a client is too slow; for tests. */
  readonly slowClientLimits?: SlowClientLimits | undefined;
  /** How long a client may take to send a request; for tests. */
  readonly requestTimeouts?: Partial<typeof defaultTimeouts> | undefined;
  /** Maximum number of connections; for tests. */
  readonly maxConnections?: number | undefined;
}

export interface RunningServer {
  /** Its address, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly port: number;
  /** Accepts no more requests, waits up to 5 s for those in progress, closes all connections. Safe to call twice. */
  close(): Promise<void>;
}

const closeTimeoutMs = 5_000;

/** Limits a user who types a search to four writes a second. */
const auditGatherMs = 250;

/** How long a client may take to send a request; a large file over a slow line must be possible. */
const defaultTimeouts = {
  headersTimeout: 20_000,
  requestTimeout: 120_000,
  connectionsCheckingInterval: 5_000,
  // Longer than proxies keep a connection, so that none sends a request on one that is being closed.
  keepAliveTimeout: 65_000,
};

/** Maximum number of connections; one more closes one of the network that has the most. */
const defaultMaxConnections = 2_000;

/** Starts the server. Rejects with Node's own error (EADDRINUSE, EACCES) if it cannot listen. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = '127.0.0.1', port, webFolder, slowClientLimits, requestTimeouts } = options;
  const { maxConnections = defaultMaxConnections } = options;
  const ending = new AbortController();
  const { log } = options;
  const trail = createAuditTrail(options.database.web.audit, {
    gatherMs: auditGatherMs,
    onError: (error) =>
      log.error({ part: 'audit', error: errorLogFields(error) }, 'audit counts were lost'),
  });
  const app = createApi({ ...options, trail, closing: ending.signal });
  if (webFolder !== undefined) app.use(webFilesMiddleware(await readWebFiles(webFolder)));
  const connections = new Connections(maxConnections);
  const listener = getRequestListener(app.fetch, { errorHandler: respondBadRequest });
  const server = createServer(
    { ...defaultTimeouts, ...requestTimeouts },
    connections.guard((request, response) => void listener(request, response)),
  );
  connections.watch(server);
  closeSlowConnections(server, slowClientLimits);
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(port, host, () => listening.resolve());
  await listening.promise;
  const bound = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`,
    port: bound.port,
    close: () => {
      ending.abort();
      return (closed ??= closeServer(server).then(async () => trail.close()));
    },
  };
}

/** Responds to a request whose target or Host header is not a valid address, so that it matches no route. */
function respondBadRequest(error: unknown): Response {
  const code = error instanceof RequestError ? 'bad-request' : 'internal-error';
  const message =
    code === 'bad-request'
      ? 'The address or the Host header of this request cannot be read.'
      : 'Something went wrong on the server; nothing was changed.';
  const answer: ErrorResponse = { error: { code, message } };
  return Response.json(answer, {
    status: errorStatus[code],
    headers: {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
    },
  });
}

async function closeServer(server: Server): Promise<void> {
  const closing = Promise.withResolvers<void>();
  server.close(() => closing.resolve());
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), closeTimeoutMs);
  await closing.promise;
  clearTimeout(timer);
}
