/** Builds the address and body of a search: which fields, which rows, in which order. */

/** A condition as the search body holds it. */
export type SearchCondition =
  | { readonly LongSearchCondition: FieldCondition }
  | { readonly StringSearchCondition: FieldCondition }
  | { readonly BoolSearchCondition: FieldCondition }
  | {
      readonly SearchConditionGroup: {
        readonly ConditionGroupType: 'And' | 'Or';
        readonly Conditions: readonly SearchCondition[];
      };
    };

interface FieldCondition {
  readonly FieldName: string;
  readonly ConditionType: ConditionType;
  readonly Value?: string | number | boolean;
  readonly List?: readonly (string | number)[];
}

/** The condition types that take one value; dates go as `YYYY-MM-DD` text. */
export type ComparingConditionType =
  'Equal' | 'NotEqual' | 'Less' | 'LessEqual' | 'Greater' | 'GreaterEqual';

type ConditionType = ComparingConditionType | 'Null' | 'NotNull' | 'List' | 'NotList';

/** An order of rows; the client adds the key by itself when none is given. */
export interface SearchSort {
  readonly field: string;
  readonly descending: boolean;
}

/** Compares a field with a value; numbers, flags and text each take the condition kind made for them. */
export function compare(
  field: string,
  type: ComparingConditionType,
  value: string | number | boolean,
): SearchCondition {
  const condition = { FieldName: field, ConditionType: type, Value: value };
  if (typeof value === 'number') return { LongSearchCondition: condition };
  if (typeof value === 'boolean') return { BoolSearchCondition: condition };
  return { StringSearchCondition: condition };
}

/** True for every row: the form in which a public client reads whole tables of the Custom API. */
export function everyRow(key: string): SearchCondition {
  return { LongSearchCondition: { FieldName: key, ConditionType: 'NotNull' } };
}

export function allOf(...conditions: readonly SearchCondition[]): SearchCondition {
  return { SearchConditionGroup: { ConditionGroupType: 'And', Conditions: conditions } };
}

export function anyOf(...conditions: readonly SearchCondition[]): SearchCondition {
  return { SearchConditionGroup: { ConditionGroupType: 'Or', Conditions: conditions } };
}

export interface SearchAddress {
  readonly prefix: 'Custom' | 'Generic';
  readonly entityId: number;
  /** `Module/Object`. */
  readonly object: string;
  readonly page: number;
  readonly pageSize: number;
  readonly fields: readonly string[];
  readonly schoolYearId?: number | undefined;
}

/** The path of one page below the base URL. Fields are numbered, as most public clients do, and percent-encoded. */
export function searchPath(address: SearchAddress): string {
  const { prefix, entityId, object, page, pageSize, fields, schoolYearId } = address;
  const query = fields.map(
    (field, index) => `searchFields%5B${index}%5D=${encodeURIComponent(field)}`,
  );
  if (schoolYearId !== undefined) query.push(`SchoolYearID=${schoolYearId}`);
  return `/${prefix}/${entityId}/${object}/${page}/${pageSize}?${query.join('&')}`;
}

/** The body of a search. Without an order it names none: an empty list of them is in no public client. */
export function searchBody(condition: SearchCondition, sort: readonly SearchSort[]): string {
  return JSON.stringify({
    SearchCondition: condition,
    ...(sort.length === 0 ? {} : { SearchSort: sort.map(sortMember) }),
  });
}

const sortMember = ({ field, descending }: SearchSort) => ({
  FieldName: field,
  Descending: descending,
});
