/** A held run waits for a person: let it through or turn it down, each with a reason that is kept. */
import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { type ImportRunDetail, importsApi } from '../../src/contract/imports.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { invalidateImports } from './import-queries.ts';
import { ReasonDialog } from './reason-dialog.tsx';

type Choice = 'approved' | 'discarded';

const reviewTexts = {
  approved: {
    title: 'Release this import?',
    text: 'Skyward is read again, and whatever it delivers is published, however many students change. Look through the plan below before you do.',
    button: 'Release',
  },
  discarded: {
    title: 'Reject this import?',
    text: 'What is published stays as it is. The next night tries again by itself.',
    button: 'Reject',
  },
} as const;

/** For administrators and technicians. */
export function HeldReview({ run }: { readonly run: ImportRunDetail }) {
  const [choice, setChoice] = useState<Choice>();
  return (
    <section className="held-decision" aria-label="Your decision">
      <p>
        <strong>It waits for your decision.</strong> The plan below shows who would change, from
        what to what.
      </p>
      <Group gap="sm">
        <Button onClick={() => setChoice('approved')}>Release …</Button>
        <Button variant="default" onClick={() => setChoice('discarded')}>
          Reject …
        </Button>
      </Group>
      {choice !== undefined && (
        <ReviewDialog run={run} choice={choice} onClose={() => setChoice(undefined)} />
      )}
    </section>
  );
}

interface ReviewDialogProps {
  readonly run: ImportRunDetail;
  readonly choice: Choice;
  readonly onClose: () => void;
}

function ReviewDialog({ run, choice, onClose }: ReviewDialogProps) {
  const domain = useDomain();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotice();
  const decide = useMutation({
    mutationFn: (reason: string) =>
      callApi(importsApi.reviewImport, {
        domain,
        params: { id: `${run.id}` },
        body: { outcome: choice, reason },
      }),
    onSuccess: async () => {
      onClose();
      await invalidateImports(queries, domain);
      if (choice === 'discarded') {
        notify({ message: 'Rejected. What is published stays as it is.' });
        return;
      }
      notify({ message: 'Released. The import is about to begin.' });
      await navigate({ to: '/a/$domain/imports', params: { domain } });
    },
  });
  const { title, text, button } = reviewTexts[choice];
  return (
    <ReasonDialog
      title={title}
      button={button}
      keptWith="the run"
      problemTitle="Nothing was decided"
      error={decide.error}
      isPending={decide.isPending}
      onDecide={(reason) => decide.mutate(reason)}
      onClose={onClose}
    >
      <p>{text}</p>
    </ReasonDialog>
  );
}
