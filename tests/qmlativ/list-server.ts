/** A server that responds to list requests from its rows, in the forms that a test sets. */
import { listAddress, startScriptedServer } from './scripted-server.ts';
import type { ScriptedReply, ScriptedRequest, ScriptedServer } from './scripted-server.ts';

type Row = Readonly<Record<string, unknown>>;

/** Behavior of a server where the public sources leave it open. */
export interface ListServerOptions {
  readonly sort?: 'refused' | 'ignored';
  readonly takesEmptyGroups?: false;
  readonly takesNesting?: false;
  readonly maxPageSize?: number;
  readonly next?: 'never';
  readonly pastEnd?: 'missing' | 'no-content' | 'null' | 'last-page' | 'refused' | 'error';
  readonly takesRanges?: false;
  /** Removes rows from a page after paging. */
  readonly hides?: (row: Row) => boolean;
  /** The response to a request for these fields. */
  readonly createErrorResponse?: (
    fields: readonly string[],
    object: string,
  ) => ScriptedReply | undefined;
  /** Formats the names of members. */
  readonly formatName?: (name: string) => string;
}

interface Condition {
  readonly FieldName: string;
  readonly ConditionType: string;
  readonly Value?: number;
}

interface Search {
  readonly SearchCondition?: Conditions;
  readonly SearchSort?: readonly { readonly FieldName: string }[];
}

interface Conditions {
  readonly LongSearchCondition?: Condition;
  readonly SearchConditionGroup?: {
    readonly ConditionGroupType: string;
    readonly Conditions: readonly Conditions[];
  };
}

/** Starts a server with these rows by object; `listed` is the order of an unsorted list. */
export function startListServer(
  rowsByObject: Readonly<Record<string, readonly Row[]>>,
  options: ListServerOptions = {},
): Promise<ScriptedServer> {
  return startScriptedServer(
    (request) => {
      if (request.path.endsWith('/GetSystemMetadata'))
        return { json: { System: { EntityID: 1, Districts: [] } } };
      const address = listAddress(request);
      return address === undefined
        ? undefined
        : (options.createErrorResponse?.(address.fields, address.object) ??
            response(request, address, rowsByObject[address.object] ?? [], options));
    },
    { respondsToGaps: true },
  );
}

function response(
  request: ScriptedRequest,
  { page, size, fields }: { page: number; size: number; fields: readonly string[] },
  rows: readonly Row[],
  options: ListServerOptions,
): ScriptedReply {
  const search = JSON.parse(request.body) as Search;
  const error = { status: 400, json: { Message: 'An error has occurred.' } };
  if (options.sort === 'refused' && search.SearchSort !== undefined) return error;
  if (size > (options.maxPageSize ?? Infinity)) return error;
  const depth = countParts(search.SearchCondition);
  if (options.takesNesting === false && depth > 1) return error;
  if (options.takesEmptyGroups === false && request.body.includes('"Conditions":[]')) return error;
  if (options.takesRanges === false && /"(Greater|Less)"/.test(request.body)) return error;
  const found = rows.filter((row) => isWanted(row, search.SearchCondition));
  const sorted = options.sort === undefined ? found.toSorted(by(search.SearchSort)) : found;
  const pages = Math.ceil(sorted.length / size);
  if (page > 1 && page > pages && options.pastEnd !== undefined) {
    if (options.pastEnd === 'missing') return { status: 404, json: { error: 'Not found.' } };
    if (options.pastEnd === 'no-content') return { status: 204, text: '' };
    if (options.pastEnd === 'refused') return error;
    if (options.pastEnd === 'error') return { json: { error: 'There is no such page.' } };
    if (options.pastEnd === 'null') return { json: { Objects: null, Paging: null } };
  }
  const given = options.pastEnd === 'last-page' ? Math.min(page, Math.max(1, pages)) : page;
  const formatName = options.formatName ?? ((name) => name);
  const Next = given < pages ? `/Custom/1/A/B/${page + 1}/${size}` : null;
  return {
    json: {
      [formatName('Objects')]: sorted
        .slice((given - 1) * size, given * size)
        .filter((row) => options.hides?.(row) !== true)
        .map((row) =>
          Object.fromEntries(fields.map((field) => [formatName(field), row[field] ?? null])),
        ),
      ...(options.next === 'never'
        ? {}
        : { [formatName('Paging')]: { [formatName('Next')]: Next } }),
    },
  };
}

const by = (sort: Search['SearchSort']) => (one: Row, other: Row) => {
  const field = sort?.[0]?.FieldName;
  return field === undefined ? 0 : Number(one[field]) - Number(other[field]);
};

const countParts = (condition: Conditions | undefined): number => {
  const group = condition?.SearchConditionGroup;
  return group === undefined ? 0 : 1 + Math.max(0, ...group.Conditions.map(countParts));
};

function isWanted(row: Row, condition: Conditions | undefined): boolean {
  const group = condition?.SearchConditionGroup;
  if (group !== undefined && group.Conditions.length > 0) {
    const one = (inner: Conditions) => isWanted(row, inner);
    return group.ConditionGroupType === 'Or'
      ? group.Conditions.some(one)
      : group.Conditions.every(one);
  }
  const single = condition?.LongSearchCondition;
  if (single === undefined) return true;
  const value = Number(row[single.FieldName]);
  const { Value = 0 } = single;
  if (single.ConditionType === 'Greater') return value > Value;
  if (single.ConditionType === 'Less') return value < Value;
  return single.ConditionType === 'NotNull' || value === Value;
}
