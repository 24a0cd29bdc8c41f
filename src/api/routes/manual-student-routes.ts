/** Manual students: entered, changed, deleted and restored. */
import { manualStudentsApi } from '../../contract/students/manual-students.ts';
import {
  createManualStudent,
  findManualStudent,
  listDependents,
  removeManualStudent,
  type SaveOutcome,
  updateManualStudent,
} from '../../students/manual/student.ts';
import { findLikelyDuplicates } from '../../students/manual/likely-duplicates.ts';
import { restoreRemoved } from '../../students/manual/restore.ts';
import { ApiError, found } from '../api-error.ts';
import type { RouteContext } from '../route.ts';
import { editorOf, toApiError, writeIdentity } from './student-identity.ts';

/** Adds the routes; row-level security limits them to the students of the caller's schools. */
export function addManualStudentRoutes(routes: RouteContext): void {
  addFormRoutes(routes);
  addRemovalRoutes(routes);
}

function addFormRoutes({ route }: RouteContext): void {
  route(manualStudentsApi.createManualStudent, async ({ district, user, body }) => {
    const { scope, today } = district;
    const order = { scope, today, editor: editorOf(user) };
    return writeIdentity(district, async (database) => {
      const { id } = savedOr(await createManualStudent(database, order, body));
      await district.audit({ action: 'student-entered', studentId: id }, database);
      return { id };
    });
  });

  route(manualStudentsApi.getManualStudent, async ({ district, params }) => {
    return district.read(async (database) => {
      const student = found(await findManualStudent(database, params.id), manualStudentNotFound);
      return { ...student, dependents: await listDependents(database, params.id) };
    });
  });

  route(manualStudentsApi.updateManualStudent, async ({ district, user, params, body }) => {
    const { scope, today } = district;
    const order = { scope, today, editor: editorOf(user) };
    return writeIdentity(district, async (database) => {
      const saved = savedOr(
        await updateManualStudent(database, order, params.id, body.version, body.values),
      );
      if (saved.fields.length > 0) {
        const fields = saved.fields.join(', ');
        await district.audit(
          { action: 'student-changed', studentId: params.id, detail: { fields } },
          database,
        );
      }
      return { version: saved.version };
    });
  });

  route(manualStudentsApi.findLikelyDuplicates, async ({ district, body }) =>
    district.read(async (database) => findLikelyDuplicates(database, body)),
  );
}

function addRemovalRoutes({ route }: RouteContext): void {
  route(manualStudentsApi.deleteManualStudent, async ({ district, user, params }) =>
    writeIdentity(district, async (database) => {
      const { id } = params;
      const outcome = await removeManualStudent(database, id, editorOf(user));
      if (outcome.state === 'missing') throw manualStudentNotFound();
      if (outcome.state === 'needed') {
        const linked = outcome.by.map((one) => `${one.count} ${one.kind}`).join(', ');
        throw new ApiError('still-needed', `This student still has ${linked}.`, {
          advice: 'Remove those first, or set the status to Inactive instead of deleting.',
        });
      }
      await district.audit({ action: 'student-deleted', studentId: id, detail: { id } }, database);
      return { removalId: outcome.removalId };
    }),
  );

  route(manualStudentsApi.restoreStudent, async ({ district, user, params }) =>
    writeIdentity(district, async (database) => {
      const isAdministrator = user.role === 'administrator' || user.role === 'technician';
      const restored = await restoreRemoved(database, params.id, {
        editor: editorOf(user),
        isAdministrator,
      });
      if (restored === undefined) {
        throw new ApiError('not-found', 'There is nothing to restore.', {
          advice:
            'It was restored already, is older than 30 days, or the record it was merged into is gone.',
        });
      }
      const { studentId, mergedInto } = restored;
      await district.audit(
        mergedInto === null
          ? { action: 'student-restored', studentId }
          : { action: 'merge-undone', studentId: mergedInto, detail: { id: studentId } },
        database,
      );
      return { studentId };
    }),
  );
}

function savedOr(outcome: SaveOutcome): Extract<SaveOutcome, { state: 'saved' }> {
  if (outcome.state === 'saved') return outcome;
  throw toApiError(outcome, manualStudentNotFound);
}

const manualStudentNotFound = (): ApiError =>
  new ApiError('not-found', 'Manual student not found.', {
    advice: 'An import may have matched the record; look for the student in the list.',
  });
