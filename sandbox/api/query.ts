/** Parses the query string: the requested fields and the context parameters. */
import { ApiError } from './api-error.ts';

/** Context parameters of a query string or of `SearchParameters`, with the API's names. */
export interface Context {
  schoolYearId?: number;
  fiscalYearId?: number;
  districtId?: number;
  asOfDate?: string;
}

/** A parsed query string. */
export interface Query extends Context {
  /** The requested paths in order, without duplicates. */
  readonly fields: readonly string[];
}

const contextNames = {
  schoolyearid: 'schoolYearId',
  fiscalyearid: 'fiscalYearId',
  districtid: 'districtId',
} as const;

/**
 * Parses `searchFields=A&searchFields=B` and `searchFields[0]=A`, raw or encoded, in any
 * order and with duplicates; names in any case. Throws for unknown parameters.
 */
export function parseQuery(parameters: URLSearchParams): Query {
  const numbered: [number, string][] = [];
  const context: Context = {};
  for (const [name, value] of parameters) {
    const lower = name.toLowerCase();
    const index = /^searchfields(?:\[(\d+)\])?$/u.exec(lower);
    if (index !== null) {
      // Without a number, the order in the query counts.
      numbered.push([index[1] === undefined ? numbered.length : Number(index[1]), value.trim()]);
    } else if (lower === 'ignorewarnings') {
      if (!/^(?:true|false)$/iu.test(value))
        throw new ApiError(400, 'ignoreWarnings must be TRUE or FALSE.');
    } else if (!setContext(context, name, value)) {
      throw new ApiError(
        400,
        `Unknown query parameter '${name}'. Known: searchFields, SchoolYearID, FiscalYearID, DistrictID, AsOfDate, ignoreWarnings.`,
      );
    }
  }
  const fields = numbered.toSorted(([a], [b]) => a - b).map(([, path]) => path);
  return { ...context, fields: [...new Set(fields)] };
}

/** Sets a context parameter by its name in any case; returns false if it is unknown. */
export function setContext(context: Context, name: string, value: unknown): boolean {
  const lower = name.toLowerCase();
  if (lower === 'asofdate') {
    if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/u.test(value)) {
      throw new ApiError(400, 'AsOfDate must be a date (YYYY-MM-DD).');
    }
    context.asOfDate = value;
    return true;
  }
  const member = Object.entries(contextNames).find(([known]) => known === lower)?.[1];
  if (member === undefined) return false;
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (!/^\d+$/u.test(text)) throw new ApiError(400, `${name} must be a whole number.`);
  context[member] = Number(text);
  return true;
}
