/** The client of Skyward's Qmlativ API: one access to one server, for one run. */
import { setTimeout as wait } from 'node:timers/promises';
import type { LookupFunction } from 'node:net';
import { createAccessTokens } from './http/access-token.ts';
import { checkBaseUrl } from '../network/address-check.ts';
import { createApiCaller } from './http/api-call.ts';
import type { ApiCaller, RequestEvent } from './http/api-call.ts';
import { createHttpExchange } from './http/http-exchange.ts';
import { readObject, type ObjectPage } from './lists/object-reading.ts';
import type { Permissions, ObjectReadingOptions, ReadingScope } from './lists/reading-options.ts';
import { QmlativError } from './http/qmlativ-error.ts';
import { objectPath } from './objects/qmlativ-object.ts';
import type { QmlativObject, RowOf } from './objects/qmlativ-object.ts';
import { createSpellingCaller } from './http/path-spelling.ts';
import { RequestForms } from './lists/request-forms.ts';
import { RequestPool } from './http/request-pool.ts';
import { createRequestRetry } from './http/request-retry.ts';
import type { RetrySettings } from './http/request-retry.ts';
import type { UnreadableRow } from './lists/row-reading.ts';
import {
  createNoMetadataError,
  parseFieldMetadata,
  parseSystemMetadata,
  createMetadataError,
} from './system-metadata.ts';
import type { FieldMetadata, SystemMetadata } from './system-metadata.ts';
import { unnamedVendor } from './vendor-identity.ts';

export interface QmlativClientOptions {
  /** As entered by a user; checked by `checkBaseUrl`. */
  readonly baseUrl: string;
  readonly clientKey: string;
  readonly clientSecret: string;
  /** See `integrationTokenFor`; by default none is sent. */
  readonly integrationToken?: string | undefined;
  /** `Generic` is the older API user created by a district. */
  readonly prefix?: 'Custom' | 'Generic';
  /** Rows per page. The server's maximum is not public; if it is smaller, that is detected. */
  readonly pageSize?: number;
  /** Requests in flight at once, whatever is read; also the pages of one list fetched ahead. */
  readonly concurrency?: number;
  readonly requestTimeoutMs?: number;
  readonly retry?: Partial<RetrySettings>;
  /** Who is calling; see `VendorIdentity`. */
  readonly userAgent?: string;
  /** Allows private and loopback addresses, and plain http to these: for the sandbox and tests. */
  readonly allowPrivateAddresses?: boolean;
  readonly signal?: AbortSignal;
  readonly onRequest?: (event: RequestEvent) => void;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly delay?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly resolve?: LookupFunction;
}

export interface QmlativClient {
  /** Reads the districts of the system and their current school years. Also shows that an access works. */
  systemMetadata(): Promise<SystemMetadata>;
  /** Reads the field metadata of an object, for diagnosis. */
  objectFields(object: QmlativObject, entityId: number): Promise<FieldMetadata[]>;
  /**
   * Reads an object page by page, in order; requests further pages only as the caller consumes them, and each row once.
   * The list is complete when the generator ends; otherwise it throws a QmlativError (`unstable-list`: start over).
   * Unusable rows are in `unreadable`, single unreadable values in `unreadableValues`. An optional object without
   * permission has no pages and is in `missingObjects()`; optional fields without permission are null and in
   * `rejectedFields()`.
   */
  readPages<Object extends QmlativObject>(
    object: Object,
    scope: ReadingScope,
  ): AsyncGenerator<ObjectPage<RowOf<Object>>, void, undefined>;
  /** Reads all rows of a small table; unreadable rows are in `unreadable`. */
  readAll<Object extends QmlativObject>(
    object: Object,
    scope: ReadingScope,
  ): Promise<Omit<ObjectPage<RowOf<Object>>, 'page'>>;
  /** Fields that were rejected or absent from all rows, by object. */
  missingFields(): { object: string; fields: string[] }[];
  /** Optional fields that were rejected so far, by object. */
  rejectedFields(): { object: string; fields: string[] }[];
  /** Fields without a value in any row of the last reading of their object. */
  emptyFields(): { object: string; field: string; isAbsent: boolean }[];
  /** Optional objects that could not be read so far, and why. */
  missingObjects(): { object: string; reason: 'no-object-permission' | 'object-missing' }[];
  /** Closes all connections. Requests in progress end as `cancelled`. */
  close(): Promise<void>;
}

/** Six attempts over about half a minute outlast a restart of the server; 200 retries are 2 % of an import's requests. */
const defaultRetry: RetrySettings = {
  attempts: 6,
  baseDelayMs: 1000,
  maxDelayMs: 60_000,
  budget: 200,
};

const defaults = {
  prefix: 'Custom',
  pageSize: 1000,
  concurrency: 4,
  requestTimeoutMs: 180_000,
  userAgent: unnamedVendor.userAgent,
} as const;

/** Creates a client for one access, without sending anything. Throws `address-not-allowed` for a rejected base URL. */
export function createQmlativClient(options: QmlativClientOptions): QmlativClient {
  const rules = { allowPrivateAddresses: options.allowPrivateAddresses ?? false };
  const check = checkBaseUrl(options.baseUrl, rules);
  if (!check.ok) throw new QmlativError('address-not-allowed', check.message);
  const settings = { ...defaults, ...options };
  const now = options.now ?? Date.now;
  const stop = new AbortController();
  const signal =
    options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const exchange = createHttpExchange({
    baseUrl: check.url,
    rules,
    connections: settings.concurrency,
    userAgent: settings.userAgent,
    requestTimeoutMs: settings.requestTimeoutMs,
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
  });
  const retry = createRequestRetry(
    { ...defaultRetry, ...options.retry },
    { now, random: options.random ?? Math.random, delay: options.delay ?? waitUnlessStopped },
  );
  const tokens = createAccessTokens({ ...options, exchange, retry, now, signal });
  const pool = new RequestPool(settings.concurrency);
  const call = pool.wrap(
    createSpellingCaller(
      createApiCaller({ exchange, retry, tokens, now, onRequest: options.onRequest }),
    ),
  );
  const permissions: Permissions = {
    rejectedFields: new Map(),
    absentFields: new Map(),
    emptyFields: new Map(),
    missingObjects: new Map(),
  };
  const readMetadata = () => readSystemMetadata(call, settings.prefix, signal);
  const reading: ObjectReadingOptions = {
    prefix: settings.prefix,
    pageSize: settings.pageSize,
    concurrency: settings.concurrency,
    call,
    hasRoom: () => pool.hasRoom,
    signal,
    permissions,
    forms: new RequestForms(),
    canReadMetadata: () => readMetadata().then(() => true, isUninformative),
    hasField: (object, entityId, field) =>
      readObjectFields(call, settings.prefix, object, entityId, signal).then(
        (fields) => isNamed(fields, field),
        unlessStopped(signal),
      ),
  };
  const readPages: QmlativClient['readPages'] = (object, scope) =>
    readObject(reading, object, scope);
  return {
    systemMetadata: readMetadata,
    objectFields: (object, entityId) =>
      readObjectFields(call, settings.prefix, object, entityId, signal),
    readPages,
    readAll: (object, scope) => collect(readPages(object, scope)),
    missingFields: () => namedFields(permissions),
    rejectedFields: () => namedFields({ ...permissions, absentFields: new Map() }),
    emptyFields: () =>
      [...permissions.emptyFields].flatMap(([object, fields]) =>
        [...fields].map((field) => ({
          object,
          field,
          isAbsent: permissions.absentFields.get(object)?.has(field) === true,
        })),
      ),
    missingObjects: () =>
      [...permissions.missingObjects].map(([object, reason]) => ({ object, reason })),
    async close() {
      stop.abort();
      await exchange.close();
    },
  };
}

function namedFields(permissions: Permissions): { object: string; fields: string[] }[] {
  const objects = new Set([
    ...permissions.rejectedFields.keys(),
    ...permissions.absentFields.keys(),
  ]);
  return [...objects]
    .map((object) => {
      const refused = permissions.rejectedFields.get(object) ?? new Set();
      const missing = permissions.absentFields.get(object) ?? new Set();
      return { object, fields: [...refused.union(missing)].toSorted() };
    })
    .filter(({ fields }) => fields.length > 0);
}

async function waitUnlessStopped(ms: number, signal: AbortSignal): Promise<void> {
  // Aborting ends the wait; the caller checks the signal itself.
  await wait(ms, undefined, { signal }).catch(() => undefined);
}

/** Ignores the case of names. */
const isNamed = (fields: readonly FieldMetadata[], field: string): boolean =>
  fields.some(({ name }) => name.toLowerCase() === field.toLowerCase());

/** Returns undefined if the server does not list fields. */
const unlessStopped = (signal: AbortSignal) => (error: unknown) => {
  if (signal.aborted) throw error;
  return undefined;
};

/** Returns false if the metadata cannot be read. Throws if it was aborted. */
function isUninformative(error: unknown): false {
  if (!(error instanceof QmlativError) || error.code === 'cancelled') throw error;
  return false;
}

async function readSystemMetadata(
  call: ApiCaller,
  prefix: string,
  signal: AbortSignal,
): Promise<SystemMetadata> {
  const place = { object: 'GetSystemMetadata' };
  const response = await call({
    method: 'GET',
    path: `/${prefix}/GetSystemMetadata`,
    place,
    signal,
  });
  if (response.kind === 'rejected') {
    const { status, error } = response;
    throw (status === 401 ? undefined : error) ?? createMetadataError(status);
  }
  const metadata = parseSystemMetadata(response.json);
  if (metadata === undefined) throw createNoMetadataError();
  return metadata;
}

async function readObjectFields(
  call: ApiCaller,
  prefix: string,
  object: QmlativObject,
  entityId: number,
  signal: AbortSignal,
): Promise<FieldMetadata[]> {
  const place = { object: objectPath(object) };
  const path = `/${prefix}/${entityId}/${place.object}`;
  const response = await call({ method: 'GET', path, place, signal });
  if (response.kind === 'rejected')
    throw new QmlativError(
      response.status === 404 ? 'object-missing' : 'no-object-permission',
      `its fields were not told (status ${response.status})`,
      { place },
    );
  const fields = parseFieldMetadata(response.json);
  if (fields === undefined)
    throw new QmlativError('unexpected-response', 'the answer names no fields', { place });
  return fields;
}

async function collect<Row>(
  pages: AsyncGenerator<ObjectPage<Row>>,
): Promise<Omit<ObjectPage<Row>, 'page'>> {
  const rows: Row[] = [];
  const unreadable: UnreadableRow[] = [];
  const unreadableValues: UnreadableRow[] = [];
  for await (const page of pages) {
    for (const row of page.rows) rows.push(row);
    unreadable.push(...page.unreadable);
    unreadableValues.push(...page.unreadableValues);
  }
  return { rows, unreadable, unreadableValues };
}
