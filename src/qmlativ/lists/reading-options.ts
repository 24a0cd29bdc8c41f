/** What to read of an object, and with what: shared by the reading of a list and of each of its school years. */
import type { ApiCaller } from '../http/api-call.ts';
import { objectPath, type QmlativObject } from '../objects/qmlativ-object.ts';
import type { RequestForms } from './request-forms.ts';
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

/** The object's fields without those that the server rejected. */
export function listRequestedFields(
  { permissions }: ObjectReadingOptions,
  object: QmlativObject,
): string[] {
  const rejected = permissions.rejectedFields.get(objectPath(object));
  return Object.keys(object.fields).filter((field) => rejected?.has(field) !== true);
}

/** Returns whether the object can be read without this field. */
export const isOptionalField = (object: QmlativObject, field: string): boolean =>
  object.fields[field]?.required !== true && field !== object.key;
