/** The guards around every answer: headers, size limits, same origin, request ids, one error handler. */
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

/** Few requests of ours come near; those that do say so themselves (`largestBodyBytes` of an endpoint). */
export const maxBodyBytes = 64 * 1024;
const maxAddressLength = 4096;

/** Headers for every answer; nothing may frame us, no script runs but our files. */
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
    // Addresses hold student numbers; they are nobody else's business.
    referrerPolicy: 'same-origin',
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
    strictTransportSecurity: isHttps ? 'max-age=31536000; includeSubDomains' : false,
  });
}

/** Answers with records are never kept by a browser or a proxy. */
export const noStore: MiddlewareHandler = async (context, next) => {
  await next();
  context.header('cache-control', 'no-store');
};

/** Refuses addresses and bodies larger than any of ours. */
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
 * Refuses bodies that are larger than any of their endpoint, before they are read. Files are left to the endpoint,
 * which reads them only once it knows the caller.
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

/** Matches the paths of an endpoint. */
export const pathPattern = ({ path }: Pick<Endpoint, 'path'>): RegExp =>
  new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);

const createBodyLimit = (maxSize: number): MiddlewareHandler =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw bodyTooLarge(maxSize);
    },
  });

/** The refusal of a body larger than this. */
export const bodyTooLarge = (bytes: number): ApiError =>
  new ApiError(
    'body-too-large',
    bytes < 1024 * 1024
      ? `The body of this request is larger than ${bytes / 1024} KiB.`
      : `This is larger than ${bytes / 1024 / 1024} MB, the most that is taken.`,
  );

/**
 * A writing request has to come from our own pages: a browser names its origin, and it has to be the
 * public address or, on a local server, the address asked. What a browser says of the site beside it has to
 * agree, also where it names no origin. Requests without both headers (command line, programs) carry no cookie
 * that a foreign page could misuse.
 */
export function sameOrigin(publicUrl: string | undefined): MiddlewareHandler {
  const trusted = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  return async (context, next) => {
    const isRead = context.req.method === 'GET' || context.req.method === 'HEAD';
    const own = trusted ?? new URL(context.req.url).origin;
    const origin = context.req.header('origin') ?? own;
    // "none": somebody typed the address or chose a bookmark.
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
 * Another site may lead a person to an address of the API, as a district's provider does, but not ask it from inside
 * a page: whoever reads such a page would use up what their whole network may ask. Browsers say which it is.
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

/** Two names of the server are one too many: a proxy may have looked at the other one. */
export const singleHost: MiddlewareHandler<ApiEnvironment> = async (context, next) => {
  const { incoming } = (context.env as Partial<ApiEnvironment['Bindings']> | undefined) ?? {};
  if ((incoming?.headersDistinct?.host?.length ?? 0) > 1) {
    throw new ApiError('bad-request', 'This request has the header Host more than once.');
  }
  await next();
};

/**
 * Finds the network address of who calls. A connection that is gone has none; its header is then not
 * believed, since nobody knows whose it is.
 */
export function findAddress(
  proxies: TrustedProxies | undefined,
): MiddlewareHandler<ApiEnvironment> {
  return async (context, next) => {
    // A test that asks the app itself has neither server nor socket.
    const { incoming } = (context.env as Partial<ApiEnvironment['Bindings']> | undefined) ?? {};
    const peer = incoming === undefined ? '127.0.0.1' : incoming.socket.remoteAddress;
    const forwardedFor = context.req.header('x-forwarded-for');
    context.set('address', callerAddress(peer ?? 'unknown', forwardedFor, proxies));
    await next();
  };
}

/** Gives the request an id and logs method, route, status and time; never a query, a name or a cookie. */
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
    // A path may hold a student's number: the route's pattern stands for it.
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

/** Logs every fault whole and tells the client little: the sentence of a refusal, else only an id. */
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
        new ApiError('temporary-file-failed', 'The server has no room to make this file.', {
          advice:
            "Give your administrator the request id. The server's disk is full, or its folder for temporary files cannot be written.",
          requestId,
        }),
      );
    }
    if (toDatabaseError(error) instanceof DatabaseError) {
      return errorResponse(
        context,
        new ApiError('database-unavailable', 'The database does not answer at the moment.', {
          advice: 'Try again in a minute. If it stays so, give your administrator the request id.',
          requestId,
        }),
      );
    }
    return errorResponse(
      context,
      new ApiError('internal-error', 'Something went wrong on the server; nothing was changed.', {
        advice: 'Try again. If it happens again, give your administrator the request id.',
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
    { advice: 'Narrow the filter, then ask for the parts one after the other.' },
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
