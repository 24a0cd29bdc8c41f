/** The loading and error states of a tab. */
import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { ProblemNotice } from '../../shell/problem-notice.tsx';

interface TabStateProps<Data> {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>;
  /** Title of the error: `The history could not be loaded`. */
  readonly title: string;
  readonly children: (data: Data) => ReactNode;
}

export function TabState<Data>({ query, title, children }: TabStateProps<Data>) {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  if (error !== null) {
    return <ProblemNotice title={title} error={error} onRetry={() => void refetch()} />;
  }
  return (
    <div aria-busy="true">
      <output className="visually-hidden">Loading …</output>
      <div className="record" aria-hidden>
        <Skeleton height={280} radius="md" />
        <Skeleton height={280} radius="md" />
      </div>
    </div>
  );
}
