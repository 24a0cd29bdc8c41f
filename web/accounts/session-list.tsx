/** Open sessions of the user, with sign-out of one and of all. */
import { Badge, Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { type OpenSession, accountApi } from '../../src/contract/accounts/account.ts';
import { callApi } from '../api/api-client.ts';
import { ConfirmDialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { sessionsQuery } from './account-queries.ts';
import { useMomentText } from './moment-text.ts';
import { sessionQuery } from './session-query.ts';

export function SessionList() {
  const { data, error, refetch } = useQuery(sessionsQuery);
  const [isAsking, setAsking] = useState(false);
  const signOut = useSignOutEverywhere();
  return (
    <>
      {error && data === undefined && (
        <ProblemNotice
          title="Sessions could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {!error && data === undefined && <output>Loading …</output>}
      <ul className="rows">
        {data?.sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      <Button variant="default" onClick={() => setAsking(true)}>
        Sign out everywhere
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title="Sign out everywhere?"
        confirmLabel="Sign out everywhere"
        isPending={signOut.isPending}
        error={signOut.error}
        onConfirm={() => signOut.mutate()}
        onClose={() => setAsking(false)}
      >
        You will be signed out here and on all other devices. All devices will need a code again.
      </ConfirmDialog>
    </>
  );
}

function SessionRow({ session }: { readonly session: OpenSession }) {
  const queries = useQueryClient();
  const notify = useNotice();
  const momentText = useMomentText();
  const { id, device, address, isCurrent } = session;
  const end = useMutation({
    mutationFn: () => callApi(accountApi.endSession, { params: { id } }),
    onSuccess: () => notify({ message: `Signed out on ${device}.` }),
    onError: (error) => notify({ message: error.message, tone: 'problem' }),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  return (
    <li className="row">
      <span className="row-main">
        <strong>{device}</strong>
        {isCurrent && <Badge variant="default">This device</Badge>}
        <span className="quiet block">
          {address !== '' && `From ${address}, `}
          {session.signedInBy === 'single-sign-on' ? 'with the district, ' : ''}
          since {momentText(session.openedAt)}, last used {momentText(session.lastUsedAt)}
        </span>
      </span>
      {!isCurrent && (
        <Button
          size="compact-sm"
          variant="default"
          loading={end.isPending}
          aria-label={`Sign out on ${device}, since ${momentText(session.openedAt)}`}
          onClick={() => end.mutate()}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}

/** Also ends this session, so the next screen is the sign-in page. */
function useSignOutEverywhere() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => callApi(accountApi.endAllSessions, {}),
    onSuccess: async () => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, null);
      await navigate({ to: '/sign-in' });
    },
  });
}
