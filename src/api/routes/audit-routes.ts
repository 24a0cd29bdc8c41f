/** The audit trail: of a district for its administrators, and of no district for technicians. */
import { listAuditEvents, listAuditUsers } from '../../accounts/audit/audit-search.ts';
import { toAuditRows } from '../../accounts/audit/audit-table.ts';
import { type AuditFilter, auditApi } from '../../contract/accounts/audit.ts';
import { type DistrictDatabase, readInDistrict } from '../../database/district-and-school-scope.ts';
import type { DistrictCall } from '../district-call.ts';
import type { Write } from '../server/downloads.ts';
import type { RouteContext } from '../route.ts';

/** The district id of entries that belong to no district. */
const noDistrict = 0;

/** Adds the routes of the audit trail. */
export function addAuditRoutes({ route, options }: RouteContext): void {
  route(auditApi.listAudit, async ({ district, query }) =>
    district.read(async (database) =>
      listAuditEvents(database, { ...query, timeZone: district.timeZone }),
    ),
  );

  route(auditApi.listAuditUsers, async ({ district }) => ({
    users: await district.read(async (database) => [...(await listAuditUsers(database))]),
  }));

  route(auditApi.exportAudit, async ({ district, query, audited }) => {
    audited({
      students: query.student === undefined ? [] : [{ studentId: query.student }],
      detail: toDetail(query),
    });
    return district.download('exports', {
      fileName: `audit-${district.domain}-${district.today.toString()}.csv`,
      make: async (write) => writeCsv(district, query, write),
    });
  });

  const readVendor = async <Result>(read: (database: DistrictDatabase) => Promise<Result>) =>
    readInDistrict(options.database.pool, { districtId: noDistrict, schools: null }, read);

  route(auditApi.listVendorAudit, async ({ query }) =>
    readVendor(async (database) => listAuditEvents(database, { ...query, timeZone: 'UTC' })),
  );

  route(auditApi.listVendorAuditUsers, async () => ({
    users: await readVendor(async (database) => [...(await listAuditUsers(database))]),
  }));
}

/** The filters of the export; the student is stored in its own column. */
const toDetail = ({ user, action, from, to }: AuditFilter) =>
  Object.fromEntries(
    Object.entries({ user, action, from, to }).filter(([, value]) => value !== undefined),
  );

const rowsPerRead = 1000;

/** Writes page by page, each read in its own transaction; that is consistent, since entries never change. */
async function writeCsv(district: DistrictCall, filter: AuditFilter, write: Write): Promise<void> {
  let before: number | undefined;
  let isFirst = true;
  do {
    const { events, older } = await district.read(async (database) =>
      listAuditEvents(database, {
        ...filter,
        before,
        pageSize: rowsPerRead,
        timeZone: district.timeZone,
      }),
    );
    await write(toAuditRows(events, { withHeading: isFirst }));
    isFirst = false;
    before = older ?? undefined;
  } while (before !== undefined);
}
