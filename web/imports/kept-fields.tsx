/** Fields that came empty for everybody: their values are kept until a person accepts the empty ones. */
import { Button, Group, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { acceptEmptyImportField, type ImportRunDetail } from '../../src/contract/imports.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { Dialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { forgetImports } from './import-queries.ts';

type KeptField = ImportRunDetail['keptFields'][number];

/** The fields, each with a button for administrators and technicians. */
export function KeptFields({
  run,
  mayAccept,
}: {
  readonly run: ImportRunDetail;
  readonly mayAccept: boolean;
}) {
  const [chosen, setChosen] = useState<KeptField>();
  return (
    <section className="held-decision" aria-label="Fields that came empty">
      <p>
        <strong>These fields came empty for nearly every record that had a value.</strong> They are
        probably no longer approved for the integration: check that in Skyward. Until then the
        values of the last import stay.
      </p>
      <ul>
        {run.keptFields.map((kept) => (
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
  readonly kept: KeptField;
  readonly onClose: () => void;
}) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const { object, field } = kept;
  const accept = useMutation({
    mutationFn: () =>
      callApi(acceptEmptyImportField, {
        domain,
        params: { id: `${run.id}` },
        body: { object, field, reason },
      }),
    onSuccess: async () => {
      onClose();
      await forgetImports(queries, domain);
      notify({ message: 'Accepted. The next import publishes the empty values.' });
    },
  });
  const submit = () => {
    const isTooShort = reason.trim().length < 3;
    setMissing(isTooShort);
    if (!isTooShort) accept.mutate();
  };
  return (
    <Dialog isOpen title={`Accept ${field} as empty?`} onClose={onClose}>
      <p>
        The next import takes what Skyward delivers for {object}, field {field}: everybody without a
        value there loses the one that is shown now.
      </p>
      <Textarea
        label="Reason"
        description="Kept with the acceptance and in the audit trail."
        required
        autosize={false}
        rows={3}
        maxLength={500}
        value={reason}
        error={isMissing ? 'Say in a few words why.' : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {accept.error && <ProblemNotice title="Nothing was accepted" error={accept.error} />}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={accept.isPending} onClick={submit}>
          Accept as empty
        </Button>
      </Group>
    </Dialog>
  );
}
