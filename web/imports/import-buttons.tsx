/** Buttons that start an import or a dry run, and cancel the one that is running or waiting. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { importActionsApi } from '../../src/contract/imports/import-actions.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { ConfirmDialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { invalidateImports } from './import-queries.ts';
import { useImportStatus } from './import-status-query.ts';

/** For administrators and technicians. `isBusy`: an import is running or queued; `isWaiting`: one was undone. */
export function StartButtons({
  isBusy,
  isWaiting,
}: {
  readonly isBusy: boolean;
  readonly isWaiting: boolean;
}) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const { data: status } = useImportStatus(domain);
  const isConnected = status?.isConnected !== false;
  const start = useMutation({
    mutationFn: (isDryRun: boolean) =>
      callApi(importActionsApi.startImport, { domain, body: { isDryRun } }),
    onSuccess: (_, isDryRun) =>
      notify({
        message: isDryRun ? 'Dry run started.' : 'Import started.',
      }),
    onSettled: () => invalidateImports(queries, domain),
  });
  return (
    <div className="start-import">
      <div className="start-buttons">
        <Button
          loading={start.isPending && !start.variables}
          disabled={isBusy || isWaiting || !isConnected || start.isPending}
          onClick={() => start.mutate(false)}
        >
          Import now
        </Button>
        <Button
          variant="default"
          loading={start.isPending && start.variables}
          disabled={isBusy || !isConnected || start.isPending}
          onClick={() => start.mutate(true)}
        >
          Dry run
        </Button>
      </div>
      <p className="quiet start-hint">
        {isConnected ? (
          isBusy ? (
            'An import is already running.'
          ) : (
            'A dry run shows what would change without changing anything.'
          )
        ) : (
          <>
            This district is not connected to Skyward yet.{' '}
            <Link to="/a/$domain" params={{ domain }} className="run-more">
              See the steps
            </Link>
          </>
        )}
      </p>
      {start.error && <ProblemNotice title="Couldn’t start the import" error={start.error} />}
    </div>
  );
}

/** Cancels a waiting import at once and a running one shortly, after a confirmation. */
export function CancelButton({ isCancelling = false }: { readonly isCancelling?: boolean }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const [isAsking, setAsking] = useState(false);
  const cancel = useMutation({
    mutationFn: () => callApi(importActionsApi.cancelImport, { domain }),
    onSuccess: ({ cancelled }) => {
      setAsking(false);
      notify({
        message:
          cancelled === 'waiting'
            ? 'The import was canceled.'
            : 'The import is being canceled. Nothing is published.',
      });
    },
    onSettled: () => invalidateImports(queries, domain),
  });
  return (
    <>
      <Button
        variant="default"
        size="xs"
        disabled={isCancelling}
        onClick={() => {
          cancel.reset();
          setAsking(true);
        }}
      >
        {isCancelling ? 'Canceling …' : 'Cancel'}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title="Cancel this import?"
        confirmLabel="Cancel import"
        dismissLabel="Keep running"
        isPending={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>Nothing is published. Student data stays as it is.</p>
      </ConfirmDialog>
    </>
  );
}
