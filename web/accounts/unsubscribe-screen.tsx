/** Unsubscribes from the weekly summary without signing in; the link at the end of the mail leads here. */
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
          You’re unsubscribed. An administrator can turn the summary on again under Settings.
        </output>
      ) : (
        <>
          <p>Every Monday it summarizes the imports of the week.</p>
          {leave.error && <ErrorMessage error={leave.error} />}
          <Button loading={leave.isPending} onClick={() => leave.mutate()}>
            Unsubscribe
          </Button>
        </>
      )}
    </SignInCard>
  );
}
