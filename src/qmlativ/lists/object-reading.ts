/** Reads one object of Skyward's API as typed pages, without the fields that have no permission. */
import type { ApiCall, ApiCaller } from '../http/api-call.ts';
import { startEarly } from './early-pages.ts';
import { FieldPresence } from './field-presence.ts';
import { findForm, findRejectedFields, type FormSearch } from './form-search.ts';
import type { KeyGap } from './key-gap.ts';
import { toRejectedList, parseListResponse } from './list-response.ts';
import type { ListResponse, RowList, RejectedList } from './list-response.ts';
import { KeySet } from '../../roster/key-set.ts';
import { readPagesInOrder } from './page-reading.ts';
import type { FetchedPage } from './page-reading.ts';
import { QmlativError } from '../http/qmlativ-error.ts';
import { objectPath } from '../objects/qmlativ-object.ts';
import type { QmlativObject, RowOf } from '../objects/qmlativ-object.ts';
import { toRejectionCode, findRejectedFieldNames } from './rejection.ts';
import type { RequestForm, RequestForms } from './request-forms.ts';
import { RowNames } from './row-names.ts';
import { createRowReader } from './row-reading.ts';
import type { ReadRows, RowReader, UnreadableRow } from './row-reading.ts';
import { allOf, anyOf, compare, everyRow, searchBody, searchPath } from './search.ts';
import type { SearchCondition } from './search.ts';

/** Which rows of an object to read. */
export interface ReadingScope {
  /** The entity in the address; rows are those it may see. The district's entity sees the whole district. */
  readonly entityId: number;
  /** Sent as parameter; for year-bound objects with a SchoolYearID also as condition. */
  readonly schoolYearId?: number;
  /** Reads these years in this order. A row received in several years is returned once. */
  readonly schoolYearIds?: readonly number[];
  readonly condition?: SearchCondition;
  /** See `ApiCall`. */
  readonly rank?: number | undefined;
}

/** One page of typed rows. `page` counts from 1 within its school year. */
export interface ObjectPage<Row> {
  readonly page: number;
  readonly rows: Row[];
  readonly unreadable: UnreadableRow[];
  /** Unreadable values, which are null in `rows`. */
  readonly unreadableValues: UnreadableRow[];
}

/** Missing permissions found so far. */
export interface Permissions {
  /** Rejected fields by object, which are not requested again. */
  readonly rejectedFields: Map<string, Set<string>>;
  /** Requested fields by object that were absent from all rows of its last reading. */
  readonly absentFields: Map<string, Set<string>>;
  /** Fields by object without a value in any row of its last reading, including absent ones. */
  readonly emptyFields: Map<string, Set<string>>;
  readonly missingObjects: Map<string, 'no-object-permission' | 'object-missing'>;
}

export interface ObjectReadingOptions {
  readonly call: ApiCaller;
  /** Whether a request would be sent at once. */
  readonly hasRoom: () => boolean;
  readonly prefix: 'Custom' | 'Generic';
  readonly pageSize: number;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly permissions: Permissions;
  readonly forms: RequestForms;
  /** Whether the metadata can be read, which shows that the access as a whole still works. */
  readonly canReadMetadata: () => Promise<boolean>;
  /** Whether the API lists this field for the object; undefined if it does not list fields. */
  readonly hasField: (
    object: QmlativObject,
    entityId: number,
    field: string,
  ) => Promise<boolean | undefined>;
}

/** Pages read ahead; enough for a small district to request all school years at once. */
const pagesAhead = 3;

/** Reads an object; see `QmlativClient.readPages`. */
export async function* readObject<Object extends QmlativObject>(
  options: ObjectReadingOptions,
  object: Object,
  scope: ReadingScope,
): AsyncGenerator<ObjectPage<RowOf<Object>>, void, undefined> {
  const path = objectPath(object);
  const reader = createRowReader(object);
  const years = scope.schoolYearIds ?? [scope.schoolYearId];
  const seenKeys = years.length > 1 ? new KeySet() : undefined;
  const presence = new FieldPresence(object.fields, listRequestedFields(options, object));
  /** A year whose response was empty instead of a list, while no other year has rows. */
  let emptyReading: YearReading<Object> | undefined;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const openYear = (schoolYearId: number | undefined): OpenedYear<Object> => {
    const reading = new YearReading({ ...options, signal }, object, scope, schoolYearId, {
      reader,
      presence,
    });
    return { reading, pages: startEarly(reading.pages(), pagesAhead) };
  };
  try {
    if (options.permissions.missingObjects.has(path)) return;
    const opened = years.slice(0, 1).map(openYear);
    for (const { reading, pages } of opened) {
      let next = await pages.next();
      // The first page of the first year shows which fields can be read; then the other years are requested at once.
      if (opened.length < years.length) opened.push(...years.slice(1).map(openYear));
      for (; next.done !== true; next = await pages.next()) {
        const { page, content } = next.value;
        const { rows, unreadable, unreadableValues } =
          seenKeys === undefined ? content : selectNewRows(object, content, seenKeys);
        yield { page, rows, unreadable, unreadableValues };
      }
      if (reading.isEmpty) emptyReading ??= reading;
    }
    if (emptyReading !== undefined && !presence.hasRows)
      throw await emptyReading.createMissingListError();
    await finishReading(options, object, scope, presence);
  } catch (error) {
    if (!(error instanceof MissingObject)) throw error;
    options.permissions.missingObjects.set(path, error.code);
  } finally {
    stop.abort();
  }
}

/** A school year whose first pages are requested. */
interface OpenedYear<Object extends QmlativObject> {
  readonly reading: YearReading<Object>;
  readonly pages: ReturnType<YearReading<Object>['pages']>;
}

function listRequestedFields(
  { permissions }: ObjectReadingOptions,
  object: QmlativObject,
): string[] {
  const rejected = permissions.rejectedFields.get(objectPath(object));
  return Object.keys(object.fields).filter((field) => rejected?.has(field) !== true);
}

/**
 * Records the absent fields, once all school years of the list are complete. Throws if the API does not list a required
 * field, because then the permission is missing; otherwise the field may just have no value.
 */
async function finishReading(
  options: ObjectReadingOptions,
  object: QmlativObject,
  { entityId }: ReadingScope,
  presence: FieldPresence,
): Promise<void> {
  if (!presence.hasRows) return;
  const path = objectPath(object);
  for (const field of presence.absent)
    if (
      object.fields[field]?.required &&
      (await options.hasField(object, entityId, field)) === false
    )
      throw createFieldError(object, field, 'Skyward does not list this field for the access');
  options.permissions.absentFields.set(path, presence.absent);
  options.permissions.emptyFields.set(path, presence.empty);
}

const createFieldError = (object: QmlativObject, field: string, message: string) =>
  new QmlativError('no-field-permission', message, {
    place: { object: objectPath(object), field },
  });

/** Nothing shows whether the permission is missing or the field is empty. */
const createAbsentFieldError = (object: QmlativObject, field: string) =>
  new QmlativError('no-field-permission', 'no row has this field', {
    place: { object: objectPath(object), field },
    advice:
      'The import needs this field in every row. Check in Skyward whether it has values; if it has, ask Skyward or the vendor to approve the field for the integration.',
  });

function selectNewRows<Row>(object: QmlativObject, content: ReadRows<Row>, seenKeys: KeySet) {
  const { unreadable, unreadableValues } = content;
  const wasSeen = (key: number) => seenKeys.has(key);
  const newValues = unreadableValues.filter(({ key }) => !wasSeen(key));
  const rows = content.rows.filter((row) =>
    seenKeys.add((row as Record<string, unknown>)[object.key] as number),
  );
  return { rows, unreadable, unreadableValues: newValues };
}

/** Thrown within this file when an optional object cannot be read at all. */
class MissingObject extends Error {
  readonly code: 'no-object-permission' | 'object-missing';
  constructor(code: 'no-object-permission' | 'object-missing') {
    super(code);
    this.code = code;
  }
}

function getSet(sets: Map<string, Set<string>>, path: string): Set<string> {
  const set = sets.get(path) ?? new Set();
  sets.set(path, set);
  return set;
}

/** One request for rows: a page of the list, or the rows in its gaps, as an extra page. */
interface PageRequest {
  readonly page: number;
  readonly pageSize: number;
  readonly pageNumber: number;
  readonly gaps?: readonly KeyGap[];
}

/** Returns the conditions for keys in a gap. */
const gapConditions = (key: string, { after, before }: KeyGap): SearchCondition[] => [
  ...(after === undefined ? [] : [compare(key, 'Greater', after)]),
  ...(before === undefined ? [] : [compare(key, 'Less', before)]),
];

/** Returns the conditions for keys in any of the gaps. The outer bounds come first, because they exclude most rows. */
function gapsConditions(key: string, gaps: readonly KeyGap[]): SearchCondition[] {
  const [first] = gaps;
  if (first !== undefined && gaps.length === 1) return gapConditions(key, first);
  const outer = gapConditions(key, { after: first?.after, before: gaps.at(-1)?.before });
  return [...outer, anyOf(...gaps.map((gap) => allOf(...gapConditions(key, gap))))];
}

/** Reads one object for one school year (or none). */
class YearReading<Object extends QmlativObject> {
  readonly #options: ObjectReadingOptions;
  readonly #object: Object;
  readonly #scope: ReadingScope;
  readonly #schoolYearId: number | undefined;
  readonly #reader: RowReader<RowOf<Object>>;
  readonly #path: string;
  readonly #signal: AbortSignal;
  readonly #rejected: Set<string>;
  readonly #presence: FieldPresence;
  /** Whether the list is requested in the order of its keys, as determined by its first page. */
  #isSorted: boolean;
  readonly #names: RowNames;
  /** Whether the response to the first page was empty instead of a list. */
  isEmpty = false;

  constructor(
    options: ObjectReadingOptions,
    object: Object,
    scope: ReadingScope,
    schoolYearId: number | undefined,
    deps: { readonly reader: RowReader<RowOf<Object>>; readonly presence: FieldPresence },
  ) {
    this.#options = options;
    this.#object = object;
    this.#scope = scope;
    this.#schoolYearId = schoolYearId;
    this.#reader = deps.reader;
    this.#presence = deps.presence;
    this.#path = objectPath(object);
    this.#signal = options.signal;
    this.#rejected = getSet(options.permissions.rejectedFields, this.#path);
    this.#isSorted = options.forms.acceptsSort;
    this.#names = new RowNames(this.#requestedFields());
  }

  pages(): AsyncGenerator<{ page: number; content: ReadRows<RowOf<Object>> }, void, undefined> {
    return readPagesInOrder({
      fetchPage: (page, pageSize, signal) =>
        this.#fetchPage({ page, pageSize, pageNumber: page }, signal),
      fetchBetween: (gaps, page, pageSize, signal) =>
        this.#fetchBetween(gaps, { page: 1, pageSize, pageNumber: page }, signal),
      pageSize: this.#options.pageSize,
      concurrency: this.#options.concurrency,
      // At most as many pages ahead as were read, so that a short list causes few requests for nonexistent pages.
      mayGuess: (page, taken) => page <= taken * 2 && this.#options.hasRoom(),
      object: this.#path,
      signal: this.#signal,
    });
  }

  async #fetchPage(
    request: PageRequest,
    signal: AbortSignal,
  ): Promise<FetchedPage<ReadRows<RowOf<Object>>>> {
    const { page, pageSize } = request;
    const form = { fields: this.#requestedFields(), isSorted: this.#isSorted, pageSize };
    if (page === 1) return this.#fetchFirst(request, form, signal);
    const response = await this.#request(request, form, signal);
    if (response.kind === 'rows') return this.#readRows(response, page);
    if (response.kind === 'nothing' || response.status === 404)
      return { ...noPage, isMissing: true };
    const rejected = findRejectedFieldNames(response.text, form.fields, this.#object);
    const rejection = async () => this.#toError([response], page, signal);
    // Some servers reject the page past the end. If no page referred to it, the query for later keys proves the end.
    if (rejected.length === 0 && pastEndStatuses.has(response.status))
      return { ...noPage, isMissing: true, rejection };
    if (rejected.length === 0) throw await rejection();
    throw new QmlativError(
      'unstable-list',
      `rejects fields that page 1 had (${rejected.join(', ')})`,
      { place: { object: this.#path, page } },
    );
  }

  /** Finds the form in which the server returns the list; all other pages are requested in it. */
  async #fetchFirst(
    request: PageRequest,
    wanted: RequestForm,
    signal: AbortSignal,
  ): Promise<FetchedPage<ReadRows<RowOf<Object>>>> {
    const { forms } = this.#options;
    const wantedForm = { ...wanted, pageSize: Math.min(wanted.pageSize, forms.pageSize) };
    const rejections: RejectedList[] = [];
    let form: RequestForm = wantedForm;
    let isFound = false;
    for (;;) {
      let response = await this.#request(request, form, signal);
      if (
        response.kind === 'nothing' &&
        !isFound &&
        (await this.#hasPlainRows(request, wantedForm, signal))
      )
        response = silentRejection;
      if (response.kind !== 'rejected') {
        this.#recordForm(form);
        const { pageSize } = form;
        if (response.kind === 'rows')
          return { ...this.#readRows(response, request.page), pageSize };
        this.isEmpty = true;
        return { ...noPage, pageSize };
      }
      rejections.unshift(response);
      const named = findRejectedFieldNames(response.text, form.fields, this.#object);
      if (!isFound && named.length > 0 && named.every((field) => this.#isOptional(field))) {
        form = { ...form, fields: form.fields.filter((field) => !named.includes(field)) };
        continue;
      }
      if (isFound) throw await this.#toError(rejections, request.page, signal);
      const search: FormSearch<RejectedList> = {
        wanted: wantedForm,
        required: this.#required(wantedForm),
        trial: async (other) => {
          const trial = await this.#request(request, other, signal, true);
          if (trial.kind === 'nothing') return silentRejection;
          return trial.kind === 'rejected' ? trial : undefined;
        },
        findNamedFields: ({ text }, fields) => findRejectedFieldNames(text, fields, this.#object),
      };
      const found = await findForm(search);
      if ('rejection' in found) {
        const error = await this.#toError([found.rejection, ...rejections], request.page, signal);
        throw (await this.#fieldBehind(error, found.rejection, search)) ?? error;
      }
      forms.recordFound(wantedForm, found.form);
      form = found.form;
      isFound = true;
    }
  }

  /** Returns a better error than `error` if the server rejects a single field without naming it. */
  async #fieldBehind(
    error: Error,
    { status }: RejectedList,
    search: FormSearch<RejectedList>,
  ): Promise<Error | undefined> {
    const isNamed =
      !(error instanceof QmlativError) ||
      error.code === 'no-field-permission' ||
      error.code === 'access-denied';
    // A server error says nothing about a field.
    if (isNamed || status === 0 || status >= 500) return undefined;
    const [field] = await findRejectedFields(search, this.#object.key);
    if (field === undefined) return undefined;
    const text = `the list is returned without this field, and rejected with it (status ${status})`;
    return createFieldError(this.#object, field, text);
  }

  /** Returns whether there are rows with only the required fields: then the empty response rejects the others. */
  async #hasPlainRows(
    request: PageRequest,
    form: RequestForm,
    signal: AbortSignal,
  ): Promise<boolean> {
    const fields = this.#required(form);
    if (fields.length === form.fields.length) return false;
    const minimal = await this.#request(request, { ...form, fields }, signal, true);
    return minimal.kind === 'rows' && minimal.rows.length > 0;
  }

  #required({ fields }: RequestForm): string[] {
    return fields.filter((field) => !this.#isOptional(field));
  }

  #recordForm(form: RequestForm): void {
    this.#options.forms.recordAccepted(form);
    this.#isSorted = form.isSorted;
    for (const field of this.#requestedFields().filter(
      (requested) => !form.fields.includes(requested),
    )) {
      this.#rejected.add(field);
      this.#presence.remove(field);
    }
  }

  /** Fetches the rows in the gaps: together or, if the server rejects nested conditions, one by one. */
  async #fetchBetween(
    gaps: readonly KeyGap[],
    request: PageRequest,
    signal: AbortSignal,
  ): Promise<FetchedPage<ReadRows<RowOf<Object>>>> {
    const { forms, concurrency } = this.#options;
    const form = {
      fields: this.#requestedFields(),
      isSorted: this.#isSorted,
      pageSize: request.pageSize,
    };
    const isNested = gaps.length > 1 && forms.acceptsNesting;
    if (isNested) {
      const response = await this.#request({ ...request, gaps }, form, signal);
      if (response.kind === 'rows') return this.#readRows(response, request.pageNumber);
      if (response.kind === 'nothing') return noPage;
    }
    const found: ReadRows<RowOf<Object>> = {
      rows: [],
      unreadable: [],
      unreadableValues: [],
      keys: [],
    };
    for (let start = 0; start < gaps.length; start += concurrency) {
      const batch = gaps.slice(start, start + concurrency);
      const responses = await Promise.all(
        batch.map((gap) => this.#request({ ...request, gaps: [gap] }, form, signal)),
      );
      for (const response of responses) {
        if (response.kind === 'rejected') throw await this.#toGapError(response, signal);
        if (response.kind === 'nothing') continue;
        const { content } = this.#readRows(response, request.pageNumber);
        found.rows.push(...content.rows);
        found.unreadable.push(...content.unreadable);
        found.unreadableValues.push(...content.unreadableValues);
        found.keys.push(...content.keys);
      }
    }
    if (isNested) forms.acceptsNesting = false;
    return { content: found, keys: found.keys, next: null };
  }

  async #request(
    { page, pageNumber, gaps }: PageRequest,
    { fields, isSorted, pageSize }: RequestForm,
    signal: AbortSignal,
    isTrial = false,
  ): Promise<ListResponse> {
    const { call, prefix, forms } = this.#options;
    const request: ApiCall = {
      method: 'POST',
      path: searchPath({
        prefix,
        entityId: this.#scope.entityId,
        object: this.#path,
        page,
        pageSize,
        fields,
        schoolYearId: this.#schoolYearId,
      }),
      // Sorted by key, so that rows keep their place and rows between two pages can be queried.
      body: searchBody(
        this.#condition(fields, gaps),
        isSorted ? [{ field: this.#object.key, descending: false }] : [],
      ),
      place: { object: this.#path, page: pageNumber },
      signal,
      isTrial,
      rank: this.#scope.rank ?? 0,
    };
    const response = await call(request).then(parseListResponse, toRejectedList);
    if (response.kind === 'rows') forms.lastSuccessful = request;
    return response;
  }

  #isOptional(field: string): boolean {
    return this.#object.fields[field]?.required !== true && field !== this.#object.key;
  }

  #requestedFields(): string[] {
    return listRequestedFields(this.#options, this.#object);
  }

  /** Includes the school year as a condition, because servers differ in what the parameter does. */
  #condition(fields: readonly string[], gaps: readonly KeyGap[] | undefined): SearchCondition {
    const byYear =
      this.#object.yearBound && this.#schoolYearId !== undefined && fields.includes('SchoolYearID')
        ? compare('SchoolYearID', 'Equal', this.#schoolYearId)
        : undefined;
    const between = gaps === undefined ? [] : gapsConditions(this.#object.key, gaps);
    const conditions = [byYear, this.#scope.condition, ...between].filter(
      (one) => one !== undefined,
    );
    const [only = everyRow(this.#object.key)] = conditions;
    return conditions.length > 1 ? allOf(...conditions) : only;
  }

  #readRows(response: RowList, page: number): FetchedPage<ReadRows<RowOf<Object>>> {
    const raw = this.#names.align(response.rows);
    this.#recordFields(raw, page);
    const content = this.#reader.read(raw, page);
    return { content, keys: content.keys, next: response.next };
  }

  #recordFields(raw: readonly unknown[], page: number): void {
    if (raw.length === 0) return;
    const isFirst = page === 1 && !this.#presence.hasRows;
    this.#presence.add(raw);
    if (page > 1) return;
    // A required field that is absent from the first page will be absent from later pages, too.
    for (const field of this.#presence.absent) {
      if (this.#object.fields[field]?.nullable !== false) continue;
      // Without this field, an optional object is useless.
      if (isFirst && !this.#object.required) throw new MissingObject('no-object-permission');
      throw createAbsentFieldError(this.#object, field);
    }
  }

  /** Returns the error for rejections that no other form avoided, latest first. */
  async #toError(
    rejections: readonly RejectedList[],
    page: number,
    signal: AbortSignal,
  ): Promise<Error> {
    const place = { object: this.#path, page };
    const { status = 0, error } = rejections[0] ?? {};
    let code = rejections
      .map((rejection) => toRejectionCode(rejection.status, rejection.text, this.#object))
      .find((one) => one !== undefined);
    const field = rejections.map(({ text }) => this.#requiredIn(text)).find(Boolean);
    if (field !== undefined && (this.#object.required || page > 1))
      return createFieldError(this.#object, field, 'the permission for this field is missing');
    // After the first page, skipping the object would lose only a part of the list.
    if (!this.#object.required && page === 1) {
      if (code === 'no-object-permission' || code === 'object-missing')
        return new MissingObject(code);
      const isEntity =
        code === 'no-entity-permission' && this.#options.forms.lastSuccessful === undefined;
      if (!isEntity && (await this.#accessWorks(signal)))
        return new MissingObject('no-object-permission');
    }
    if (code === undefined && (status === 401 || status === 403))
      code = (await this.#accessWorks(signal)) ? 'no-object-permission' : 'access-denied';
    if (code === undefined && error !== undefined) return error;
    if (code !== undefined) return new QmlativError(code, `rejected (status ${status})`, { place });
    const reason =
      status < 300 ? 'the response has no list of objects' : `rejected (status ${status})`;
    return new QmlativError('unexpected-response', reason, { place, advice: unexplainedAdvice });
  }

  /** Returns the error for a rejected query of the gaps. */
  async #toGapError(response: RejectedList, signal: AbortSignal): Promise<Error> {
    const place = { object: this.#path };
    if (response.error !== undefined) return response.error;
    if (!(await this.#accessWorks(signal)))
      return new QmlativError('access-denied', `rejected (status ${response.status})`, { place });
    return new QmlativError(
      'unexpected-response',
      `the query for rows between and after its pages was rejected (status ${response.status})`,
      {
        place,
        advice:
          'The list has several pages, and only a query for the rows between and after them proves that it is complete. Support can set a page size that returns the whole list; otherwise send this message to support, and ask Skyward whether the conditions Greater and Less work for the integration.',
      },
    );
  }

  /** Returns the error for an object without a list in any year, not even an empty one. */
  async createMissingListError(): Promise<Error> {
    if (!this.#object.required && (await this.#accessWorks(this.#signal)))
      return new MissingObject('no-object-permission');
    return new QmlativError('unexpected-response', 'the response was empty instead of a list', {
      place: { object: this.#path },
      advice:
        'Skyward sent neither rows nor an empty list. Check in the Integration Access record that the District entity and every school are among its Custom API Entities. If they are, ask Skyward or the vendor whether the integration may read this object.',
    });
  }

  /**
   * Returns the required field that a rejection names; undefined if it repeats the whole request. An optional object
   * would be skipped because of it, so there the text has to say that it is a field.
   */
  #requiredIn(text: string): string | undefined {
    if (!this.#object.required && !/field|column|propert/i.test(text)) return undefined;
    const required = this.#requestedFields().filter((field) => !this.#isOptional(field));
    const named = findRejectedFieldNames(text, required, this.#object).filter((one) =>
      text.includes(one),
    );
    return named.length > 1 && named.length === required.length ? undefined : named[0];
  }

  /** Returns whether the access as a whole still works, by the metadata or else by an earlier list. */
  async #accessWorks(signal: AbortSignal): Promise<boolean> {
    const { canReadMetadata, forms, call } = this.#options;
    if (await canReadMetadata()) return true;
    if (forms.lastSuccessful === undefined) return false;
    const response = await call({ ...forms.lastSuccessful, signal }).then(
      parseListResponse,
      toRejectedList,
    );
    return response.kind === 'rows';
  }
}

/** Statuses with which servers reject a nonexistent page. */
const pastEndStatuses: ReadonlySet<number> = new Set([200, 400, 410, 416, 422]);

/** An empty response instead of a list that has rows. */
const silentRejection: RejectedList = { kind: 'rejected', status: 204, text: '' };

const unexplainedAdvice =
  'Skyward did not return this list, and its response does not show why. Try again; if it fails again, ask Skyward or the vendor whether the object is approved for the integration, or send this message to support.';

/** An empty page. */
const noPage = {
  content: { rows: [], unreadable: [], unreadableValues: [], keys: [] },
  keys: [],
  next: null,
};
