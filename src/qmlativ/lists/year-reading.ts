/** Reads the list of one object for one school year: the form of its requests, its pages and the rows between them. */
import type { ApiCall } from '../http/api-call.ts';
import { QmlativError } from '../http/qmlativ-error.ts';
import { objectPath, type QmlativObject, type RowOf } from '../objects/qmlativ-object.ts';
import type { FieldPresence } from './field-presence.ts';
import { findForm, findRejectedFields, type FormSearch } from './form-search.ts';
import type { KeyGap } from './key-gap.ts';
import {
  createAbsentFieldError,
  createFieldError,
  ListErrors,
  MissingObject,
} from './list-errors.ts';
import {
  parseListResponse,
  toRejectedList,
  type ListResponse,
  type RejectedList,
  type RowList,
} from './list-response.ts';
import { readPagesInOrder, type FetchedPage } from './page-reading.ts';
import {
  isOptionalField,
  listRequestedFields,
  type ObjectReadingOptions,
  type ReadingScope,
} from './reading-options.ts';
import { findRejectedFieldNames } from './rejection.ts';
import type { RequestForm } from './request-forms.ts';
import { RowNames } from './row-names.ts';
import type { ReadRows, RowReader } from './row-reading.ts';
import { allOf, anyOf, compare, everyRow, searchBody, searchPath } from './search.ts';
import type { SearchCondition } from './search.ts';

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

function getSet(sets: Map<string, Set<string>>, path: string): Set<string> {
  const set = sets.get(path) ?? new Set();
  sets.set(path, set);
  return set;
}

/** Reads one object for one school year (or none). */
export class YearReading<Object extends QmlativObject> {
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
  readonly #errors: ListErrors;
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
    this.#errors = new ListErrors(options, object);
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

  /** Returns the error for an object without a list in any year, not even an empty one. */
  createMissingListError(): Promise<Error> {
    return this.#errors.ofMissingList(this.#signal);
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
    const rejection = async () => this.#errors.ofRejections([response], page, signal);
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
      if (
        !isFound &&
        named.length > 0 &&
        named.every((field) => isOptionalField(this.#object, field))
      ) {
        form = { ...form, fields: form.fields.filter((field) => !named.includes(field)) };
        continue;
      }
      if (isFound) throw await this.#errors.ofRejections(rejections, request.page, signal);
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
        const error = await this.#errors.ofRejections(
          [found.rejection, ...rejections],
          request.page,
          signal,
        );
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
    return fields.filter((field) => !isOptionalField(this.#object, field));
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
        if (response.kind === 'rejected') throw await this.#errors.ofGaps(response, signal);
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
}

/** Statuses with which servers reject a nonexistent page. */
const pastEndStatuses: ReadonlySet<number> = new Set([200, 400, 410, 416, 422]);

/** An empty response instead of a list that has rows. */
const silentRejection: RejectedList = { kind: 'rejected', status: 204, text: '' };

/** An empty page. */
const noPage = {
  content: { rows: [], unreadable: [], unreadableValues: [], keys: [] },
  keys: [],
  next: null,
};
