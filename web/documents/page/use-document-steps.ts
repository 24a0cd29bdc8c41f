/** What can be done with a document: complete, reopen, copy, delete with undo, restore. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import {
  type Document,
  type DocumentStep,
  documentsApi,
} from '../../../src/contract/documents/documents.ts';
import { callApi } from '../../api/api-client.ts';
import { useNotice } from '../../shell/notices.tsx';
import { documentQuery, documentsKey } from '../document-queries.ts';
import { documentName } from '../value-format.ts';

const doneVerbs: Readonly<Record<DocumentStep, string>> = {
  complete: 'Completed',
  amend: 'Reopened',
  reopen: 'Reopened',
  delete: 'Deleted',
  restore: 'Restored',
};

export const failureTitles: Readonly<Record<DocumentStep, string>> = {
  complete: 'Couldn’t complete the document',
  amend: 'Couldn’t reopen the document',
  reopen: 'Couldn’t reopen the document',
  delete: 'Couldn’t delete the document',
  restore: 'Couldn’t restore the document',
};

/** Performs steps on a document; `flush` saves what was typed before. */
export function useDocumentStep(
  domain: string,
  document: Document,
  flush: () => Promise<Document | undefined>,
) {
  const queries = useQueryClient();
  const notify = useNotice();
  const params = { id: String(document.id) };
  const perform = async (step: DocumentStep, version: number): Promise<Document> => {
    const changed = await callApi(documentsApi.takeDocumentStep, {
      domain,
      params,
      body: { version, step },
    });
    queries.setQueryData(documentQuery(domain, params.id).queryKey, changed);
    await queries.invalidateQueries({ queryKey: documentsKey(domain) });
    return changed;
  };
  return useMutation({
    mutationFn: async (step: DocumentStep) => {
      // Reports why it could not be saved by itself.
      const saved = await flush();
      return saved && perform(step, saved.version);
    },
    onSuccess: (changed, step) => {
      if (changed === undefined) return;
      const message = `${doneVerbs[step]} ${documentName(changed)}.`;
      if (step !== 'delete') return notify({ message });
      notify({
        message,
        undo: async () =>
          perform('restore', changed.version).then(
            () => notify({ message: `Restored ${documentName(changed)}.` }),
            () =>
              notify({
                message: `Couldn’t restore ${documentName(changed)}. You can restore it from its page for 90 days.`,
                tone: 'problem',
              }),
          ),
      });
    },
  });
}

/** Copies a document to a new one, and opens that. */
export function useDocumentCopy(domain: string, document: Document) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () =>
      callApi(documentsApi.copyDocument, {
        domain,
        params: { id: String(document.id) },
        body: {},
      }),
    onSuccess: async (copy) => {
      await queries.invalidateQueries({ queryKey: documentsKey(domain) });
      const documentId = String(copy.id);
      await navigate({ to: '/a/$domain/documents/$documentId', params: { domain, documentId } });
    },
  });
}
