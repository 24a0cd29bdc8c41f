/** The audit trail of a district for those who look after it, and what belongs to none for technicians. */
import type { Hono } from 'hono';

import { listAuditEvents, listAuditPeople } from '../accounts/audit-search.ts';
import { auditRowsOf } from '../accounts/audit-table.ts';
import {
  type AuditFilter,
  exportAudit,
  listAudit,
  listAuditPeople as listAuditPeopleEndpoint,
  listVendorAudit,
  listVendorAuditPeople,
} from '../contract/audit.ts';
import { type DistrictDatabase, readInDistrict } from '../database/district-scope.ts';
import type { ApiEnvironment, ApiOptions } from './api-environment.ts';
import type { DistrictCall } from './district-call.ts';
import type { Write } from './downloads.ts';
import { addRoute } from './route.ts';

/** Under this number the trail keeps what belongs to no district. */
const noDistrict = 0;

/** Adds the routes of the audit trail. */
export function addAuditRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  addRoute(app, options, listAudit, async ({ district, query }) =>
    district.read(async (database) =>
      listAuditEvents(database, district.id, { ...query, timeZone: district.timeZone }),
    ),
  );

  addRoute(app, options, listAuditPeopleEndpoint, async ({ district }) => ({
    people: await district.read(async (database) => [
      ...(await listAuditPeople(database, district.id)),
    ]),
  }));

  addRoute(app, options, exportAudit, async ({ district, query, audited }) => {
    audited({
      students: query.student === undefined ? [] : [{ studentId: query.student }],
      detail: detailOf(query),
    });
    return district.download('exports', {
      contentType: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="audit-${district.domain}-${district.today.toString()}.csv"`,
      make: async (write) => writeCsv(district, query, write),
    });
  });

  const readVendor = async <Result>(read: (database: DistrictDatabase) => Promise<Result>) =>
    readInDistrict(options.database.pool, { districtId: noDistrict, schools: null }, read);

  addRoute(app, options, listVendorAudit, async ({ query }) =>
    readVendor(async (database) =>
      listAuditEvents(database, noDistrict, { ...query, timeZone: 'UTC' }),
    ),
  );

  addRoute(app, options, listVendorAuditPeople, async () => ({
    people: await readVendor(async (database) => [
      ...(await listAuditPeople(database, noDistrict)),
    ]),
  }));
}

/** What the export was narrowed to; the student has a column of his own. */
const detailOf = ({ person, action, from, to }: AuditFilter) =>
  Object.fromEntries(
    Object.entries({ person, action, from, to }).filter(([, value]) => value !== undefined),
  );

const rowsAtOnce = 1000;

/** A page after the other, each in a transaction of its own: what is in the trail never changes. */
async function writeCsv(district: DistrictCall, filter: AuditFilter, write: Write): Promise<void> {
  let before: number | undefined;
  let isFirst = true;
  do {
    const { events, older } = await district.read(async (database) =>
      listAuditEvents(database, district.id, {
        ...filter,
        before,
        pageSize: rowsAtOnce,
        timeZone: district.timeZone,
      }),
    );
    await write(auditRowsOf(events, { withHeading: isFirst }));
    isFirst = false;
    before = older ?? undefined;
  } while (before !== undefined);
}
