/** Starting an import or a dry run, and stopping the one that waits or runs. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { importsApi } from '../../src/contract/imports.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { ConfirmDialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { invalidateImports } from './import-queries.ts';

/** For administrators and technicians; `isBusy`: one waits or runs already. */
export function StartButtons({ isBusy }: { readonly isBusy: boolean }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const start = useMutation({
    mutationFn: (isDryRun: boolean) =>
      callApi(importsApi.startImport, { domain, body: { isDryRun } }),
    onSuccess: (_, isDryRun) =>
      notify({
        message: isDryRun ? 'The dry run is about to begin.' : 'The import is about to begin.',
      }),
    onSettled: () => invalidateImports(queries, domain),
  });
  return (
    <div className="start-import">
      <div className="start-buttons">
        <Button
          loading={start.isPending && !start.variables}
          disabled={isBusy || start.isPending}
          onClick={() => start.mutate(false)}
        >
          Import now
        </Button>
        <Button
          variant="default"
          loading={start.isPending && start.variables}
          disabled={isBusy || start.isPending}
          onClick={() => start.mutate(true)}
        >
          Dry run
        </Button>
      </div>
      <p className="quiet start-hint">
        {isBusy
          ? 'One import of the district at a time.'
          : 'A dry run shows what would change and changes nothing.'}
      </p>
      {start.error && <ProblemNotice title="No import was started" error={start.error} />}
    </div>
  );
}

/** Stops what waits at once, and what runs at the next safe place; asked back first. */
export function StopButton({ isCancelling = false }: { readonly isCancelling?: boolean }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const [isAsking, setAsking] = useState(false);
  const stop = useMutation({
    mutationFn: () => callApi(importsApi.cancelImport, { domain }),
    onSuccess: ({ cancelled: stopped }) => {
      setAsking(false);
      notify({
        message:
          stopped === 'waiting'
            ? 'The import will not begin.'
            : 'The import ends at the next safe place; nothing of it is published.',
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
          stop.reset();
          setAsking(true);
        }}
      >
        {isCancelling ? 'Stopping …' : 'Stop'}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title="Stop this import?"
        confirmLabel="Stop the import"
        isPending={stop.isPending}
        error={stop.error}
        onConfirm={() => stop.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>Nothing of it will be published; what is there now stays as it is.</p>
      </ConfirmDialog>
    </>
  );
}
