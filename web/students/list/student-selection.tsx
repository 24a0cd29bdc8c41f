/** Selecting students across pages of the list, for actions on many at once. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';

import type { StudentPage, StudentRow } from '../../../src/contract/students/student-list.ts';
import { useDomain } from '../../districts/district-query.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import type { StudentListSearch } from './list-address.ts';
import { pageSize, studentListQuery } from './list-queries.ts';

/** Loaded only when documents are created. */
const DocumentsForMany = lazy(async () => ({
  default: (await import('../../documents/documents-for-many.tsx')).DocumentsForMany,
}));

export interface StudentSelection {
  readonly selected: ReadonlySet<number>;
  readonly select: (rows: readonly Pick<StudentRow, 'id'>[], isSelected: boolean) => void;
  readonly clear: () => void;
}

/** The selection lasts as long as the list is open, across pages and filters. */
export function useStudentSelection(): StudentSelection {
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  return {
    selected,
    select: (rows, isSelected) =>
      setSelected((before) => {
        const after = new Set(before);
        for (const { id } of rows) {
          if (isSelected) after.add(id);
          else after.delete(id);
        }
        return after;
      }),
    clear: () => setSelected(new Set()),
  };
}

/** Nobody reviews a larger selection. */
const maxSelected = 1000;
const number = new Intl.NumberFormat('en-US');

interface SelectionBarProps {
  readonly selection: StudentSelection;
  readonly query: StudentListSearch;
  readonly page: StudentPage | undefined;
}

/** Shown below the list while students are selected. */
export function SelectionBar({ selection, query, page }: SelectionBarProps) {
  const [isCreating, setCreating] = useState(false);
  const all = useSelectAll(selection, query, page?.total ?? 0);
  const { selected, clear } = selection;
  if (selected.size === 0) return null;
  const canSelectAll =
    page !== undefined && !page.hasMore && page.total > selected.size && page.total <= maxSelected;
  return (
    <section className="selection-bar" aria-label="Selected students">
      <output>{number.format(selected.size)} selected</output>
      {canSelectAll && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={all.isPending}
          onClick={() => all.mutate()}
        >
          Select all {number.format(page.total)}
        </Button>
      )}
      <Button variant="subtle" size="compact-sm" onClick={clear}>
        Clear
      </Button>
      <Button size="sm" onClick={() => setCreating(true)}>
        Create documents …
      </Button>
      {all.error && <ProblemNotice title="Couldn't select all students" error={all.error} />}
      <Suspense fallback={null}>
        {isCreating && (
          <DocumentsForMany
            isOpen
            students={[...selected]}
            onClose={() => {
              setCreating(false);
            }}
          />
        )}
      </Suspense>
    </section>
  );
}

function useSelectAll({ select }: StudentSelection, query: StudentListSearch, total: number) {
  const queries = useQueryClient();
  const domain = useDomain();
  return useMutation({
    mutationFn: async () => {
      const pages = Math.ceil(total / pageSize);
      for (let page = 1; page <= pages; page++) {
        const { rows } = await queries.fetchQuery(studentListQuery(domain, { ...query, page }));
        select(rows, true);
      }
    },
  });
}
