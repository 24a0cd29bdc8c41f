/** What stands in place of a list that is on its way, or that is empty. */
import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';

interface LoadingRowsProps {
  /** For those who can't see the grey lines: `Loading the audit trail`. */
  readonly label: string;
  readonly rows?: number;
}

/** As many grey lines as will probably come, so that the page does not jump. */
export function LoadingRows({ label, rows = 8 }: LoadingRowsProps) {
  return (
    <div className="skeleton-rows">
      <output className="visually-hidden">{label} …</output>
      {Array.from({ length: rows }, (_, index) => (
        // Lines without content have no other name than their place.
        // oxlint-disable-next-line react/no-array-index-key
        <Skeleton key={index} height={22} radius="sm" />
      ))}
    </div>
  );
}

interface EmptyStateProps {
  /** What is not there: `No student fits`. */
  readonly title: string;
  /** What to do about it, or when something will be there. */
  readonly children: ReactNode;
  /** A button or link that leads on. */
  readonly action?: ReactNode;
}

/** An empty list says why it is empty and what to do next. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      <p className="empty-text">{children}</p>
      {action}
    </div>
  );
}
