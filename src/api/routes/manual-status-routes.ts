/** Statuses that people set. */
import { manualStudentsApi } from '../../contract/students/manual-students.ts';
import {
  findManualStatus,
  clearManualStatus,
  setManualStatus,
  type StatusOutcome,
} from '../../students/manual/status.ts';
import { found, studentNotFound } from '../api-error.ts';
import type { RouteContext } from '../route.ts';
import { editorOf, toApiError, writeIdentity } from './student-identity.ts';

/** Adds the routes; row-level security limits them to the students of the caller's schools. */
export function addManualStatusRoutes({ route }: RouteContext): void {
  route(manualStudentsApi.getManualStatus, async ({ district, params }) =>
    found(
      await district.read(async (database) => findManualStatus(database, params.id)),
      studentNotFound,
    ),
  );

  route(manualStudentsApi.setManualStatus, async ({ district, user, params, body }) => {
    const order = { today: district.today, editor: editorOf(user) };
    return writeIdentity(district, async (database) => {
      const outcome = await setManualStatus(database, order, params.id, body.version, body.status);
      const status = statusOr(outcome);
      await district.audit({ action: 'manual-status-set', studentId: params.id }, database);
      return status;
    });
  });

  route(manualStudentsApi.clearManualStatus, async ({ district, user, params }) =>
    writeIdentity(district, async (database) => {
      const status = statusOr(await clearManualStatus(database, params.id, editorOf(user)));
      await district.audit({ action: 'manual-status-cleared', studentId: params.id }, database);
      return status;
    }),
  );
}

function statusOr(outcome: StatusOutcome): Extract<StatusOutcome, { state: 'set' }>['status'] {
  if (outcome.state === 'set') return outcome.status;
  throw toApiError(outcome, studentNotFound);
}
