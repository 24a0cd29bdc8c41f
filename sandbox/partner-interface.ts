/** The partner interface: a vendor reads the accesses of a customer and generates their secrets. */
import { Hono, type Context } from 'hono';
import type { Access, Accesses } from './access.ts';
import { isSameText, longestFormerSeconds } from './access-secret.ts';
import { accessState } from './access-state.ts';
import type { EntityChoice } from './admin-views.ts';
import { faultAnswer, type Faults } from './fault.ts';
import type { Integration } from './integration.ts';
import { isRecord } from './refusal.ts';

/** What the interface is put together from. */
export interface PartnerParts {
  readonly token: string;
  /** The one customer (district) of this system. */
  readonly customer: { readonly id: string; readonly name: string; readonly code: string };
  /** Path of the customer's API on the same host, such as `/PracticeStuAPI`. */
  readonly apiPath: string;
  /** The product whose accesses this partner looks after. */
  readonly integration: Integration;
  readonly accesses: Accesses;
  readonly faults: Faults;
  readonly entities: () => readonly EntityChoice[];
  readonly today: () => string;
  readonly stopping: AbortSignal;
}

/** How the interface says no; the words are listed in README.md. */
class PartnerRefusal extends Error {
  readonly status: 400 | 401 | 404 | 405 | 409;
  readonly code: string;

  constructor(status: PartnerRefusal['status'], code: string, message: string) {
    super(message);
    this.name = 'PartnerRefusal';
    this.status = status;
    this.code = code;
  }
}

/** The app with every address below `root`. */
export function createPartnerInterface(parts: PartnerParts): Hono {
  const app = new Hono();
  const routes = new PartnerRoutes(parts);
  app.onError((error, http) => {
    if (!(error instanceof PartnerRefusal)) throw error;
    const body = { error: { code: error.code, message: error.message } };
    return http.json(
      body,
      error.status,
      error.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {},
    );
  });
  app.use(async (http, next) => {
    const fault = parts.faults.take('partner', undefined);
    const answer = fault === undefined ? undefined : faultAnswer(fault, parts.stopping);
    if (answer !== undefined) return answer;
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
  app.get(`${accesses}/:access`, (http) => http.json(routes.accessAnswer(routes.find(http))));
  app.post(`${accesses}/:access/secret`, async (http) =>
    http.json(await routes.generate(http), 201),
  );
  app.delete(`${accesses}/:access/secret`, (http) => routes.revoke(http));
  app.all('*', (http) => {
    throw ['GET', 'POST', 'DELETE'].includes(http.req.method)
      ? new PartnerRefusal(404, 'not_found', 'There is no such address, or not with this method.')
      : new PartnerRefusal(405, 'method_not_allowed', `${http.req.method} is not used here.`);
  });
  return app;
}

class PartnerRoutes {
  readonly #parts: PartnerParts;

  constructor(parts: PartnerParts) {
    this.#parts = parts;
  }

  authorize(http: Context): void {
    const header = http.req.header('authorization') ?? '';
    const token = /^bearer (.+)$/iu.exec(header)?.[1]?.trim() ?? '';
    if (isSameText(token, this.#parts.token)) return;
    throw new PartnerRefusal(401, 'unauthorized', 'The partner token is missing or wrong.');
  }

  checkCustomer(http: Context): void {
    const id = http.req.param('customer') ?? '';
    if (id === this.#parts.customer.id) return;
    throw new PartnerRefusal(404, 'customer_not_found', `There is no customer '${id}'.`);
  }

  customer(http: Context) {
    const { customer, integration, apiPath } = this.#parts;
    const district = this.#parts.entities().find(({ isDistrictEntity }) => isDistrictEntity);
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
    return this.#parts.entities().map(entityAnswer);
  }

  list(http: Context) {
    this.checkCustomer(http);
    const key = http.req.query('key');
    return this.#parts.accesses
      .list(this.#parts.integration.id)
      .filter((access) => key === undefined || access.key === key)
      .map((access) => this.accessAnswer(access));
  }

  find(http: Context): Access {
    this.checkCustomer(http);
    const id = http.req.param('access') ?? '';
    const access = /^\d+$/u.test(id) ? this.#parts.accesses.withId(Number(id)) : undefined;
    if (access?.integrationId === this.#parts.integration.id) return access;
    throw new PartnerRefusal(404, 'access_not_found', `There is no Integration Access ${id}.`);
  }

  /** Every property of an access; never a secret. */
  accessAnswer(access: Access) {
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
      status: accessState(access, this.#parts.today()),
      customApiEntities: this.#parts
        .entities()
        .filter(({ id }) => access.entities === 'all' || access.entities.has(id))
        .map(entityAnswer),
      permissions: Array.from(access.fields, ([object, fields]) => ({
        object,
        fields: Array.from(fields),
      })),
      hasSecret: access.secret !== null || newest !== undefined,
      secretGeneratedAt: newest === undefined ? null : instant(newest.generatedAtMs),
    };
  }

  async generate(http: Context) {
    const access = this.find(http);
    const formerSeconds = await readFormerSeconds(http);
    if (access.authenticationType === 'OAuth 1.0a') {
      throw new PartnerRefusal(
        409,
        'authentication_type',
        `Integration Access '${access.name}' has the Authentication Type OAuth 1.0a; a secret is generated for OAuth 2.0 or Any.`,
      );
    }
    const secret = this.#parts.accesses.generateSecret(access.key, formerSeconds);
    const { secrets } = this.find(http);
    const former = secrets.at(-2)?.validUntilMs ?? null;
    return {
      accessId: access.id,
      key: access.key,
      secret,
      generatedAt: instant(secrets.at(-1)?.generatedAtMs ?? 0),
      formerSecretValidUntil: former === null ? null : instant(former),
    };
  }

  revoke(http: Context): Response {
    const { key } = this.find(http);
    this.#parts.accesses.change(key, { secret: null, secrets: [] });
    this.#parts.accesses.revokeTokens(key);
    return http.body(null, 204);
  }
}

function entityAnswer({ id, codeName, isDistrictEntity }: EntityChoice) {
  return { entityId: id, name: codeName, isDistrictEntity };
}

/** How long former secrets work on: `{"formerSecretSeconds": n}`; none, at once, without a body. */
async function readFormerSeconds(http: Context): Promise<number> {
  const text = await http.req.text();
  if (text.trim() === '') return 0;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalid('The body is not JSON.');
  }
  if (!isRecord(body)) throw invalid('The body must be a JSON object.');
  const unknown = Object.keys(body).filter((name) => name !== 'formerSecretSeconds');
  if (unknown.length > 0)
    throw invalid(`The body has an unknown member '${unknown.join("', '")}'.`);
  const seconds = body['formerSecretSeconds'] ?? 0;
  if (
    typeof seconds !== 'number' ||
    !Number.isInteger(seconds) ||
    seconds < 0 ||
    seconds > longestFormerSeconds
  ) {
    throw invalid(`formerSecretSeconds must be a whole number from 0 to ${longestFormerSeconds}.`);
  }
  return seconds;
}

function invalid(message: string): PartnerRefusal {
  return new PartnerRefusal(400, 'invalid_request', message);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
