/** Reads one object of Skyward's API as typed pages, leaving out what the access was not granted. */
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
  /** Reads each of these years, in this order. A row that comes with several is handed over once. */
  readonly schoolYearIds?: readonly number[];
  readonly condition?: SearchCondition;
  /** Ends this reading alone. */
  readonly signal?: AbortSignal | undefined;
  /** See `ApiCall`. */
  readonly rank?: number | undefined;
}

/** One page of typed rows. `page` counts from 1 within its school year. */
export interface ObjectPage<Row> {
  readonly page: number;
  readonly rows: Row[];
  readonly unreadable: UnreadableRow[];
  /** Values of `rows` that could not be read and are null there. */
  readonly unreadableValues: UnreadableRow[];
}

/** What this access may not read, as found out so far. */
export interface Permissions {
  /** Refused fields by object; they are not asked for again. */
  readonly rejectedFields: Map<string, Set<string>>;
  /** Fields by object that were asked for and came in no row of its last reading. */
  readonly absentFields: Map<string, Set<string>>;
  /** Fields by object that held a value in no row of its last reading; the missing ones are among them. */
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
  /** Whether the metadata come: they show that the access as a whole still works. */
  readonly canReadMetadata: () => Promise<boolean>;
  /** Whether the API itself names this field of the object; undefined where it does not tell. */
  readonly hasField: (
    object: QmlativObject,
    entityId: number,
    field: string,
  ) => Promise<boolean | undefined>;
}

/** As many are read ahead: in a small district each school year then needs no more than the one before. */
const pagesAhead = 3;

/** Reads an object; see `QmlativClient.readPages` for what it promises. */
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
  /** A year for which nothing came in the place of a list, as long as no other year had rows. */
  let emptyReading: YearReading<Object> | undefined;
  const stop = new AbortController();
  const signal = AbortSignal.any([
    options.signal,
    stop.signal,
    ...(scope.signal === undefined ? [] : [scope.signal]),
  ]);
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
      // The first page of the first year shows what may be read; then the other years are asked for at once.
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

/** A school year whose first pages are asked for. */
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
 * Called once the list is whole, all its school years together: names the fields that came in no row. Whether
 * such a field has no value or was not granted, the API may tell; a field that nothing can be done without and
 * that it does not know fails the reading.
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
      throw createFieldError(object, field, 'Skyward does not name this field to the access');
  options.permissions.absentFields.set(path, presence.absent);
  options.permissions.emptyFields.set(path, presence.empty);
}

const createFieldError = (object: QmlativObject, field: string, message: string) =>
  new QmlativError('no-field-permission', message, {
    place: { object: objectPath(object), field },
  });

/** Whether it was not granted, nobody said. */
const createAbsentFieldError = (object: QmlativObject, field: string) =>
  new QmlativError('no-field-permission', 'no row held this field', {
    place: { object: objectPath(object), field },
    advice:
      'Every row must have this field, and the import cannot do without it. Look in Skyward whether it is filled in; if it is, ask Skyward or the vendor to approve the field for the integration.',
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

/** Thrown inside this file when an optional object cannot be read at all. */
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

/** One request for rows: a page of the list, or those in gaps of it, which get a number of their own. */
interface PageRequest {
  readonly page: number;
  readonly pageSize: number;
  readonly pageNumber: number;
  readonly gaps?: readonly KeyGap[];
}

/** The conditions that hold for the keys in a gap. */
const gapConditions = (key: string, { after, before }: KeyGap): SearchCondition[] => [
  ...(after === undefined ? [] : [compare(key, 'Greater', after)]),
  ...(before === undefined ? [] : [compare(key, 'Less', before)]),
];

/** Rows with a key in one of the gaps. The outer bounds come first: they leave out most rows at once. */
function gapsConditions(key: string, gaps: readonly KeyGap[]): SearchCondition[] {
  const [first] = gaps;
  if (first !== undefined && gaps.length === 1) return gapConditions(key, first);
  const outer = gapConditions(key, { after: first?.after, before: gaps.at(-1)?.before });
  return [...outer, anyOf(...gaps.map((gap) => allOf(...gapConditions(key, gap))))];
}

/** The reading of one object for one school year (or none). */
class YearReading<Object extends QmlativObject> {
  readonly #options: ObjectReadingOptions;
  readonly #object: Object;
  readonly #scope: ReadingScope;
  readonly #schoolYearId: number | undefined;
  readonly #reader: RowReader<RowOf<Object>>;
  readonly #path: string;
  readonly #signal: AbortSignal;
  readonly #refused: Set<string>;
  readonly #sightings: FieldPresence;
  /** Whether this list is asked for in the order of its keys; settled by its first page. */
  #isSorted: boolean;
  readonly #names: RowNames;
  /** Nothing came in the place of the first page. */
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
    this.#sightings = deps.presence;
    this.#path = objectPath(object);
    this.#signal = options.signal;
    this.#refused = getSet(options.permissions.rejectedFields, this.#path);
    this.#isSorted = options.forms.acceptsSort;
    this.#names = new RowNames(this.#asked());
  }

  pages(): AsyncGenerator<{ page: number; content: ReadRows<RowOf<Object>> }, void, undefined> {
    return readPagesInOrder({
      fetchPage: (page, pageSize, signal) =>
        this.#fetchPage({ page, pageSize, pageNumber: page }, signal),
      fetchBetween: (gaps, page, pageSize, signal) =>
        this.#fetchBetween(gaps, { page: 1, pageSize, pageNumber: page }, signal),
      pageSize: this.#options.pageSize,
      concurrency: this.#options.concurrency,
      // As many pages again as there were: a list of few pages costs few requests for pages that it does not have.
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
    const form = { fields: this.#asked(), isSorted: this.#isSorted, pageSize };
    if (page === 1) return this.#fetchFirst(request, form, signal);
    const response = await this.#ask(request, form, signal);
    if (response.kind === 'rows') return this.#readRows(response, page);
    if (response.kind === 'nothing' || response.status === 404)
      return { ...noPage, isMissing: true };
    const rejected = findRejectedFieldNames(response.text, form.fields, this.#object);
    const rejection = async () => this.#refusal([response], page, signal);
    // Some servers refuse the page past the end. Where no page named it, the rows after the last key tell.
    if (rejected.length === 0 && pastEndStatuses.has(response.status))
      return { ...noPage, isMissing: true, rejection };
    if (rejected.length === 0) throw await rejection();
    throw new QmlativError(
      'unstable-list',
      `refuses fields that page 1 had (${rejected.join(', ')})`,
      { place: { object: this.#path, page } },
    );
  }

  /** Finds out in which form the list can be had; all other pages are asked for in that one. */
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
      let response = await this.#ask(request, form, signal);
      if (
        response.kind === 'nothing' &&
        !isFound &&
        (await this.#hasPlainRows(request, wantedForm, signal))
      )
        response = silentRejection;
      if (response.kind !== 'rejected') {
        this.#keepForm(form);
        const { pageSize } = form;
        if (response.kind === 'rows')
          return { ...this.#readRows(response, request.page), pageSize };
        this.isEmpty = true;
        return { ...noPage, pageSize };
      }
      rejections.unshift(response);
      const pageNumber = findRejectedFieldNames(response.text, form.fields, this.#object);
      if (
        !isFound &&
        pageNumber.length > 0 &&
        pageNumber.every((field) => this.#isOptional(field))
      ) {
        form = { ...form, fields: form.fields.filter((field) => !pageNumber.includes(field)) };
        continue;
      }
      if (isFound) throw await this.#refusal(rejections, request.page, signal);
      const search: FormSearch<RejectedList> = {
        wanted: wantedForm,
        required: this.#required(wantedForm),
        trial: async (other) => {
          const trial = await this.#ask(request, other, signal, true);
          if (trial.kind === 'nothing') return silentRejection;
          return trial.kind === 'rejected' ? trial : undefined;
        },
        findNamedFields: ({ text }, fields) => findRejectedFieldNames(text, fields, this.#object),
      };
      const found = await findForm(search);
      if ('rejection' in found) {
        const error = await this.#refusal([found.rejection, ...rejections], request.page, signal);
        throw (await this.#fieldBehind(error, found.rejection, search)) ?? error;
      }
      forms.recordFound(wantedForm, found.form);
      form = found.form;
      isFound = true;
    }
  }

  /** What to say instead of `error` where a single field turns out to be what the server refuses without a word. */
  async #fieldBehind(
    error: Error,
    { status }: RejectedList,
    search: FormSearch<RejectedList>,
  ): Promise<Error | undefined> {
    const isNamed =
      !(error instanceof QmlativError) ||
      error.code === 'no-field-permission' ||
      error.code === 'access-denied';
    // A server in trouble refuses no field.
    if (isNamed || status === 0 || status >= 500) return undefined;
    const [field] = await findRejectedFields(search, this.#object.key);
    if (field === undefined) return undefined;
    const text = `the list comes without this field, and is refused with it (status ${status})`;
    return createFieldError(this.#object, field, text);
  }

  /** Whether rows come with the required fields alone: then nothing in the place of a list refuses the others. */
  async #hasPlainRows(
    request: PageRequest,
    form: RequestForm,
    signal: AbortSignal,
  ): Promise<boolean> {
    const fields = this.#required(form);
    if (fields.length === form.fields.length) return false;
    const minimal = await this.#ask(request, { ...form, fields }, signal, true);
    return minimal.kind === 'rows' && minimal.rows.length > 0;
  }

  #required({ fields }: RequestForm): string[] {
    return fields.filter((field) => !this.#isOptional(field));
  }

  #keepForm(form: RequestForm): void {
    this.#options.forms.recordAccepted(form);
    this.#isSorted = form.isSorted;
    for (const field of this.#asked().filter((requested) => !form.fields.includes(requested))) {
      this.#refused.add(field);
      this.#sightings.remove(field);
    }
  }

  /** The rows in some gaps: asked for together or, where a server takes no groups in groups, one by one. */
  async #fetchBetween(
    gaps: readonly KeyGap[],
    request: PageRequest,
    signal: AbortSignal,
  ): Promise<FetchedPage<ReadRows<RowOf<Object>>>> {
    const { forms, concurrency } = this.#options;
    const form = { fields: this.#asked(), isSorted: this.#isSorted, pageSize: request.pageSize };
    const isNested = gaps.length > 1 && forms.acceptsNesting;
    if (isNested) {
      const response = await this.#ask({ ...request, gaps }, form, signal);
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
        batch.map((gap) => this.#ask({ ...request, gaps: [gap] }, form, signal)),
      );
      for (const response of responses) {
        if (response.kind === 'rejected') throw await this.#refusedBetween(response, signal);
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

  async #ask(
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
      // By the key: rows do not change their places, and what is missing between two pages can be asked for.
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

  #asked(): string[] {
    return listRequestedFields(this.#options, this.#object);
  }

  /** The year as a condition, too, for sources disagree on what the parameter does. */
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
    this.#noteFields(raw, page);
    const content = this.#reader.read(raw, page);
    return { content, keys: content.keys, next: response.next };
  }

  #noteFields(raw: readonly unknown[], page: number): void {
    if (raw.length === 0) return;
    const isFirst = page === 1 && !this.#sightings.hasRows;
    this.#sightings.add(raw);
    if (page > 1) return;
    // A field that every row must have and no row of the first page has will not come later either.
    for (const field of this.#sightings.absent) {
      if (this.#object.fields[field]?.nullable !== false) continue;
      // Without it, an object that the import can do without says nothing.
      if (isFirst && !this.#object.required) throw new MissingObject('no-object-permission');
      throw createAbsentFieldError(this.#object, field);
    }
  }

  /** What refusals came to that no other form has mended, the last one first. */
  async #refusal(
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
      return createFieldError(this.#object, field, 'the access was not granted this field');
    // Rows of earlier pages were handed over: what is left out now would be a part of the list.
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
    if (code !== undefined) return new QmlativError(code, `refused (status ${status})`, { place });
    const reason = status < 300 ? 'the answer is no list of objects' : `refused (status ${status})`;
    return new QmlativError('unexpected-response', reason, { place, advice: unexplainedAdvice });
  }

  /** What it means that the rows between the pages are refused, after the pages themselves came. */
  async #refusedBetween(response: RejectedList, signal: AbortSignal): Promise<Error> {
    const place = { object: this.#path };
    if (response.error !== undefined) return response.error;
    if (!(await this.#accessWorks(signal)))
      return new QmlativError('access-denied', `refused (status ${response.status})`, { place });
    return new QmlativError(
      'unexpected-response',
      `the rows between and after its pages were refused (status ${response.status})`,
      {
        place,
        advice:
          'The list came in several pages, and only the rows between and after these show that it is whole. Support can set a page size that takes the whole list; otherwise send this message to support, and ask Skyward whether the conditions Greater and Less work for the integration.',
      },
    );
  }

  /** What it means that in no year there was a list, not even an empty one. */
  async createMissingListError(): Promise<Error> {
    if (!this.#object.required && (await this.#accessWorks(this.#signal)))
      return new MissingObject('no-object-permission');
    return new QmlativError('unexpected-response', 'nothing came in the place of the list', {
      place: { object: this.#path },
      advice:
        'Skyward sent neither rows nor an empty list. Check in the Integration Access record that the District entity and every school are among its Custom API Entities. If they are, ask Skyward or the vendor whether the integration may read this object.',
    });
  }

  /**
   * The required field that stands out in a refusal; none where it repeats the whole request. An optional object
   * would be left out, so there a word has to be called a field.
   */
  #requiredIn(text: string): string | undefined {
    if (!this.#object.required && !/field|column|propert/i.test(text)) return undefined;
    const required = this.#asked().filter((field) => !this.#isOptional(field));
    const pageNumber = findRejectedFieldNames(text, required, this.#object).filter((one) =>
      text.includes(one),
    );
    return pageNumber.length > 1 && pageNumber.length === required.length
      ? undefined
      : pageNumber[0];
  }

  /** Whether the access as a whole still works: the metadata show it or, where these do not come, an earlier list. */
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

/** How servers refuse a page that is not there. */
const pastEndStatuses: ReadonlySet<number> = new Set([200, 400, 410, 416, 422]);

/** Nothing in the place of a list that has rows. */
const silentRejection: RejectedList = { kind: 'rejected', status: 204, text: '' };

const unexplainedAdvice =
  'Skyward did not give this list, and its answer does not say why. Try again; if it stays, ask Skyward or the vendor whether the object is approved for the integration, and otherwise send this message to support.';

/** A page that holds nothing. */
const noPage = {
  content: { rows: [], unreadable: [], unreadableValues: [], keys: [] },
  keys: [],
  next: null,
};
