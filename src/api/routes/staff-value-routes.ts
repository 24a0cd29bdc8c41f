/** Staff values of a student: read together, saved one by one. */
import {
  type StaffField,
  staffValueProblem,
  staffValuesApi,
} from '../../contract/students/staff-values.ts';
import { findStaffValues, storeStaffValue } from '../../students/record/staff-values.ts';
import { ApiError, found, studentNotFound } from '../api-error.ts';
import type { RouteContext } from '../route.ts';

export function addStaffValueRoutes({ route }: RouteContext): void {
  route(staffValuesApi.getStaffValues, async ({ district, params, user }) => {
    const values = found(
      await district.read(async (database) => findStaffValues(database, params.id, user)),
      studentNotFound,
    );
    return { values };
  });

  route(staffValuesApi.saveStaffValue, async ({ district, params, body, user }) => {
    const { id, field } = params;
    const value = valueOf(body.value);
    const problem = value === null ? undefined : staffValueProblem(field, value);
    if (problem !== undefined) {
      throw new ApiError('bad-request', `The value of "${field}" ${problem}.`, {
        field: 'value',
        advice: 'Change it, then save again.',
      });
    }
    const save = await district.write(async (database) => {
      const done = await storeStaffValue(database, id, {
        field,
        value,
        version: body.version,
        person: user,
      });
      if (done.outcome === 'saved') {
        const detail = { fields: fieldNames[field] };
        await district.audit({ action: 'student-changed', studentId: id, detail }, database);
      }
      return done;
    });
    if (save.outcome === 'student-not-found') throw studentNotFound();
    if (save.outcome === 'conflict') throw newerVersion(field);
    return save.saved;
  });
}

const fieldNames = {
  'preferred-gender': 'preferred gender',
  pronouns: 'pronouns',
  notes: 'notes',
} as const;

const newerVersion = (field: StaffField): ApiError =>
  new ApiError(
    'conflict',
    `Someone else has saved the ${fieldNames[field]} of this student in the meantime.`,
    { field: 'version', advice: 'Compare both versions and choose one.' },
  );

/** Turns empty and blank text into null, and line ends into `\n`. */
function valueOf(given: string | null): string | null {
  const text = (given ?? '').replaceAll('\r\n', '\n').trimEnd();
  return text.trim() === '' ? null : text;
}
