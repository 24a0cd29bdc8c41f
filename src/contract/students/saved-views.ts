/** Saved views of the list of students. */
import { z } from 'zod';

import { districtPath, type Endpoint, everyRole } from '../endpoint.ts';
import { RecordId, RecordIdInPath } from '../values.ts';
import { code, searchText, text } from '../text.ts';

const part = code(2000).min(1).optional();

/** The query of a list; a view does not include the page. */
const SavedListQuery = z
  .strictObject({
    search: searchText(100).min(1).optional(),
    status: part,
    school: part,
    grade: part,
    changedSince: part,
    problem: part,
    sort: part,
    columns: part,
    view: part,
  })
  .meta({
    id: 'SavedListQuery',
    description: 'Search, filters, order and columns as in the address.',
  });
export type SavedListQuery = z.infer<typeof SavedListQuery>;

const SavedView = z
  .strictObject({
    id: RecordId,
    name: z.string(),
    isShared: z.boolean().meta({ description: 'Visible to all users of the district.' }),
    isOwn: z.boolean(),
    query: SavedListQuery,
  })
  .meta({ id: 'SavedView' });
export type SavedView = z.infer<typeof SavedView>;

const SavedViewBody = z.strictObject({
  name: text(80, 'is longer than 80 characters').min(1, 'is empty'),
  isShared: z.boolean(),
  query: SavedListQuery,
});
export type SavedViewBody = z.output<typeof SavedViewBody>;

const viewPath = `${districtPath}/student-views/{id}` as const;
const params = z.strictObject({ id: RecordIdInPath });

const listSavedViews = {
  method: 'GET',
  path: `${districtPath}/student-views`,
  summary: 'Saved views: own and shared ones, by name',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'read',
  response: z.strictObject({ views: z.array(SavedView) }),
} as const satisfies Endpoint;

const createSavedView = {
  method: 'POST',
  path: `${districtPath}/student-views`,
  summary: 'Save a view; only administrators can share it',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'write',
  body: SavedViewBody,
  response: SavedView,
} as const satisfies Endpoint;

const updateSavedView = {
  method: 'PUT',
  path: viewPath,
  summary: 'Change name, sharing or query of a view',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'write',
  params,
  body: SavedViewBody,
  response: SavedView,
  errors: ['not-found'],
} as const satisfies Endpoint;

const deleteSavedView = {
  method: 'DELETE',
  path: viewPath,
  summary: 'Delete a view; the response contains it, so that it can be created again',
  access: everyRole,
  audit: { kind: 'nothing' },
  limit: 'write',
  params,
  response: SavedView,
  errors: ['not-found'],
} as const satisfies Endpoint;

/** The endpoints, in the order of the API's documentation. */
export const savedViewsApi = { listSavedViews, createSavedView, updateSavedView, deleteSavedView };
