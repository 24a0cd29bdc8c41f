/** Reviewing a held import: import it anyway or discard it, with a reason. */
import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';

import { importActionsApi } from '../../src/contract/imports/import-actions.ts';
import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { invalidateImports } from './import-queries.ts';
import { ReasonDialog } from './reason-dialog.tsx';

type Choice = 'approved' | 'discarded';

const reviewTexts = {
  approved: {
    title: 'Import anyway?',
    text: 'Skyward is read again and the result is published. If more students would change than this import shows, it is held again. Check the preview of changes first.',
    button: 'Import anyway',
  },
  discarded: {
    title: 'Discard this import?',
    text: 'Student data stays as it is. The next nightly import tries again.',
    button: 'Discard',
  },
} as const;

/** For administrators and technicians. */
export function HeldReview({ run }: { readonly run: ImportRunDetail }) {
  return (
    <section className="held-review" aria-label="Review">
      <p>
        <strong>Review needed.</strong> The preview below shows the students who would change.
      </p>
      <ReviewButtons runId={run.id} preview={<a href="#changes-title">Preview of changes</a>} />
    </section>
  );
}

interface ReviewButtonsProps {
  readonly runId: number;
  /** Leads to the preview of changes. */
  readonly preview: ReactNode;
}

/** The two decisions, each confirmed in a dialog with a reason. */
export function ReviewButtons({ runId, preview }: ReviewButtonsProps) {
  const [choice, setChoice] = useState<Choice>();
  return (
    <>
      <Group gap="sm">
        <Button onClick={() => setChoice('approved')}>Import anyway …</Button>
        <Button variant="default" onClick={() => setChoice('discarded')}>
          Discard …
        </Button>
        {preview}
      </Group>
      {choice !== undefined && (
        <ReviewDialog runId={runId} choice={choice} onClose={() => setChoice(undefined)} />
      )}
    </>
  );
}

interface ReviewDialogProps {
  readonly runId: number;
  readonly choice: Choice;
  readonly onClose: () => void;
}

function ReviewDialog({ runId, choice, onClose }: ReviewDialogProps) {
  const domain = useDomain();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotice();
  const review = useMutation({
    mutationFn: (reason: string) =>
      callApi(importActionsApi.reviewImport, {
        domain,
        params: { id: `${runId}` },
        body: { outcome: choice, reason },
      }),
    onSuccess: async () => {
      onClose();
      await invalidateImports(queries, domain);
      if (choice === 'discarded') {
        notify({ message: 'Import discarded. Student data stays as it is.' });
        return;
      }
      notify({ message: 'Import started.' });
      await navigate({ to: '/a/$domain/imports', params: { domain } });
    },
  });
  const { title, text, button } = reviewTexts[choice];
  return (
    <ReasonDialog
      title={title}
      button={button}
      storedWith="the import"
      problemTitle="Couldn’t save your decision"
      error={review.error}
      isPending={review.isPending}
      onConfirm={(reason) => review.mutate(reason)}
      onClose={onClose}
    >
      <p>{text}</p>
    </ReasonDialog>
  );
}
