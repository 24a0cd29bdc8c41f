/** The refusal for a student whom the caller's district does not have. */
import { ApiError } from './api-error.ts';

/** The same answer for another district's student: not even his existence is told. */
export const studentNotFound = (): ApiError =>
  new ApiError('not-found', 'There is no student of this number in your district.', {
    advice: 'Look the student up in the list by name.',
  });
