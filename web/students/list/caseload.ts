/**
 * Adding students to the user's own list, and removing them.
 *
 * This folder has the student list.
 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { caseloadApi, maxCaseloadChange } from '../../../src/contract/students/caseload.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { useNotice } from '../../shell/notices.tsx';
import { caseloadQuery } from './list-queries.ts';

interface CaseloadChange {
  readonly students: readonly number[];
  readonly isAdded: boolean;
}

/** Returns the ids of the user's own students; undefined while they load. */
export function useCaseload(): ReadonlySet<number> | undefined {
  const { data } = useQuery(caseloadQuery(useDomain()));
  return data && new Set(data.students);
}

/** Changes the list at once; the notice offers Undo. */
export function useCaseloadChange() {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const send = async ({ students, isAdded }: CaseloadChange): Promise<void> => {
    for (let from = 0; from < students.length; from += maxCaseloadChange) {
      const part = students.slice(from, from + maxCaseloadChange);
      const caseload = await callApi(caseloadApi.changeCaseload, {
        domain,
        body: { students: part, isAdded },
      });
      queries.setQueryData(caseloadQuery(domain).queryKey, caseload);
    }
    await queries.invalidateQueries({ queryKey: [domain, 'students'] });
    await queries.invalidateQueries({ queryKey: [domain, 'student-counts'] });
  };
  return useMutation({
    mutationFn: send,
    onSuccess: (_, change) =>
      notify({
        message: formatChange(change),
        undo: async () => send({ ...change, isAdded: !change.isAdded }),
      }),
    onError: (error) =>
      notify({
        message: error instanceof ApiError ? error.message : 'My students could not be changed.',
        tone: 'problem',
      }),
  });
}

/** `Added 3 students to My students.` */
const formatChange = ({ students, isAdded }: CaseloadChange): string => {
  const who = students.length === 1 ? '1 student' : `${students.length} students`;
  return isAdded ? `Added ${who} to My students.` : `Removed ${who} from My students.`;
};
