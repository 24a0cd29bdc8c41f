/** Finds the rows of a list or search: visible rows, conditions, school year, order. */
import type { Access } from './access.ts';
import type { ObjectDefinition } from '../district/catalog.ts';
import { parseCondition, type RowTest } from './condition.ts';
import { followPath, type FieldPath } from './field-path.ts';
import { setContext, type Context } from './query.ts';
import { isRecord, parseMembers, ApiError } from './api-error.ts';
import { districtEntityId, systemEntityId } from '../district/school-plan.ts';
import type { Store } from '../district/store.ts';
import type { Switches } from './switches.ts';
import type { Value } from '../district/columns.ts';

/** Row numbers in list order. */
export interface RowList {
  readonly length: number;
  at(index: number): number;
}

/** One list or search request, without its page. */
export interface SearchRequest {
  readonly definition: ObjectDefinition;
  readonly entityId: number;
  readonly access: Access;
  readonly context: Context;
  /** The JSON body of a POST; undefined for a plain list. */
  readonly body: unknown;
}

/** Finds rows and caches recent results, so that paging searches only once. */
export class Searcher {
  readonly #store: Store;
  readonly #switches: Switches;
  readonly #currentSchoolYearId: () => number;
  readonly #results = new Map<string, RowList>();
  readonly #accessNumbers = new WeakMap<Access, number>();
  #accessCount = 0;
  #version = -1;

  constructor(store: Store, switches: Switches, currentSchoolYearId: () => number) {
    this.#store = store;
    this.#switches = switches;
    this.#currentSchoolYearId = currentSchoolYearId;
  }

  /** Returns the rows of a request. Throws for an invalid body. */
  rows(request: SearchRequest): RowList {
    if (this.#version !== this.#store.version) {
      this.#results.clear();
      this.#version = this.#store.version;
    }
    const { definition, entityId, access, context, body } = request;
    const key = JSON.stringify([
      definition.path,
      entityId,
      this.#accessNumber(access),
      context,
      body,
    ]);
    let rows = this.#results.get(key);
    if (rows === undefined) {
      rows = this.#find(request);
      const [oldest] = this.#results.keys();
      if (this.#results.size >= 24 && oldest !== undefined) this.#results.delete(oldest);
      this.#results.set(key, rows);
    }
    return rows;
  }

  /** Returns a number of the access for cache keys. A changed access is a new object with a new number. */
  #accessNumber(access: Access): number {
    const number = this.#accessNumbers.get(access) ?? this.#accessCount + 1;
    this.#accessNumbers.set(access, number);
    this.#accessCount = Math.max(this.#accessCount, number);
    return number;
  }

  #find(request: SearchRequest): RowList {
    const { definition, access } = request;
    const follow = (path: string) => followPath(this.#store, access, definition, path);
    const tests: RowTest[] = [];
    const context = { ...request.context };
    let order: readonly SortKey[] = [];
    if (request.body !== undefined) {
      const known = ['SearchCondition', 'SearchSort', 'SearchParameters'];
      const members = parseMembers(request.body, known, 'The body');
      readParameters(members.get('searchparameters'), context);
      const condition = members.get('searchcondition');
      if (condition !== undefined && condition !== null)
        tests.push(parseCondition(condition, { follow, switches: this.#switches.values }));
      order = this.#order(members.get('searchsort'), follow);
    }
    tests.push(...visibleRows(this.#store, request), ...this.#contextTests(definition, context));
    const isShuffled = this.#switches.values.sort === 'ignored-in-other-order';
    return listRows(this.#store, definition, tests, isShuffled ? [shuffledOrder] : order);
  }

  #order(sort: unknown, follow: (path: string) => FieldPath): readonly SortKey[] {
    const rule = this.#switches.values.sort;
    if (rule === 'refused' && sort !== undefined && sort !== null) {
      throw new ApiError(400, 'The body has an unknown member.');
    }
    const keys = parseSort(sort).map(({ path, isDescending }) => ({
      read: follow(path).read,
      isDescending,
    }));
    return rule === 'obeyed' ? keys : [];
  }

  #contextTests(definition: ObjectDefinition, context: Context): RowTest[] {
    const tests: RowTest[] = [];
    const { schoolYearId, districtId } = context;
    const table = this.#store.table(definition.path);
    if (
      schoolYearId !== undefined &&
      this.#store.table('District/SchoolYear').findRow(schoolYearId) === undefined
    ) {
      throw new ApiError(400, `School year ${schoolYearId} does not exist.`);
    }
    const rule = this.#switches.values['school-year'];
    const isYear = definition.path === 'District/SchoolYear';
    if (definition.fields.has('SchoolYearID') && !isYear && rule !== 'context-only') {
      const defaultYear = rule === 'current-when-blank' ? this.#currentSchoolYearId() : undefined;
      const requiredYear = schoolYearId ?? defaultYear;
      const read = table.reader('SchoolYearID');
      if (requiredYear !== undefined) tests.push((row) => read(row) === requiredYear);
    }
    if (districtId !== undefined && definition.fields.has('DistrictID')) {
      const read = table.reader('DistrictID');
      tests.push((row) => read(row) === districtId);
    }
    return tests;
  }
}

/**
 * Returns the rows that an entity sees of an entity-bound object: a school sees its own,
 * the district and the system those of every entity of the access.
 */
export function visibleRows(
  store: Store,
  request: Pick<SearchRequest, 'definition' | 'entityId' | 'access'>,
): RowTest[] {
  const { definition, entityId, access } = request;
  if (!definition.fields.has('EntityID')) return [];
  const read = store.table(definition.path).reader('EntityID');
  if (entityId !== systemEntityId && entityId !== districtEntityId) {
    return [(row) => read(row) === entityId];
  }
  const { entities } = access;
  if (entities === 'all') return [];
  return [
    (row) => {
      const entity = read(row);
      return typeof entity === 'number' && entities.has(entity);
    },
  ];
}

function readParameters(value: unknown, context: Context): void {
  if (value === undefined || value === null) return;
  if (!isRecord(value)) throw new ApiError(400, 'SearchParameters must be a JSON object.');
  for (const [name, parameter] of Object.entries(value)) {
    if (!setContext(context, name, parameter)) {
      throw new ApiError(400, `SearchParameters has an unknown member '${name}'.`);
    }
  }
}

interface SortKey {
  readonly read: (row: number) => Value;
  readonly isDescending: boolean;
}

/** A reproducible shuffled order. */
const shuffledOrder: SortKey = { read: (row) => (row * 7919) % 104_729, isDescending: false };

function parseSort(value: unknown): { path: string; isDescending: boolean }[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ApiError(400, 'SearchSort must be a list.');
  return value.map((each: unknown) => {
    const members = parseMembers(each, ['FieldName', 'Descending'], 'SearchSort');
    const path = members.get('fieldname');
    const descending = members.get('descending') ?? false;
    if (typeof path !== 'string')
      throw new ApiError(400, 'An entry of SearchSort has no FieldName.');
    // A public client sends an empty object for ascending.
    const isEmpty = isRecord(descending) && Object.keys(descending).length === 0;
    if (typeof descending !== 'boolean' && !isEmpty) {
      throw new ApiError(400, 'Descending must be true or false.');
    }
    return { path, isDescending: descending === true };
  });
}

function listRows(
  store: Store,
  definition: ObjectDefinition,
  tests: readonly RowTest[],
  order: readonly SortKey[],
): RowList {
  const table = store.table(definition.path);
  if (tests.length === 0 && order.length === 0 && !table.hasHoles) {
    return { length: table.rowCount, at: (index) => index };
  }
  let rows = new Int32Array(1024);
  let length = 0;
  for (let row = 0; row < table.rowCount; row += 1) {
    if (!table.isLive(row) || !tests.every((test) => test(row))) continue;
    if (length === rows.length) {
      const larger = new Int32Array(length * 2);
      larger.set(rows);
      rows = larger;
    }
    rows[length] = row;
    length += 1;
  }
  const results = rows.slice(0, length);
  if (order.length > 0) results.sort((one, other) => compareRows(order, one, other));
  return { length, at: (index) => results[index] ?? 0 };
}

/** Compares rows by sort keys. Missing values are first, as in SQL Server; equal rows are in key order. */
function compareRows(order: readonly SortKey[], one: number, other: number): number {
  for (const { read, isDescending } of order) {
    const [left, right] = [read(one), read(other)];
    if (left === right) continue;
    const isLess = left === null || (right !== null && left < right);
    return isLess === isDescending ? 1 : -1;
  }
  return one - other;
}
