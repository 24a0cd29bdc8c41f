/** Districts: which there are, and one by its domain. */
import type { Hono } from 'hono';

import { districtsApi } from '../../contract/districts/districts.ts';
import { administers } from '../../contract/endpoint.ts';
import { listDistricts as readDistricts } from '../../districts/district.ts';
import { readAccessEnd } from '../../districts/district-information.ts';
import { findSchools } from '../../students/list/schools.ts';
import type { ApiEnvironment, ApiOptions } from '../server/api-environment.ts';
import { addRoute } from '../route.ts';

/** Adds GET /api/districts and GET /api/districts/{domain}. */
export function addDistrictRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  addRoute(app, options, districtsApi.listDistricts, async () => ({
    districts: (await readDistricts(options.database.pool)).map(({ name, domain, timeZone }) => ({
      name,
      domain,
      timeZone,
    })),
  }));

  addRoute(app, options, districtsApi.getDistrict, async ({ district, user }) =>
    district.read(async (database) => ({
      name: district.name,
      domain: district.domain,
      timeZone: district.timeZone,
      today: district.today.toString(),
      accessEndsOn: administers(user.role)
        ? await readAccessEnd(database, district.id, district.today)
        : null,
      schools: await findSchools(database, district.id),
    })),
  );
}
