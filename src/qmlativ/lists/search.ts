/** Builds the address and body of a search: fields, rows and order. */

/** A condition in the search body. */
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

/** The condition types with one value. Dates are sent as `YYYY-MM-DD` text. */
export type ComparingConditionType =
  'Equal' | 'NotEqual' | 'Less' | 'LessEqual' | 'Greater' | 'GreaterEqual';

type ConditionType = ComparingConditionType | 'Null' | 'NotNull' | 'List' | 'NotList';

/** The order of rows. */
export interface SearchSort {
  readonly field: string;
  readonly descending: boolean;
}

/** Returns a condition that compares a field with a value, with the condition type for numbers, flags or text. */
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

/** Returns a condition that is true for every row, in the form in which a public client reads whole tables. */
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

/** Returns the path of a page below the base URL. Fields are numbered, as in most public clients, and percent-encoded. */
export function searchPath(address: SearchAddress): string {
  const { prefix, entityId, object, page, pageSize, fields, schoolYearId } = address;
  const query = fields.map(
    (field, index) => `searchFields%5B${index}%5D=${encodeURIComponent(field)}`,
  );
  if (schoolYearId !== undefined) query.push(`SchoolYearID=${schoolYearId}`);
  return `/${prefix}/${entityId}/${object}/${page}/${pageSize}?${query.join('&')}`;
}

/** Returns the body of a search. Without an order it has no sort member, because no public client sends an empty one. */
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
