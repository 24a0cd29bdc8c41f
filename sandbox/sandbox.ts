/**
 * The sandbox: an invented Skyward Qmlativ, with the API over a generated district, in memory.
 *
 * This folder is an invented Skyward; it imports nothing from `src`, so it stays an independent check.
 */
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { Accesses, listPermittedFields, type Access } from './api/access.ts';
import { createApi } from './api/api-routes.ts';
import { createControlApi, type ControlChange } from './api/control-api.ts';
import { createCatalog, type Catalog } from './district/catalog.ts';
import { computedFields } from './district/fields/computed-fields.ts';
import { toDay, parseDay, formatDay, type Day } from './day.ts';
import { generateDistrict, type District } from './district/district-generator.ts';
import { DistrictClock } from './district/district-clock.ts';
import { readDistrictFacts, type DistrictFacts } from './district/district-facts.ts';
import { applyMalformedData, type MalformedDataKind } from './district/malformed-data.ts';
import { createFaults, type Fault, type Faults } from './api/fault.ts';
import { sameGoalIntegration, sandboxClientIntegration } from './admin/integration.ts';
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

/** Options of a sandbox; each has a default. */
export interface SandboxOptions {
  /** Seed of the district. Default 1. */
  readonly seed?: number;
  /** Number of current students; former ones are added. Default 5,000. */
  readonly students?: number;
  /** Schools, in addition to one career center. Default 12. */
  readonly schools?: number;
  /** School years with data, the current one last; at least 2. Default 3. */
  readonly years?: number;
  /** The district's date, `YYYY-MM-DD`. Default: the machine's. */
  readonly today?: string;
  /** First segment of every path, without slash. Default `PracticeStuAPI`. */
  readonly basePath?: string;
  readonly tokenLifetimeSeconds?: number;
  /** The vendor's integration token, for token requests that need it. */
  readonly integrationToken?: string;
  /** Permissions of the first access: the fields in public access files, or all. */
  readonly permissions?: 'usual' | 'all';
  /** Properties of the first access that differ from the default. */
  readonly access?: Partial<Omit<Access, 'id'>>;
  /** Login of the admin pages. */
  readonly adminUser?: string;
  readonly adminPassword?: string;
  readonly partnerToken?: string;
  /** Behavior where the public sources leave it open; each switch has a default. */
  readonly switches?: Partial<SwitchValues>;
  /** Days to simulate before it responds, from `today` on. Default 0. */
  readonly days?: number;
  /** When enrollments of a finished year are closed. Default `at-roll-over`. */
  readonly yearEnd?: YearEnd;
  readonly faults?: readonly Fault[];
  /** Kinds of malformed data to add. Default none. */
  readonly malformedData?: readonly MalformedDataKind[];
  /** Whether to cache rendered pages until any row changes. */
  readonly cacheResponses?: boolean;
  /** Delay of every response in milliseconds, as over a network; only on a port. Default 0. */
  readonly delayMs?: number;
  /** Milliseconds since 1970, for token lifetimes. */
  readonly now?: () => number;
  /** Called with each change that the control API made. */
  readonly onControlChange?: ((change: ControlChange) => void) | undefined;
}

/** A sandbox without a port. */
export interface Sandbox extends AdminSide {
  readonly app: Hono;
  readonly basePath: string;
  /** The district's date, `YYYY-MM-DD`; `advanceTo` changes it. */
  readonly today: string;
  readonly clientKey: string;
  readonly clientSecret: string;
  /** What the vendor sends with token requests if required. */
  readonly integrationToken: string;
  /** The district's entity, which sees every row. */
  readonly entityId: number;
  /** Path of the control API. */
  readonly controlPath: string;
  readonly catalog: Catalog;
  readonly district: District;
  readonly accesses: Accesses;
  readonly faults: Faults;
  readonly switches: Switches;
  fetch(request: Request): Promise<Response>;
  /** Returns the rows of an object, for reading and changing without the API's checks. */
  rows(path: string): Rows;
  /**
   * Simulates the district up to a day (`YYYY-MM-DD`), which becomes its date, and returns the events.
   * Throws a RangeError for an invalid or past date, or one over twenty years ahead.
   */
  advanceTo(date: string): EventRecord[];
  /** Adds malformed data to a running district; see `SandboxOptions.malformedData`. */
  addMalformedData(kinds: readonly MalformedDataKind[]): void;
  /**
   * Remembers every row; the returned function restores them. For changes made in code, on the same
   * date: a simulated day in between is not undone.
   */
  remember(): () => void;
  /** Returns every student with enrollments and guardians, read directly from the tables. */
  facts(): DistrictFacts;
  /** Ends requests that hang because of a fault. */
  stop(): void;
}

/** Creates a sandbox; the same options give the same data. */
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
      rows: (path) => openRows(store, path),
      onChange: options.onControlChange,
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
    remember: () => store.remember(),
    facts,
    stop: () => stopping.abort(),
  };
}

/** Returns the access that exists from the start, with every authentication type. */
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

/** Properties that make the first access one of SameGoal Demographics, as a district adds it. */
export const vendorAccess = (expirationDate: string): NonNullable<SandboxOptions['access']> => ({
  integrationId: sameGoalIntegration.id,
  name: 'Nightly demographics',
  authenticationType: 'OAuth 2.0',
  allowsWriting: false,
  expirationDate: formatDay(parseDate(expirationDate)),
});

/** A sandbox that listens on a port of this machine. */
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

/** Starts a sandbox on 127.0.0.1; port 0 takes any free port. Rejects if the port is in use. */
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
