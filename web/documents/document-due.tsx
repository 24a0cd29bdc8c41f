/** The due date of a document: shown, set and cleared. */
import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { formatDay } from '../../src/contract/day-format.ts';
import { type Document, documentsApi } from '../../src/contract/documents/documents.ts';
import { callApi } from '../api/api-client.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { documentQuery, documentsKey } from './document-queries.ts';

interface DocumentDueProps {
  readonly domain: string;
  readonly document: Document;
}

export function DocumentDue({ domain, document }: DocumentDueProps) {
  const queries = useQueryClient();
  const params = { id: String(document.id) };
  const [typed, setTyped] = useState(document.dueOn ?? '');
  const { mutate, error } = useMutation({
    mutationFn: async (dueOn: string | null) =>
      callApi(documentsApi.setDocumentDue, { domain, params, body: { dueOn } }),
    onSuccess: async ({ dueOn }) => {
      const { queryKey } = documentQuery(domain, params.id);
      queries.setQueryData(queryKey, (known) => known && { ...known, dueOn });
      await queries.invalidateQueries({ queryKey: [...documentsKey(domain), 'counts'] });
    },
  });
  if (!document.mayChange) {
    return document.dueOn === null ? null : <p>Due {formatDay(document.dueOn)}.</p>;
  }
  return (
    <>
      <TextInput
        className="document-due"
        type="date"
        label="Due date"
        value={typed}
        onChange={({ currentTarget: { value, validity } }) => {
          setTyped(value);
          // A half-typed date is not valid and must not clear the previous one.
          if (!validity.badInput) mutate(value === '' ? null : value);
        }}
      />
      {error && <ProblemNotice title="The due date was not saved" error={error} />}
    </>
  );
}
