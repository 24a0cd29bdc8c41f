/** Duplicates: list, compare, merge, mark as not a duplicate. */
import { duplicatesApi } from '../../contract/students/duplicates.ts';
import {
  confirmIdentity,
  listDuplicatePairs,
  listMerges,
  saveNotDuplicate,
} from '../../students/duplicates/pairs.ts';
import { listNumberMatches, undoNumberMatch } from '../../students/duplicates/number-matches.ts';
import { compareStudents } from '../../students/duplicates/comparison.ts';
import { mergeStudents, type MergeOutcome } from '../../students/duplicates/merge.ts';
import { editorOf, writeIdentity } from './student-identity.ts';
import { ApiError, found } from '../api-error.ts';
import type { RouteContext } from '../route.ts';

/** Adds the routes, all for administrators and technicians. */
export function addDuplicateRoutes({ route }: RouteContext): void {
  route(duplicatesApi.listDuplicates, async ({ district }) =>
    district.read(async (database) => ({
      ...(await listDuplicatePairs(database)),
      merges: await listMerges(database),
      numberMatches: await listNumberMatches(database),
    })),
  );

  route(duplicatesApi.compareStudents, async ({ district, params, audited }) => {
    const { first, second } = params;
    const comparison = found(
      first === second
        ? undefined
        : await district.read(async (database) => compareStudents(database, first, second)),
      pairNotFound,
    );
    audited({ students: [{ studentId: first }, { studentId: second }] });
    return comparison;
  });

  route(duplicatesApi.mergeStudents, async ({ district, user, body }) =>
    writeIdentity(district, async (database) => {
      const removalId = mergedOr(await mergeStudents(database, body, editorOf(user)));
      const detail = { removedId: body.removed, taken: body.take };
      await district.audit({ action: 'students-merged', studentId: body.kept, detail }, database);
      return { keptId: body.kept, removalId };
    }),
  );

  route(duplicatesApi.undoNumberMatch, async ({ district, user, params }) =>
    writeIdentity(district, async (database) => {
      const { recordId } = params;
      if (!(await undoNumberMatch(database, params, editorOf(user)))) {
        throw new ApiError('not-found', 'This match cannot be undone.', {
          advice: 'It was undone already, or the record was merged or matched again since.',
        });
      }
      await district.audit({ action: 'number-match-undone', studentId: recordId }, database);
      return { studentId: recordId };
    }),
  );

  route(duplicatesApi.confirmIdentity, async ({ district, user, body }) =>
    writeIdentity(district, async (database) => {
      const { sisStudentId, isSame } = body;
      if (!(await confirmIdentity(database, body, editorOf(user)))) {
        throw new ApiError('not-found', 'There is nothing to confirm for this StudentID.', {
          advice: 'The last import may have resolved it; refresh the list of duplicates.',
        });
      }
      const action = isSame ? 'identity-confirmed' : 'identity-unconfirmed';
      await district.audit({ action, detail: { sisStudentId } }, database);
      return { isSame };
    }),
  );

  route(duplicatesApi.markNotDuplicate, async ({ district, user, body }) =>
    district.write(async (database) => {
      await saveNotDuplicate(database, body.key, body.isNotDuplicate, editorOf(user));
      const action = body.isNotDuplicate
        ? 'students-marked-not-duplicates'
        : 'not-duplicates-undone';
      await district.audit({ action, detail: { pair: body.key } }, database);
      return { isNotDuplicate: body.isNotDuplicate };
    }),
  );
}

const pairNotFound = (): ApiError =>
  new ApiError('not-found', 'One of the two records was not found.', {
    advice: 'It may have been merged or deleted; refresh the list of duplicates.',
  });

function mergedOr(outcome: MergeOutcome): number {
  if (outcome.state === 'merged') return outcome.removalId;
  if (outcome.state === 'missing') throw pairNotFound();
  if (outcome.state === 'refused')
    throw new ApiError('bad-request', outcome.why, { field: 'kept' });
  throw new ApiError('conflict', 'One of the two records has changed since you compared them.', {
    advice: 'Compare them again.',
  });
}
