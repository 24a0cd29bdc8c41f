/** What can be done with the selected students of the list. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';

import type { StudentPage } from '../../../src/contract/students/student-list.ts';
import { useDomain } from '../../districts/district-query.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { SelectionBar, type TableSelection } from '../../shell/table-selection.tsx';
import { AddToList } from './add-to-list.tsx';
import type { StudentListSearch } from './list-address.ts';
import { pageSize, studentListQuery } from './list-queries.ts';
import { SelectionOutput } from './print-selection.tsx';

/** Loaded only when documents are created. */
const DocumentsForMany = lazy(async () => ({
  default: (await import('../../documents/list/documents-for-many.tsx')).DocumentsForMany,
}));

/** Nobody reviews a larger selection. */
const maxSelected = 1000;

interface StudentSelectionBarProps {
  readonly selection: TableSelection;
  readonly query: StudentListSearch;
  readonly page: StudentPage | undefined;
  readonly mayWrite: boolean;
}

export function StudentSelectionBar(props: StudentSelectionBarProps) {
  const { selection, query, page, mayWrite } = props;
  const [isCreating, setCreating] = useState(false);
  const all = useSelectAll(selection, query, page?.total ?? 0);
  const canSelectAll = page !== undefined && !page.hasMore && page.total <= maxSelected;
  return (
    <SelectionBar
      label="Selected students"
      selection={selection}
      all={
        canSelectAll
          ? {
              total: page.total,
              isSelecting: all.isPending,
              onSelectAll: () => {
                all.mutate();
              },
            }
          : undefined
      }
    >
      <AddToList students={selection.selected} isMine={query.view === 'mine'} />
      <SelectionOutput students={selection.selected} query={query} />
      {mayWrite && (
        <Button size="sm" onClick={() => setCreating(true)}>
          Create documents …
        </Button>
      )}
      {all.error && <ProblemNotice title="Couldn’t select all students" error={all.error} />}
      <Suspense fallback={null}>
        {isCreating && (
          <DocumentsForMany
            isOpen
            students={[...selection.selected]}
            onClose={() => {
              setCreating(false);
            }}
          />
        )}
      </Suspense>
    </SelectionBar>
  );
}

function useSelectAll({ select }: TableSelection, query: StudentListSearch, total: number) {
  const queries = useQueryClient();
  const domain = useDomain();
  return useMutation({
    mutationFn: async () => {
      const pages = Math.ceil(total / pageSize);
      for (let page = 1; page <= pages; page++) {
        const { rows } = await queries.fetchQuery(studentListQuery(domain, { ...query, page }));
        select(
          rows.map(({ id }) => id),
          true,
        );
      }
    },
  });
}
