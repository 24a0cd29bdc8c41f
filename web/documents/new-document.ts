/** Creates a document of a form for a student. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { documentsApi } from '../../src/contract/documents/documents.ts';
import { callApi } from '../api/api-client.ts';
import { useNotice } from '../shell/notices.tsx';
import { documentsKey } from './document-queries.ts';

/** Creates a document and opens it; if the student has an incomplete one of the form, opens that one. */
export function useCreation(domain: string) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotice();
  return useMutation({
    mutationFn: async ({ form, student }: { readonly form: string; readonly student: number }) =>
      callApi(documentsApi.createDocuments, { domain, body: { form, students: [student] } }),
    onSuccess: async ({ results: [result] }) => {
      await queries.invalidateQueries({ queryKey: documentsKey(domain) });
      if (result?.documentId == null) return;
      if (result.outcome === 'already-exists') {
        notify({
          message: 'Opened the incomplete document of this form that the student already has.',
        });
      }
      const documentId = String(result.documentId);
      await navigate({ to: '/a/$domain/documents/$documentId', params: { domain, documentId } });
    },
  });
}
