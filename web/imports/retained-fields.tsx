/** Fields that were empty for all students: their values are retained until a user accepts the empty ones. */
import { Alert, Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { importActionsApi } from '../../src/contract/imports/import-actions.ts';
import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { invalidateImports } from './import-queries.ts';
import { ReasonDialog } from './reason-dialog.tsx';

type RetainedField = ImportRunDetail['retainedFields'][number];

/** The fields, each with a button for administrators and technicians. */
export function RetainedFields({
  run,
  mayAccept,
}: {
  readonly run: ImportRunDetail;
  readonly mayAccept: boolean;
}) {
  const [chosen, setChosen] = useState<RetainedField>();
  return (
    <Alert
      component="section"
      role={undefined}
      color="orange"
      variant="light"
      className="run-notice"
      title="These fields were empty for nearly every record that had a value"
    >
      <p>
        They are probably no longer approved for the integration: check this in Skyward. The values
        of the last import are shown until then.
      </p>
      <ul className="plain">
        {run.retainedFields.map((retained) => (
          <li key={`${retained.object} ${retained.field}`}>
            <Group gap="sm">
              <span>{retained.label}</span>
              {retained.acceptedBy !== null && (
                <span className="quiet">accepted as empty by {retained.acceptedBy}</span>
              )}
              {retained.canBeAccepted && mayAccept && (
                <Button size="xs" variant="default" onClick={() => setChosen(retained)}>
                  Accept as empty …
                </Button>
              )}
            </Group>
          </li>
        ))}
      </ul>
      {chosen !== undefined && (
        <AcceptDialog run={run} retained={chosen} onClose={() => setChosen(undefined)} />
      )}
    </Alert>
  );
}

function AcceptDialog({
  run,
  retained,
  onClose,
}: {
  readonly run: ImportRunDetail;
  readonly retained: RetainedField;
  readonly onClose: () => void;
}) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const { object, field, label } = retained;
  const accept = useMutation({
    mutationFn: (reason: string) =>
      callApi(importActionsApi.acceptEmptyImportField, {
        domain,
        params: { id: `${run.id}` },
        body: { object, field, reason },
      }),
    onSuccess: async () => {
      onClose();
      await invalidateImports(queries, domain);
      notify({ message: 'Accepted. The next import publishes the empty values.' });
    },
  });
  return (
    <ReasonDialog
      title={`Accept ${label} as empty?`}
      button="Accept as empty"
      storedWith="the import"
      problemTitle="Couldn’t save your decision"
      error={accept.error}
      isPending={accept.isPending}
      onConfirm={(reason) => accept.mutate(reason)}
      onClose={onClose}
    >
      <p>The next import clears {label} for every student who has no value in Skyward.</p>
    </ReasonDialog>
  );
}
