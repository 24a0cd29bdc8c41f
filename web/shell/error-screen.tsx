/** Shown instead of a screen that failed. */
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';

import { ProblemNotice } from './problem-notice.tsx';
import { ScreenTitle } from './screen-title.tsx';

/** Inside the frame, with a button to try again. */
export function ErrorScreen({ error }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <div className="screen">
      <ScreenTitle name="Error">This page can’t be shown</ScreenTitle>
      <ProblemNotice
        title="Something went wrong."
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
