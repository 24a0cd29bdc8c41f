/** Lists of students that people keep under a name, for themselves or for everybody of the district. */
import type {
  SavedView,
  SavedViewBody,
  SavedListQuery,
} from '../../contract/students/saved-views.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';

interface ViewRow {
  readonly id: number;
  readonly name: string;
  readonly isShared: boolean;
  readonly isOwn: boolean;
  readonly query: SavedListQuery;
}

/** Who asks: their own views are theirs; shared ones belong to those who look after the district. */
export interface Viewer {
  readonly accountId: string;
  readonly mayShare: boolean;
}

const columns = `id, name, is_shared as "isShared", account_id = $2 as "isOwn", asked as query`;

/** What may be changed: one's own, and by administrators the shared ones. */
const mayChange = `district_id = $1 and (account_id = $2 or is_shared and $3)`;

/** The viewer's own views and the shared ones, by name. */
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

/** Keeps a view; `undefined` when it is to be shared by somebody who may not. */
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

/** Changes a view; `undefined` when there is none that the viewer may change so. */
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

/** Deletes a view and gives what it was; `undefined` when there is none that the viewer may delete. */
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
