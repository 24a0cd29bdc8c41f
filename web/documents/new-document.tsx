/** Creates a document for a student: choose the form, and it opens filled in. */
import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

import { createDocuments } from '../../src/contract/documents.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { documentsKey, formsQuery } from './document-queries.ts';

export function NewDocument({ studentId }: { readonly studentId: string }) {
  const domain = useDomain();
  const { data, error } = useQuery(formsQuery(domain));
  const [form, setForm] = useState('');
  const creation = useCreation(domain, studentId);
  const groups = [...new Set(data?.forms.map(({ group }) => group))];
  const chosen = data?.forms.find(({ key }) => key === form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form !== '') creation.mutate(form);
  };
  if (error !== null) return <ProblemNotice title="The forms could not be loaded" error={error} />;
  return (
    <form className="new-document" onSubmit={submit}>
      <div className="new-document-fields">
        <NativeSelect
          label="New document"
          value={form}
          onChange={({ currentTarget }) => setForm(currentTarget.value)}
        >
          <option value="">Choose a form</option>
          {groups.map((group) => (
            <optgroup key={group} label={group}>
              {data?.forms
                .filter((one) => one.group === group)
                .map(({ key, title }) => (
                  <option key={key} value={key}>
                    {title}
                  </option>
                ))}
            </optgroup>
          ))}
        </NativeSelect>
        <Button type="submit" disabled={form === ''} loading={creation.isPending}>
          Create
        </Button>
      </div>
      {chosen !== undefined && <p className="quiet">{chosen.summary}</p>}
      {creation.error && <ProblemNotice title="Not created" error={creation.error} />}
    </form>
  );
}

function useCreation(domain: string, studentId: string) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotice();
  return useMutation({
    mutationFn: async (form: string) =>
      callApi(createDocuments, { domain, body: { form, students: [Number(studentId)] } }),
    onSuccess: async ({ results: [result] }) => {
      await queries.invalidateQueries({ queryKey: documentsKey(domain) });
      if (result?.documentId == null) return;
      if (result.outcome === 'there-already') {
        notify({ message: 'The student has an incomplete document of this form; here it is.' });
      }
      const documentId = String(result.documentId);
      await navigate({ to: '/a/$domain/documents/$documentId', params: { domain, documentId } });
    },
  });
}
