/** The list of students: pages, counts, export, saved views. */
import type { User } from '../../accounts/accounts.ts';
import { administers } from '../../contract/endpoint.ts';
import { savedViewsApi } from '../../contract/students/saved-views.ts';
import {
  maxSelectedStudents,
  type StudentExportQuery,
  studentListApi,
  type StudentListQuery,
} from '../../contract/students/student-list.ts';
import {
  updateView,
  createView,
  deleteView,
  listViews,
  type Viewer,
} from '../../students/list/saved-views.ts';
import { createCountCellCache } from '../../students/list/count-cells.ts';
import { countStudents } from '../../students/list/facets.ts';
import { countExported, exportStudents } from '../../students/list/export.ts';
import type { ListFilter } from '../../students/list/filter.ts';
import { listStudents } from '../../students/list/pages.ts';
import { ApiError, found } from '../api-error.ts';
import type { DistrictCall } from '../district-call.ts';
import type { RouteContext } from '../route.ts';
import { findCaseloadOwner } from './caseload-routes.ts';

/** Adds the routes of the list; row-level security limits them to the students of the caller's schools. */
export function addStudentListRoutes(routes: RouteContext): void {
  const { route } = routes;
  const countsOf = createCountCellCache();
  route(studentListApi.listStudents, async ({ district, user, query: asked, audited }) => {
    const query = await toListQuery(routes, district, user, asked);
    const list = await district.read(async (database) => listStudents(database, query, countsOf));
    audited({ records: list.rows.length });
    return list;
  });

  route(studentListApi.countStudents, async ({ district, user, query: asked }) => {
    const query = await toListQuery(routes, district, user, asked);
    return district.read(async (database) => countStudents(database, query, countsOf));
  });

  route(studentListApi.printStudents, async ({ district, query, audited }) => {
    const { rows } = await district.read(async (database) =>
      listStudents(database, { ...query, pageSize: maxSelectedStudents }, countsOf),
    );
    audited({ detail: { count: rows.length, students: query.ids } });
    return { rows };
  });

  route(studentListApi.exportStudents, async ({ district, user, query: asked, audited }) => {
    const query = await toListQuery(routes, district, user, asked);
    return district.download('exports', {
      fileName: `students-${district.domain}-${district.today.toString()}.csv`,
      make: async (write) => {
        const count = await district.read(async (database) =>
          countExported(database, query, await countsOf(database)),
        );
        audited({ detail: toDetail(asked, count) });
        await district.read(async (database) => {
          const counts = await countsOf(database);
          for await (const lines of exportStudents(database, query, counts)) {
            await write(lines);
          }
        });
      },
    });
  });

  addViewRoutes(routes);
}

/** Replaces `mine` and `caseload` by the account whose students are meant. */
async function toListQuery<Query extends Pick<StudentListQuery, 'mine' | 'caseload'>>(
  { options }: RouteContext,
  { id }: Pick<DistrictCall, 'id'>,
  user: User,
  { mine, caseload, ...query }: Query,
): Promise<Omit<Query, 'mine' | 'caseload'> & Pick<ListFilter, 'caseloadOf'>> {
  if (caseload !== undefined) await findCaseloadOwner(options.accounts, id, user, caseload);
  return { ...query, caseloadOf: caseload ?? (mine === undefined ? undefined : user.accountId) };
}

/** Returns the audit entry of an export, without the search text, which often is the name of a student. */
const toDetail = ({ search, ids, ...query }: StudentExportQuery, count: number) => ({
  count,
  ...query,
  ...(ids !== undefined && { students: ids }),
  ...(search !== undefined && { isSearch: true }),
});

function addViewRoutes({ route }: RouteContext): void {
  route(savedViewsApi.listSavedViews, async ({ district, user }) => ({
    views: await district.read(async (database) => listViews(database, toViewer(user))),
  }));

  route(savedViewsApi.createSavedView, async ({ district, user, body }) =>
    found(
      await district.write(async (database) => createView(database, toViewer(user), body)),
      mayNotShare,
    ),
  );

  route(savedViewsApi.updateSavedView, async ({ district, user, params, body }) => {
    const viewer = toViewer(user);
    if (body.isShared && !viewer.mayShare) throw mayNotShare();
    return found(
      await district.write(async (database) => updateView(database, viewer, params.id, body)),
      viewNotFound,
    );
  });

  route(savedViewsApi.deleteSavedView, async ({ district, user, params }) =>
    found(
      await district.write(async (database) => deleteView(database, toViewer(user), params.id)),
      viewNotFound,
    ),
  );
}

const toViewer = ({ accountId, role }: Pick<User, 'accountId' | 'role'>): Viewer => ({
  accountId,
  mayShare: administers(role),
});

const mayNotShare = () =>
  new ApiError('bad-request', 'Only administrators can share a view with the whole district.', {
    field: 'isShared',
    advice: 'Save the view for yourself, or ask an administrator to share it.',
  });

const viewNotFound = () =>
  new ApiError('not-found', 'View not found.', {
    advice: 'Refresh the page: someone may have deleted it.',
  });
