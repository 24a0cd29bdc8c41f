/** Fields that came empty for everybody: their values are kept until a person accepts the empty ones. */
import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type ImportRunDetail, importsApi } from '../../src/contract/imports.ts';
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
    <section className="held-decision" aria-label="Fields that came empty">
      <p>
        <strong>These fields came empty for nearly every record that had a value.</strong> They are
        probably no longer approved for the integration: check that in Skyward. Until then the
        values of the last import stay.
      </p>
      <ul>
        {run.retainedFields.map((kept) => (
          <li key={`${kept.object} ${kept.field}`}>
            <Group gap="sm">
              <span>
                {kept.object}, field {kept.field}
              </span>
              {kept.acceptedBy !== null && (
                <span className="quiet">accepted as empty by {kept.acceptedBy}</span>
              )}
              {kept.canBeAccepted && mayAccept && (
                <Button size="xs" variant="default" onClick={() => setChosen(kept)}>
                  Accept as empty …
                </Button>
              )}
            </Group>
          </li>
        ))}
      </ul>
      {chosen !== undefined && (
        <AcceptDialog run={run} kept={chosen} onClose={() => setChosen(undefined)} />
      )}
    </section>
  );
}

function AcceptDialog({
  run,
  kept,
  onClose,
}: {
  readonly run: ImportRunDetail;
  readonly kept: RetainedField;
  readonly onClose: () => void;
}) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const { object, field } = kept;
  const accept = useMutation({
    mutationFn: (reason: string) =>
      callApi(importsApi.acceptEmptyImportField, {
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
      title={`Accept ${field} as empty?`}
      button="Accept as empty"
      keptWith="the acceptance"
      problemTitle="Nothing was accepted"
      error={accept.error}
      isPending={accept.isPending}
      onDecide={(reason) => accept.mutate(reason)}
      onClose={onClose}
    >
      <p>
        The next import takes what Skyward delivers for {object}, field {field}: everybody without a
        value there loses the one that is shown now.
      </p>
    </ReasonDialog>
  );
}
