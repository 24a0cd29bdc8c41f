/** An error in a part of a screen: what happened, what to do, and a button to try again. */
import { Alert, Button, Stack, Text } from '@mantine/core';
import { useEffect, useEffectEvent } from 'react';

import { ApiError } from '../api/api-client.ts';

interface ProblemNoticeProps {
  /** What failed: `Couldn’t load the list`. */
  readonly title: string;
  readonly error: Error;
  readonly onRetry?: (() => void) | undefined;
}

/** Announced to screen readers at once. Retries automatically after the server's Retry-After time. */
export function ProblemNotice({ title, error, onRetry }: ProblemNoticeProps) {
  const known = error instanceof ApiError ? error : undefined;
  const retry = useEffectEvent(() => onRetry?.());
  useEffect(() => {
    const seconds = known?.retryAfterSeconds;
    if (seconds === undefined) return undefined;
    const timer = setTimeout(retry, seconds * 1000);
    return () => clearTimeout(timer);
  }, [known]);
  return (
    <Alert color="red" variant="light" title={title} role="alert" className="problem">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {known?.message ?? 'Something went wrong.'} {known?.advice ?? 'Refresh the page.'}
        </Text>
        {known?.requestId && <Text size="xs">Request ID: {known.requestId}</Text>}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
