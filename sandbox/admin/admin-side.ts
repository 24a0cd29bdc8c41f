/** The admin side of the sandbox: the district's pages and the vendor's partner interface. */
import type { Hono } from 'hono';
import type { Accesses } from '../api/access.ts';
import { createAdminPages } from './pages.ts';
import type { EntityChoice } from './views.ts';
import type { DistrictClock } from '../district/district-clock.ts';
import type { Faults } from '../api/fault.ts';
import { integrations, sameGoalIntegration } from './integration.ts';
import { createPartnerInterface } from './partner-interface.ts';
import { openRows, type Rows } from '../district/rows.ts';
import { districtEntityId, systemEntityId } from '../district/school-plan.ts';
import type { Store } from '../district/store.ts';

/** Paths and credentials of both. */
export interface AdminSide {
  /** Path of the pages on which a district manages its accesses. */
  readonly adminPath: string;
  readonly adminUser: string;
  readonly adminPassword: string;
  /** Path of the partner interface. */
  readonly partnerPath: string;
  readonly partnerToken: string;
}

/** Returns login, password and token as given, or the sandbox's defaults. */
export function createAdminSide(
  basePath: string,
  overrides: Partial<Pick<AdminSide, 'adminUser' | 'adminPassword' | 'partnerToken'>>,
): AdminSide {
  return {
    // Skyward's pages end in STS where its API ends in API.
    adminPath: `${basePath.endsWith('API') ? basePath.slice(0, -3) : basePath}STS`,
    adminUser: overrides.adminUser ?? 'skyward.admin',
    adminPassword: overrides.adminPassword ?? 'sandbox-password',
    partnerPath: '/partner/v1',
    partnerToken: overrides.partnerToken ?? 'sandbox-partner-token',
  };
}

/** Dependencies of both. */
export interface AdminSideDeps {
  readonly store: Store;
  readonly accesses: Accesses;
  readonly faults: Faults;
  readonly clock: DistrictClock;
  readonly now: () => number;
  /** Fields approved for every integration. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  readonly basePath: string;
  readonly stopping: AbortController;
}

/** Mounts both in an app. */
export function mountAdminSide(app: Hono, adminSide: AdminSide, deps: AdminSideDeps): void {
  const { store, accesses, faults, clock, now, fields, basePath, stopping } = deps;
  const entities = (): EntityChoice[] => listEntityChoices(openRows(store, 'District/Entity'));
  const today = (): string => clock.date;
  app.route(
    adminSide.adminPath,
    createAdminPages({
      root: adminSide.adminPath,
      user: adminSide.adminUser,
      password: adminSide.adminPassword,
      accesses,
      integrations,
      listPermissions: () => fields,
      entities,
      today,
      now,
    }),
  );
  app.route(
    adminSide.partnerPath,
    createPartnerInterface({
      token: adminSide.partnerToken,
      customer: { id: 'larkspur-springs', name: 'Larkspur Springs ISD', code: '999901' },
      apiPath: basePath,
      integration: sameGoalIntegration,
      accesses,
      faults,
      entities,
      today,
      stopping: stopping.signal,
    }),
  );
}

/** Lists the entities for an integration access: the district's and its schools. */
function listEntityChoices(entities: Rows): EntityChoice[] {
  return Array.from(entities.ids())
    .filter((id) => id !== systemEntityId)
    .map((id) => ({
      id,
      codeName: String(entities.get(id, 'CodeName')),
      isDistrictEntity: id === districtEntityId,
    }));
}
