/** Students and their Details. */
import type { Hono } from 'hono';

import { getStudentBasics } from '../contract/student-basics.ts';
import { getStudent, listStudents as listStudentsEndpoint } from '../contract/students.ts';
import { findStudentBasics } from '../students/student-basics.ts';
import { findStudent } from '../students/student-details.ts';
import { listStudents } from '../students/student-list.ts';
import type { ApiEnvironment, ApiOptions } from './api-environment.ts';
import { ApiRefusal } from './api-refusal.ts';
import { addRoute } from './route.ts';

/** Adds the routes of records; each sees what row-level security leaves of the district. */
export function addStudentRoutes(app: Hono<ApiEnvironment>, options: ApiOptions): void {
  addRoute(app, options, listStudentsEndpoint, async ({ district, query }) =>
    district.read(async (database) => listStudents(database, district.id, query)),
  );

  addRoute(app, options, getStudent, async ({ district, params }) => {
    const student = await district.read(async (database) =>
      findStudent(database, district.id, params.id),
    );
    if (student !== undefined) {
      await district.audit({ action: 'student-viewed', studentId: student.id });
      return student;
    }
    throw noSuchStudent();
  });

  addRoute(app, options, getStudentBasics, async ({ district, params }) => {
    const basics = await district.read(async (database) =>
      findStudentBasics(database, district.id, params.id),
    );
    if (basics === undefined) throw noSuchStudent();
    return basics;
  });
}

/** The same answer for another district's student: not even his existence is told. */
export const noSuchStudent = (): ApiRefusal =>
  new ApiRefusal('not-found', 'There is no student of this number in your district.', {
    advice: 'Look the student up in the list by name.',
  });
