/** Creates a document for a student: choose the form, and it opens pre-filled. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

import { documentsApi } from '../../src/contract/documents/documents.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { documentsKey } from './document-queries.ts';
import { FormChoice } from './form-choice.tsx';

export function NewDocument({ studentId }: { readonly studentId: string }) {
  const domain = useDomain();
  const [form, setForm] = useState('');
  const creation = useCreation(domain);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form !== '') creation.mutate({ form, student: Number(studentId) });
  };
  return (
    <form className="new-document" onSubmit={submit}>
      <FormChoice label="New document" form={form} onChoose={setForm}>
        <Button type="submit" disabled={form === ''} loading={creation.isPending}>
          Create
        </Button>
      </FormChoice>
      {creation.error && (
        <ProblemNotice title="Couldn't create the document" error={creation.error} />
      )}
    </form>
  );
}

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
