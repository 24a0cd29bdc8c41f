/** A practice Skyward Qmlativ: the API over a generated district, in memory. */
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { Accesses, grantedFields, type Access } from './access.ts';
import { createApi } from './api.ts';
import { createControl } from './control.ts';
import { createCatalogue, type Catalogue } from './catalogue.ts';
import { computedFields } from './computed-fields.ts';
import { dayOf, findDay, isoDay, type Day } from './day.ts';
import { generateDistrict, type District } from './district-generator.ts';
import { DistrictClock } from './district-clock.ts';
import { districtFacts, type DistrictFacts } from './district-facts.ts';
import { applyDirt, type DirtKind } from './dirt.ts';
import { createFaults, type Fault, type Faults } from './fault.ts';
import { practiceClient } from './integration.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { YearEnd } from './night-kinds.ts';
import { Nights, type NightRecord } from './nights.ts';
import { mountOffice, officeOf, type Office } from './office.ts';
import { grantNoShowFlags, restateNoShows, withNoShowFlags } from './no-show.ts';
import { openRows, type Rows } from './rows.ts';
import { districtEntityId } from './school-plan.ts';
import { Store } from './store.ts';
import type { SwitchValues } from './contract-switches.ts';
import { Switches } from './switches.ts';

const practiceIntegrationToken = 'practice-integration-token';
const practiceSecret = 'practice-secret/with=signs+and%20more';

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
  readonly grants?: 'usual' | 'all';
  /** Members of the first access that differ from the default. */
  readonly access?: Partial<Omit<Access, 'id'>>;
  /** Login and password on the pages, and the token of the partner interface. */
  readonly adminUser?: string;
  readonly adminPassword?: string;
  readonly partnerToken?: string;
  /** How it speaks where the public sources leave it open; each switch has a default. */
  readonly switches?: Partial<SwitchValues>;
  /** Nights that pass before it answers, from `today` on. Default 0. */
  readonly nights?: number;
  /** When enrollments of a finished year are closed; default `at-roll-over`. */
  readonly yearEnd?: YearEnd;
  readonly faults?: readonly Fault[];
  /** Kinds of bad data to add; none when left out. */
  readonly dirt?: readonly DirtKind[];
  /** Keep rendered pages and serve them again without work, until any row changes. */
  readonly keepAnswers?: boolean;
  /** Milliseconds that every answer waits, as over a network; 0 when left out. Of a running one only. */
  readonly delayMs?: number;
  /** Milliseconds since 1970, for token lifetimes. */
  readonly now?: () => number;
}

/** A running practice system without a port. */
export interface Sandbox extends Office {
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
  readonly catalogue: Catalogue;
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
  advanceTo(date: string): NightRecord[];
  /** Spoils rows of a district that runs; see `SandboxOptions.dirt`. */
  addDirt(kinds: readonly DirtKind[]): void;
  /** Every student with enrollments and guardians, read from the tables past the API. */
  facts(): DistrictFacts;
  /** Ends requests that hang on purpose. */
  stop(): void;
}

/** Makes a practice system; with the same seed, size and date always the same one. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const now = options.now ?? Date.now;
  const day = dateOrThrow(options.today ?? localDay(new Date(now())));
  const size = {
    seed: whole('seed', options.seed ?? 1, 0, 2147483647),
    students: whole('students', options.students ?? 5000, 1, 2_000_000),
    schools: whole('schools', options.schools ?? 12, 1, 500),
    years: whole('years', options.years ?? 3, 2, 20),
  };
  const clock = new DistrictClock(day);
  const catalogue = createCatalogue();
  const district = generateDistrict({ ...size, today: day });
  let noShowWay: SwitchValues['no-show'] = 'flags';
  const markNoShows = (): void => {
    const way = switches.values['no-show'];
    if (way !== noShowWay) restateNoShows(store, way);
    noShowWay = way;
  };
  const switches = new Switches(options.switches ?? {}, () => {
    if (switches.values['no-show'] !== noShowWay)
      grantNoShowFlags(accesses, switches.values['no-show']);
    markNoShows();
    store.touch();
  });
  const store = new Store(catalogue, district.tables, (self) =>
    computedFields(self, { clock, switches }),
  );
  markNoShows();
  applyDirt(store, options.dirt ?? [], day);
  const nights = new Nights({
    store,
    plan: district.plan,
    clock,
    seed: size.seed,
    yearEnd: options.yearEnd ?? 'at-roll-over',
    switches,
  });
  nights.advanceTo(day + whole('nights', options.nights ?? 0, 0, 7320));
  const faults = createFaults(options.faults);
  const stopping = new AbortController();
  const answers = options.keepAnswers === true ? new KeptAnswers(() => store.version) : undefined;
  const accesses = new Accesses({
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
    now,
    today: () => clock.date,
    changed: () => answers?.clear(),
    switches,
  });
  const fields = withNoShowFlags(
    grantedFields(catalogue, options.grants ?? 'usual'),
    switches.values['no-show'],
  );
  const access = accesses.add({ ...firstAccess(clock.day, fields), ...options.access });
  const integrationToken = options.integrationToken ?? practiceIntegrationToken;
  const basePath = `/${options.basePath ?? 'PracticeStuAPI'}`;
  const app = createApi({
    basePath,
    store,
    accesses,
    integrationToken,
    faults,
    now,
    answers,
    stopping: stopping.signal,
    switches,
    currentSchoolYearId: () =>
      Number(openRows(store, 'District/Entity').get(districtEntityId, 'SchoolYearIDCurrent')),
  });
  const office = officeOf(basePath, options);
  mountOffice(app, office, { store, accesses, faults, clock, now, fields, basePath, stopping });
  const controlPath = '/control';
  const advanceTo = (date: string): NightRecord[] => nights.advanceTo(dateOrThrow(date));
  const addDirt = (kinds: readonly DirtKind[]): void => applyDirt(store, kinds, clock.day);
  const facts = (): DistrictFacts => districtFacts(store, clock);
  app.route(
    controlPath,
    createControl({ today: () => clock.date, advanceTo, addDirt, facts, faults, switches }),
  );
  return {
    app,
    basePath,
    get today() {
      return clock.date;
    },
    clientKey: access.key,
    clientSecret: access.secret ?? practiceSecret,
    integrationToken,
    entityId: districtEntityId,
    ...office,
    controlPath,
    catalogue,
    district,
    accesses,
    faults,
    switches,
    fetch: async (request) => app.fetch(request),
    rows: (path) => openRows(store, path),
    advanceTo,
    addDirt,
    facts,
    stop: () => stopping.abort(),
  };
}

/** The access that is there from the start; it may be used in every way. */
function firstAccess(today: Day, fields: Access['fields']): Omit<Access, 'id'> {
  return {
    integrationId: practiceClient.id,
    name: 'Daybreak',
    description: '',
    key: 'practice-key',
    secret: practiceSecret,
    secrets: [],
    authenticationType: 'Any',
    isActive: true,
    effectiveDate: isoDay(today - 30),
    expirationDate: isoDay(today + 335),
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
  const answer = async (request: Request): Promise<Response> => {
    await delay(delayMs);
    return sandbox.app.fetch(request);
  };
  const fetch = delayMs === 0 ? sandbox.app.fetch : answer;
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

function whole(name: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(`${name} must be a whole number from ${low} to ${high}, not ${value}.`);
  }
  return value;
}

function dateOrThrow(date: string): Day {
  const day = /^\d{4}-\d\d-\d\d$/u.test(date) ? findDay(date) : undefined;
  if (day === undefined) throw new RangeError(`'${date}' is not a date (YYYY-MM-DD).`);
  return day;
}

function localDay(date: Date): string {
  return isoDay(dayOf(date.getFullYear(), date.getMonth() + 1, date.getDate()));
}
