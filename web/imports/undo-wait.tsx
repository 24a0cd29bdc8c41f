/** That an import was undone, by whom and why, and letting imports continue afterwards. */
import './run.css';

import { Alert, Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { formatDay } from '../../src/contract/day-format.ts';
import type { ImportRun, UndoWait } from '../../src/contract/imports/import-runs.ts';
import { importUndoApi } from '../../src/contract/imports/import-undo.ts';
import { callApi } from '../api/api-client.ts';
import { useDistrict } from '../districts/district-query.ts';
import { formatInstant } from '../shell/dates.ts';
import { ConfirmDialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { useState } from 'react';
import { invalidateImports } from './import-queries.ts';
import { OtherRun } from './run-failure.tsx';

/** Above the list of imports while they wait. */
export function UndoWaitNotice({
  wait,
  mayContinue,
}: {
  readonly wait: UndoWait;
  readonly mayContinue: boolean;
}) {
  const { domain, timeZone } = useDistrict();
  const queries = useQueryClient();
  const notify = useNotice();
  const [isAsking, setAsking] = useState(false);
  const letContinue = useMutation({
    mutationFn: () => callApi(importUndoApi.continueImports, { domain }),
    onSuccess: () => {
      setAsking(false);
      notify({ message: 'Imports continue.' });
    },
    onSettled: () => invalidateImports(queries, domain),
  });
  return (
    <Alert
      component="section"
      aria-label="Imports wait"
      role={undefined}
      className="run-notice"
      color="orange"
      variant="light"
      title="Imports wait, because an import was undone."
    >
      <p>
        {wait.by ?? 'A command on the server'} undid{' '}
        <OtherRun id={wait.undoneRunId}>an import</OtherRun> on{' '}
        <time dateTime={wait.since}>{formatInstant(wait.since, timeZone)}</time>: “{wait.reason}”{' '}
        <OtherRun id={wait.runId}>See what changed back</OtherRun>
      </p>
      <p>
        Correct the data in Skyward first: the next import reads everything again. A dry run shows
        what it would change.
      </p>
      {mayContinue && (
        <div>
          <Button onClick={() => setAsking(true)}>Let imports continue …</Button>
        </div>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        title="Let imports continue?"
        confirmLabel="Let imports continue"
        dismissLabel="Keep waiting"
        isPending={letContinue.isPending}
        error={letContinue.error}
        onConfirm={() => letContinue.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>The next nightly import imports the data from Skyward as it is then.</p>
      </ConfirmDialog>
    </Alert>
  );
}

/** On the page of a run: that it was undone, or what it undid and why. */
export function UndoFacts({ run: { undo, undoneBy } }: { readonly run: ImportRun }) {
  const { timeZone } = useDistrict();
  if (undoneBy !== null) {
    return (
      <p>
        {undoneBy.by ?? 'A command on the server'} undid this import on{' '}
        <time dateTime={undoneBy.at}>{formatInstant(undoneBy.at, timeZone)}</time>.{' '}
        <OtherRun id={undoneBy.runId}>See what changed back</OtherRun>
      </p>
    );
  }
  if (undo === null) return null;
  return (
    <p>
      {undo.reason !== null && <>“{undo.reason}” </>}
      <OtherRun id={undo.importId}>See the import of {formatDay(undo.importDate)}</OtherRun>
    </p>
  );
}
