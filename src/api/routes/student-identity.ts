/** Changes of a student's identity, which exclude imports, and the errors that manual changes share. */
import type { User } from '../../accounts/accounts.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import type { Editor } from '../../students/history/manual-changes.ts';
import { tryBlockImports } from '../../students/manual/import-block.ts';
import type { StatusOutcome } from '../../students/manual/status.ts';
import type { SaveOutcome } from '../../students/manual/student.ts';
import { ApiError } from '../api-error.ts';
import type { DistrictCall } from '../district-call.ts';

/** Returns the user as the author of a change. */
export const editorOf = ({ accountId, name }: User): Editor => ({ accountId, name });

/**
 * Writes a student's identity in one transaction: never during an import, and with an error if someone else uses
 * the same student number at the same moment.
 */
export async function writeIdentity<Result>(
  district: DistrictCall,
  work: (database: DistrictDatabase) => Promise<Result>,
): Promise<Result> {
  try {
    return await district.write(async (database) => {
      if (!(await tryBlockImports(database))) {
        throw new ApiError('import-running', 'An import is running, so nothing was saved.', {
          advice: 'Wait until it has finished (a few minutes), then save again.',
        });
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
  new ApiError('conflict', 'Someone else has changed this student since you opened it.', {
    advice: 'Compare both versions and choose which values to save.',
  });

const invalid = (field: string, message: string): ApiError =>
  new ApiError('bad-request', `The value of "${field}" is invalid: ${message}.`, {
    field,
    advice: `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`,
  });

type RejectedOutcome = Exclude<SaveOutcome | StatusOutcome, { state: 'saved' } | { state: 'set' }>;

/** Returns the error for a change that was not made. */
export function toApiError(outcome: RejectedOutcome, missing: () => ApiError): ApiError {
  if (outcome.state === 'invalid') return invalid(outcome.field, outcome.message);
  if (outcome.state === 'number-taken') return numberTaken();
  if (outcome.state === 'conflict') return changedMeanwhile();
  if (outcome.state === 'covered') return new ApiError('covered-by-skyward', outcome.blockedReason);
  return missing();
}
