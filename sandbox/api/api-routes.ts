/** The HTTP routes of the API: authorization, pages, single rows and errors. */
import { Hono, type Context as HttpContext } from 'hono';
import { checkObject, type Access, type Accesses } from './access.ts';
import { createRowWriter } from './row-writer.ts';
import type { ObjectDefinition } from '../district/catalog.ts';
import type { SwitchValues } from './contract-switches.ts';
import { readDataObject } from './data-object.ts';
import {
  delayResponse,
  faultResponse,
  faultyRowWriter,
  faultyPage,
  faultyRows,
  type Fault,
  type Faults,
} from './fault.ts';
import { followPaths } from './field-path.ts';
import type { ResponseCache } from './response-cache.ts';
import {
  findPage,
  countPages,
  nextPageAddress,
  effectivePageSize,
  writeList,
  type FoundPage,
} from './list-format.ts';
import { fieldMetadata, moduleListing, systemMetadata } from './metadata.ts';
import { checkObjectPermission, listVisibleFields } from './missing-permissions.ts';
import { OAuth1Checker } from './oauth1.ts';
import { parseQuery, type Query } from './query.ts';
import { authorize, findEntity } from './request-authorization.ts';
import { allowMethod, noFieldsError, parseBody, parsePage } from './request-parsing.ts';
import { ApiError } from './api-error.ts';
import { createRowFormat } from './row-format.ts';
import { districtEntityId } from '../district/school-plan.ts';
import { Searcher, visibleRows } from './search.ts';
import type { Store } from '../district/store.ts';
import type { Switches } from './switches.ts';
import { respondToTokenRequest } from './token-endpoint.ts';
import {
  toErrorReply,
  toResponse,
  encodeBody,
  type UnencodedResponse,
  type EncodedBody,
} from './response-encoding.ts';

/** Dependencies of the API. */
export interface ApiDeps {
  /** Base path of all routes, such as `/PracticeStuAPI`. */
  readonly basePath: string;
  readonly store: Store;
  readonly accesses: Accesses;
  readonly integrationToken: string;
  readonly faults: Faults;
  readonly now: () => number;
  readonly responseCache: ResponseCache | undefined;
  readonly stopping: AbortSignal;
  readonly switches: Switches;
  readonly currentSchoolYearId: () => number;
}

/** An authorized request for an object that the access may read. */
interface ObjectRequest {
  readonly http: HttpContext;
  readonly api: string;
  readonly access: Access;
  readonly entityId: number;
  readonly definition: ObjectDefinition;
  readonly tail: readonly string[];
}

/** A request for one page of a list. */
interface ListRequest extends ObjectRequest {
  readonly page: number;
  readonly pageSize: number;
  readonly text: string | undefined;
  readonly fault: Fault['kind'] | undefined;
}

const noRows = { length: 0, at: () => 0 };

/** Returns the app with every route below `basePath`. */
export function createApi(deps: ApiDeps): Hono {
  const app = new Hono();
  const routes = new ApiRoutes(deps);
  app.all(`${deps.basePath}/*`, (http) => routes.handle(http));
  app.notFound(() =>
    routes.toErrorResponse(new ApiError(404, `Not found; the API is at ${deps.basePath}.`)),
  );
  app.onError((error) => {
    if (error instanceof ApiError) return routes.toErrorResponse(error);
    throw error;
  });
  return app;
}

/** With a rate limit, every nth request is rejected. */
const rateLimitInterval = 15;

class ApiRoutes {
  readonly #deps: ApiDeps;
  readonly #searcher: Searcher;
  readonly #oauth1: OAuth1Checker;
  #requests = 0;

  constructor(deps: ApiDeps) {
    this.#deps = deps;
    this.#searcher = new Searcher(deps.store, deps.switches, deps.currentSchoolYearId);
    this.#oauth1 = new OAuth1Checker(deps.now);
  }

  get #switches(): SwitchValues {
    return this.#deps.switches.values;
  }

  toErrorResponse(error: ApiError): Response {
    return toResponse(this.#switches, toErrorReply(this.#switches, error));
  }

  async handle(http: HttpContext): Promise<Response> {
    const switches = this.#switches;
    const agent = http.req.header('user-agent') ?? '';
    if (switches['user-agent'] === 'required' && agent.trim() === '') return gatewayErrorResponse();
    this.#requests += 1;
    if (switches['rate-limit'] === 'status-429' && this.#requests % rateLimitInterval === 0) {
      throw new ApiError(429, 'Too many requests.');
    }
    let path = http.req.path.slice(this.#deps.basePath.length);
    if (switches['doubled-slash'] === 'taken') path = path.replaceAll(/\/{2,}/gu, '/');
    return path === '/oauth/token' ? this.#token(http) : this.#call(http, path.slice(1));
  }

  async #token(http: HttpContext): Promise<Response> {
    const fault = this.#deps.faults.take('oauth/token', undefined);
    const injected = fault === undefined ? undefined : faultResponse(fault, this.#deps.stopping);
    if (injected !== undefined) return injected;
    return this.#send(
      await respondToTokenRequest(http.req.raw, { ...this.#deps, switches: this.#switches }),
    );
  }

  async #call(http: HttpContext, path: string): Promise<Response> {
    const segments = path.replace(/\/$/u, '').split('/');
    const [, second = ''] = segments;
    const api = this.#prefix(segments[0] ?? '');
    const access = authorize(http, this.#deps.accesses, this.#oauth1);
    const { store } = this.#deps;
    if (this.#isWritten(second, 'GetSystemMetadata') && segments.length === 2) {
      const injected = this.#fault('GetSystemMetadata', undefined);
      allowMethod(http, ['GET']);
      return injected.handle ?? this.#json(systemMetadata(store, api, this.#switches));
    }
    const entityId = findEntity(store, this.#switches, access, second);
    const [, , module = '', name, ...tail] = segments;
    const definitions = Array.from(store.catalog.values());
    const known = definitions.find((each) => this.#isWritten(module, each.module))?.module;
    if (known === undefined) throw new ApiError(404, `Module '${module}' does not exist.`);
    if (name === undefined) {
      allowMethod(http, ['GET']);
      return this.#json(moduleListing(store, access, api, entityId, known));
    }
    const definition =
      store.catalog.get(`${module}/${name}`) ??
      definitions.find((each) => each.module === known && this.#isWritten(name, each.name));
    if (definition === undefined)
      throw new ApiError(404, `Object '${module}/${name}' does not exist.`);
    checkObject(access, definition);
    return this.#object({ http, api, access, entityId, definition, tail });
  }

  /** Returns the prefix as in URLs of responses. */
  #prefix(segment: string): string {
    const { 'path-case': pathCase, 'generic-prefix': generic } = this.#switches;
    const written = pathCase === 'lower-prefix' ? ['generic', 'custom'] : ['Generic', 'Custom'];
    const api = written.find((each) => this.#isWritten(segment, each));
    if (api === undefined) {
      throw new ApiError(
        404,
        `'/${segment}' is not part of this API; paths begin with /Generic or /Custom.`,
      );
    }
    if (generic === 'refused' && api.toLowerCase() === 'generic') {
      throw new ApiError(403, 'The prefix /Generic needs an API user.');
    }
    return api;
  }

  #isWritten(segment: string, name: string): boolean {
    if (this.#switches['path-case'] !== 'any') return segment === name;
    return segment.toLowerCase() === name.toLowerCase();
  }

  #send(reply: UnencodedResponse): Response {
    return toResponse(this.#switches, reply);
  }

  #json(value: unknown): Response {
    return this.#send({ status: 200, text: JSON.stringify(value) });
  }

  #fault(
    object: string,
    page: number | undefined,
  ): { kind?: Fault['kind']; handle?: Response | Promise<Response> } {
    const kind = this.#deps.faults.take(object, page);
    if (kind === undefined) return {};
    const handle = faultResponse(kind, this.#deps.stopping);
    return handle === undefined ? { kind } : { kind, handle };
  }

  async #object(call: ObjectRequest): Promise<Response> {
    const { http, definition, access, tail } = call;
    if (tail.length === 2) return this.#list(call);
    if (tail.length > 2) throw new ApiError(404, 'The address has too many parts.');
    const injected = this.#fault(definition.path, undefined);
    if (injected.handle !== undefined) return injected.handle;
    const emptiness = checkObjectPermission(this.#switches, definition);
    const [id] = tail;
    if (id === undefined) {
      allowMethod(http, ['GET', 'PUT']);
      if (http.req.method !== 'GET') return this.#create(call);
      return this.#json(
        emptiness === undefined ? fieldMetadata(access, definition, this.#switches) : {},
      );
    }
    allowMethod(http, ['GET', 'POST', 'DELETE']);
    const row = this.#row(call, id);
    if (http.req.method === 'POST') return this.#update(call, row);
    const query = parseQuery(new URL(http.req.url).searchParams);
    if (http.req.method === 'DELETE') return this.#delete(call, row);
    if (query.fields.length === 0) throw noFieldsError();
    return this.#single(call, query, row);
  }

  async #list(call: ObjectRequest): Promise<Response> {
    const { http, definition, access } = call;
    allowMethod(http, ['GET', 'POST']);
    const [page, requestedSize] = parsePage(call.tail);
    const injected = this.#fault(definition.path, page);
    if (injected.handle !== undefined) return injected.handle;
    if (injected.kind === 'slow') await delayResponse();
    const pageSize = effectivePageSize(this.#switches, requestedSize);
    const { url } = http.req;
    const text = http.req.method === 'POST' ? await http.req.text() : undefined;
    const isCacheable = this.#deps.responseCache !== undefined && injected.kind === undefined;
    // The key includes the access, since accesses may see different rows.
    const key = isCacheable ? `${access.key} ${url.slice(url.indexOf('/', 8))} ${text ?? ''}` : '';
    const cached = isCacheable ? this.#deps.responseCache?.find(key) : undefined;
    if (cached !== undefined) return toBodyResponse(cached);
    const reply = this.#listReply({ ...call, page, pageSize, text, fault: injected.kind });
    if (reply.text === undefined) return this.#send(reply);
    const body = encodeBody(this.#switches, reply.text, reply);
    if (isCacheable) this.#deps.responseCache?.store(key, body);
    return toBodyResponse(injected.kind === 'cut-body' ? cutInHalf(body) : body);
  }

  #listReply(call: ListRequest): UnencodedResponse {
    const { http, definition, access, entityId, api, page, pageSize, text, fault } = call;
    const switches = this.#switches;
    const query = parseQuery(new URL(http.req.url).searchParams);
    if (query.fields.length === 0) throw noFieldsError();
    const { fields, ...context } = query;
    const body = text === undefined ? undefined : parseBody(text);
    const emptiness = checkObjectPermission(switches, definition);
    if (emptiness === 'null-list') {
      return { status: 200, text: writeList(switches, null, undefined), isList: true };
    }
    const paths = this.#paths(access, definition, fields);
    const isEmpty =
      emptiness === 'empty-list' ||
      (entityId === districtEntityId && switches['entity-picker'] === 'empty-lists');
    const rows = isEmpty
      ? noRows
      : this.#searcher.rows({ definition, entityId, access, context, body });
    const part = faultyPage(fault, page);
    const visible =
      part.first === 0
        ? rows
        : {
            length: rows.length - part.first,
            at: (place: number) => rows.at(place + part.first),
          };
    // The switch for empty lists does not apply to missing permissions.
    const found: FoundPage = isEmpty
      ? { kind: 'list', rows: [] }
      : findPage(switches, visible, { page: part.page, pageSize });
    if (found.kind === 'status-204') return { status: 204, text: undefined };
    if (found.kind === 'status-404') throw new ApiError(404, `Page ${page} does not exist.`);
    if (found.kind === 'null-list') {
      return { status: 200, text: writeList(switches, null, undefined), isList: true };
    }
    const write = faultyRowWriter(fault, createRowWriter(paths, createRowFormat(switches)));
    const { origin, search } = new URL(http.req.url);
    const lastPage = countPages(switches, rows, pageSize);
    const next = nextPageAddress(
      switches,
      { page, pageSize, lastPage },
      {
        base: origin + this.#deps.basePath,
        path: `/${api}/${entityId}/${definition.path}`,
        query: search,
      },
    );
    const written = faultyRows(fault, [...found.rows]).map(write);
    return { status: 200, text: writeList(switches, written, next), isList: true };
  }

  #paths(access: Access, definition: ObjectDefinition, fields: readonly string[]) {
    if (
      this.#switches['dotted-fields'] === 'refused' &&
      fields.some((field) => field.includes('.'))
    ) {
      throw new ApiError(400, 'Fields of related objects cannot be requested.');
    }
    return listVisibleFields(
      this.#switches,
      followPaths(this.#deps.store, access, definition, fields),
    );
  }

  #row(call: ObjectRequest, id: string): number {
    const { definition } = call;
    const { store } = this.#deps;
    const row = /^\d+$/u.test(id) ? store.table(definition.path).findRow(Number(id)) : undefined;
    if (row === undefined || !visibleRows(store, call).every((test) => test(row))) {
      throw new ApiError(404, `${definition.path} has no row ${id} for entity ${call.entityId}.`);
    }
    return row;
  }

  #single(call: ObjectRequest, query: Query, row: number): Response {
    const { definition, access } = call;
    const requestedFields = query.fields.length > 0 ? query.fields : [definition.key];
    const paths = this.#paths(access, definition, requestedFields);
    const text = createRowWriter(paths, createRowFormat(this.#switches))(row);
    return this.#send({ status: 200, text });
  }

  async #create(call: ObjectRequest): Promise<Response> {
    const { http, definition, access } = call;
    const query = parseQuery(new URL(http.req.url).searchParams);
    const body = parseBody(await http.req.text());
    const values = readDataObject(this.#deps.store, { definition, access, body });
    return this.#single(call, query, this.#deps.store.table(definition.path).insert(values));
  }

  async #update(call: ObjectRequest, row: number): Promise<Response> {
    const { http, definition, access } = call;
    const table = this.#deps.store.table(definition.path);
    const query = parseQuery(new URL(http.req.url).searchParams);
    const body = parseBody(await http.req.text());
    const values = readDataObject(this.#deps.store, {
      definition,
      access,
      body,
      id: table.idOf(row),
    });
    const time = new Date(this.#deps.now()).toISOString().slice(0, 19);
    table.update(row, {
      ...values,
      ...(definition.fields.has('ModifiedTime') ? { ModifiedTime: time } : {}),
    });
    return this.#single(call, query, row);
  }

  #delete(call: ObjectRequest, row: number): Response {
    const { definition, access } = call;
    if (!access.allowsWriting) {
      throw new ApiError(403, `The Integration Access may not delete ${definition.path}.`);
    }
    const table = this.#deps.store.table(definition.path);
    table.remove(row);
    return this.#json({ [definition.key]: table.idOf(row) });
  }
}

function toBodyResponse({ bytes, headers }: EncodedBody): Response {
  return new Response(bytes, { headers });
}

function cutInHalf({ bytes, headers }: EncodedBody): EncodedBody {
  const half = bytes.slice(0, bytes.length / 2);
  return { bytes: half, headers: { ...headers, 'Content-Length': String(half.length) } };
}

/** Returns the error page of a gateway in front of the server. */
function gatewayErrorResponse(): Response {
  return new Response('<html><head><title>403 Forbidden</title></head><body></body></html>', {
    status: 403,
    headers: { 'Content-Type': 'text/html' },
  });
}
