/** Where the link at the foot of a weekly summary leads: one press ends it, without signing in. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { districtMailApi } from '../../src/contract/districts/district-mail.ts';
import { callApi } from '../api/api-client.ts';
import { SignInCard, ErrorMessage } from './entry-card.tsx';

export function UnsubscribeScreen() {
  const { token } = useParams({ from: '/unsubscribe/$token' });
  const leave = useMutation({
    mutationFn: () => callApi(districtMailApi.leaveWeeklySummary, { params: { token } }),
  });
  return (
    <SignInCard title="Weekly summary">
      {leave.isSuccess ? (
        <output className="block">
          It is stopped. An administrator can turn it on again under Settings.
        </output>
      ) : (
        <>
          <p>Every Monday it tells you how the nights of the week went.</p>
          {leave.error && <ErrorMessage error={leave.error} />}
          <Button loading={leave.isPending} onClick={() => leave.mutate()}>
            Stop the weekly summary
          </Button>
        </>
      )}
    </SignInCard>
  );
}
