/** The HTTP client of Skyward's partner interface; implements `PartnerInterface`. */
import { z } from 'zod';

import type {
  GeneratedSecret,
  IntegrationAccess,
  PartnerInterface,
} from '../districts/partner-interface.ts';
import { userAgent } from '../network/user-agent.ts';
import { type AddressRules, checkBaseUrl } from '../network/address-check.ts';
import { parseJsonBody } from './http/http-response.ts';
import { createHttpExchange, type HttpResponse, type HttpExchange } from './http/http-exchange.ts';
import { QmlativError } from './http/qmlativ-error.ts';
import { qmlativDate } from './objects/qmlativ-date.ts';

export interface PartnerClientOptions {
  readonly url: string;
  readonly token: string;
  readonly rules: AddressRules;
  readonly userAgent?: string;
  /** For one request; 20 seconds by default. */
  readonly requestTimeoutMs?: number;
}

/** The partner interface rejected a request or failed. Contains no token and no secret. */
class PartnerError extends Error {
  override readonly name = 'PartnerError';
  readonly code: 'partner-rejected' | 'partner-unreachable' | 'partner-unexpected';
  readonly advice: string;
  constructor(code: PartnerError['code'], message: string, advice: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.advice = advice;
  }
}

const Day = z.string().transform((text, context) => {
  const day = qmlativDate(text);
  if (day !== undefined) return Temporal.PlainDate.from(day);
  context.addIssue('not a day');
  return z.NEVER;
});
const Entity = z.object({
  entityId: z.int(),
  name: z.string(),
  isDistrictEntity: z.boolean(),
});
const Customer = z.object({
  customerId: z.string().min(1),
  name: z.string(),
  apiBaseUrl: z.string(),
  productName: z.string(),
});
const Access = z
  .object({
    accessId: z.int(),
    name: z.string(),
    key: z.string(),
    authenticationType: z.string(),
    isActive: z.boolean(),
    effectiveDate: Day,
    expirationDate: Day.nullable(),
    customApiEntities: z.array(Entity),
    permissions: z.array(z.object({ object: z.string(), fields: z.array(z.string()) })),
    hasSecret: z.boolean(),
  })
  .transform(({ customApiEntities, ...access }): IntegrationAccess => ({
    ...access,
    entities: customApiEntities,
  }));
const Generated = z.object({ key: z.string(), secret: z.string().min(1) });
const ErrorResponse = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Opens the partner interface of `url`. Throws `PartnerError` for an address that may not be called. */
export function createPartnerClient(options: PartnerClientOptions): PartnerInterface {
  const checked = checkBaseUrl(options.url, options.rules);
  if (!checked.ok) {
    throw new PartnerError(
      'partner-unreachable',
      `The address of Skyward's partner interface cannot be used: ${checked.message}`,
      'Correct DAYBREAK_PARTNER_URL.',
    );
  }
  const exchange = createHttpExchange({
    baseUrl: checked.url,
    rules: options.rules,
    connections: 2,
    userAgent: options.userAgent ?? userAgent(),
    requestTimeoutMs: options.requestTimeoutMs ?? 20_000,
  });
  const request = async <Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    body?: object,
  ): Promise<z.output<Schema>> => {
    const response = await send(exchange, options.token, path, body);
    const parsed = schema.safeParse(parseJsonBody(response));
    if (parsed.success) return parsed.data;
    throw createUnexpectedError(parsed.error);
  };
  return {
    listSkywardDistricts: async () =>
      (await request(z.object({ customers: z.array(Customer) }), '/customers')).customers,
    listEntities: async (id) =>
      (await request(z.object({ entities: z.array(Entity) }), customer(id))).entities,
    listAccesses: async (id) =>
      (await request(z.object({ integrationAccesses: z.array(Access) }), accesses(id)))
        .integrationAccesses,
    async generateSecret(id, accessId, formerSecretSeconds): Promise<GeneratedSecret> {
      const path = `${accesses(id)}/${accessId}/secret`;
      const { key, secret } = await request(Generated, path, { formerSecretSeconds });
      return { key, secret };
    },
    close: async () => exchange.close(),
  };
}

const customer = (id: string) => `/customers/${encodeURIComponent(id)}`;
const accesses = (id: string) => `${customer(id)}/integration-accesses`;

async function send(
  exchange: HttpExchange,
  token: string,
  path: string,
  body: object | undefined,
): Promise<HttpResponse> {
  const response = await exchange.send(
    {
      method: body === undefined ? 'GET' : 'POST',
      path,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      place: { object: 'partner' },
    },
    AbortSignal.any([]),
  );
  if (response.kind === 'failure') {
    throw new PartnerError(
      'partner-unreachable',
      `Skyward's partner interface cannot be reached: ${response.error.message}.`,
      'Try again in a few minutes, or ask Skyward for the secret and enter it manually.',
      response.error,
    );
  }
  if (response.status >= 200 && response.status < 300) return response;
  const error = ErrorResponse.safeParse(parseJsonBody(response));
  if (!error.success || response.status >= 500) {
    throw createUnexpectedError(
      new QmlativError('unexpected-response', `status ${response.status}`),
    );
  }
  throw new PartnerError(
    'partner-rejected',
    `Skyward's partner interface rejected the request: ${error.data.error.message}`,
    response.status === 401
      ? 'Check DAYBREAK_PARTNER_TOKEN.'
      : 'Verify the access again: the record may have been changed or deleted in Skyward.',
  );
}

const createUnexpectedError = (cause: unknown): PartnerError =>
  new PartnerError(
    'partner-unexpected',
    "Skyward's partner interface responded in an unknown format.",
    'Try again; if it fails again, enter the secret manually and send this message to support.',
    cause,
  );
