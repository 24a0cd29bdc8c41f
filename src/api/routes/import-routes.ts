/** Routes of imports: list and show runs; start, cancel and review them. */
import { administers } from '../../contract/endpoint.ts';
import { importStatusApi } from '../../contract/imports/import-status.ts';
import { importActionsApi } from '../../contract/imports/import-actions.ts';
import { planRowsPerPage, importChangesApi } from '../../contract/imports/import-changes.ts';
import { problemsPerPage, importIssuesApi } from '../../contract/imports/import-issues.ts';
import { importReportApi } from '../../contract/imports/import-report.ts';
import { daysShown, runsPerPage, importRunsApi } from '../../contract/imports/import-runs.ts';
import { Status } from '../../contract/values.ts';
import { acceptEmptyField } from '../../import/plan/accepted-fields.ts';
import { toFieldName } from '../../import/plan/emptied-values.ts';
import { requestCancel } from '../../import/runs/run-cancellation.ts';
import { reviewHeldRun } from '../../import/runs/run-review.ts';
import { findRun, type RunDetail } from '../../import/runs/run-detail.ts';
import {
  countOtherIssues,
  describeProblems,
  findRunOfIssues,
  listIssues,
} from '../../import/runs/run-issues.ts';
import { findLiveRun, listRunPage, listRunsByDay } from '../../import/runs/run-list.ts';
import { hasPublished, listChanges } from '../../import/runs/run-changes.ts';
import { listPlan } from '../../import/runs/run-plan.ts';
import { readImportStatus } from '../../jobs/import-status.ts';
import { ApiError, found } from '../api-error.ts';
import type { DistrictCall } from '../district-call.ts';
import { addImportEvents } from './import-events.ts';
import { runNotFound, sendImport } from './import-start.ts';
import { addImportUndoRoutes } from './import-undo-routes.ts';
import { findWaitingSince, type WaitingSince } from '../../import/runs/waiting-imports.ts';
import { countedField } from '../../roster/fields/labels.ts';
import { objectLabel, sourceFieldLabel } from '../../roster/source-labels.ts';
import { toPlannedChange } from './planned-changes.ts';
import type { RouteContext } from '../route.ts';

/** Adds the routes below /imports. */
export function addImportRoutes(routes: RouteContext): void {
  addListRoutes(routes);
  addRunRoutes(routes);
  addImportEvents(routes);
  addStartRoutes(routes);
  addReviewRoute(routes);
  addAcceptanceRoute(routes);
  addImportUndoRoutes(routes);
}

function addListRoutes({ route, options }: RouteContext): void {
  route(importStatusApi.getImportStatus, async ({ district, user }) => {
    const now = options.now?.() ?? Temporal.Now.instant();
    const status = await district.read(async (database) => readImportStatus(database, now));
    return administers(user.role) ? status : { ...status, failed: null };
  });

  route(importRunsApi.listImportDays, async ({ district }) => ({
    days: await district.read(async ({ client }) =>
      listRunsByDay(client, district.id, district.today, daysShown),
    ),
  }));

  route(importRunsApi.listImports, async ({ district, query }) => {
    const page = query.page ?? 1;
    const waiting = (await options.imports?.findWaiting(district.id)) ?? null;
    return district.read(async ({ client }) => ({
      ...(await listRunPage(client, district.id, { page, pageSize: runsPerPage })),
      page,
      running: (await findLiveRun(client, district.id)) ?? null,
      waiting,
      undoWait: toUndoWait(await findWaitingSince(client, district.id)),
    }));
  });
}

const toUndoWait = (waiting: WaitingSince | undefined) =>
  waiting === undefined ? null : { ...waiting, since: waiting.since.toString() };

function addRunRoutes({ route, options }: RouteContext): void {
  route(importReportApi.getImport, async ({ district, params }) => {
    const now = options.now?.() ?? Temporal.Now.instant();
    const run = found(
      await district.read(async ({ client }) => findRun(client, district.id, params.id, now)),
      runNotFound,
    );
    return { ...run, report: run.report && toShownReport(run.report) };
  });

  route(
    importIssuesApi.listImportProblems,
    async ({ district, params, query: { kind, page = 1 } }) => {
      const question = { kind, search: undefined, page, pageSize: problemsPerPage };
      return district.read(async ({ client }) => ({
        ...(await listIssues(client, district.id, params.id, question)),
        others: await countOtherIssues(client, district.id, params.id, kind),
        page,
      }));
    },
  );

  route(importIssuesApi.listOpenProblems, async ({ district, query: { kind, search, page = 1 } }) =>
    district.read(async ({ client }) => {
      const last = await findRunOfIssues(client, district.id);
      if (last === undefined) return { run: null, kinds: [], rows: [], total: 0, page };
      const { run, problems } = last;
      const question = { kind, search, page, pageSize: problemsPerPage };
      return {
        run,
        kinds: problems,
        ...(await listIssues(client, district.id, run.id, question)),
        page,
      };
    }),
  );

  route(importChangesApi.listImportPlan, async ({ district, params, query }) => {
    const page = query.page ?? 1;
    const search = query.search === '' ? undefined : query.search;
    const question = { kind: query.kind, search, page, pageSize: planRowsPerPage };
    const { rows, counts } = await district.read(async ({ client }) => {
      const isPublished = await hasPublished(client, district.id, params.id);
      const list = isPublished ? listChanges : listPlan;
      return list(client, district.id, params.id, question);
    });
    const students = rows.map((row) => ({
      ...row,
      statusBefore: Status.nullable().parse(row.statusBefore),
      statusAfter: Status.nullable().parse(row.statusAfter),
      changes: row.changes.map(toPlannedChange),
    }));
    return { rows: students, counts, page };
  });
}

const toShownReport = (report: NonNullable<RunDetail['report']>) => ({
  ...report,
  rowsRead: Object.entries(report.rowsRead).map(([object, count]) => ({
    object,
    label: objectLabel(object),
    count,
  })),
  neverFilled: report.neverFilled.flatMap(({ object, fields }) =>
    fields.map((field) => ({ object, field, label: sourceFieldLabel({ object, field }) })),
  ),
  emptyLists: report.emptyLists.map((object) => ({ object, label: objectLabel(object) })),
  changesByField: Object.entries(report.changesByField).map(([field, count]) => ({
    ...countedField(field),
    count,
  })),
  problems: describeProblems(report.problems),
});

function addStartRoutes({ route, options }: RouteContext): void {
  route(importActionsApi.startImport, async ({ district, body, user }) => {
    await requireConnection(district);
    await sendImport(options.imports, district, {
      isDryRun: body.isDryRun,
      allowsMassChange: false,
      requestedBy: user.name,
    });
    await district.audit({ action: body.isDryRun ? 'dry-run-started' : 'import-started' });
    return { accepted: true as const };
  });

  route(importActionsApi.cancelImport, async ({ district, user }) => {
    if ((await options.imports?.cancelWaiting(district.id)) === true) {
      await district.audit({ action: 'import-canceled', detail: { was: 'waiting' } });
      return { cancelled: 'waiting' as const };
    }
    return district.write(async (database) => {
      const run = await findLiveRun(database.client, district.id);
      const isAsked =
        run !== undefined && (await requestCancel(database.client, district.id, run.id, user.name));
      if (!isAsked) {
        throw new ApiError(
          'conflict',
          run === undefined
            ? 'No import is running or waiting.'
            : 'The import is already being canceled.',
          { advice: 'The list of imports shows the result of the last one.' },
        );
      }
      const detail = { was: 'running', runId: run.id };
      await district.audit({ action: 'import-canceled', detail }, database);
      return { cancelled: 'running' as const };
    });
  });
}

function addReviewRoute({ route, options }: RouteContext): void {
  route(importActionsApi.reviewImport, async ({ district, params, body, user }) => {
    const { outcome, reason } = body;
    await district.write(async (database) => {
      const review = { outcome, by: user.name, reason };
      if (!(await reviewHeldRun(database.client, district.id, params.id, review))) {
        throw new ApiError('conflict', 'This import no longer needs a review.', {
          advice: 'Someone has reviewed it, or a later import has superseded it. Refresh the page.',
        });
      }
      const action = outcome === 'approved' ? 'import-approved' : 'import-discarded';
      await district.audit({ action, detail: { runId: params.id, reason } }, database);
      if (outcome === 'discarded') return;
      // Last, and inside the transaction: if the queue rejects the import, no review is stored.
      await sendImport(options.imports, district, {
        isDryRun: false,
        allowsMassChange: true,
        requestedBy: user.name,
        approvedRunId: params.id,
      });
    });
    return { outcome };
  });
}

function addAcceptanceRoute({ route }: RouteContext): void {
  route(importActionsApi.acceptEmptyImportField, async ({ district, params, body, user }) => {
    const { object, field, reason } = body;
    return district.write(async (database) => {
      const acceptance = { object, field, by: user.name, reason };
      if (!(await acceptEmptyField(database.client, district.id, params.id, acceptance))) {
        throw new ApiError('conflict', 'This field can no longer be accepted as empty.', {
          advice:
            'Someone has accepted it, or a later import has superseded this one. Refresh the page.',
        });
      }
      const detail = { runId: params.id, field: toFieldName({ object, field }), reason };
      await district.audit({ action: 'empty-field-accepted', detail }, database);
      return { accepted: true as const };
    });
  });
}

async function requireConnection(district: DistrictCall): Promise<void> {
  const connection = await district.read(async (database) =>
    database.one('select from skyward_connections where district_id = $1'),
  );
  if (connection !== undefined) return;
  throw new ApiError('conflict', 'This district is not connected to Skyward yet.', {
    advice: 'Connect the district first.',
  });
}
