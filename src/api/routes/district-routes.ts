/** Districts: the list, and one by its domain. */
import { districtsApi } from '../../contract/districts/districts.ts';
import { administers } from '../../contract/endpoint.ts';
import { listDistricts } from '../../districts/district.ts';
import { readAccessEnd } from '../../districts/district-information.ts';
import { findSchools } from '../../students/list/facets.ts';
import type { RouteContext } from '../route.ts';

/** Adds GET /api/districts and GET /api/districts/{domain}. */
export function addDistrictRoutes({ route, options }: RouteContext): void {
  route(districtsApi.listDistricts, async () => ({
    districts: (await listDistricts(options.database.pool)).map(({ name, domain, timeZone }) => ({
      name,
      domain,
      timeZone,
    })),
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
