/** Students and their Details. */
import { enrollmentForecastApi } from '../../contract/students/enrollment-forecast.ts';
import { studentHistoryApi } from '../../contract/students/student-history.ts';
import { studentBasicsApi } from '../../contract/students/student-basics.ts';
import { studentsApi } from '../../contract/students/students.ts';
import { findEnrollmentForecast } from '../../students/record/enrollment-forecast.ts';
import { findStudentBasics } from '../../students/record/basics.ts';
import { findStudentHistory } from '../../students/history/pages.ts';
import { findStudent } from '../../students/record/details.ts';
import { studentNotFound } from '../student-not-found.ts';
import type { RouteContext } from '../route.ts';

/** Adds the routes of records; each sees what row-level security leaves of the district. */
export function addStudentRoutes({ route }: RouteContext): void {
  route(studentsApi.getStudent, async ({ district, params }) => {
    const student = await district.read(async (database) =>
      findStudent(database, district.id, params.id),
    );
    if (student === undefined) throw studentNotFound();
    return student;
  });

  route(studentBasicsApi.getStudentBasics, async ({ district, params }) => {
    const basics = await district.read(async (database) =>
      findStudentBasics(database, district.id, params.id),
    );
    if (basics === undefined) throw studentNotFound();
    return basics;
  });

  route(enrollmentForecastApi.getEnrollmentForecast, async ({ district, params }) => {
    const forecast = await district.read(async (database) =>
      findEnrollmentForecast(database, district.id, params.id, district.today),
    );
    if (forecast === undefined) throw studentNotFound();
    return forecast;
  });

  route(studentHistoryApi.listStudentHistory, async ({ district, params, query }) => {
    const history = await district.read(async (database) =>
      findStudentHistory(database, district.id, params.id, query),
    );
    if (history === undefined) throw studentNotFound();
    return history;
  });
}
