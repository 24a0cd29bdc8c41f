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
    return Promise.resolve(
      new Response(csvStream(district, query), {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="audit-${district.domain}-${district.today.toString()}.csv"`,
        },
      }),
    );
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

/** A page after the other; no transaction stays open while a slow reader takes his time. */
function csvStream(district: DistrictCall, filter: AuditFilter): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let before: number | undefined;
  let isFirst = true;
  return new ReadableStream({
    async pull(controller) {
      const { events, older } = await district.read(async (database) =>
        listAuditEvents(database, district.id, {
          ...filter,
          before,
          pageSize: rowsAtOnce,
          timeZone: district.timeZone,
        }),
      );
      controller.enqueue(encoder.encode(auditRowsOf(events, { withHeading: isFirst })));
      isFirst = false;
      before = older ?? undefined;
      if (older === null) controller.close();
    },
  });
}
