/** Districts: the list, and one by its domain. */
import { districtsApi } from '../../contract/districts/districts.ts';
import { administers } from '../../contract/endpoint.ts';
import { readAccessEnd } from '../../districts/district-information.ts';
import { listDistrictOverviews } from '../../jobs/district-overview.ts';
import { findSchools } from '../../students/list/facets.ts';
import type { RouteContext } from '../route.ts';

/** Adds GET /api/districts and GET /api/districts/{domain}. */
export function addDistrictRoutes({ route, options }: RouteContext): void {
  route(districtsApi.listDistricts, async () => ({
    districts: await listDistrictOverviews(
      options.database.pool,
      options.now?.() ?? Temporal.Now.instant(),
    ),
  }));

  route(districtsApi.getDistrict, async ({ district, user }) =>
    district.read(async (database) => ({
      name: district.name,
      domain: district.domain,
      timeZone: district.timeZone,
      today: district.today.toString(),
      accessExpiresOn: administers(user.role)
        ? await readAccessEnd(database, district.today)
        : null,
      schools: await findSchools(database),
    })),
  );
}
