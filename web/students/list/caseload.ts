/** Adding students to a user's list, and removing them: one's own, or as an administrator another user's. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { caseloadApi, maxCaseloadChange } from '../../../src/contract/students/caseload.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { useNotice } from '../../shell/notices.tsx';
import { type CaseloadOwner, formatCaseloadChange } from './caseload-text.ts';
import { caseloadQuery } from './list-queries.ts';

interface CaseloadChange {
  readonly students: readonly number[];
  readonly isAdded: boolean;
  /** Absent: the user's own list. */
  readonly owner?: CaseloadOwner | undefined;
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
  /** Returns the students that were added or removed. */
  const send = async ({ students, isAdded, owner }: CaseloadChange): Promise<number[]> => {
    const changed: number[] = [];
    for (let from = 0; from < students.length; from += maxCaseloadChange) {
      const part = students.slice(from, from + maxCaseloadChange);
      const caseload = await callApi(caseloadApi.changeCaseload, {
        domain,
        body: { students: part, isAdded, ...(owner && { account: owner.id }) },
      });
      const listed = new Set(caseload.students);
      changed.push(...part.filter((id) => listed.has(id) === isAdded));
      if (!owner) queries.setQueryData(caseloadQuery(domain).queryKey, caseload);
    }
    await queries.invalidateQueries({ queryKey: [domain, 'students'] });
    await queries.invalidateQueries({ queryKey: [domain, 'student-counts'] });
    return changed;
  };
  return useMutation({
    mutationFn: send,
    onSuccess: (changed, change) =>
      notify({
        message: formatCaseloadChange({
          count: changed.length,
          left: change.students.length - changed.length,
          isAdded: change.isAdded,
          owner: change.owner?.name,
        }),
        undo:
          changed.length === 0
            ? undefined
            : async () => {
                await send({ ...change, students: changed, isAdded: !change.isAdded });
              },
      }),
    onError: (error) =>
      notify({
        message: error instanceof ApiError ? error.message : 'The list could not be changed.',
        tone: 'problem',
      }),
  });
}
