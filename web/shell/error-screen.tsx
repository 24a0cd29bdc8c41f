/** What stands in place of a screen that failed. */
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';

import { ProblemNotice } from './problem-notice.tsx';
import { ScreenTitle } from './screen-title.tsx';

/** Inside the frame; tries the whole screen again on demand. */
export function ErrorScreen({ error }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <div className="screen">
      <ScreenTitle name="Problem">This page could not be shown</ScreenTitle>
      <ProblemNotice
        title="What happened"
        error={error instanceof Error ? error : new Error('unknown')}
        onRetry={() => void router.invalidate()}
      />
    </div>
  );
}

/** The same without a frame. */
export const ErrorPage = (props: ErrorComponentProps) => (
  <main>
    <ErrorScreen {...props} />
  </main>
);
