/** Students kept by hand, and statuses set by hand. */
import type { User } from '../../accounts/accounts.ts';
import { manualStudentsApi } from '../../contract/students/manual-students.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';
import type { Editor } from '../../students/history/manual-changes.ts';
import {
  updateManualStudent as change,
  createManualStudent as create,
  findManualStudent,
  listDependents,
  removeManualStudent,
  type SaveOutcome,
} from '../../students/manual/student.ts';
import { tryBlockImports } from '../../students/manual/import-block.ts';
import { findLikelyDuplicates as findLikely } from '../../students/manual/likely-duplicates.ts';
import {
  findManualStatus,
  clearManualStatus as release,
  setManualStatus as set,
  type StatusOutcome,
} from '../../students/manual/status.ts';
import { restoreRemoved } from '../../students/manual/restore.ts';
import { ApiError } from '../api-error.ts';
import type { DistrictCall } from '../district-call.ts';
import type { RouteContext } from '../route.ts';

/** Adds the routes; row-level security keeps everybody to the students of their schools. */
export function addHandKeptRoutes(routes: RouteContext): void {
  addFormRoutes(routes);
  addRemovalRoutes(routes);
  addStatusRoutes(routes);
}

function addFormRoutes({ route }: RouteContext): void {
  route(manualStudentsApi.createManualStudent, async ({ district, user, body }) => {
    const { scope, today } = district;
    const order = { scope, today, editor: editorOf(user) };
    return writeIdentity(district, async (database) => {
      const { id } = savedOr(await create(database, order, body));
      await district.audit({ action: 'student-entered', studentId: id }, database);
      return { id };
    });
  });

  route(manualStudentsApi.getManualStudent, async ({ district, params }) => {
    const found = await district.read(async (database) => {
      const student = await findManualStudent(database, district.id, params.id);
      if (student === undefined) return undefined;
      return { ...student, dependents: await listDependents(database, params.id) };
    });
    if (found === undefined) throw noneByHand();
    return found;
  });

  route(manualStudentsApi.updateManualStudent, async ({ district, user, params, body }) => {
    const { scope, today } = district;
    const order = { scope, today, editor: editorOf(user) };
    return writeIdentity(district, async (database) => {
      const saved = savedOr(await change(database, order, params.id, body.version, body.values));
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
    district.read(async (database) => findLikely(database, district.id, body)),
  );
}

function addRemovalRoutes({ route }: RouteContext): void {
  route(manualStudentsApi.deleteManualStudent, async ({ district, user, params }) =>
    writeIdentity(district, async (database) => {
      const { id } = params;
      const outcome = await removeManualStudent(database, district.id, id, editorOf(user));
      if (outcome.state === 'missing') throw noneByHand();
      if (outcome.state === 'needed') {
        const what = outcome.by.map((one) => `${one.count} ${one.what}`).join(', ');
        throw new ApiError('still-needed', `This student still has ${what}.`, {
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
      const restored = await restoreRemoved(database, district.id, params.id, {
        editor: editorOf(user),
        isAdministrator,
      });
      if (restored === undefined) {
        throw new ApiError('not-found', 'There is nothing here to bring back.', {
          advice:
            'It has been brought back already, is older than 30 days, or the record it was merged into is gone.',
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

function addStatusRoutes({ route }: RouteContext): void {
  route(manualStudentsApi.getManualStatus, async ({ district, params }) => {
    const status = await district.read(async (database) =>
      findManualStatus(database, district.id, params.id),
    );
    if (status === undefined) throw noStudent();
    return status;
  });

  route(manualStudentsApi.setManualStatus, async ({ district, user, params, body }) => {
    const order = { districtId: district.id, today: district.today, editor: editorOf(user) };
    return writeIdentity(district, async (database) => {
      const outcome = await set(database, order, params.id, body.version, body.status);
      const status = statusOr(outcome);
      await district.audit({ action: 'manual-status-set', studentId: params.id }, database);
      return status;
    });
  });

  route(manualStudentsApi.clearManualStatus, async ({ district, user, params }) =>
    writeIdentity(district, async (database) => {
      const status = statusOr(await release(database, district.id, params.id, editorOf(user)));
      await district.audit({ action: 'manual-status-cleared', studentId: params.id }, database);
      return status;
    }),
  );
}

export const editorOf = ({ accountId, name }: User): Editor => ({ accountId, name });

/**
 * One transaction that changes who a student is: never while an import is under way, and a number that
 * somebody else gives at the same moment is refused like one given before.
 */
export async function writeIdentity<Result>(
  district: DistrictCall,
  work: (database: DistrictDatabase) => Promise<Result>,
): Promise<Result> {
  try {
    return await district.write(async (database) => {
      if (!(await tryBlockImports(database, district.id))) {
        throw new ApiError(
          'import-running',
          'An import of this district is under way, so nothing was saved.',
          { advice: 'Wait until it has ended (a few minutes), then save again.' },
        );
      }
      const result = await work(database);
      await database.client.query('set constraints students_number_once immediate');
      return result;
    });
  } catch (error) {
    if (isTakenNumber(error)) throw numberTaken();
    throw error;
  }
}

const isTakenNumber = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'constraint' in error &&
  error.constraint === 'students_number_once';

const numberTaken = (): ApiError =>
  new ApiError('number-taken', 'Another student of the district has this student number.', {
    field: 'studentNumber',
    advice: 'Check the number. If both are the same student, do not enter them twice.',
  });

const changedMeanwhile = (): ApiError =>
  new ApiError('conflict', 'Somebody else has changed this student since you opened it.', {
    advice: 'Look at both versions, then decide which values to save.',
  });

const noneByHand = (): ApiError =>
  new ApiError('not-found', 'There is no student kept by hand of this number.', {
    advice: 'Skyward may have taken the record over; look at the student in the list.',
  });

const noStudent = (): ApiError =>
  new ApiError('not-found', 'There is no student of this number in your district.', {
    advice: 'Look the student up in the list by name.',
  });

const invalid = (field: string, message: string): ApiError =>
  new ApiError('bad-request', `The value of "${field}" is not accepted: ${message}.`, {
    field,
    advice: `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`,
  });

function savedOr(outcome: SaveOutcome): Extract<SaveOutcome, { state: 'saved' }> {
  if (outcome.state === 'saved') return outcome;
  throw toApiError(outcome, noneByHand);
}

function statusOr(outcome: StatusOutcome): Extract<StatusOutcome, { state: 'set' }>['status'] {
  if (outcome.state === 'set') return outcome.status;
  throw toApiError(outcome, noStudent);
}

type Refused = Exclude<SaveOutcome | StatusOutcome, { state: 'saved' } | { state: 'set' }>;

function toApiError(outcome: Refused, missing: () => ApiError): ApiError {
  if (outcome.state === 'invalid') return invalid(outcome.field, outcome.message);
  if (outcome.state === 'number-taken') return numberTaken();
  if (outcome.state === 'conflict') return changedMeanwhile();
  if (outcome.state === 'covered') return new ApiError('covered-by-skyward', outcome.blockedReason);
  return missing();
}
