/** Undoing an import: first what that would change, then a reason. */
import { Button, Loader } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { formatDay } from '../../src/contract/day-format.ts';
import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';
import { type ImportUndo, importUndoApi } from '../../src/contract/imports/import-undo.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { Dialog, DialogFooter } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { invalidateImports, undoQuery } from './import-queries.ts';
import { ReasonDialog } from './reason-dialog.tsx';
import { listUndoEffects } from './undo-labels.ts';

/** The button of a completed import that changed something; says why if it can't be undone. */
export function UndoImport({ run }: { readonly run: ImportRunDetail }) {
  const domain = useDomain();
  /** The preview before this one was requested. */
  const [previewBefore, setPreviewBefore] = useState<number>();
  const isOpen = previewBefore !== undefined;
  const { data } = useQuery(undoQuery(domain, `${run.id}`, isOpen));
  const preview = useMutation({
    mutationFn: () =>
      callApi(importUndoApi.previewImportUndo, { domain, params: { id: `${run.id}` } }),
  });
  if (data === undefined) return null;
  if (data.block !== null) {
    return (
      <p className="quiet">
        {data.block.message} {data.block.advice}
      </p>
    );
  }
  const known = data.preview;
  const isNew = known !== null && known.runId > (previewBefore ?? 0) && known.state !== 'running';
  return (
    <>
      <div>
        <Button
          variant="default"
          onClick={() => {
            preview.reset();
            setPreviewBefore(known?.runId ?? 0);
            preview.mutate();
          }}
        >
          Undo this import …
        </Button>
      </div>
      {isOpen && isNew && known.state === 'finished' && (
        <UndoDialog run={run} undo={data} onClose={() => setPreviewBefore(undefined)} />
      )}
      <Dialog
        isOpen={isOpen && !(isNew && known.state === 'finished')}
        title="Undo this import?"
        onClose={() => setPreviewBefore(undefined)}
      >
        {preview.error && (
          <ProblemNotice title="Couldn’t start the preview" error={preview.error} />
        )}
        {isNew && known.state === 'failed' && (
          <p role="alert">
            {known.failure?.message ?? 'The preview was not finished.'} {known.failure?.advice}
          </p>
        )}
        {!preview.error && !isNew && (
          <output className="undo-wait">
            <Loader size="sm" aria-hidden /> Finding out what would change. Nothing is changed yet …
          </output>
        )}
        <DialogFooter>
          <Button variant="default" onClick={() => setPreviewBefore(undefined)}>
            Close
          </Button>
        </DialogFooter>
      </Dialog>
    </>
  );
}

function UndoDialog({
  run,
  undo: { imports, preview },
  onClose,
}: {
  readonly run: ImportRunDetail;
  readonly undo: ImportUndo;
  readonly onClose: () => void;
}) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const navigate = useNavigate();
  const previewRunId = preview?.runId ?? 0;
  const undo = useMutation({
    mutationFn: (reason: string) =>
      callApi(importUndoApi.undoImport, {
        domain,
        params: { id: `${run.id}` },
        body: { previewRunId, reason },
      }),
    onSuccess: async () => {
      notify({ message: 'The import is being undone.' });
      await navigate({ to: '/a/$domain/imports', params: { domain } });
    },
    onSettled: () => invalidateImports(queries, domain),
  });
  return (
    <ReasonDialog
      title={`Undo the import of ${formatDay(run.importDate)}?`}
      button="Undo import"
      storedWith="the import"
      problemTitle="Couldn’t undo the import"
      error={undo.error}
      isPending={undo.isPending}
      onConfirm={(reason) => undo.mutate(reason)}
      onClose={onClose}
    >
      <p>Student data from Skyward will be as it was before this import.</p>
      {preview?.counts && (
        <ul className="undo-effects">
          {listUndoEffects({ imports, counts: preview.counts }).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <p>
        Notes, manual changes and documents stay. Imports then wait until someone lets them
        continue.{' '}
        <Link
          to="/a/$domain/imports/$runId"
          params={{ domain, runId: `${previewRunId}` }}
          target="_blank"
        >
          See every change (opens a new tab)
        </Link>
      </p>
    </ReasonDialog>
  );
}
