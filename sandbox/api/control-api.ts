/** The control API: days, faults, switches, malformed data and facts over HTTP, for tests in other processes. */
import { Hono, type Context } from 'hono';
import type { DistrictFacts } from '../district/district-facts.ts';
import { toDay, parseDay, formatDay } from '../day.ts';
import { parseMalformedDataKinds, type MalformedDataKind } from '../district/malformed-data.ts';
import { faultKinds, type Fault, type Faults } from './fault.ts';
import type { EventRecord } from '../simulation/simulation.ts';
import { isRecord } from './api-error.ts';
import type { Rows } from '../district/rows.ts';
import type { RowValues } from '../district/table.ts';
import { parseSwitchValues, type Switches } from './switches.ts';

/** Dependencies of the control API. */
export interface ControlApiDeps {
  readonly today: () => string;
  readonly advanceTo: (date: string) => EventRecord[];
  readonly addMalformedData: (kinds: readonly MalformedDataKind[]) => void;
  readonly facts: () => DistrictFacts;
  readonly faults: Faults;
  readonly switches: Switches;
  readonly rows: (path: string) => Rows;
  /** Called with each request that changed the district or its switches. */
  readonly onChange?: ((change: ControlChange) => void) | undefined;
}

/** A request that changed the district; sent again to a sandbox with the same options, it has the same effect. */
export interface ControlChange {
  readonly method: string;
  /** Relative to the control API. */
  readonly path: string;
  readonly body: string;
}

class ControlApiError extends Error {}

/** Returns the app with every path below `/control`. It is for this machine only and needs no token. */
export function createControlApi(deps: ControlApiDeps): Hono {
  const app = new Hono();
  app.onError((error, http) => {
    if (error instanceof ControlApiError || error instanceof RangeError) {
      return http.json({ error: error.message }, 400);
    }
    throw error;
  });
  app.use(async (http, next) => {
    await next();
    const { method } = http.req;
    const path = http.req.path.slice(http.req.path.lastIndexOf('/'));
    // Faults are pending requests of a test, not a state of the district.
    if (method === 'GET' || path === '/faults' || !http.res.ok) return;
    deps.onChange?.({ method, path, body: await http.req.text() });
  });
  app.get('/', (http) => http.json({ today: deps.today() }));
  app.get('/rows', (http) => {
    const rows = deps.rows(http.req.query('object') ?? '');
    return http.json({ rows: Array.from(rows.ids(), (id) => rows.find(id)) });
  });
  app.post('/rows', async (http) => {
    const { object, rows } = parseRows(await readBody(http));
    const table = deps.rows(object);
    const unknown = rows.find(([id]) => !table.has(id));
    if (unknown !== undefined) throw new ControlApiError(`${object} has no row ${unknown[0]}.`);
    for (const [id, values] of rows) table.update(id, values);
    return http.body(null, 204);
  });
  app.get('/facts', (http) => http.json(deps.facts()));
  app.post('/days', async (http) => {
    const from = deps.today();
    const events = deps.advanceTo(parseTargetDate(from, await readBody(http)));
    return http.json({ from, today: deps.today(), events });
  });
  app.post('/faults', async (http) => {
    deps.faults.add(parseFault(await readBody(http)));
    return http.body(null, 204);
  });
  app.delete('/faults', (http) => {
    deps.faults.clear();
    return http.body(null, 204);
  });
  app.post('/malformed-data', async (http) => {
    const body = await readBody(http);
    checkMembers(body, ['kinds']);
    const { kinds } = body;
    if (!Array.isArray(kinds)) throw new ControlApiError('"kinds" must be a list of names.');
    deps.addMalformedData(parseMalformedDataKinds(kinds));
    return http.body(null, 204);
  });
  app.get('/switches', (http) => http.json(deps.switches.values));
  app.post('/switches', async (http) => {
    deps.switches.set(parseSwitchValues(await readBody(http)));
    return http.body(null, 204);
  });
  app.delete('/switches', (http) => {
    deps.switches.reset();
    return http.body(null, 204);
  });
  app.all('*', (http) =>
    http.json({ error: `${http.req.method} ${http.req.path} does not exist.` }, 404),
  );
  return app;
}

/** Reads a JSON body. A page of another site cannot send this type without a preflight, which fails. */
async function readBody(http: Context): Promise<Readonly<Record<string, unknown>>> {
  if (!/^application\/json\b/iu.test(http.req.header('content-type') ?? '')) {
    throw new ControlApiError('The Content-Type must be application/json.');
  }
  let body: unknown;
  try {
    body = JSON.parse(await http.req.text());
  } catch {
    throw new ControlApiError('The body is not JSON.');
  }
  if (!isRecord(body)) throw new ControlApiError('The body must be a JSON object.');
  return body;
}

function checkMembers(body: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ControlApiError(`Unknown member '${unknown}'. Known: ${known.join(', ')}.`);
}

/** Parses `{"to": "2026-12-01"}` or `{"days": 8}`. */
function parseTargetDate(today: string, body: Readonly<Record<string, unknown>>): string {
  checkMembers(body, ['to', 'days']);
  const { to, days } = body;
  if (typeof to === 'string' && days === undefined) return to;
  if (Number.isSafeInteger(days) && to === undefined) {
    return formatDay((parseDay(today) ?? toDay(1970, 1, 1)) + Number(days));
  }
  throw new ControlApiError('Give either "to" (YYYY-MM-DD) or "days" (a whole number).');
}

/** Parses `{"object": "Demographics/Name", "rows": {"20001": {"LastName": "Ruiz"}}}`. */
function parseRows(body: Readonly<Record<string, unknown>>): {
  object: string;
  rows: [number, RowValues][];
} {
  checkMembers(body, ['object', 'rows']);
  const { object, rows } = body;
  if (typeof object !== 'string' || !isRecord(rows)) {
    throw new ControlApiError(
      '"object" must be a text such as Demographics/Name, and "rows" the new values by key.',
    );
  }
  return {
    object,
    rows: Object.entries(rows).map(([id, values]) => {
      if (isRowValues(values)) return [Number(id), values];
      throw new ControlApiError(
        `The values of row ${id} must be texts, numbers, true, false or null.`,
      );
    }),
  };
}

function isRowValues(values: unknown): values is RowValues {
  return (
    isRecord(values) &&
    Object.values(values).every(
      (value) => value === null || ['string', 'number', 'boolean'].includes(typeof value),
    )
  );
}

function parseFault(body: Readonly<Record<string, unknown>>): Fault {
  checkMembers(body, ['kind', 'object', 'page', 'times']);
  const { object, page, times } = body;
  const kind = faultKinds.find((each) => each === body['kind']);
  if (kind === undefined)
    throw new ControlApiError(`"kind" must be one of ${faultKinds.join(', ')}.`);
  if (object !== undefined && typeof object !== 'string') {
    throw new ControlApiError('"object" must be a text such as Student/Student.');
  }
  if (page !== undefined && !isCount(page)) {
    throw new ControlApiError('"page" must be a whole number from 1.');
  }
  if (times !== undefined && times !== 'ever' && !isCount(times)) {
    throw new ControlApiError('"times" must be a whole number from 1, or "ever".');
  }
  return {
    kind,
    ...(object === undefined ? {} : { object }),
    ...(page === undefined ? {} : { page }),
    ...(times === undefined ? {} : { times }),
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}
