/** The action buttons of a document: complete, amend, reopen, copy, PDF, delete, restore. */
import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import {
  type Document,
  type DocumentStep,
  documentsApi,
} from '../../src/contract/documents/documents.ts';
import { apiAddress, callApi } from '../api/api-client.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { documentQuery, documentsKey } from './document-queries.ts';

const stepLabels: Readonly<Record<DocumentStep, string>> = {
  complete: 'Complete',
  amend: 'Amend',
  reopen: 'Reopen',
  delete: 'Delete',
  restore: 'Restore',
};

const doneMessages: Readonly<Record<DocumentStep, string>> = {
  complete: 'The document is complete.',
  amend: 'The document can be amended.',
  reopen: 'The document was reopened.',
  delete: 'The document was deleted. You can restore it for 90 days.',
  restore: 'The document was restored.',
};

const failureTitles: Readonly<Record<DocumentStep, string>> = {
  complete: "Couldn't complete the document",
  amend: "Couldn't amend the document",
  reopen: "Couldn't reopen the document",
  delete: "Couldn't delete the document",
  restore: "Couldn't restore the document",
};

interface DocumentStepsProps {
  readonly domain: string;
  readonly document: Document;
  readonly mayWrite: boolean;
  readonly onFlush: () => Promise<Document | undefined>;
}

export function DocumentSteps({ domain, document, mayWrite, onFlush }: DocumentStepsProps) {
  const id = String(document.id);
  const performing = useStep(domain, document, onFlush);
  const copying = useCopy(domain, id);
  const isDeleted = document.deletedAt !== null;
  return (
    <>
      <Group gap="sm" className="document-steps">
        {document.steps.map((step) => (
          <Button
            key={step}
            variant={step === 'complete' || step === 'restore' ? 'filled' : 'default'}
            loading={performing.isPending && performing.variables === step}
            onClick={() => performing.mutate(step)}
          >
            {stepLabels[step]}
          </Button>
        ))}
        {!isDeleted && (
          <Button
            component="a"
            variant="default"
            href={apiAddress(documentsApi.printDocument.path, { domain, id })}
            target="_blank"
            rel="noreferrer"
          >
            PDF
          </Button>
        )}
        {mayWrite && document.state === 'complete' && !isDeleted && (
          <Button variant="default" loading={copying.isPending} onClick={() => copying.mutate()}>
            Copy to a new document
          </Button>
        )}
      </Group>
      {performing.error && (
        <ProblemNotice title={failureTitles[performing.variables]} error={performing.error} />
      )}
      {copying.error && <ProblemNotice title="Couldn't copy the document" error={copying.error} />}
    </>
  );
}

function useStep(domain: string, document: Document, onFlush: DocumentStepsProps['onFlush']) {
  const queries = useQueryClient();
  const notify = useNotice();
  const params = { id: String(document.id) };
  return useMutation({
    mutationFn: async (step: DocumentStep) => {
      const { version } = (await onFlush()) ?? document;
      return callApi(documentsApi.takeDocumentStep, { domain, params, body: { version, step } });
    },
    onSuccess: async (changed, step) => {
      queries.setQueryData(documentQuery(domain, params.id).queryKey, changed);
      notify({ message: doneMessages[step] });
      await queries.invalidateQueries({ queryKey: documentsKey(domain) });
    },
  });
}

function useCopy(domain: string, id: string) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () =>
      callApi(documentsApi.copyDocument, { domain, params: { id }, body: {} }),
    onSuccess: async (copy) => {
      await queries.invalidateQueries({ queryKey: documentsKey(domain) });
      const documentId = String(copy.id);
      await navigate({ to: '/a/$domain/documents/$documentId', params: { domain, documentId } });
    },
  });
}
