/** Records of students: Details, basics, enrollment, history. */
import { enrollmentForecastApi } from '../../contract/students/enrollment-forecast.ts';
import { studentHistoryApi } from '../../contract/students/student-history.ts';
import { studentBasicsApi } from '../../contract/students/student-basics.ts';
import { studentsApi } from '../../contract/students/students.ts';
import { findEnrollmentForecast } from '../../students/record/enrollment-forecast.ts';
import { findStudentBasics } from '../../students/record/basics.ts';
import { findStudentHistory } from '../../students/history/pages.ts';
import { findStudent } from '../../students/record/details.ts';
import { found, studentNotFound } from '../api-error.ts';
import type { RouteContext } from '../route.ts';

/** Adds the routes of records; row-level security limits them to the students of the caller's schools. */
export function addStudentRoutes({ route }: RouteContext): void {
  route(studentsApi.getStudent, async ({ district, params }) =>
    found(
      await district.read(async (database) => findStudent(database, params.id, district.today)),
      studentNotFound,
    ),
  );

  route(studentBasicsApi.getStudentBasics, async ({ district, params }) =>
    found(
      await district.read(async (database) =>
        findStudentBasics(database, params.id, district.today),
      ),
      studentNotFound,
    ),
  );

  route(enrollmentForecastApi.getEnrollmentForecast, async ({ district, params }) =>
    found(
      await district.read(async (database) =>
        findEnrollmentForecast(database, params.id, district.today),
      ),
      studentNotFound,
    ),
  );

  route(studentHistoryApi.listStudentHistory, async ({ district, params, query }) =>
    found(
      await district.read(async (database) => findStudentHistory(database, params.id, query)),
      studentNotFound,
    ),
  );
}
