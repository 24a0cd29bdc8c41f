/** Links to the pages of a list; hidden if there is only one page. */
import { Pagination } from '@mantine/core';
import type { ReactNode } from 'react';

interface PagerProps {
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
  readonly label?: string;
  /** Shown after the links. */
  readonly children?: ReactNode;
}

export function Pager({ page, pages, onPage, label = 'Pages', children }: PagerProps) {
  if (pages <= 1) return null;
  return (
    <nav aria-label={label} className="pages">
      <Pagination
        total={pages}
        value={page}
        onChange={onPage}
        getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
        getControlProps={(control) => ({ 'aria-label': `${control} page` })}
        size="sm"
      />
      {children}
    </nav>
  );
}
