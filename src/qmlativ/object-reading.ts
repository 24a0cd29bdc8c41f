/** Reads one object of Skyward's API as typed pages, leaving out what the access was not granted. */
import { z } from 'zod';
import type { ApiAnswer, ApiCaller } from './api-call.ts';
import { FieldSightings } from './field-sightings.ts';
import type { KeyGap } from './key-gap.ts';
import { KeySet } from '../roster/key-set.ts';
import { readPagesInOrder } from './page-reading.ts';
import type { FetchedPage } from './page-reading.ts';
import { QmlativError } from './qmlativ-error.ts';
import type { QmlativErrorCode } from './qmlativ-error.ts';
import { objectPath } from './qmlativ-object.ts';
import type { QmlativObject, RowOf } from './qmlativ-object.ts';
import { refusalCode, refusedFields } from './refusal.ts';
import { createRowReader } from './row-reading.ts';
import type { ReadRows, RowReader, UnreadableRow } from './row-reading.ts';
import { allOf, anyOf, compare, searchBody, searchPath } from './search.ts';
import type { SearchCondition, SearchSort } from './search.ts';

/** Which rows of an object to read. */
export interface ReadingScope {
  /** The entity in the address; rows are those it may see. The district's entity sees the whole district. */
  readonly entityId: number;
  /** Sent as parameter; for year-bound objects with a SchoolYearID also as condition (contract 7.4). */
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
  /** Whether the access as a whole still works; asked when a refusal does not say what it refuses. */
  readonly accessWorks: () => Promise<boolean>;
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
  const sightings = new FieldSightings(askedFields(options, object));
  for (const schoolYearId of years) {
    if (options.grants.objectsLeftOut.has(path)) return;
    const reading = new YearReading(options, object, scope, schoolYearId, { reader, sightings });
    try {
      for await (const { page, content } of reading.pages()) {
        const { rows, unreadable, unreadableValues } =
          delivered === undefined ? content : newRows(object, content, delivered);
        yield { page, rows, unreadable, unreadableValues };
      }
    } catch (fault) {
      if (!(fault instanceof ObjectLeftOut)) throw fault;
      options.grants.objectsLeftOut.set(path, fault.code);
      return;
    }
  }
  await finishReading(options, object, scope, sightings);
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

const ListAnswer = z.object({
  Objects: z.array(z.unknown()),
  Paging: z.object({ Next: z.string().nullish() }).nullish(),
});

function setOf(sets: Map<string, Set<string>>, path: string): Set<string> {
  const set = sets.get(path) ?? new Set();
  sets.set(path, set);
  return set;
}

/** One request for rows: a page of the list, or those in gaps of it, which get a number of their own. */
interface PageWish {
  readonly page: number;
  readonly pageSize: number;
  readonly named?: number;
  readonly gaps?: readonly KeyGap[];
}

/** Rows with a key in one of the gaps. The outer bounds come first: they leave out most rows at once. */
function liesBetween(key: string, gaps: readonly KeyGap[]): SearchCondition {
  const within = ({ after, before }: KeyGap) => [
    ...(after === undefined ? [] : [compare(key, 'Greater', after)]),
    ...(before === undefined ? [] : [compare(key, 'Less', before)]),
  ];
  const outer = within({ after: gaps[0]?.after, before: gaps.at(-1)?.before });
  return allOf(...outer, anyOf(...gaps.map((gap) => allOf(...within(gap)))));
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
  }

  pages(): AsyncGenerator<{ page: number; content: ReadRows<RowOf<Object>> }> {
    return readPagesInOrder({
      fetchPage: (page, pageSize, signal) => this.#fetchPage({ page, pageSize }, signal),
      fetchBetween: (gaps, page, pageSize, signal) =>
        this.#fetchPage({ page: 1, pageSize, named: page, gaps }, signal),
      pageSize: this.#options.pageSize,
      concurrency: this.#options.concurrency,
      object: this.#path,
      signal: this.#signal,
    });
  }

  async #fetchPage(
    { page, pageSize, named = page, gaps }: PageWish,
    signal: AbortSignal,
  ): Promise<FetchedPage<ReadRows<RowOf<Object>>>> {
    for (;;) {
      const fields = askedFields(this.#options, this.#object);
      const answer = await this.#options.call({
        method: 'POST',
        path: searchPath({
          prefix: this.#options.prefix,
          entityId: this.#scope.entityId,
          object: this.#path,
          page,
          pageSize,
          fields,
          schoolYearId: this.#schoolYearId,
        }),
        body: searchBody(this.#condition(fields, gaps), this.#sort()),
        place: { object: this.#path, page: named },
        signal,
      });
      if (answer.kind === 'json') return this.#readAnswer(answer, named);
      const refused = refusedFields(answer.words, fields, this.#object);
      if (refused.length === 0) throw await this.#refusal(answer, named);
      if (named > 1)
        throw new QmlativError(
          'unstable-list',
          `refuses fields that page 1 had (${refused.join(', ')})`,
          {
            place: { object: this.#path, page: named },
          },
        );
      for (const field of refused) {
        this.#checkOptional(field);
        this.#refused.add(field);
        this.#sightings.forget(field);
      }
    }
  }

  #checkOptional(field: string): void {
    if (this.#object.fields[field]?.required === true || field === this.#object.key)
      throw fieldNotGranted(this.#object, field, 'the access was not granted this field');
  }

  /** The year as a condition, too, for sources disagree on what the parameter does (contract 7.4). */
  #condition(
    fields: readonly string[],
    gaps: readonly KeyGap[] | undefined,
  ): SearchCondition | undefined {
    const byYear =
      this.#object.yearBound && this.#schoolYearId !== undefined && fields.includes('SchoolYearID')
        ? compare('SchoolYearID', 'Equal', this.#schoolYearId)
        : undefined;
    const between = gaps && liesBetween(this.#object.key, gaps);
    const conditions = [byYear, this.#scope.condition, between].filter((one) => one !== undefined);
    return conditions.length > 1 ? allOf(...conditions) : conditions[0];
  }

  /** By the key: rows do not change their places, and what is missing between two pages can be asked for. */
  #sort(): readonly SearchSort[] {
    return [{ field: this.#object.key, descending: false }];
  }

  #readAnswer(
    answer: ApiAnswer & { kind: 'json' },
    page: number,
  ): FetchedPage<ReadRows<RowOf<Object>>> {
    const list = ListAnswer.safeParse(answer.json);
    if (!list.success)
      throw new QmlativError('unexpected-answer', 'the answer is no list of objects', {
        place: { object: this.#path, page },
      });
    const { Objects: raw, Paging: paging } = list.data;
    this.#noteFields(raw, page);
    const content = this.#reader.read(raw, page);
    return { content, keys: content.keys, next: paging?.Next };
  }

  #noteFields(raw: readonly unknown[], page: number): void {
    if (raw.length === 0) return;
    this.#sightings.note(raw);
    if (page > 1) return;
    // A field that every row must have and no row of the first page has will not come later either.
    for (const field of this.#sightings.absent)
      if (this.#object.fields[field]?.nullable === false) throw fieldInNoRow(this.#object, field);
  }

  async #refusal(answer: ApiAnswer & { kind: 'refused' }, page: number): Promise<Error> {
    const place = { object: this.#path, page };
    const { status, words } = answer;
    let code: QmlativErrorCode | undefined = refusalCode(status, words, this.#object);
    if (code === undefined && status === 403)
      code = (await this.#options.accessWorks()) ? 'object-not-granted' : 'access-refused';
    code ??= 'unexpected-answer';
    const optional = !this.#object.required && page === 1;
    if (optional && (code === 'object-not-granted' || code === 'object-missing'))
      return new ObjectLeftOut(code);
    return new QmlativError(code, `refused (status ${status})`, { place });
  }
}
