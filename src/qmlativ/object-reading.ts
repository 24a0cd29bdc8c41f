/** Reads one object of Skyward's API as typed pages, leaving out what the access was not granted. */
import type { ApiCall, ApiCaller } from './api-call.ts';
import { FieldSightings } from './field-sightings.ts';
import { findForm, findRefusedFields, type FormFinding } from './form-finding.ts';
import type { KeyGap } from './key-gap.ts';
import { answerOfError, readListAnswer } from './list-answer.ts';
import type { ListAnswer, ListOfRows, RefusedList } from './list-answer.ts';
import { KeySet } from '../roster/key-set.ts';
import { readPagesInOrder } from './page-reading.ts';
import type { FetchedPage } from './page-reading.ts';
import { QmlativError } from './qmlativ-error.ts';
import { objectPath } from './qmlativ-object.ts';
import type { QmlativObject, RowOf } from './qmlativ-object.ts';
import { refusalCode, refusedFields } from './refusal.ts';
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
  /** Reads each of these years, one after the other. A row that comes with several is handed over once. */
  readonly schoolYearIds?: readonly number[];
  readonly condition?: SearchCondition;
  /** Ends this reading alone. */
  readonly signal?: AbortSignal | undefined;
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
export interface Grants {
  /** Refused fields by object; they are not asked for again. */
  readonly fieldsRefused: Map<string, Set<string>>;
  /** Fields by object that were asked for and came in no row of its last reading. */
  readonly fieldsMissing: Map<string, Set<string>>;
  /** Fields by object that held a value in no row of its last reading; the missing ones are among them. */
  readonly fieldsEmpty: Map<string, Set<string>>;
  readonly objectsLeftOut: Map<string, 'object-not-granted' | 'object-missing'>;
}

/** The same of one object. */
export interface ObjectGrants {
  readonly fieldsRefused: ReadonlySet<string>;
  readonly fieldsMissing: ReadonlySet<string>;
  readonly fieldsEmpty: ReadonlySet<string>;
  readonly leftOut: 'object-not-granted' | 'object-missing' | undefined;
}

export interface ObjectReadingOptions {
  readonly call: ApiCaller;
  readonly prefix: 'Custom' | 'Generic';
  readonly pageSize: number;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly grants: Grants;
  readonly forms: RequestForms;
  /** Whether the metadata come: they show that the access as a whole still works. */
  readonly readsMetadata: () => Promise<boolean>;
  /** Whether the API itself names this field of the object; undefined where it does not tell. */
  readonly namesField: (
    object: QmlativObject,
    entityId: number,
    field: string,
  ) => Promise<boolean | undefined>;
}

/** Reads an object; see `QmlativClient.readPages` for what it promises. */
export async function* readObject<Object extends QmlativObject>(
  options: ObjectReadingOptions,
  object: Object,
  scope: ReadingScope,
): AsyncGenerator<ObjectPage<RowOf<Object>>, void, undefined> {
  const path = objectPath(object);
  const reader = createRowReader(object);
  const years = scope.schoolYearIds ?? [scope.schoolYearId];
  const delivered = years.length > 1 ? new KeySet() : undefined;
  const sightings = new FieldSightings(object.fields, askedFields(options, object));
  /** A year for which nothing came in the place of a list, as long as no other year had rows. */
  let withNothing: YearReading<Object> | undefined;
  try {
    for (const schoolYearId of years) {
      if (options.grants.objectsLeftOut.has(path)) return;
      const reading = new YearReading(options, object, scope, schoolYearId, { reader, sightings });
      for await (const { page, content } of reading.pages()) {
        const { rows, unreadable, unreadableValues } =
          delivered === undefined ? content : newRows(object, content, delivered);
        yield { page, rows, unreadable, unreadableValues };
      }
      if (reading.gaveNothing) withNothing ??= reading;
    }
    if (withNothing !== undefined && !sightings.hasRows) throw await withNothing.nothingCame();
    await finishReading(options, object, scope, sightings);
  } catch (fault) {
    if (!(fault instanceof ObjectLeftOut)) throw fault;
    options.grants.objectsLeftOut.set(path, fault.code);
  }
}

function askedFields({ grants }: ObjectReadingOptions, object: QmlativObject): string[] {
  const refused = grants.fieldsRefused.get(objectPath(object));
  return Object.keys(object.fields).filter((field) => refused?.has(field) !== true);
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
  sightings: FieldSightings,
): Promise<void> {
  if (!sightings.hasRows) return;
  const path = objectPath(object);
  for (const field of sightings.absent)
    if (
      object.fields[field]?.required &&
      (await options.namesField(object, entityId, field)) === false
    )
      throw fieldNotGranted(object, field, 'Skyward does not name this field to the access');
  options.grants.fieldsMissing.set(path, sightings.absent);
  options.grants.fieldsEmpty.set(path, sightings.empty);
}

const fieldNotGranted = (object: QmlativObject, field: string, message: string) =>
  new QmlativError('field-not-granted', message, { place: { object: objectPath(object), field } });

/** Whether it was not granted, nobody said. */
const fieldInNoRow = (object: QmlativObject, field: string) =>
  new QmlativError('field-not-granted', 'no row held this field', {
    place: { object: objectPath(object), field },
    advice:
      'Every row must have this field, and the import cannot do without it. Look in Skyward whether it is filled in; if it is, ask Skyward or the vendor to approve the field for the integration.',
  });

function newRows<Row>(object: QmlativObject, content: ReadRows<Row>, delivered: KeySet) {
  const { unreadable, unreadableValues } = content;
  const isKnown = (key: number) => delivered.has(key);
  const newValues = unreadableValues.filter(({ key }) => !isKnown(key));
  const rows = content.rows.filter((row) =>
    delivered.add((row as Record<string, unknown>)[object.key] as number),
  );
  return { rows, unreadable, unreadableValues: newValues };
}

/** Thrown inside this file when an optional object cannot be read at all. */
class ObjectLeftOut extends Error {
  readonly code: 'object-not-granted' | 'object-missing';
  constructor(code: 'object-not-granted' | 'object-missing') {
    super(code);
    this.code = code;
  }
}

function setOf(sets: Map<string, Set<string>>, path: string): Set<string> {
  const set = sets.get(path) ?? new Set();
  sets.set(path, set);
  return set;
}

/** One request for rows: a page of the list, or those in gaps of it, which get a number of their own. */
interface PageWish {
  readonly page: number;
  readonly pageSize: number;
  readonly named: number;
  readonly gaps?: readonly KeyGap[];
}

/** The conditions that hold for the keys in a gap. */
const within = (key: string, { after, before }: KeyGap): SearchCondition[] => [
  ...(after === undefined ? [] : [compare(key, 'Greater', after)]),
  ...(before === undefined ? [] : [compare(key, 'Less', before)]),
];

/** Rows with a key in one of the gaps. The outer bounds come first: they leave out most rows at once. */
function liesBetween(key: string, gaps: readonly KeyGap[]): SearchCondition[] {
  const [first] = gaps;
  if (first !== undefined && gaps.length === 1) return within(key, first);
  const outer = within(key, { after: first?.after, before: gaps.at(-1)?.before });
  return [...outer, anyOf(...gaps.map((gap) => allOf(...within(key, gap))))];
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
  readonly #sightings: FieldSightings;
  /** Whether this list is asked for in the order of its keys; settled by its first page. */
  #isSorted: boolean;
  readonly #names: RowNames;
  /** Nothing came in the place of the first page. */
  gaveNothing = false;

  constructor(
    options: ObjectReadingOptions,
    object: Object,
    scope: ReadingScope,
    schoolYearId: number | undefined,
    by: { readonly reader: RowReader<RowOf<Object>>; readonly sightings: FieldSightings },
  ) {
    this.#options = options;
    this.#object = object;
    this.#scope = scope;
    this.#schoolYearId = schoolYearId;
    this.#reader = by.reader;
    this.#sightings = by.sightings;
    this.#path = objectPath(object);
    this.#signal =
      scope.signal === undefined ? options.signal : AbortSignal.any([options.signal, scope.signal]);
    this.#refused = setOf(options.grants.fieldsRefused, this.#path);
    this.#isSorted = options.forms.takesSort;
    this.#names = new RowNames(this.#asked());
  }

  pages(): AsyncGenerator<{ page: number; content: ReadRows<RowOf<Object>> }> {
    return readPagesInOrder({
      fetchPage: (page, pageSize, signal) =>
        this.#fetchPage({ page, pageSize, named: page }, signal),
      fetchBetween: (gaps, page, pageSize, signal) =>
        this.#fetchBetween(gaps, { page: 1, pageSize, named: page }, signal),
      pageSize: this.#options.pageSize,
      concurrency: this.#options.concurrency,
      object: this.#path,
      signal: this.#signal,
    });
  }

  async #fetchPage(
    wish: PageWish,
    signal: AbortSignal,
  ): Promise<FetchedPage<ReadRows<RowOf<Object>>>> {
    const { page, pageSize } = wish;
    const form = { fields: this.#asked(), isSorted: this.#isSorted, pageSize };
    if (page === 1) return this.#fetchFirst(wish, form, signal);
    const answer = await this.#ask(wish, form, signal);
    if (answer.kind === 'rows') return this.#readRows(answer, page);
    if (answer.kind === 'nothing' || answer.status === 404) return { ...noPage, isMissing: true };
    const refused = refusedFields(answer.words, form.fields, this.#object);
    const refusal = async () => this.#refusal([answer], page, signal);
    // Some servers refuse the page past the end. Where no page named it, the rows after the last key tell.
    if (refused.length === 0 && pastEnd.has(answer.status))
      return { ...noPage, isMissing: true, refusal };
    if (refused.length === 0) throw await refusal();
    throw new QmlativError(
      'unstable-list',
      `refuses fields that page 1 had (${refused.join(', ')})`,
      { place: { object: this.#path, page } },
    );
  }

  /** Finds out in which form the list can be had; all other pages are asked for in that one. */
  async #fetchFirst(
    wish: PageWish,
    wanted: RequestForm,
    signal: AbortSignal,
  ): Promise<FetchedPage<ReadRows<RowOf<Object>>>> {
    const { forms } = this.#options;
    const whole = { ...wanted, pageSize: Math.min(wanted.pageSize, forms.pageSize) };
    const refusals: RefusedList[] = [];
    let form: RequestForm = whole;
    let isFound = false;
    for (;;) {
      let answer = await this.#ask(wish, form, signal);
      if (answer.kind === 'nothing' && !isFound && (await this.#hasPlainRows(wish, whole, signal)))
        answer = refusedSilently;
      if (answer.kind !== 'refused') {
        this.#keepForm(form);
        const { pageSize } = form;
        if (answer.kind === 'rows') return { ...this.#readRows(answer, wish.page), pageSize };
        this.gaveNothing = true;
        return { ...noPage, pageSize };
      }
      refusals.unshift(answer);
      const named = refusedFields(answer.words, form.fields, this.#object);
      if (!isFound && named.length > 0 && named.every((field) => this.#isOptional(field))) {
        form = { ...form, fields: form.fields.filter((field) => !named.includes(field)) };
        continue;
      }
      if (isFound) throw await this.#refusal(refusals, wish.page, signal);
      const finding: FormFinding<RefusedList> = {
        wanted: whole,
        required: this.#required(whole),
        trial: async (other) => {
          const trial = await this.#ask(wish, other, signal, true);
          if (trial.kind === 'nothing') return refusedSilently;
          return trial.kind === 'refused' ? trial : undefined;
        },
        namedIn: ({ words }, fields) => refusedFields(words, fields, this.#object),
      };
      const found = await findForm(finding);
      if ('refusal' in found) {
        const error = await this.#refusal([found.refusal, ...refusals], wish.page, signal);
        throw (await this.#fieldBehind(error, found.refusal, finding)) ?? error;
      }
      forms.noteFound(whole, found.form);
      form = found.form;
      isFound = true;
    }
  }

  /** What to say instead of `error` where a single field turns out to be what the server refuses without a word. */
  async #fieldBehind(
    error: Error,
    { status }: RefusedList,
    finding: FormFinding<RefusedList>,
  ): Promise<Error | undefined> {
    const isNamed =
      !(error instanceof QmlativError) ||
      error.code === 'field-not-granted' ||
      error.code === 'access-refused';
    // A server in trouble refuses no field.
    if (isNamed || status === 0 || status >= 500) return undefined;
    const [field] = await findRefusedFields(finding, this.#object.key);
    if (field === undefined) return undefined;
    const words = `the list comes without this field, and is refused with it (status ${status})`;
    return fieldNotGranted(this.#object, field, words);
  }

  /** Whether rows come with the required fields alone: then nothing in the place of a list refuses the others. */
  async #hasPlainRows(wish: PageWish, form: RequestForm, signal: AbortSignal): Promise<boolean> {
    const fields = this.#required(form);
    if (fields.length === form.fields.length) return false;
    const plain = await this.#ask(wish, { ...form, fields }, signal, true);
    return plain.kind === 'rows' && plain.rows.length > 0;
  }

  #required({ fields }: RequestForm): string[] {
    return fields.filter((field) => !this.#isOptional(field));
  }

  #keepForm(form: RequestForm): void {
    this.#options.forms.noteTaken(form);
    this.#isSorted = form.isSorted;
    for (const field of this.#asked().filter((asked) => !form.fields.includes(asked))) {
      this.#refused.add(field);
      this.#sightings.forget(field);
    }
  }

  /** The rows in some gaps: asked for together or, where a server takes no groups in groups, one by one. */
  async #fetchBetween(
    gaps: readonly KeyGap[],
    wish: PageWish,
    signal: AbortSignal,
  ): Promise<FetchedPage<ReadRows<RowOf<Object>>>> {
    const { forms, concurrency } = this.#options;
    const form = { fields: this.#asked(), isSorted: this.#isSorted, pageSize: wish.pageSize };
    const isNested = gaps.length > 1 && forms.takesNesting;
    if (isNested) {
      const answer = await this.#ask({ ...wish, gaps }, form, signal);
      if (answer.kind === 'rows') return this.#readRows(answer, wish.named);
      if (answer.kind === 'nothing') return noPage;
    }
    const found: ReadRows<RowOf<Object>> = {
      rows: [],
      unreadable: [],
      unreadableValues: [],
      keys: [],
    };
    for (let start = 0; start < gaps.length; start += concurrency) {
      const questions = gaps.slice(start, start + concurrency);
      const answers = await Promise.all(
        questions.map((gap) => this.#ask({ ...wish, gaps: [gap] }, form, signal)),
      );
      for (const answer of answers) {
        if (answer.kind === 'refused') throw await this.#refusedBetween(answer, signal);
        if (answer.kind === 'nothing') continue;
        const { content } = this.#readRows(answer, wish.named);
        found.rows.push(...content.rows);
        found.unreadable.push(...content.unreadable);
        found.unreadableValues.push(...content.unreadableValues);
        found.keys.push(...content.keys);
      }
    }
    if (isNested) forms.noteNestingRefused();
    return { content: found, keys: found.keys, next: null };
  }

  async #ask(
    { page, named, gaps }: PageWish,
    { fields, isSorted, pageSize }: RequestForm,
    signal: AbortSignal,
    isTrial = false,
  ): Promise<ListAnswer> {
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
      place: { object: this.#path, page: named },
      signal,
      isTrial,
    };
    const answer = await call(request).then(readListAnswer, answerOfError);
    if (answer.kind === 'rows') forms.answered = request;
    return answer;
  }

  #isOptional(field: string): boolean {
    return this.#object.fields[field]?.required !== true && field !== this.#object.key;
  }

  #asked(): string[] {
    return askedFields(this.#options, this.#object);
  }

  /** The year as a condition, too, for sources disagree on what the parameter does. */
  #condition(fields: readonly string[], gaps: readonly KeyGap[] | undefined): SearchCondition {
    const byYear =
      this.#object.yearBound && this.#schoolYearId !== undefined && fields.includes('SchoolYearID')
        ? compare('SchoolYearID', 'Equal', this.#schoolYearId)
        : undefined;
    const between = gaps === undefined ? [] : liesBetween(this.#object.key, gaps);
    const conditions = [byYear, this.#scope.condition, ...between].filter(
      (one) => one !== undefined,
    );
    const [only = everyRow(this.#object.key)] = conditions;
    return conditions.length > 1 ? allOf(...conditions) : only;
  }

  #readRows(answer: ListOfRows, page: number): FetchedPage<ReadRows<RowOf<Object>>> {
    const raw = this.#names.align(answer.rows);
    this.#noteFields(raw, page);
    const content = this.#reader.read(raw, page);
    return { content, keys: content.keys, next: answer.next };
  }

  #noteFields(raw: readonly unknown[], page: number): void {
    if (raw.length === 0) return;
    const isFirst = page === 1 && !this.#sightings.hasRows;
    this.#sightings.note(raw);
    if (page > 1) return;
    // A field that every row must have and no row of the first page has will not come later either.
    for (const field of this.#sightings.absent) {
      if (this.#object.fields[field]?.nullable !== false) continue;
      // Without it, an object that the import can do without says nothing.
      if (isFirst && !this.#object.required) throw new ObjectLeftOut('object-not-granted');
      throw fieldInNoRow(this.#object, field);
    }
  }

  /** What refusals came to that no other form has mended, the last one first. */
  async #refusal(
    refusals: readonly RefusedList[],
    page: number,
    signal: AbortSignal,
  ): Promise<Error> {
    const place = { object: this.#path, page };
    const { status = 0, error } = refusals[0] ?? {};
    let code = refusals
      .map((refusal) => refusalCode(refusal.status, refusal.words, this.#object))
      .find((one) => one !== undefined);
    const field = refusals.map(({ words }) => this.#requiredIn(words)).find(Boolean);
    if (field !== undefined && (this.#object.required || page > 1))
      return fieldNotGranted(this.#object, field, 'the access was not granted this field');
    // Rows of earlier pages were handed over: what is left out now would be a part of the list.
    if (!this.#object.required && page === 1) {
      if (code === 'object-not-granted' || code === 'object-missing')
        return new ObjectLeftOut(code);
      const isEntity = code === 'entity-not-granted' && this.#options.forms.answered === undefined;
      if (!isEntity && (await this.#accessWorks(signal)))
        return new ObjectLeftOut('object-not-granted');
    }
    if (code === undefined && (status === 401 || status === 403))
      code = (await this.#accessWorks(signal)) ? 'object-not-granted' : 'access-refused';
    if (code === undefined && error !== undefined) return error;
    if (code !== undefined) return new QmlativError(code, `refused (status ${status})`, { place });
    const what = status < 300 ? 'the answer is no list of objects' : `refused (status ${status})`;
    return new QmlativError('unexpected-answer', what, { place, advice: withoutReason });
  }

  /** What it means that the rows between the pages are refused, after the pages themselves came. */
  async #refusedBetween(answer: RefusedList, signal: AbortSignal): Promise<Error> {
    const place = { object: this.#path };
    if (answer.error !== undefined) return answer.error;
    if (!(await this.#accessWorks(signal)))
      return new QmlativError('access-refused', `refused (status ${answer.status})`, { place });
    return new QmlativError(
      'unexpected-answer',
      `the rows between and after its pages were refused (status ${answer.status})`,
      {
        place,
        advice:
          'The list came in several pages, and only the rows between and after these show that it is whole. Support can set a page size that takes the whole list; otherwise send this message to support, and ask Skyward whether the conditions Greater and Less work for the integration.',
      },
    );
  }

  /** What it means that in no year there was a list, not even an empty one. */
  async nothingCame(): Promise<Error> {
    if (!this.#object.required && (await this.#accessWorks(this.#signal)))
      return new ObjectLeftOut('object-not-granted');
    return new QmlativError('unexpected-answer', 'nothing came in the place of the list', {
      place: { object: this.#path },
      advice:
        'Skyward sent neither rows nor an empty list. Check in the Integration Access record that the District entity and every school are among its Custom API Entities. If they are, ask Skyward or the vendor whether the integration may read this object.',
    });
  }

  /**
   * The required field that stands out in a refusal; none where it repeats the whole request. An optional object
   * would be left out, so there a word has to be called a field.
   */
  #requiredIn(words: string): string | undefined {
    if (!this.#object.required && !/field|column|propert/i.test(words)) return undefined;
    const required = this.#asked().filter((field) => !this.#isOptional(field));
    const named = refusedFields(words, required, this.#object).filter((one) => words.includes(one));
    return named.length > 1 && named.length === required.length ? undefined : named[0];
  }

  /** Whether the access as a whole still works: the metadata show it or, where these do not come, an earlier list. */
  async #accessWorks(signal: AbortSignal): Promise<boolean> {
    const { readsMetadata, forms, call } = this.#options;
    if (await readsMetadata()) return true;
    if (forms.answered === undefined) return false;
    const answer = await call({ ...forms.answered, signal }).then(readListAnswer, answerOfError);
    return answer.kind === 'rows';
  }
}

/** How servers refuse a page that is not there. */
const pastEnd: ReadonlySet<number> = new Set([200, 400, 410, 416, 422]);

/** Nothing in the place of a list that has rows. */
const refusedSilently: RefusedList = { kind: 'refused', status: 204, words: '' };

const withoutReason =
  'Skyward did not give this list, and its answer does not say why. Try again; if it stays, ask Skyward or the vendor whether the object is approved for the integration, and otherwise send this message to support.';

/** A page that holds nothing. */
const noPage = {
  content: { rows: [], unreadable: [], unreadableValues: [], keys: [] },
  keys: [],
  next: null,
};
