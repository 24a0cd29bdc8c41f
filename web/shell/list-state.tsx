/** Placeholders for lists that are loading or empty. */
import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';

interface LoadingRowsProps {
  /** For screen readers: `Loading the audit trail`. */
  readonly label: string;
  readonly rows?: number;
}

/** Shows about as many grey lines as rows are expected, so that the page does not jump. */
export function LoadingRows({ label, rows = 8 }: LoadingRowsProps) {
  return (
    <div className="skeleton-rows">
      <output className="visually-hidden">{label} …</output>
      {Array.from({ length: rows }, (_, index) => (
        // The lines have no content, so the index is their only key.
        // oxlint-disable-next-line react/no-array-index-key
        <Skeleton key={index} height={22} radius="sm" />
      ))}
    </div>
  );
}

interface EmptyStateProps {
  /** What is missing: `No students found`. */
  readonly title: string;
  /** What the user can do, or when there will be content. */
  readonly children: ReactNode;
  /** A button or link for the next step. */
  readonly action?: ReactNode;
}

/** Explains why a list is empty and what to do next. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      <p className="empty-text">{children}</p>
      {action}
    </div>
  );
}
