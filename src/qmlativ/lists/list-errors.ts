/** The errors of a list that cannot be read: which permission is missing, or what the server does not say. */
import { QmlativError } from '../http/qmlativ-error.ts';
import { objectPath, type QmlativObject } from '../objects/qmlativ-object.ts';
import { parseListResponse, toRejectedList, type RejectedList } from './list-response.ts';
import {
  isOptionalField,
  listRequestedFields,
  type ObjectReadingOptions,
} from './reading-options.ts';
import { findRejectedFieldNames, toRejectionCode } from './rejection.ts';

export const createFieldError = (object: QmlativObject, field: string, message: string) =>
  new QmlativError('no-field-permission', message, {
    place: { object: objectPath(object), field },
  });

/** Nothing shows whether the permission is missing or the field is empty. */
export const createAbsentFieldError = (object: QmlativObject, field: string) =>
  new QmlativError('no-field-permission', 'no row has this field', {
    place: { object: objectPath(object), field },
    advice:
      'The import needs this field in every row. Check in Skyward whether it has values; if it has, ask Skyward or the vendor to approve the field for the integration.',
  });

/** Thrown and caught within this folder when an optional object cannot be read at all. */
export class MissingObject extends Error {
  readonly code: 'no-object-permission' | 'object-missing';
  constructor(code: 'no-object-permission' | 'object-missing') {
    super(code);
    this.code = code;
  }
}

const unexplainedAdvice =
  'Skyward did not return this list, and its response does not show why. Try again; if it fails again, ask Skyward or the vendor whether the object is approved for the integration, or send this message to support.';

/** Explains why an object cannot be read. A `MissingObject` stands for an optional object, which is skipped. */
export class ListErrors {
  readonly #options: ObjectReadingOptions;
  readonly #object: QmlativObject;

  constructor(options: ObjectReadingOptions, object: QmlativObject) {
    this.#options = options;
    this.#object = object;
  }

  /** Returns the error for rejections that no other form avoided, latest first. */
  async ofRejections(
    rejections: readonly RejectedList[],
    page: number,
    signal: AbortSignal,
  ): Promise<Error> {
    const place = { object: objectPath(this.#object), page };
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
  async ofGaps(response: RejectedList, signal: AbortSignal): Promise<Error> {
    const place = { object: objectPath(this.#object) };
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
  async ofMissingList(signal: AbortSignal): Promise<Error> {
    if (!this.#object.required && (await this.#accessWorks(signal)))
      return new MissingObject('no-object-permission');
    return new QmlativError('unexpected-response', 'the response was empty instead of a list', {
      place: { object: objectPath(this.#object) },
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
    const required = listRequestedFields(this.#options, this.#object).filter(
      (field) => !isOptionalField(this.#object, field),
    );
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
