/** The HTTP side: paths, authorization, pages, single rows and errors. */
import { Hono, type Context as HttpContext } from 'hono';
import { checkObject, type Access, type Accesses } from './access.ts';
import { createRowWriter } from './answer.ts';
import type { ObjectDefinition } from './catalogue.ts';
import type { SwitchValues } from './contract-switches.ts';
import { readDataObject } from './data-object.ts';
import {
  beSlow,
  faultAnswer,
  faultyRowText,
  shownPart,
  shownRows,
  type Fault,
  type Faults,
} from './fault.ts';
import { followPaths } from './field-path.ts';
import type { KeptAnswers } from './kept-answers.ts';
import {
  findPage,
  lastPageOf,
  nextOf,
  usedPageSize,
  writeList,
  type FoundPage,
} from './list-form.ts';
import { fieldMetadata, moduleListing, systemMetadata } from './metadata.ts';
import { checkObjectGap, shownFields } from './not-granted.ts';
import { OAuth1Checker } from './oauth1.ts';
import { parseQuery, type Query } from './query.ts';
import { Refusal } from './refusal.ts';
import { rowForm } from './row-form.ts';
import { districtEntityId } from './school-plan.ts';
import { Searcher, visibleRows } from './search.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';
import { answerToken } from './token.ts';
import { refusalReply, responseOf, wireBody, type Reply, type WireBody } from './wire-form.ts';

/** What the API is put together from. */
export interface ApiParts {
  /** Path before every route, such as `/PracticeStuAPI`. */
  readonly basePath: string;
  readonly store: Store;
  readonly accesses: Accesses;
  readonly integrationToken: string;
  readonly faults: Faults;
  readonly now: () => number;
  readonly answers: KeptAnswers | undefined;
  readonly stopping: AbortSignal;
  readonly switches: Switches;
  readonly currentSchoolYearId: () => number;
}

/** A request that passed authorization and names an object the access may see. */
interface ObjectCall {
  readonly http: HttpContext;
  readonly api: string;
  readonly access: Access;
  readonly entityId: number;
  readonly definition: ObjectDefinition;
  readonly tail: readonly string[];
}

/** One page of a list that is asked for. */
interface ListCall extends ObjectCall {
  readonly page: number;
  readonly pageSize: number;
  readonly text: string | undefined;
  readonly fault: Fault['kind'] | undefined;
}

const noRows = { length: 0, at: () => 0 };

const largestPage = 100_000;

/** The app, with every route below `basePath`. */
export function createApi(parts: ApiParts): Hono {
  const app = new Hono();
  const routes = new ApiRoutes(parts);
  app.all(`${parts.basePath}/*`, (http) => routes.answer(http));
  app.notFound(() =>
    routes.refuse(new Refusal(404, `Nothing is here; the API begins at ${parts.basePath}.`)),
  );
  app.onError((error) => {
    if (error instanceof Refusal) return routes.refuse(error);
    throw error;
  });
  return app;
}

/** Of so many requests one is too many where the rate is limited. */
const rateLimit = 15;

class ApiRoutes {
  readonly #parts: ApiParts;
  readonly #searcher: Searcher;
  readonly #oauth1: OAuth1Checker;
  #requests = 0;

  constructor(parts: ApiParts) {
    this.#parts = parts;
    this.#searcher = new Searcher(parts.store, parts.switches, parts.currentSchoolYearId);
    this.#oauth1 = new OAuth1Checker(parts.now);
  }

  get #switches(): SwitchValues {
    return this.#parts.switches.values;
  }

  refuse(refusal: Refusal): Response {
    return responseOf(this.#switches, refusalReply(this.#switches, refusal));
  }

  async answer(http: HttpContext): Promise<Response> {
    const switches = this.#switches;
    const agent = http.req.header('user-agent') ?? '';
    if (switches['user-agent'] === 'required' && agent.trim() === '') return gatewayRefusal();
    this.#requests += 1;
    if (switches['rate-limit'] === 'status-429' && this.#requests % rateLimit === 0) {
      throw new Refusal(429, 'Too many requests.');
    }
    let path = http.req.path.slice(this.#parts.basePath.length);
    if (switches['doubled-slash'] === 'taken') path = path.replaceAll(/\/{2,}/gu, '/');
    return path === '/oauth/token' ? this.#token(http) : this.#call(http, path.slice(1));
  }

  async #token(http: HttpContext): Promise<Response> {
    const fault = this.#parts.faults.take('oauth/token', undefined);
    const faulty = fault === undefined ? undefined : faultAnswer(fault, this.#parts.stopping);
    if (faulty !== undefined) return faulty;
    return this.#send(
      await answerToken(http.req.raw, { ...this.#parts, switches: this.#switches }),
    );
  }

  async #call(http: HttpContext, path: string): Promise<Response> {
    const segments = path.replace(/\/$/u, '').split('/');
    const [, second = ''] = segments;
    const api = this.#prefix(segments[0] ?? '');
    const access = this.#authorize(http);
    const { store } = this.#parts;
    if (this.#isWritten(second, 'GetSystemMetadata') && segments.length === 2) {
      const faulty = this.#fault('GetSystemMetadata', undefined);
      allowMethod(http, ['GET']);
      return faulty.answer ?? this.#json(systemMetadata(store, api, this.#switches));
    }
    const entityId = this.#entity(access, second);
    const [, , module = '', name, ...tail] = segments;
    const definitions = Array.from(store.catalogue.values());
    const known = definitions.find((each) => this.#isWritten(module, each.module))?.module;
    if (known === undefined) throw new Refusal(404, `There is no module '${module}'.`);
    if (name === undefined) {
      allowMethod(http, ['GET']);
      return this.#json(moduleListing(store, access, api, entityId, known));
    }
    const definition =
      store.catalogue.get(`${module}/${name}`) ??
      definitions.find((each) => each.module === known && this.#isWritten(name, each.name));
    if (definition === undefined) throw new Refusal(404, `There is no object '${module}/${name}'.`);
    checkObject(access, definition);
    return this.#object({ http, api, access, entityId, definition, tail });
  }

  /** The prefix as the addresses of answers have it. */
  #prefix(segment: string): string {
    const { 'path-case': pathCase, 'generic-prefix': generic } = this.#switches;
    const written = pathCase === 'lower-prefix' ? ['generic', 'custom'] : ['Generic', 'Custom'];
    const api = written.find((each) => this.#isWritten(segment, each));
    if (api === undefined) {
      throw new Refusal(
        404,
        `'/${segment}' is not part of this API; paths begin with /Generic or /Custom.`,
      );
    }
    if (generic === 'refused' && api.toLowerCase() === 'generic') {
      throw new Refusal(403, 'The prefix /Generic needs an API user.');
    }
    return api;
  }

  #isWritten(segment: string, name: string): boolean {
    if (this.#switches['path-case'] !== 'any') return segment === name;
    return segment.toLowerCase() === name.toLowerCase();
  }

  #send(reply: Reply): Response {
    return responseOf(this.#switches, reply);
  }

  #json(value: unknown): Response {
    return this.#send({ status: 200, text: JSON.stringify(value) });
  }

  #authorize(http: HttpContext): Access {
    const header = http.req.header('authorization') ?? '';
    const { accesses } = this.#parts;
    if (/^bearer /iu.test(header)) return accesses.withToken(header.slice(7).trim());
    if (/^oauth /iu.test(header)) {
      const request = { method: http.req.method, url: new URL(http.req.url), header };
      const access = accesses.usable(
        this.#oauth1.check(request, (key) => signingSecret(accesses.usable(key))),
      );
      if (access.authenticationType === 'OAuth 2.0') {
        throw new Refusal(403, `Integration Access '${access.name}' allows OAuth 2.0 only.`);
      }
      return access;
    }
    if (/^basic /iu.test(header)) {
      throw new Refusal(401, 'Basic authentication is no longer offered; get a token first.');
    }
    throw new Refusal(401, 'The request has no authorization.');
  }

  #entity(access: Access, segment: string): number {
    const entityId = /^\d+$/u.test(segment) ? Number(segment) : undefined;
    const picked = this.#switches['entity-picker'];
    if (entityId === districtEntityId && (picked === 'refused-403' || picked === 'refused-404')) {
      throw new Refusal(picked === 'refused-403' ? 403 : 404, 'The entity was not picked.');
    }
    if (
      entityId === undefined ||
      this.#parts.store.table('District/Entity').findRow(entityId) === undefined
    ) {
      throw new Refusal(404, `There is no entity '${segment}'.`);
    }
    if (access.entities !== 'all' && !access.entities.has(entityId)) {
      throw new Refusal(403, `The Integration Access was not granted the entity ${entityId}.`, {
        entity: entityId,
      });
    }
    return entityId;
  }

  #fault(
    object: string,
    page: number | undefined,
  ): { kind?: Fault['kind']; answer?: Response | Promise<Response> } {
    const kind = this.#parts.faults.take(object, page);
    if (kind === undefined) return {};
    const answer = faultAnswer(kind, this.#parts.stopping);
    return answer === undefined ? { kind } : { kind, answer };
  }

  async #object(call: ObjectCall): Promise<Response> {
    const { http, definition, access, tail } = call;
    if (tail.length === 2) return this.#list(call);
    if (tail.length > 2) throw new Refusal(404, 'The address has too many parts.');
    const faulty = this.#fault(definition.path, undefined);
    if (faulty.answer !== undefined) return faulty.answer;
    const gap = checkObjectGap(this.#switches, definition);
    const [id] = tail;
    if (id === undefined) {
      allowMethod(http, ['GET', 'PUT']);
      if (http.req.method !== 'GET') return this.#create(call);
      return this.#json(gap === undefined ? fieldMetadata(access, definition, this.#switches) : {});
    }
    allowMethod(http, ['GET', 'POST', 'DELETE']);
    const row = this.#row(call, id);
    if (http.req.method === 'POST') return this.#update(call, row);
    const query = parseQuery(new URL(http.req.url).searchParams);
    if (http.req.method === 'DELETE') return this.#delete(call, row);
    if (query.fields.length === 0) throw noFields();
    return this.#single(call, query, row);
  }

  async #list(call: ObjectCall): Promise<Response> {
    const { http, definition, access } = call;
    allowMethod(http, ['GET', 'POST']);
    const [page, asked] = pageOf(call.tail);
    const faulty = this.#fault(definition.path, page);
    if (faulty.answer !== undefined) return faulty.answer;
    if (faulty.kind === 'slow') await beSlow();
    const pageSize = usedPageSize(this.#switches, asked);
    const { url } = http.req;
    const text = http.req.method === 'POST' ? await http.req.text() : undefined;
    const isKept = this.#parts.answers !== undefined && faulty.kind === undefined;
    // The key holds the access, since two accesses may see different rows.
    const key = isKept ? `${access.key} ${url.slice(url.indexOf('/', 8))} ${text ?? ''}` : '';
    const kept = isKept ? this.#parts.answers?.find(key) : undefined;
    if (kept !== undefined) return sent(kept);
    const reply = this.#listReply({ ...call, page, pageSize, text, fault: faulty.kind });
    if (reply.text === undefined) return this.#send(reply);
    const body = wireBody(this.#switches, reply.text, reply);
    if (isKept) this.#parts.answers?.keep(key, body);
    return sent(faulty.kind === 'cut-body' ? cut(body) : body);
  }

  #listReply(call: ListCall): Reply {
    const { http, definition, access, entityId, api, page, pageSize, text, fault } = call;
    const switches = this.#switches;
    const query = parseQuery(new URL(http.req.url).searchParams);
    if (query.fields.length === 0) throw noFields();
    const { fields, ...context } = query;
    const body = text === undefined ? undefined : parseBody(text);
    const gap = checkObjectGap(switches, definition);
    if (gap === 'null-list') {
      return { status: 200, text: writeList(switches, null, undefined), isList: true };
    }
    const paths = this.#paths(access, definition, fields);
    const isEmpty =
      gap === 'empty-list' ||
      (entityId === districtEntityId && switches['entity-picker'] === 'empty-lists');
    const rows = isEmpty
      ? noRows
      : this.#searcher.rows({ definition, entityId, access, context, body });
    const shown = shownPart(fault, page);
    const seen =
      shown.first === 0
        ? rows
        : {
            length: rows.length - shown.first,
            at: (place: number) => rows.at(place + shown.first),
          };
    // How an empty list of what was granted comes says nothing of what was not.
    const found: FoundPage = isEmpty
      ? { kind: 'list', rows: [] }
      : findPage(switches, seen, { page: shown.page, pageSize });
    if (found.kind === 'status-204') return { status: 204, text: undefined };
    if (found.kind === 'status-404') throw new Refusal(404, `There is no page ${page}.`);
    if (found.kind === 'null-list') {
      return { status: 200, text: writeList(switches, null, undefined), isList: true };
    }
    const write = faultyRowText(fault, createRowWriter(paths, rowForm(switches)));
    const { origin, search } = new URL(http.req.url);
    const lastPage = lastPageOf(switches, rows, pageSize);
    const next = nextOf(
      switches,
      { page, pageSize, lastPage },
      {
        base: origin + this.#parts.basePath,
        path: `/${api}/${entityId}/${definition.path}`,
        query: search,
      },
    );
    const written = shownRows(fault, [...found.rows]).map(write);
    return { status: 200, text: writeList(switches, written, next), isList: true };
  }

  #paths(access: Access, definition: ObjectDefinition, fields: readonly string[]) {
    if (
      this.#switches['dotted-fields'] === 'refused' &&
      fields.some((field) => field.includes('.'))
    ) {
      throw new Refusal(400, 'Fields of related objects cannot be asked for.');
    }
    return shownFields(this.#switches, followPaths(this.#parts.store, access, definition, fields));
  }

  #row(call: ObjectCall, id: string): number {
    const { definition } = call;
    const { store } = this.#parts;
    const row = /^\d+$/u.test(id) ? store.table(definition.path).findRow(Number(id)) : undefined;
    if (row === undefined || !visibleRows(store, call).every((test) => test(row))) {
      throw new Refusal(404, `${definition.path} has no row ${id} for entity ${call.entityId}.`);
    }
    return row;
  }

  #single(call: ObjectCall, query: Query, row: number): Response {
    const { definition, access } = call;
    const wanted = query.fields.length > 0 ? query.fields : [definition.key];
    const paths = this.#paths(access, definition, wanted);
    const text = createRowWriter(paths, rowForm(this.#switches))(row);
    return this.#send({ status: 200, text });
  }

  async #create(call: ObjectCall): Promise<Response> {
    const { http, definition, access } = call;
    const query = parseQuery(new URL(http.req.url).searchParams);
    const body = parseBody(await http.req.text());
    const values = readDataObject(this.#parts.store, { definition, access, body });
    return this.#single(call, query, this.#parts.store.table(definition.path).insert(values));
  }

  async #update(call: ObjectCall, row: number): Promise<Response> {
    const { http, definition, access } = call;
    const table = this.#parts.store.table(definition.path);
    const query = parseQuery(new URL(http.req.url).searchParams);
    const body = parseBody(await http.req.text());
    const values = readDataObject(this.#parts.store, {
      definition,
      access,
      body,
      id: table.idOf(row),
    });
    const time = new Date(this.#parts.now()).toISOString().slice(0, 19);
    table.update(row, {
      ...values,
      ...(definition.fields.has('ModifiedTime') ? { ModifiedTime: time } : {}),
    });
    return this.#single(call, query, row);
  }

  #delete(call: ObjectCall, row: number): Response {
    const { definition, access } = call;
    if (!access.allowsWriting) {
      throw new Refusal(403, `The Integration Access may not delete ${definition.path}.`);
    }
    const table = this.#parts.store.table(definition.path);
    table.remove(row);
    return this.#json({ [definition.key]: table.idOf(row) });
  }
}

/** OAuth 1.0a signs with the secret itself, of which a generated one leaves nothing but a hash. */
function signingSecret({ name, secret }: Access): string {
  if (secret !== null) return secret;
  throw new Refusal(401, `Integration Access '${name}' has no secret for OAuth 1.0a signatures.`);
}

function noFields(): Refusal {
  return new Refusal(400, 'The request names no searchFields.');
}

function allowMethod(http: HttpContext, methods: readonly string[]): void {
  if (methods.includes(http.req.method)) return;
  throw new Refusal(405, `${http.req.method} is not allowed here; allowed: ${methods.join(', ')}.`);
}

function pageOf(tail: readonly string[]): [page: number, pageSize: number] {
  const [page = '', size = ''] = tail;
  if (!/^[1-9]\d{0,8}$/u.test(page))
    throw new Refusal(400, `'${page}' is not a page; the first is 1.`);
  if (!/^[1-9]\d{0,8}$/u.test(size) || Number(size) > largestPage) {
    throw new Refusal(400, `'${size}' is not a page size from 1 to ${largestPage}.`);
  }
  return [Number(page), Number(size)];
}

function parseBody(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
}

function sent({ bytes, headers }: WireBody): Response {
  return new Response(bytes, { headers });
}

function cut({ bytes, headers }: WireBody): WireBody {
  const half = bytes.slice(0, bytes.length / 2);
  return { bytes: half, headers: { ...headers, 'Content-Length': String(half.length) } };
}

/** As something before the server answers, in no form of the server's own. */
function gatewayRefusal(): Response {
  return new Response('<html><head><title>403 Forbidden</title></head><body></body></html>', {
    status: 403,
    headers: { 'Content-Type': 'text/html' },
  });
}
