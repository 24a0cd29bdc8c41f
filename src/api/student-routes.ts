/** Students, their Details, and the import that keeps them. */
import type { Hono } from 'hono';

import { getLatestImport } from '../contract/imports.ts';
import { getStudent, listStudents as listStudentsEndpoint } from '../contract/students.ts';
import { findLatestImport } from '../students/latest-import.ts';
import { findStudent } from '../students/student-details.ts';
import { listStudents } from '../students/student-list.ts';
import type { ApiEnvironment, ApiOptions } from './api-environment.ts';
import { ApiRefusal } from './api-refusal.ts';
import { addRoute } from './route.ts';

/** Adds the routes of records; each sees the caller's own district only. */
export function addStudentRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  const { accounts, database } = options;

  addRoute(app, accounts, listStudentsEndpoint, async ({ person, query }) =>
    listStudents(database, person.districtId, query),
  );

  addRoute(app, accounts, getStudent, async ({ person, params }) => {
    const student = await findStudent(database, person.districtId, params.id);
    if (student !== undefined) return student;
    // The same answer for another district's student: not even his existence is told.
    throw new ApiRefusal('not-found', 'There is no student of this number in your district.', {
      advice: 'Look the student up in the list by name.',
    });
  });

  addRoute(app, accounts, getLatestImport, async ({ person }) => ({
    run: (await findLatestImport(database, person.districtId)) ?? null,
  }));
}
