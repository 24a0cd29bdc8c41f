/** Saved views of the student list: a user's own, and those shared in the district. */
import type {
  SavedView,
  SavedViewBody,
  SavedListQuery,
} from '../../contract/students/saved-views.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';

interface ViewRow {
  readonly id: number;
  readonly name: string;
  readonly isShared: boolean;
  readonly isOwn: boolean;
  readonly query: SavedListQuery;
}

/** The current user: users change their own views, administrators also the shared ones. */
export interface Viewer {
  readonly accountId: string;
  readonly mayShare: boolean;
}

const columns = `id, name, is_shared as "isShared", account_id = $2 as "isOwn", asked as query`;

/** Condition for views that the user may change. */
const mayChange = `district_id = $1 and (account_id = $2 or is_shared and $3)`;

/** Returns the user's own views and the shared ones, by name. */
export async function listViews(
  database: DistrictDatabase,
  { accountId }: Viewer,
): Promise<SavedView[]> {
  return database.rows<ViewRow>(
    `select ${columns} from saved_views where district_id = $1 and (account_id = $2 or is_shared)
     order by lower(name), id limit 200`,
    accountId,
  );
}

/** Saves a new view; returns `undefined` if the user may not share it. */
export async function createView(
  database: DistrictDatabase,
  viewer: Viewer,
  view: SavedViewBody,
): Promise<SavedView | undefined> {
  if (view.isShared && !viewer.mayShare) return undefined;
  return database.one<ViewRow>(
    `insert into saved_views (district_id, account_id, name, is_shared, asked)
     values ($1, $2, $3, $4, $5) returning ${columns}`,
    viewer.accountId,
    view.name,
    view.isShared,
    JSON.stringify(view.query),
  );
}

/** Updates a view; returns `undefined` if there is none that the user may change this way. */
export async function updateView(
  database: DistrictDatabase,
  viewer: Viewer,
  id: number,
  view: SavedViewBody,
): Promise<SavedView | undefined> {
  if (view.isShared && !viewer.mayShare) return undefined;
  return database.one<ViewRow>(
    `update saved_views set name = $5, is_shared = $6, asked = $7 where ${mayChange} and id = $4
     returning ${columns}`,
    viewer.accountId,
    viewer.mayShare,
    id,
    view.name,
    view.isShared,
    JSON.stringify(view.query),
  );
}

/** Deletes and returns a view; returns `undefined` if there is none that the user may delete. */
export async function deleteView(
  database: DistrictDatabase,
  viewer: Viewer,
  id: number,
): Promise<SavedView | undefined> {
  return database.one<ViewRow>(
    `delete from saved_views where ${mayChange} and id = $4 returning ${columns}`,
    viewer.accountId,
    viewer.mayShare,
    id,
  );
}
