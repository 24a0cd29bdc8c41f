/** Turns an endpoint of the contract into a route: who may call, input parsed, answer checked. */
import type { Context, Hono } from 'hono';
import { z } from 'zod';

import type { Accounts, Person } from '../accounts/accounts.ts';
import type { Endpoint } from '../contract/endpoint.ts';
import type { ApiEnvironment } from './api-environment.ts';
import { ApiRefusal } from './api-refusal.ts';

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler gets: the input as its schemas made it, and who calls. */
export interface Call<E extends Endpoint> {
  readonly params: Parsed<E['params']>;
  readonly query: Parsed<E['query']>;
  readonly body: Parsed<E['body']>;
  /** `undefined` on public endpoints only. */
  readonly person: E['access'] extends 'public' ? undefined : Person;
  readonly context: Context<ApiEnvironment>;
}

export type Handler<E extends Endpoint> = (call: Call<E>) => Promise<z.output<E['response']>>;

/**
 * Adds the route of an endpoint. Its `access` is checked before anything is parsed, so that a stranger
 * learns nothing; a query or body that the contract does not name is refused; an answer that does not
 * fit the contract is a fault of ours, never sent.
 */
export function addRoute<const E extends Endpoint>(
  app: Hono<ApiEnvironment>,
  accounts: Accounts,
  endpoint: E,
  handler: Handler<E>,
): void {
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1');
  app.on(endpoint.method, path, async (context) => {
    await admit(context, accounts, endpoint);
    const call = {
      params: parseOrRefuse(endpoint.params, context.req.param(), 'address'),
      query: parseOrRefuse(endpoint.query ?? noParameters, queryOf(context), 'query'),
      body: parseOrRefuse(endpoint.body, await bodyOf(context, endpoint), 'body'),
      person: context.get('person'),
      context,
    };
    // The schemas of this very endpoint made these values; the compiler can't follow through the generic.
    const answer = await handler(call as unknown as Call<E>);
    return context.json(endpoint.response.parse(answer));
  });
}

const noParameters = z.strictObject({});

/** Default deny: only the roles that the endpoint names get past. */
async function admit(
  context: Context<ApiEnvironment>,
  accounts: Accounts,
  endpoint: Endpoint,
): Promise<void> {
  if (endpoint.access === 'public') return;
  const caller = await accounts.findCaller(context.req.raw.headers);
  if (caller === undefined) {
    throw new ApiRefusal('not-signed-in', 'You are not signed in, or your session has ended.', {
      advice: 'Sign in and try again.',
    });
  }
  if (!endpoint.access.includes(caller.person.role)) {
    throw new ApiRefusal('not-allowed', 'Your role does not allow this.', {
      advice: 'Ask an administrator of your district if you need it for your work.',
    });
  }
  context.set('person', caller.person);
  for (const cookie of caller.cookies) context.header('set-cookie', cookie, { append: true });
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

/** Parses by the schema, or answers 400 that names the first thing wrong. */
function parseOrRefuse(
  schema: z.ZodObject | undefined,
  value: unknown,
  place: 'address' | 'query' | 'body',
): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw unknownName(place, issue.keys[0] ?? '', Object.keys(schema.shape));
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

const unknownName = (place: string, name: string, known: readonly string[]): ApiRefusal =>
  new ApiRefusal('bad-request', `The ${place} has an unknown parameter "${shorten(name)}".`, {
    field: shorten(name),
    advice:
      known.length === 0 ? 'This endpoint takes none.' : `Known parameters: ${known.join(', ')}.`,
  });

const shorten = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);
