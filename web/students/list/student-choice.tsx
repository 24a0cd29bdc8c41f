/** Choosing students of the list, over several pages, for what is done with many at once. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';

import type { StudentPage, StudentRow } from '../../../src/contract/student-list.ts';
import { useDomain } from '../../districts/district-query.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import type { StudentListSearch } from './list-address.ts';
import { pageSize, studentListQuery } from './list-queries.ts';

/** Loaded only by who creates documents. */
const DocumentsForMany = lazy(async () => ({
  default: (await import('../../documents/documents-for-many.tsx')).DocumentsForMany,
}));

export interface StudentChoice {
  readonly chosen: ReadonlySet<number>;
  readonly choose: (rows: readonly Pick<StudentRow, 'id'>[], isChosen: boolean) => void;
  readonly clear: () => void;
}

/** The choice lives as long as the list is open, whatever page or filter is shown. */
export function useStudentChoice(): StudentChoice {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  return {
    chosen,
    choose: (rows, isChosen) =>
      setChosen((before) => {
        const after = new Set(before);
        for (const { id } of rows) {
          if (isChosen) after.add(id);
          else after.delete(id);
        }
        return after;
      }),
    clear: () => setChosen(new Set()),
  };
}

/** More than this are no choice that a person has looked at. */
const most = 1000;
const number = new Intl.NumberFormat('en-US');

interface ChoiceBarProps {
  readonly choice: StudentChoice;
  readonly asked: StudentListSearch;
  readonly page: StudentPage | undefined;
}

/** Stands below the list while somebody is chosen. */
export function ChoiceBar({ choice, asked, page }: ChoiceBarProps) {
  const [isCreating, setCreating] = useState(false);
  const all = useChooseAll(choice, asked, page?.total ?? 0);
  const { chosen, clear } = choice;
  if (chosen.size === 0) return null;
  const isMoreThere =
    page !== undefined && !page.isMore && page.total > chosen.size && page.total <= most;
  return (
    <section className="choice-bar" aria-label="Chosen students">
      <output>
        {number.format(chosen.size)} {chosen.size === 1 ? 'student' : 'students'} chosen
      </output>
      {isMoreThere && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={all.isPending}
          onClick={() => all.mutate()}
        >
          Choose all {number.format(page.total)} of the list
        </Button>
      )}
      <Button variant="subtle" size="compact-sm" onClick={clear}>
        Clear
      </Button>
      <Button size="sm" onClick={() => setCreating(true)}>
        Create documents …
      </Button>
      {all.error && <ProblemNotice title="Not all could be chosen" error={all.error} />}
      <Suspense fallback={null}>
        {isCreating && (
          <DocumentsForMany
            isOpen
            students={[...chosen]}
            onClose={() => {
              setCreating(false);
            }}
          />
        )}
      </Suspense>
    </section>
  );
}

function useChooseAll({ choose }: StudentChoice, asked: StudentListSearch, total: number) {
  const queries = useQueryClient();
  const domain = useDomain();
  return useMutation({
    mutationFn: async () => {
      const pages = Math.ceil(total / pageSize);
      for (let page = 1; page <= pages; page++) {
        const { rows } = await queries.fetchQuery(studentListQuery(domain, { ...asked, page }));
        choose(rows, true);
      }
    },
  });
}
