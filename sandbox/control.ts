/** The control interface: nights, faults, switches, bad data and facts over HTTP, for tests that run as another process. */
import { Hono, type Context } from 'hono';
import type { DistrictFacts } from './district-facts.ts';
import { dayOf, findDay, isoDay } from './day.ts';
import { readDirtKinds, type DirtKind } from './dirt.ts';
import { faultKinds, type Fault, type Faults } from './fault.ts';
import type { NightRecord } from './nights.ts';
import { isRecord } from './refusal.ts';
import { readSwitches, type Switches } from './switches.ts';

/** What the interface works with. */
export interface ControlParts {
  readonly today: () => string;
  readonly advanceTo: (date: string) => NightRecord[];
  readonly addDirt: (kinds: readonly DirtKind[]) => void;
  readonly facts: () => DistrictFacts;
  readonly faults: Faults;
  readonly switches: Switches;
}

class ControlRefusal extends Error {}

/** The app with every address below `/control`. It is for this machine only and asks for no token. */
export function createControl(parts: ControlParts): Hono {
  const app = new Hono();
  app.onError((error, http) => {
    if (error instanceof ControlRefusal || error instanceof RangeError) {
      return http.json({ error: error.message }, 400);
    }
    throw error;
  });
  app.get('/', (http) => http.json({ today: parts.today() }));
  app.get('/facts', (http) => http.json(parts.facts()));
  app.post('/nights', async (http) => {
    const from = parts.today();
    const events = parts.advanceTo(readTarget(from, await readBody(http)));
    return http.json({ from, today: parts.today(), events });
  });
  app.post('/faults', async (http) => {
    parts.faults.add(readFault(await readBody(http)));
    return http.body(null, 204);
  });
  app.delete('/faults', (http) => {
    parts.faults.clear();
    return http.body(null, 204);
  });
  app.post('/dirt', async (http) => {
    const body = await readBody(http);
    checkMembers(body, ['kinds']);
    const { kinds } = body;
    if (!Array.isArray(kinds)) throw new ControlRefusal('"kinds" must be a list of names.');
    parts.addDirt(readDirtKinds(kinds));
    return http.body(null, 204);
  });
  app.get('/switches', (http) => http.json(parts.switches.values));
  app.post('/switches', async (http) => {
    parts.switches.turn(readSwitches(await readBody(http)));
    return http.body(null, 204);
  });
  app.delete('/switches', (http) => {
    parts.switches.reset();
    return http.body(null, 204);
  });
  app.all('*', (http) =>
    http.json({ error: `There is no control ${http.req.method} ${http.req.path}.` }, 404),
  );
  return app;
}

/** A page of another site can't send this type without asking first, and is not answered. */
async function readBody(http: Context): Promise<Readonly<Record<string, unknown>>> {
  if (!/^application\/json\b/iu.test(http.req.header('content-type') ?? '')) {
    throw new ControlRefusal('The Content-Type must be application/json.');
  }
  let body: unknown;
  try {
    body = JSON.parse(await http.req.text());
  } catch {
    throw new ControlRefusal('The body is not JSON.');
  }
  if (!isRecord(body)) throw new ControlRefusal('The body must be a JSON object.');
  return body;
}

function checkMembers(body: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ControlRefusal(`Unknown member '${unknown}'. Known: ${known.join(', ')}.`);
}

/** `{"to": "2026-12-01"}` or `{"nights": 8}`. */
function readTarget(today: string, body: Readonly<Record<string, unknown>>): string {
  checkMembers(body, ['to', 'nights']);
  const { to, nights } = body;
  if (typeof to === 'string' && nights === undefined) return to;
  if (Number.isSafeInteger(nights) && to === undefined) {
    return isoDay((findDay(today) ?? dayOf(1970, 1, 1)) + Number(nights));
  }
  throw new ControlRefusal('Give either "to" (YYYY-MM-DD) or "nights" (a whole number).');
}

function readFault(body: Readonly<Record<string, unknown>>): Fault {
  checkMembers(body, ['kind', 'object', 'page', 'times']);
  const { object, page, times } = body;
  const kind = faultKinds.find((each) => each === body['kind']);
  if (kind === undefined)
    throw new ControlRefusal(`"kind" must be one of ${faultKinds.join(', ')}.`);
  if (object !== undefined && typeof object !== 'string') {
    throw new ControlRefusal('"object" must be a text such as Student/Student.');
  }
  if (page !== undefined && !isCount(page)) {
    throw new ControlRefusal('"page" must be a whole number from 1.');
  }
  if (times !== undefined && times !== 'ever' && !isCount(times)) {
    throw new ControlRefusal('"times" must be a whole number from 1, or "ever".');
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
