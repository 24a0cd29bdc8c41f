/** Reads one object of Skyward's API as typed pages, without the fields that have no permission. */
import { KeySet } from '../../roster/key-set.ts';
import { objectPath, type QmlativObject, type RowOf } from '../objects/qmlativ-object.ts';
import { startEarly } from './early-pages.ts';
import { FieldPresence } from './field-presence.ts';
import { createFieldError, MissingObject } from './list-errors.ts';
import {
  listRequestedFields,
  type ObjectReadingOptions,
  type ReadingScope,
} from './reading-options.ts';
import { createRowReader, type ReadRows, type UnreadableRow } from './row-reading.ts';
import { YearReading } from './year-reading.ts';

/** One page of typed rows. `page` counts from 1 within its school year. */
export interface ObjectPage<Row> {
  readonly page: number;
  readonly rows: Row[];
  readonly unreadable: UnreadableRow[];
  /** Unreadable values, which are null in `rows`. */
  readonly unreadableValues: UnreadableRow[];
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

function selectNewRows<Row>(object: QmlativObject, content: ReadRows<Row>, seenKeys: KeySet) {
  const { unreadable, unreadableValues } = content;
  const wasSeen = (key: number) => seenKeys.has(key);
  const newValues = unreadableValues.filter(({ key }) => !wasSeen(key));
  const rows = content.rows.filter((row) =>
    seenKeys.add((row as Record<string, unknown>)[object.key] as number),
  );
  return { rows, unreadable, unreadableValues: newValues };
}
