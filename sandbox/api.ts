/** The HTTP side: paths, authorization, pages, single rows and errors. */
import { Hono, type Context as HttpContext } from 'hono';
import { checkObject, type Access, type Accesses } from './access.ts';
import { createRowWriter, pageRows, writePage } from './answer.ts';
import type { ObjectDefinition } from './catalogue.ts';
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
import { fieldMetadata, moduleListing, systemMetadata } from './metadata.ts';
import { OAuth1Checker } from './oauth1.ts';
import { parseQuery, type Query } from './query.ts';
import { Refusal } from './refusal.ts';
import { Searcher, visibleRows } from './search.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';
import { answerToken } from './token.ts';

/** What the API is put together from. */
export interface ApiParts {
  /** Path before every route, such as `/PracticeStuAPI`. */
  readonly basePath: string;
  readonly store: Store;
  readonly accesses: Accesses;
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

const largestPage = 100_000;
const jsonHeaders = { 'Content-Type': 'application/json; charset=utf-8' };

/** The app, with every route below `basePath` (contract, section 4). */
export function createApi(parts: ApiParts): Hono {
  const app = new Hono();
  const routes = new ApiRoutes(parts);
  app.all(`${parts.basePath}/oauth/token`, (http) => routes.token(http));
  app.all(`${parts.basePath}/*`, (http) => routes.call(http));
  app.notFound((http) =>
    refusalAnswer(new Refusal(404, `Nothing is here; the API begins at ${parts.basePath}.`), http),
  );
  app.onError((error, http) => {
    if (error instanceof Refusal) return refusalAnswer(error, http);
    throw error;
  });
  return app;
}

function refusalAnswer(refusal: Refusal, http: HttpContext): Response {
  const body = JSON.stringify({ error: refusal.message, ...refusal.details });
  return http.body(body, refusal.status, jsonHeaders);
}

class ApiRoutes {
  readonly #parts: ApiParts;
  readonly #searcher: Searcher;
  readonly #oauth1: OAuth1Checker;

  constructor(parts: ApiParts) {
    this.#parts = parts;
    this.#searcher = new Searcher(parts.store, parts.switches, parts.currentSchoolYearId);
    this.#oauth1 = new OAuth1Checker(parts.now);
  }

  async token(http: HttpContext): Promise<Response> {
    const fault = this.#parts.faults.take('oauth/token', undefined);
    const faulty = fault === undefined ? undefined : faultAnswer(fault, this.#parts.stopping);
    if (faulty !== undefined) return faulty;
    return http.body(JSON.stringify(await answerToken(http.req.raw, this.#parts.accesses)), 200, {
      ...jsonHeaders,
      'Cache-Control': 'no-store',
    });
  }

  async call(http: HttpContext): Promise<Response> {
    const path = http.req.path.slice(this.#parts.basePath.length + 1);
    const segments = path.replace(/\/$/u, '').split('/');
    const [api = '', second = ''] = segments;
    if (api !== 'Generic' && api !== 'Custom') {
      throw new Refusal(
        404,
        `'/${api}' is not part of this API; paths begin with /Generic or /Custom.`,
      );
    }
    const access = this.#authorize(http);
    const { store } = this.#parts;
    if (second === 'GetSystemMetadata' && segments.length === 2) {
      const faulty = this.#fault('GetSystemMetadata', undefined);
      allowMethod(http, ['GET']);
      return faulty.answer ?? json(systemMetadata(store, api));
    }
    const entityId = this.#entity(access, second);
    const [, , module = '', name, ...tail] = segments;
    if (!Array.from(store.catalogue.values()).some((each) => each.module === module)) {
      throw new Refusal(404, `There is no module '${module}'.`);
    }
    if (name === undefined) {
      allowMethod(http, ['GET']);
      return json(moduleListing(store, access, api, entityId, module));
    }
    const definition = store.catalogue.get(`${module}/${name}`);
    if (definition === undefined) throw new Refusal(404, `There is no object '${module}/${name}'.`);
    checkObject(access, definition);
    return this.#object({ http, api, access, entityId, definition, tail });
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
    const [id] = tail;
    if (id === undefined) {
      allowMethod(http, ['GET', 'PUT']);
      return http.req.method === 'GET'
        ? json(fieldMetadata(access, definition))
        : this.#create(call);
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
    const { http, definition, access, entityId, api } = call;
    allowMethod(http, ['GET', 'POST']);
    const [page, pageSize] = pageOf(call.tail);
    const faulty = this.#fault(definition.path, page);
    if (faulty.answer !== undefined) return faulty.answer;
    if (faulty.kind === 'slow') await beSlow();
    const url = http.req.url;
    const text = http.req.method === 'POST' ? await http.req.text() : undefined;
    const isKept = this.#parts.answers !== undefined && faulty.kind === undefined;
    // The key holds the access, since two accesses may see different rows.
    const key = isKept ? `${access.key} ${url.slice(url.indexOf('/', 8))} ${text ?? ''}` : '';
    const kept = isKept ? this.#parts.answers?.find(key) : undefined;
    if (kept !== undefined) return bytes(kept);
    const query = parseQuery(new URL(url).searchParams);
    if (query.fields.length === 0) throw noFields();
    const { fields, ...context } = query;
    const body = text === undefined ? undefined : parseBody(text);
    const paths = followPaths(this.#parts.store, access, definition, fields);
    const rows = this.#searcher.rows({ definition, entityId, access, context, body });
    const shown = shownPart(faulty.kind, page);
    const seen =
      shown.first === 0
        ? rows
        : {
            length: rows.length - shown.first,
            at: (place: number) => rows.at(place + shown.first),
          };
    const found = shownRows(faulty.kind, pageRows(seen, shown.page, pageSize));
    const isLast = page * pageSize >= rows.length;
    const next = isLast ? null : `/${api}/${entityId}/${definition.path}/${page + 1}/${pageSize}`;
    const answer = new TextEncoder().encode(
      writePage(found, faultyRowText(faulty.kind, createRowWriter(paths)), next),
    );
    if (isKept) this.#parts.answers?.keep(key, answer);
    return bytes(faulty.kind === 'cut-body' ? answer.slice(0, answer.length / 2) : answer);
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
    const paths = followPaths(this.#parts.store, access, definition, wanted);
    return jsonText(createRowWriter(paths)(row));
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
    return json({ [definition.key]: table.idOf(row) });
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

function json(value: unknown): Response {
  return jsonText(JSON.stringify(value));
}

function jsonText(body: string): Response {
  return new Response(body, { headers: jsonHeaders });
}

function bytes(body: Uint8Array<ArrayBuffer>): Response {
  return new Response(body, { headers: { ...jsonHeaders, 'Content-Length': String(body.length) } });
}
