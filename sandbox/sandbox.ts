/** A practice Skyward Qmlativ: the API over a generated district, in memory. */
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { Accesses, listPermittedFields, type Access } from './api/access.ts';
import { createApi } from './api/api-routes.ts';
import { createControlApi } from './api/control-api.ts';
import { createCatalog, type Catalog } from './district/catalog.ts';
import { computedFields } from './district/fields/computed-fields.ts';
import { toDay, parseDay, formatDay, type Day } from './day.ts';
import { generateDistrict, type District } from './district/district-generator.ts';
import { DistrictClock } from './district/district-clock.ts';
import { readDistrictFacts, type DistrictFacts } from './district/district-facts.ts';
import { applyMalformedData, type MalformedDataKind } from './district/malformed-data.ts';
import { createFaults, type Fault, type Faults } from './api/fault.ts';
import { sandboxClientIntegration } from './admin/integration.ts';
import { ResponseCache } from './api/response-cache.ts';
import type { YearEnd } from './simulation/event-kinds.ts';
import { Simulation, type EventRecord } from './simulation/simulation.ts';
import { mountAdminSide, createAdminSide, type AdminSide } from './admin/admin-side.ts';
import { grantNoShowFlags, remarkNoShows, withNoShowFlags } from './district/no-show.ts';
import { openRows, type Rows } from './district/rows.ts';
import { districtEntityId } from './district/school-plan.ts';
import { Store } from './district/store.ts';
import type { SwitchValues } from './api/contract-switches.ts';
import { Switches } from './api/switches.ts';

const defaultIntegrationToken = 'sandbox-integration-token';
const defaultClientSecret = 'sandbox-secret/with=signs+and%20more';

/** Options of a practice system; each has a default. */
export interface SandboxOptions {
  /** Seed of the district; 1 when left out. */
  readonly seed?: number;
  /** How many students are here now; former ones come on top. Default 5,000. */
  readonly students?: number;
  /** Schools, beside one career center. Default 12. */
  readonly schools?: number;
  /** School years with data, the current one last; at least 2. Default 3. */
  readonly years?: number;
  /** The district's date, `YYYY-MM-DD`; the machine's own when left out. */
  readonly today?: string;
  /** First segment of every path, without slash. Default `PracticeStuAPI`. */
  readonly basePath?: string;
  readonly tokenLifetimeSeconds?: number;
  /** What Skyward issued to the vendor, for token requests that need it. */
  readonly integrationToken?: string;
  /** What the first access is granted: the fields public access files list, or all. */
  readonly permissions?: 'usual' | 'all';
  /** Members of the first access that differ from the default. */
  readonly access?: Partial<Omit<Access, 'id'>>;
  /** Login and password on the pages, and the token of the partner interface. */
  readonly adminUser?: string;
  readonly adminPassword?: string;
  readonly partnerToken?: string;
  /** How it speaks where the public sources leave it open; each switch has a default. */
  readonly switches?: Partial<SwitchValues>;
  /** Nights that pass before it answers, from `today` on. Default 0. */
  readonly days?: number;
  /** When enrollments of a finished year are closed; default `at-roll-over`. */
  readonly yearEnd?: YearEnd;
  readonly faults?: readonly Fault[];
  /** Kinds of bad data to add; none when left out. */
  readonly malformedData?: readonly MalformedDataKind[];
  /** Keep rendered pages and serve them again without work, until any row changes. */
  readonly cacheResponses?: boolean;
  /** Milliseconds that every answer waits, as over a network; 0 when left out. Of a running one only. */
  readonly delayMs?: number;
  /** Milliseconds since 1970, for token lifetimes. */
  readonly now?: () => number;
}

/** A running practice system without a port. */
export interface Sandbox extends AdminSide {
  readonly app: Hono;
  readonly basePath: string;
  /** The district's date, `YYYY-MM-DD`; `advanceTo` moves it. */
  readonly today: string;
  readonly clientKey: string;
  readonly clientSecret: string;
  /** What the vendor sends with token requests where they need it. */
  readonly integrationToken: string;
  /** The district's entity, which sees every row. */
  readonly entityId: number;
  /** Path of the control interface. */
  readonly controlPath: string;
  readonly catalog: Catalog;
  readonly district: District;
  readonly accesses: Accesses;
  readonly faults: Faults;
  readonly switches: Switches;
  fetch(request: Request): Promise<Response>;
  /** Rows of an object, to read and to change past every check of the API. */
  rows(path: string): Rows;
  /**
   * Lets the district live on until a day (`YYYY-MM-DD`) is its today, and tells what happened in
   * the nights to it. Throws a RangeError for what is no date, past, or over twenty years ahead.
   */
  advanceTo(date: string): EventRecord[];
  /** Spoils rows of a district that runs; see `SandboxOptions.dirt`. */
  addMalformedData(kinds: readonly MalformedDataKind[]): void;
  /** Every student with enrollments and guardians, read from the tables past the API. */
  facts(): DistrictFacts;
  /** Ends requests that hang on purpose. */
  stop(): void;
}

/** Makes a practice system; with the same seed, size and date always the same one. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const now = options.now ?? Date.now;
  const day = parseDate(options.today ?? formatLocalDate(new Date(now())));
  const size = {
    seed: checkWholeNumber('seed', options.seed ?? 1, 0, 2147483647),
    students: checkWholeNumber('students', options.students ?? 5000, 1, 2_000_000),
    schools: checkWholeNumber('schools', options.schools ?? 12, 1, 500),
    years: checkWholeNumber('years', options.years ?? 3, 2, 20),
  };
  const clock = new DistrictClock(day);
  const catalog = createCatalog();
  const district = generateDistrict({ ...size, today: day });
  let noShowMarking: SwitchValues['no-show'] = 'flags';
  const markNoShows = (): void => {
    const marking = switches.values['no-show'];
    if (marking !== noShowMarking) remarkNoShows(store, marking);
    noShowMarking = marking;
  };
  const switches = new Switches(options.switches ?? {}, () => {
    if (switches.values['no-show'] !== noShowMarking)
      grantNoShowFlags(accesses, switches.values['no-show']);
    markNoShows();
    store.touch();
  });
  const store = new Store(catalog, district.tables, (ownStore) =>
    computedFields(ownStore, { clock, switches }),
  );
  markNoShows();
  applyMalformedData(store, options.malformedData ?? [], day);
  const simulation = new Simulation({
    store,
    plan: district.plan,
    clock,
    seed: size.seed,
    yearEnd: options.yearEnd ?? 'at-roll-over',
    switches,
  });
  simulation.advanceTo(day + checkWholeNumber('days', options.days ?? 0, 0, 7320));
  const faults = createFaults(options.faults);
  const stopping = new AbortController();
  const responseCache =
    options.cacheResponses === true ? new ResponseCache(() => store.version) : undefined;
  const accesses = new Accesses({
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
    now,
    today: () => clock.date,
    onChange: () => responseCache?.clear(),
    switches,
  });
  const fields = withNoShowFlags(
    listPermittedFields(catalog, options.permissions ?? 'usual'),
    switches.values['no-show'],
  );
  const access = accesses.add({ ...firstAccess(clock.day, fields), ...options.access });
  const integrationToken = options.integrationToken ?? defaultIntegrationToken;
  const basePath = `/${options.basePath ?? 'PracticeStuAPI'}`;
  const app = createApi({
    basePath,
    store,
    accesses,
    integrationToken,
    faults,
    now,
    responseCache,
    stopping: stopping.signal,
    switches,
    currentSchoolYearId: () =>
      Number(openRows(store, 'District/Entity').get(districtEntityId, 'SchoolYearIDCurrent')),
  });
  const adminSide = createAdminSide(basePath, options);
  mountAdminSide(app, adminSide, {
    store,
    accesses,
    faults,
    clock,
    now,
    fields,
    basePath,
    stopping,
  });
  const controlPath = '/control';
  const advanceTo = (date: string): EventRecord[] => simulation.advanceTo(parseDate(date));
  const addMalformedData = (kinds: readonly MalformedDataKind[]): void =>
    applyMalformedData(store, kinds, clock.day);
  const facts = (): DistrictFacts => readDistrictFacts(store, clock);
  app.route(
    controlPath,
    createControlApi({
      today: () => clock.date,
      advanceTo,
      addMalformedData,
      facts,
      faults,
      switches,
    }),
  );
  return {
    app,
    basePath,
    get today() {
      return clock.date;
    },
    clientKey: access.key,
    clientSecret: access.secret ?? defaultClientSecret,
    integrationToken,
    entityId: districtEntityId,
    ...adminSide,
    controlPath,
    catalog,
    district,
    accesses,
    faults,
    switches,
    fetch: async (request) => app.fetch(request),
    rows: (path) => openRows(store, path),
    advanceTo,
    addMalformedData,
    facts,
    stop: () => stopping.abort(),
  };
}

/** The access that is there from the start; it may be used in every way. */
function firstAccess(today: Day, fields: Access['fields']): Omit<Access, 'id'> {
  return {
    integrationId: sandboxClientIntegration.id,
    name: 'Daybreak',
    description: '',
    key: 'sandbox-key',
    secret: defaultClientSecret,
    secrets: [],
    authenticationType: 'Any',
    isActive: true,
    effectiveDate: formatDay(today - 30),
    expirationDate: formatDay(today + 335),
    entities: 'all',
    fields,
    allowsWriting: true,
  };
}

/** A practice system that answers on a port of this machine. */
export interface RunningSandbox {
  readonly baseUrl: string;
  readonly clientKey: string;
  readonly clientSecret: string;
  readonly entityId: number;
  readonly adminUrl: string;
  readonly partnerUrl: string;
  readonly controlUrl: string;
  readonly sandbox: Sandbox;
  readonly close: () => Promise<void>;
}

/** Starts on 127.0.0.1; port 0 takes any free one. Rejects when the port is in use. */
export async function startSandbox(
  options: SandboxOptions & { readonly port: number },
): Promise<RunningSandbox> {
  const sandbox = createSandbox(options);
  const { delayMs = 0 } = options;
  const respond = async (request: Request): Promise<Response> => {
    await delay(delayMs);
    return sandbox.app.fetch(request);
  };
  const fetch = delayMs === 0 ? sandbox.app.fetch : respond;
  const server = createAdaptorServer({ fetch, hostname: '127.0.0.1' });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : options.port);
    });
  });
  const origin = `http://127.0.0.1:${port}`;
  return {
    baseUrl: `${origin}${sandbox.basePath}`,
    adminUrl: `${origin}${sandbox.adminPath}`,
    partnerUrl: `${origin}${sandbox.partnerPath}`,
    controlUrl: `${origin}${sandbox.controlPath}`,
    clientKey: sandbox.clientKey,
    clientSecret: sandbox.clientSecret,
    entityId: sandbox.entityId,
    sandbox,
    close: async () => {
      sandbox.stop();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

function checkWholeNumber(name: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(`${name} must be a whole number from ${low} to ${high}, not ${value}.`);
  }
  return value;
}

function parseDate(date: string): Day {
  const day = /^\d{4}-\d\d-\d\d$/u.test(date) ? parseDay(date) : undefined;
  if (day === undefined) throw new RangeError(`'${date}' is not a date (YYYY-MM-DD).`);
  return day;
}

function formatLocalDate(date: Date): string {
  return formatDay(toDay(date.getFullYear(), date.getMonth() + 1, date.getDate()));
}
