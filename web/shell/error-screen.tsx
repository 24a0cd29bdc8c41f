/** What stands in place of a screen that failed. */
import { Container } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';

import { ProblemNotice } from './problem-notice.tsx';
import { ScreenTitle } from './screen-title.tsx';

/** Tries the whole screen again on demand. */
export function ErrorScreen({ error }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Container component="main" size="sm" py="xl">
      <ScreenTitle name="Problem">This page could not be shown</ScreenTitle>
      <ProblemNotice
        title="What happened"
        error={error instanceof Error ? error : new Error('unknown')}
        onRetry={() => void router.invalidate()}
      />
    </Container>
  );
}
