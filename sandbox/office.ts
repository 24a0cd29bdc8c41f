/** The people's side of a practice system: the district's pages and the vendor's partner interface. */
import type { Hono } from 'hono';
import type { Accesses } from './access.ts';
import { createAdminPages } from './admin-pages.ts';
import type { EntityChoice } from './admin-views.ts';
import type { DistrictClock } from './district-clock.ts';
import type { Faults } from './fault.ts';
import { integrations, samegoalDemographics } from './integration.ts';
import { createPartnerInterface } from './partner-interface.ts';
import { openRows, type Rows } from './rows.ts';
import { districtEntityId, systemEntityId } from './school-plan.ts';
import type { Store } from './store.ts';

/** Where the two are found, and what lets one in. */
export interface Office {
  /** Path of the pages on which a district looks after its accesses. */
  readonly adminPath: string;
  readonly adminUser: string;
  readonly adminPassword: string;
  /** Path of the partner interface, and the token it wants. */
  readonly partnerPath: string;
  readonly partnerToken: string;
}

/** Login, password and token as given, or those that every practice system has. */
export function officeOf(
  basePath: string,
  given: Partial<Pick<Office, 'adminUser' | 'adminPassword' | 'partnerToken'>>,
): Office {
  return {
    // Skyward's pages end in STS where its API ends in API.
    adminPath: `${basePath.endsWith('API') ? basePath.slice(0, -3) : basePath}STS`,
    adminUser: given.adminUser ?? 'skyward.admin',
    adminPassword: given.adminPassword ?? 'practice-password',
    partnerPath: '/partner/v1',
    partnerToken: given.partnerToken ?? 'practice-partner-token',
  };
}

/** What the two work with. */
export interface OfficeParts {
  readonly store: Store;
  readonly accesses: Accesses;
  readonly faults: Faults;
  readonly clock: DistrictClock;
  readonly now: () => number;
  /** What is approved for every integration. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  readonly basePath: string;
  readonly stopping: AbortController;
}

/** Adds both to an app. */
export function mountOffice(app: Hono, office: Office, parts: OfficeParts): void {
  const { store, accesses, faults, clock, now, fields, basePath, stopping } = parts;
  const entities = (): EntityChoice[] => entityChoices(openRows(store, 'District/Entity'));
  const today = (): string => clock.date;
  app.route(
    office.adminPath,
    createAdminPages({
      root: office.adminPath,
      user: office.adminUser,
      password: office.adminPassword,
      accesses,
      integrations,
      grantsOf: () => fields,
      entities,
      today,
      now,
    }),
  );
  app.route(
    office.partnerPath,
    createPartnerInterface({
      token: office.partnerToken,
      customer: { id: 'larkspur-springs', name: 'Larkspur Springs ISD', code: '999901' },
      apiPath: basePath,
      integration: samegoalDemographics,
      accesses,
      faults,
      entities,
      today,
      stopping: stopping.signal,
    }),
  );
}

/** What an integration access may be given: the district's entity and its schools. */
function entityChoices(entities: Rows): EntityChoice[] {
  return Array.from(entities.ids())
    .filter((id) => id !== systemEntityId)
    .map((id) => ({
      id,
      codeName: String(entities.get(id, 'CodeName')),
      isDistrictEntity: id === districtEntityId,
    }));
}
