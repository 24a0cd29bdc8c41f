/** Middleware for every request: security headers, size limits, same origin, request ids, the error handler. */
import type { Context, ErrorHandler, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import type { Logger } from 'pino';

import { toDatabaseError, DatabaseError } from '../../database/database-error.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import { callerAddress, type TrustedProxies } from '../../network/caller-address.ts';
import type { ApiEnvironment } from './api-environment.ts';
import { QueueFullError } from '../../network/concurrency-limiter.ts';
import { ApiError, errorResponse } from '../api-error.ts';
import { TemporaryFileError, TemporaryFileTooLargeError } from './temporary-file.ts';
import { errorLogFields } from '../error-log-fields.ts';

/** Enough for most requests; endpoints with larger bodies state `maxBodyBytes`. */
export const maxBodyBytes = 64 * 1024;
const maxAddressLength = 4096;

/** Headers for every response: no framing, and only scripts from our own files. */
export function securityHeaders(isHttps: boolean): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      // The component library sets its theme in a style element.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: 'DENY',
    // Addresses contain student ids, which other sites must not get.
    referrerPolicy: 'same-origin',
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
    strictTransportSecurity: isHttps ? 'max-age=31536000; includeSubDomains' : false,
  });
}

/** Keeps browsers and proxies from storing responses, which contain records. */
export const noStore: MiddlewareHandler = async (context, next) => {
  await next();
  context.header('cache-control', 'no-store');
};

/** Rejects addresses longer than any of ours. */
export const addressLimit: MiddlewareHandler = async (context, next) => {
  if (context.req.url.length > maxAddressLength) {
    throw new ApiError(
      'address-too-long',
      `The address of this request is longer than ${maxAddressLength} characters.`,
    );
  }
  await next();
};

/**
 * Rejects bodies that are larger than their endpoint allows, before they are read. Files are left to the endpoint,
 * which reads them only after it has authorized the caller.
 */
export function bodySizeLimit(endpoints: readonly Endpoint[]): MiddlewareHandler {
  const larger = endpoints.flatMap((endpoint) =>
    endpoint.maxBodyBytes === undefined
      ? []
      : { endpoint, pattern: pathPattern(endpoint), limit: createBodyLimit(endpoint.maxBodyBytes) },
  );
  const defaultLimit = createBodyLimit(maxBodyBytes);
  return async (context, next) => {
    const { method, path } = context.req;
    const found = larger.find(
      ({ endpoint, pattern }) => endpoint.method === method && pattern.test(path),
    );
    if (found?.endpoint.takes !== undefined) return next();
    return (found?.limit ?? defaultLimit)(context, next);
  };
}

/** Returns a pattern that matches the paths of an endpoint. */
export const pathPattern = ({ path }: Pick<Endpoint, 'path'>): RegExp =>
  new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);

const createBodyLimit = (maxSize: number): MiddlewareHandler =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw bodyTooLarge(maxSize);
    },
  });

/** The error for a body larger than this. */
export const bodyTooLarge = (bytes: number): ApiError =>
  new ApiError(
    'body-too-large',
    bytes < 1024 * 1024
      ? `The body of this request is larger than ${bytes / 1024} KiB.`
      : `This is larger than the maximum of ${bytes / 1024 / 1024} MB.`,
  );

/**
 * A request that writes must come from our own pages: its Origin must be the public address or, on a local server,
 * the requested address, and its Sec-Fetch-Site must agree. Requests without both headers (command line, programs)
 * carry no cookie that another site could misuse.
 */
export function sameOrigin(publicUrl: string | undefined): MiddlewareHandler {
  const trusted = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  return async (context, next) => {
    const isRead = context.req.method === 'GET' || context.req.method === 'HEAD';
    const own = trusted ?? new URL(context.req.url).origin;
    const origin = context.req.header('origin') ?? own;
    // "none": a typed address or a bookmark.
    const site = context.req.header('sec-fetch-site') ?? 'none';
    if (!isRead && (origin !== own || (site !== 'same-origin' && site !== 'none'))) {
      throw new ApiError('foreign-origin', 'This request comes from another web site.', {
        advice: `Open ${own} and try again there.`,
      });
    }
    await next();
  };
}

/**
 * Another site may navigate a user to an address of the API, as a district's provider does, but not request it from
 * inside a page: visitors of such a page would use up the rate limit of their network. Browsers say which it is.
 */
export const noForeignParts: MiddlewareHandler = async (context, next) => {
  const site = context.req.header('sec-fetch-site') ?? 'none';
  const isLed =
    context.req.header('sec-fetch-mode') === 'navigate' &&
    context.req.header('sec-fetch-dest') === 'document';
  if (site !== 'same-origin' && site !== 'none' && !isLed) {
    throw new ApiError('foreign-origin', 'This request comes from a page of another web site.', {
      advice: 'Open the address by itself.',
    });
  }
  await next();
};

/** Rejects requests with two Host headers: a proxy may have checked the other one. */
export const singleHost: MiddlewareHandler<ApiEnvironment> = async (context, next) => {
  const { incoming } = (context.env as Partial<ApiEnvironment['Bindings']> | undefined) ?? {};
  if ((incoming?.headersDistinct?.host?.length ?? 0) > 1) {
    throw new ApiError('bad-request', 'This request has the header Host more than once.');
  }
  await next();
};

/** Finds the caller's network address. A closed connection has none; its forwarding header is then not trusted. */
export function findAddress(
  proxies: TrustedProxies | undefined,
): MiddlewareHandler<ApiEnvironment> {
  return async (context, next) => {
    // A test that calls the app has neither server nor socket.
    const { incoming } = (context.env as Partial<ApiEnvironment['Bindings']> | undefined) ?? {};
    const peer = incoming === undefined ? '127.0.0.1' : incoming.socket.remoteAddress;
    const forwardedFor = context.req.header('x-forwarded-for');
    context.set('address', callerAddress(peer ?? 'unknown', forwardedFor, proxies));
    await next();
  };
}

/** Assigns a request id and logs method, route, status and duration; never a query, a name or a cookie. */
export function requestLog(
  log: Logger,
  newRequestId: () => string,
): MiddlewareHandler<ApiEnvironment> {
  return async (context, next) => {
    const requestId = newRequestId();
    context.set('requestId', requestId);
    const started = performance.now();
    await next();
    const ms = Math.round(performance.now() - started);
    // Logs the route's pattern, since a path may contain a student's id.
    log.info(
      {
        requestId,
        method: context.req.method,
        route: findRoute(context),
        status: context.res.status,
        ms,
      },
      'request',
    );
  };
}

/** Logs every unexpected error in full; the client gets the message of an `ApiError`, otherwise only a request id. */
export function errorHandler(log: Logger): ErrorHandler<ApiEnvironment> {
  return (error, context) => {
    if (error instanceof ApiError) return errorResponse(context, error);
    if (error instanceof QueueFullError) return errorResponse(context, busyError(error));
    if (error instanceof TemporaryFileTooLargeError) {
      return errorResponse(context, tooLargeError(error));
    }
    const requestId = context.var.requestId;
    log.error(
      { requestId, route: findRoute(context), fault: errorLogFields(error) },
      'request failed',
    );
    if (error instanceof TemporaryFileError) {
      return errorResponse(
        context,
        new ApiError('temporary-file-failed', 'The server has no space for this file.', {
          advice:
            "Give your administrator the request ID. The server's disk is full, or its folder for temporary files is not writable.",
          requestId,
        }),
      );
    }
    if (toDatabaseError(error) instanceof DatabaseError) {
      return errorResponse(
        context,
        new ApiError('database-unavailable', 'The database is not available at the moment.', {
          advice:
            'Try again in a minute. If it happens again, give your administrator the request ID.',
          requestId,
        }),
      );
    }
    return errorResponse(
      context,
      new ApiError('internal-error', 'Something went wrong on the server; nothing was changed.', {
        advice: 'Try again. If it happens again, give your administrator the request ID.',
        requestId,
      }),
    );
  };
}

function tooLargeError({ limit, maxBytes }: TemporaryFileTooLargeError): ApiError {
  if (limit !== 'file') return busyError(new QueueFullError('downloads', limit, 30));
  return new ApiError(
    'not-possible',
    `This file would be larger than ${Math.round(maxBytes / 1024 / 1024)} MB.`,
    { advice: 'Narrow the filter and download the parts one after the other.' },
  );
}

/** 429 with the time after which it is worth trying again. */
function busyError({ what, queue: line, retryAfterSeconds }: QueueFullError): ApiError {
  const messages = {
    owner: `You have as many ${what} in progress as one user may have.`,
    group: `Others in your district have ${what} in progress; no more can wait at the moment.`,
    all: `The server has as many ${what} in progress as it can take at the moment.`,
  };
  return new ApiError(
    'too-many-attempts',
    messages[line],
    {
      advice:
        line === 'owner'
          ? 'Wait until one of them is done, then try again.'
          : `Try again in ${retryAfterSeconds} seconds.`,
    },
    { 'retry-after': String(retryAfterSeconds) },
  );
}

const findRoute = (context: Context): string =>
  context.req.matchedRoutes.findLast((route) => !route.path.endsWith('*'))?.path ?? 'other';
