/** Turns an endpoint of the contract into a route: authorizes the caller, parses the input, checks the response. */
import type { Context, Hono } from 'hono';
import { z } from 'zod';

import type { User } from '../accounts/accounts.ts';
import { auditSentences } from '../contract/accounts/audit-actions.ts';
import {
  type Audit,
  declaredActions,
  type DistrictPath,
  type Endpoint,
} from '../contract/endpoint.ts';
import { limits } from '../contract/limits.ts';
import { auditCall, type AuditDetails } from './audited-call.ts';
import { ApiError } from './api-error.ts';
import { authorize, type AuthorizedCall } from './authorization.ts';
import type { ApiEnvironment, ApiOptions } from './server/api-environment.ts';
import type { DistrictCall } from './district-call.ts';
import { bodyTooLarge, maxBodyBytes } from './server/security.ts';

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler gets: the parsed input and the caller. */
export interface Call<E extends Endpoint> {
  readonly params: Parsed<E['params']>;
  readonly query: Parsed<E['query']>;
  readonly body: Parsed<E['body']>;
  /** `undefined` only for public endpoints. */
  readonly user: E['access'] extends 'public' ? undefined : User;
  /** The district of the path; only for endpoints below `/api/districts/{domain}`. */
  readonly district: E['path'] extends DistrictPath ? DistrictCall : undefined;
  readonly context: Context<ApiEnvironment>;
  /** Adds to the audit entry of this view or search what its address does not contain. */
  readonly audited: (note: AuditDetails) => void;
}

/** Returns an object of the contract, or a `Response` for downloads and events. */
export type Handler<E extends Endpoint> = (
  call: Call<E>,
) => Promise<
  E extends { responseKind: 'download' | 'events' } ? Response : z.output<E['response']>
>;

/** What a module of routes gets: how to add a route, and what the API was created with. */
export interface RouteContext {
  readonly route: <const E extends Endpoint>(endpoint: E, handler: Handler<E>) => void;
  readonly options: ApiOptions;
}

/** Returns the context that adds routes to this app. */
export const createRouteContext = (
  app: Hono<ApiEnvironment>,
  options: ApiOptions,
): RouteContext => ({
  options,
  route: (endpoint, handler) => addRoute(app, options, endpoint, handler),
});

/**
 * Adds the route of an endpoint; throws if its declaration is incomplete. Checks `access` before parsing, so that
 * unauthenticated callers get no detail. Rejects parameters that the contract does not have. A response that does
 * not match the contract is our error and is not sent. Views and searches are answered only after their audit entry
 * is stored.
 */
export function addRoute<const E extends Endpoint>(
  app: Hono<ApiEnvironment>,
  options: ApiOptions,
  endpoint: E,
  handler: Handler<E>,
): void {
  rejectIncomplete(endpoint);
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1');
  app.on(endpoint.method, path, async (context) => {
    context.set('endpoint', endpoint);
    const authorized = await authorize(context, options, endpoint);
    const { district } = authorized;
    const serve = async () => handleCall(context, options, endpoint, authorized, handler);
    // An uploaded file stays in memory until the request is done.
    return endpoint.takes === undefined || district === undefined
      ? serve()
      : district.withLimit('uploads', serve);
  });
}

async function handleCall<const E extends Endpoint>(
  context: Context<ApiEnvironment>,
  options: ApiOptions,
  endpoint: E,
  authorized: AuthorizedCall,
  handler: Handler<E>,
): Promise<Response> {
  const { domain: _, ...params } = context.req.param() as Record<string, string>;
  let note: AuditDetails = {};
  const call = {
    params: parseOrReject(endpoint.params, params, 'address'),
    query: parseOrReject(endpoint.query ?? noParameters, readQuery(context), 'query'),
    body: parseOrReject(endpoint.body, await readBody(context, endpoint), 'body'),
    ...authorized,
    context,
    audited: (reported: AuditDetails) => (note = reported),
  };
  // Parsed by the schemas of this endpoint, which the compiler can't see through the generic.
  const response = await handler(call as unknown as Call<E>);
  const isWhole = response instanceof Response;
  const body: unknown = isWhole ? undefined : endpoint.response.parse(response);
  try {
    await auditCall(options, context, { endpoint, ...call, note });
  } catch (error) {
    // Without an audit entry nothing is shown.
    if (isWhole) await response.body?.cancel();
    throw error;
  }
  return isWhole ? response : context.json(body);
}

/** An endpoint that declares no access, audit or limit. */
export class IncompleteEndpointError extends Error {
  override readonly name = 'IncompleteEndpointError';
}

/** The compiler requires all three; this check also covers casts. */
function rejectIncomplete(endpoint: Endpoint): void {
  const { method, path, access, audit, limit }: Partial<Endpoint> = endpoint;
  const isWhole = {
    access: access === 'public' || (access?.length ?? 0) > 0,
    audit: audit !== undefined && isWholeAudit(audit),
    limit: limit !== undefined && Object.hasOwn(limits, limit),
  };
  const missing = Object.entries(isWhole).find(([, isThere]) => !isThere)?.[0];
  if (missing === undefined) return;
  throw new IncompleteEndpointError(
    `The endpoint ${method} ${path} declares no ${missing}; see src/contract/endpoint.ts.`,
  );
}

function isWholeAudit(audit: Audit): boolean {
  const actions = declaredActions(audit);
  const areKnown = actions.every((action) => Object.hasOwn(auditSentences, action));
  return areKnown && actions.length > 0 === (audit.kind !== 'nothing');
}

const noParameters = z.strictObject({});

/** Returns the query parameters. Rejects one that is given twice, since only one value could be used. */
function readQuery(context: Context): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [name, given] of Object.entries(context.req.queries())) {
    const [value, ...further] = given;
    if (further.length > 0) {
      throw new ApiError('bad-request', `The query parameter "${shorten(name)}" is given twice.`, {
        field: shorten(name),
        advice: 'Give it once.',
      });
    }
    if (value !== undefined) values[name] = value;
  }
  return values;
}

async function readBody(context: Context, endpoint: Endpoint): Promise<unknown> {
  if (endpoint.body === undefined) return undefined;
  if (endpoint.takes !== undefined)
    return readFile(context, endpoint.takes, endpoint.maxBodyBytes ?? maxBodyBytes);
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) {
    throw new ApiError('bad-request', 'The body of this request must be JSON.', {
      advice: 'Send it with the header Content-Type: application/json.',
    });
  }
  try {
    return await context.req.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ApiError('bad-request', 'The body of this request is not valid JSON.');
  }
}

/** Returns the bytes of a file; stops reading at the limit. */
async function readFile(
  { req: { raw } }: Context,
  type: string,
  largest: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const given = raw.headers.get('content-type') ?? '';
  if (given.split(';')[0]?.trim().toLowerCase() !== type) {
    throw new ApiError('bad-request', `The body of this request must be ${type}.`, {
      advice: `Send the file as it is, with the header Content-Type: ${type}.`,
    });
  }
  if (Number(raw.headers.get('content-length') ?? 0) > largest) throw bodyTooLarge(largest);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of raw.body ?? []) {
    size += piece.byteLength;
    // Throwing inside the loop cancels the body.
    if (size > largest) throw bodyTooLarge(largest);
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** Parses by the schema, or throws a 400 that names the first problem. */
function parseOrReject(
  schema: z.ZodType | undefined,
  value: unknown,
  place: 'address' | 'query' | 'body',
): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw unknownName(place, issue.keys[0] ?? '', parameterNames(schema));
  }
  const field = issue?.path.join('.') ?? '';
  throw new ApiError(
    'bad-request',
    field === ''
      ? `The ${place} of this request has the wrong form.`
      : `The value of "${field}" in the ${place} is invalid: ${issue?.message ?? 'wrong form'}.`,
    { ...(field === '' ? {} : { field }), advice: 'See /api/docs for what is accepted.' },
  );
}

const parameterNames = (schema: z.ZodType): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

const unknownName = (place: string, name: string, known: readonly string[]): ApiError =>
  new ApiError('bad-request', `The ${place} has an unknown parameter "${shorten(name)}".`, {
    field: shorten(name),
    advice:
      known.length === 0 ? 'This endpoint has none.' : `Known parameters: ${known.join(', ')}.`,
  });

const shorten = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);
