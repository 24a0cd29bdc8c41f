/** The partner interface: a vendor reads the accesses of a customer and generates their secrets. */
import { Hono, type Context } from 'hono';
import type { Access, Accesses } from '../api/access.ts';
import { isSameText, maxPreviousSecretSeconds } from '../api/access-secret.ts';
import { accessState } from './access-state.ts';
import type { EntityChoice } from './views.ts';
import { faultResponse, type Faults } from '../api/fault.ts';
import type { Integration } from './integration.ts';
import { isRecord } from '../api/api-error.ts';

/** Dependencies of the partner interface. */
export interface PartnerInterfaceDeps {
  readonly token: string;
  /** The only customer (district) of this sandbox. */
  readonly customer: { readonly id: string; readonly name: string; readonly code: string };
  /** Path of the customer's API, such as `/PracticeStuAPI`. */
  readonly apiPath: string;
  /** The product whose accesses this partner manages. */
  readonly integration: Integration;
  readonly accesses: Accesses;
  readonly faults: Faults;
  readonly entities: () => readonly EntityChoice[];
  readonly today: () => string;
  readonly stopping: AbortSignal;
}

/** An error response of the interface; README.md lists the codes. */
class PartnerError extends Error {
  readonly status: 400 | 401 | 404 | 405 | 409;
  readonly code: string;

  constructor(status: PartnerError['status'], code: string, message: string) {
    super(message);
    this.name = 'PartnerError';
    this.status = status;
    this.code = code;
  }
}

/** Returns the app with every path below `root`. */
export function createPartnerInterface(deps: PartnerInterfaceDeps): Hono {
  const app = new Hono();
  const routes = new PartnerRoutes(deps);
  app.onError((error, http) => {
    if (!(error instanceof PartnerError)) throw error;
    const body = { error: { code: error.code, message: error.message } };
    return http.json(
      body,
      error.status,
      error.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {},
    );
  });
  app.use(async (http, next) => {
    const fault = deps.faults.take('partner', undefined);
    const response = fault === undefined ? undefined : faultResponse(fault, deps.stopping);
    if (response !== undefined) return response;
    routes.authorize(http);
    await next();
    http.header('Cache-Control', 'no-store');
    return undefined;
  });
  const accesses = '/customers/:customer/integration-accesses';
  app.get('/customers', (http) => http.json({ customers: [routes.customer(http)] }));
  app.get('/customers/:customer', (http) => {
    routes.checkCustomer(http);
    return http.json({ ...routes.customer(http), entities: routes.entities() });
  });
  app.get(accesses, (http) => http.json({ integrationAccesses: routes.list(http) }));
  app.get(`${accesses}/:access`, (http) => http.json(routes.serializeAccess(routes.find(http))));
  app.post(`${accesses}/:access/secret`, async (http) =>
    http.json(await routes.generate(http), 201),
  );
  app.delete(`${accesses}/:access/secret`, (http) => routes.revoke(http));
  app.all('*', (http) => {
    throw ['GET', 'POST', 'DELETE'].includes(http.req.method)
      ? new PartnerError(404, 'not_found', 'The path does not exist, or not with this method.')
      : new PartnerError(405, 'method_not_allowed', `${http.req.method} is not allowed here.`);
  });
  return app;
}

class PartnerRoutes {
  readonly #deps: PartnerInterfaceDeps;

  constructor(deps: PartnerInterfaceDeps) {
    this.#deps = deps;
  }

  authorize(http: Context): void {
    const header = http.req.header('authorization') ?? '';
    const token = /^bearer (.+)$/iu.exec(header)?.[1]?.trim() ?? '';
    if (isSameText(token, this.#deps.token)) return;
    throw new PartnerError(401, 'unauthorized', 'The partner token is missing or wrong.');
  }

  checkCustomer(http: Context): void {
    const id = http.req.param('customer') ?? '';
    if (id === this.#deps.customer.id) return;
    throw new PartnerError(404, 'customer_not_found', `Customer '${id}' does not exist.`);
  }

  customer(http: Context) {
    const { customer, integration, apiPath } = this.#deps;
    const district = this.#deps.entities().find(({ isDistrictEntity }) => isDistrictEntity);
    return {
      customerId: customer.id,
      name: customer.name,
      districtCode: customer.code,
      apiBaseUrl: `${new URL(http.req.url).origin}${apiPath}`,
      districtEntityId: district?.id ?? null,
      productName: integration.productName,
    };
  }

  entities() {
    return this.#deps.entities().map(serializeEntity);
  }

  list(http: Context) {
    this.checkCustomer(http);
    const key = http.req.query('key');
    return this.#deps.accesses
      .list(this.#deps.integration.id)
      .filter((access) => key === undefined || access.key === key)
      .map((access) => this.serializeAccess(access));
  }

  find(http: Context): Access {
    this.checkCustomer(http);
    const id = http.req.param('access') ?? '';
    const access = /^\d+$/u.test(id) ? this.#deps.accesses.findById(Number(id)) : undefined;
    if (access?.integrationId === this.#deps.integration.id) return access;
    throw new PartnerError(404, 'access_not_found', `Integration Access ${id} does not exist.`);
  }

  /** Returns every property of an access, without secrets. */
  serializeAccess(access: Access) {
    const { secrets } = access;
    const newest = secrets.at(-1);
    return {
      accessId: access.id,
      name: access.name,
      description: access.description,
      key: access.key,
      authenticationType: access.authenticationType,
      isActive: access.isActive,
      effectiveDate: access.effectiveDate,
      expirationDate: access.expirationDate,
      status: accessState(access, this.#deps.today()),
      customApiEntities: this.#deps
        .entities()
        .filter(({ id }) => access.entities === 'all' || access.entities.has(id))
        .map(serializeEntity),
      permissions: Array.from(access.fields, ([object, fields]) => ({
        object,
        fields: Array.from(fields),
      })),
      hasSecret: access.secret !== null || newest !== undefined,
      secretGeneratedAt: newest === undefined ? null : formatInstant(newest.generatedAtMs),
    };
  }

  async generate(http: Context) {
    const access = this.find(http);
    const previousValidSeconds = await parsePreviousValidSeconds(http);
    if (access.authenticationType === 'OAuth 1.0a') {
      throw new PartnerError(
        409,
        'authentication_type',
        `Integration Access '${access.name}' has the Authentication Type OAuth 1.0a; a secret is generated for OAuth 2.0 or Any.`,
      );
    }
    const secret = this.#deps.accesses.generateSecret(access.key, previousValidSeconds);
    const { secrets } = this.find(http);
    const previousValidUntil = secrets.at(-2)?.validUntilMs ?? null;
    return {
      accessId: access.id,
      key: access.key,
      secret,
      generatedAt: formatInstant(secrets.at(-1)?.generatedAtMs ?? 0),
      formerSecretValidUntil:
        previousValidUntil === null ? null : formatInstant(previousValidUntil),
    };
  }

  revoke(http: Context): Response {
    const { key } = this.find(http);
    this.#deps.accesses.change(key, { secret: null, secrets: [] });
    this.#deps.accesses.revokeTokens(key);
    return http.body(null, 204);
  }
}

function serializeEntity({ id, codeName, isDistrictEntity }: EntityChoice) {
  return { entityId: id, name: codeName, isDistrictEntity };
}

/** Returns how long previous secrets stay valid; 0 without a body. */
async function parsePreviousValidSeconds(http: Context): Promise<number> {
  const text = await http.req.text();
  if (text.trim() === '') return 0;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalidRequest('The body is not JSON.');
  }
  if (!isRecord(body)) throw invalidRequest('The body must be a JSON object.');
  const unknown = Object.keys(body).filter((name) => name !== 'formerSecretSeconds');
  if (unknown.length > 0)
    throw invalidRequest(`The body has an unknown member '${unknown.join("', '")}'.`);
  const seconds = body['formerSecretSeconds'] ?? 0;
  if (
    typeof seconds !== 'number' ||
    !Number.isInteger(seconds) ||
    seconds < 0 ||
    seconds > maxPreviousSecretSeconds
  ) {
    throw invalidRequest(
      `formerSecretSeconds must be a whole number from 0 to ${maxPreviousSecretSeconds}.`,
    );
  }
  return seconds;
}

function invalidRequest(message: string): PartnerError {
  return new PartnerError(400, 'invalid_request', message);
}

function formatInstant(ms: number): string {
  return new Date(ms).toISOString();
}
