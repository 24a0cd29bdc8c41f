/** A part of a screen that could not be shown: what happened, what to do, and another try. */
import { Alert, Button, Stack, Text } from '@mantine/core';
import { useEffect, useEffectEvent } from 'react';

import { ApiError } from '../api/api-client.ts';

interface ProblemNoticeProps {
  /** What could not be shown: `The list could not be loaded`. */
  readonly title: string;
  readonly error: Error;
  readonly onRetry?: (() => void) | undefined;
}

/** Announced to screen readers at once. What the server refused for now is tried again when it wants to. */
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
          {known?.message ?? 'Something went wrong in this page.'}{' '}
          {known?.advice ?? 'Load the page again.'}
        </Text>
        {known?.requestId && <Text size="xs">Request id: {known.requestId}</Text>}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
