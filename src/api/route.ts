/** Turns an endpoint of the contract into a route: who may call, input parsed, answer checked. */
import type { Context, Hono } from 'hono';
import { z } from 'zod';

import type { Person } from '../accounts/accounts.ts';
import { auditSentences } from '../contract/audit-actions.ts';
import {
  type Audit,
  declaredActions,
  type DistrictPath,
  type Endpoint,
  isOfDistrict,
  isOfOwnAccount,
} from '../contract/endpoint.ts';
import { limits } from '../contract/limits.ts';
import { auditCall, type AuditNote } from './audited-call.ts';
import type { ApiEnvironment, ApiOptions } from './api-environment.ts';
import { ApiRefusal } from './api-refusal.ts';
import { auditRefusal, type DistrictCall, nothingHere, openDistrict } from './district-call.ts';
import { bodyTooLarge, largestBodyBytes } from './security.ts';

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler gets: the input as its schemas made it, and who calls. */
export interface Call<E extends Endpoint> {
  readonly params: Parsed<E['params']>;
  readonly query: Parsed<E['query']>;
  readonly body: Parsed<E['body']>;
  /** `undefined` on public endpoints only. */
  readonly person: E['access'] extends 'public' ? undefined : Person;
  /** The district of the path, of endpoints below `/api/districts/{domain}` only. */
  readonly district: E['path'] extends DistrictPath ? DistrictCall : undefined;
  readonly context: Context<ApiEnvironment>;
  /** Tells the audit trail of this look or search what the address does not say. */
  readonly audited: (note: AuditNote) => void;
}

/** Gives the answer: an object of the contract, or the whole `Response` of a download or of events. */
export type Handler<E extends Endpoint> = (
  call: Call<E>,
) => Promise<E extends { answers: 'download' | 'events' } ? Response : z.output<E['response']>>;

/**
 * Adds the route of an endpoint; throws when its declaration is not whole. Its `access` is checked before anything is parsed, so that a stranger
 * learns nothing; a query or body that the contract does not name is refused; an answer that does not
 * fit the contract is a fault of ours, never sent. A look or a search is sent once its line in the audit trail
 * is kept.
 */
export function addRoute<const E extends Endpoint>(
  app: Hono<ApiEnvironment>,
  options: ApiOptions,
  endpoint: E,
  handler: Handler<E>,
): void {
  refuseIncomplete(endpoint);
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1');
  app.on(endpoint.method, path, async (context) => {
    context.set('endpoint', endpoint);
    const admitted = await admit(context, options, endpoint);
    const { district } = admitted;
    const serve = async () => answerCall(context, options, endpoint, admitted, handler);
    // A file lies in memory while it arrives and is worked on.
    return endpoint.takes === undefined || district === undefined
      ? serve()
      : district.inTurn('uploads', serve);
  });
}

async function answerCall<const E extends Endpoint>(
  context: Context<ApiEnvironment>,
  options: ApiOptions,
  endpoint: E,
  admitted: Admitted,
  handler: Handler<E>,
): Promise<Response> {
  const { domain: _, ...params } = context.req.param() as Record<string, string>;
  let note: AuditNote = {};
  const call = {
    params: parseOrRefuse(endpoint.params, params, 'address'),
    query: parseOrRefuse(endpoint.query ?? noParameters, queryOf(context), 'query'),
    body: parseOrRefuse(endpoint.body, await bodyOf(context, endpoint), 'body'),
    ...admitted,
    context,
    audited: (told: AuditNote) => (note = told),
  };
  // The schemas of this very endpoint made these values; the compiler can't follow through the generic.
  const answer = await handler(call as unknown as Call<E>);
  const isWhole = answer instanceof Response;
  const body: unknown = isWhole ? undefined : endpoint.response.parse(answer);
  try {
    await auditCall(options, context, { endpoint, ...call, note });
  } catch (error) {
    // What can't be kept is not shown.
    if (isWhole) await answer.body?.cancel();
    throw error;
  }
  return isWhole ? answer : context.json(body);
}

/** An endpoint that does not say who may call it, what it leaves in the audit trail, or how often. */
export class IncompleteEndpointError extends Error {
  override readonly name = 'IncompleteEndpointError';
}

/** The compiler asks for all three; this asks again, so that no cast and no JavaScript gets past it. */
function refuseIncomplete(endpoint: Endpoint): void {
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

interface Admitted {
  readonly person?: Person;
  readonly district?: DistrictCall;
}

/**
 * Default deny: only the roles that the endpoint names get past, in their own district. For everybody
 * else it is as if there were nothing here, and the audit trail keeps that they asked.
 */
async function admit(
  context: Context<ApiEnvironment>,
  options: ApiOptions,
  endpoint: Endpoint,
): Promise<Admitted> {
  const { accounts, rateLimits } = options;
  if (endpoint.access === 'public') {
    rateLimits.countCaller(endpoint, context.var.address, accounts.findDevice(context.req.raw));
    return {};
  }
  const caller = await accounts.findCaller(context.req.raw.headers);
  if (caller === undefined) {
    throw new ApiRefusal('not-signed-in', 'You are not signed in, or your session has ended.', {
      advice: 'Sign in and try again.',
    });
  }
  const { person, cookies } = caller;
  context.set('person', person);
  context.set('caller', caller);
  for (const cookie of cookies) context.header('set-cookie', cookie, { append: true });
  rateLimits.countPerson(endpoint, person);
  if (!endpoint.access.includes(person.role)) {
    await auditRefusal(person, context);
    throw nothingHere();
  }
  rateLimits.countDistrict(endpoint, person);
  if (caller.needsTwoFactor && !isOfOwnAccount(endpoint)) {
    throw new ApiRefusal(
      'two-factor-needed',
      'A second factor is wanted of people with your rights, and you have none yet.',
      { advice: 'Set it up in your account first.' },
    );
  }
  const district = isOfDistrict(endpoint)
    ? await openDistrict(options, person, context)
    : undefined;
  if (endpoint.needsFreshProof === true && !caller.isProven) {
    throw new ApiRefusal('proof-needed', 'This needs a fresh proof that it is you.', {
      advice:
        'Give your password, and your code if you have a second factor, to POST /api/session/proof; then try again within five minutes.',
    });
  }
  return { person, ...(district && { district }) };
}

/** Each parameter once; one given twice is refused rather than half read. */
function queryOf(context: Context): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [name, given] of Object.entries(context.req.queries())) {
    const [value, ...further] = given;
    if (further.length > 0) {
      throw new ApiRefusal(
        'bad-request',
        `The query parameter "${shorten(name)}" is given twice.`,
        {
          field: shorten(name),
          advice: 'Give it once.',
        },
      );
    }
    if (value !== undefined) values[name] = value;
  }
  return values;
}

async function bodyOf(context: Context, endpoint: Endpoint): Promise<unknown> {
  if (endpoint.body === undefined) return undefined;
  if (endpoint.takes !== undefined)
    return fileOf(context, endpoint.takes, endpoint.largestBodyBytes ?? largestBodyBytes);
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) {
    throw new ApiRefusal('bad-request', 'The body of this request has to be JSON.', {
      advice: 'Send it with the header Content-Type: application/json.',
    });
  }
  try {
    return await context.req.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ApiRefusal('bad-request', 'The body of this request is no readable JSON.');
  }
}

/** The bytes of a file; never more of them in memory than are taken. */
async function fileOf(
  { req: { raw } }: Context,
  type: string,
  largest: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const given = raw.headers.get('content-type') ?? '';
  if (given.split(';')[0]?.trim().toLowerCase() !== type) {
    throw new ApiRefusal('bad-request', `The body of this request has to be ${type}.`, {
      advice: `Send the file as it is, with the header Content-Type: ${type}.`,
    });
  }
  if (Number(raw.headers.get('content-length') ?? 0) > largest) throw bodyTooLarge(largest);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of raw.body ?? []) {
    size += piece.byteLength;
    // Leaving the loop ends the reading.
    if (size > largest) throw bodyTooLarge(largest);
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** Parses by the schema, or answers 400 that names the first thing wrong. */
function parseOrRefuse(
  schema: z.ZodType | undefined,
  value: unknown,
  place: 'address' | 'query' | 'body',
): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw unknownName(place, issue.keys[0] ?? '', namesOf(schema));
  }
  const field = issue?.path.join('.') ?? '';
  throw new ApiRefusal(
    'bad-request',
    field === ''
      ? `The ${place} of this request does not have the expected form.`
      : `The value of "${field}" in the ${place} is not accepted: ${issue?.message ?? 'wrong form'}.`,
    { ...(field === '' ? {} : { field }), advice: 'See /api/docs for what is accepted.' },
  );
}

const namesOf = (schema: z.ZodType): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

const unknownName = (place: string, name: string, known: readonly string[]): ApiRefusal =>
  new ApiRefusal('bad-request', `The ${place} has an unknown parameter "${shorten(name)}".`, {
    field: shorten(name),
    advice:
      known.length === 0 ? 'This endpoint takes none.' : `Known parameters: ${known.join(', ')}.`,
  });

const shorten = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);
