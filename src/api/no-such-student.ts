/** The refusal for a student whom the caller's district does not have. */
import { ApiRefusal } from './api-refusal.ts';

/** The same answer for another district's student: not even his existence is told. */
export const noSuchStudent = (): ApiRefusal =>
  new ApiRefusal('not-found', 'There is no student of this number in your district.', {
    advice: 'Look the student up in the list by name.',
  });
