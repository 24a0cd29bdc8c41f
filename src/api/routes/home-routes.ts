/** The home page of a district, for administrators and for staff. */
import { homeApi } from '../../contract/home.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { readAccessEnd } from '../../districts/district-information.ts';
import { readDocumentCounts } from '../../documents/document-list.ts';
import { readHomeDocuments } from '../../documents/home-documents.ts';
import { findRun, type RunDetail } from '../../import/runs/run-detail.ts';
import { readImportStatus } from '../../jobs/import-status.ts';
import { countDuplicatesToReview } from '../../students/duplicates/pairs.ts';
import { listCaseload } from '../../students/list/caseload.ts';
import {
  findLastVisit,
  listChangedStudents,
  listEnrollmentMoves,
  listRecentStudents,
} from '../../students/list/home-students.ts';
import type { RouteContext } from '../route.ts';

/** Adds GET …/home/administrator, …/home/staff and …/recent-students. */
export function addHomeRoutes({ route, options }: RouteContext): void {
  route(homeApi.getAdministratorHome, async ({ district, user }) => {
    const now = options.now?.() ?? Temporal.Now.instant();
    return district.read(async (database) => {
      const status = await readImportStatus(database, now);
      const readRun = async (id: number | null) =>
        id === null ? undefined : findRun(database.client, district.id, id, now);
      const last = await readRun(status.lastCompleted?.runId ?? null);
      const held = await readRun(status.heldRunId);
      const documents = await readDocumentCounts(database, user.accountId, district.today);
      return {
        status,
        lastCompleted: last === undefined ? null : summarize(last),
        held: held === undefined ? null : toHeldImport(held),
        duplicates: await countDuplicatesToReview(database),
        accessExpiresOn: await readAccessEnd(database, district.today),
        documents: {
          overdue: documents.overdue,
          dueThisWeek: documents.dueThisWeek,
          changed: documents.changed,
        },
      };
    });
  });

  route(homeApi.getStaffHome, async ({ district, user, audited }) => {
    // Users who only read have no documents of their own.
    const ownsDocuments = user.role !== 'read-only';
    const home = await district.read(async (database) => ({
      ...(await readHomeDocuments(database, ownsDocuments ? user.accountId : null, district.today)),
      ...(await readChanges(database, user.accountId, district)),
      moves: await listEnrollmentMoves(database, district.today),
      recentStudents: await listRecentStudents(database, user.accountId),
    }));
    audited({ records: home.changedStudents.rows.length + home.moves.rows.length });
    return { ownsDocuments, ...home };
  });

  route(homeApi.listRecentStudents, async ({ district, user, audited }) => {
    const students = await district.read(async (database) =>
      listRecentStudents(database, user.accountId),
    );
    audited({ records: students.length });
    return { students };
  });
}

async function readChanges(
  database: DistrictDatabase,
  accountId: string,
  clock: { readonly today: Temporal.PlainDate; readonly timeZone: string },
) {
  const since = await findLastVisit(database, accountId, clock);
  const own = await listCaseload(database, accountId);
  return {
    changedSince: since.toString(),
    ownStudents: own.length,
    changedStudents: await listChangedStudents(database, since, own.length === 0 ? null : own),
  };
}

function summarize({ id, counts, report }: RunDetail) {
  const enrolled = ['ENROLLED', 'PRE_ENROLLED'];
  const withdrawn = (report?.statusMoves ?? []).filter(
    ({ from, to }) => from !== null && enrolled.includes(from) && !enrolled.includes(to),
  );
  return {
    runId: id,
    received: counts.received,
    added: counts.added ?? 0,
    changed: counts.changed ?? 0,
    withdrawn: sum(withdrawn.map(({ count }) => count)),
    issues: sum(Object.values(report?.problems ?? {})),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

const toHeldImport = ({ id, startedAt, finishedAt, failure, plan }: RunDetail) => ({
  runId: id,
  since: finishedAt ?? startedAt,
  reason: failure?.message ?? 'A safety limit was exceeded.',
  changes: plan,
});
