/** The due date of a document: shown, set and cleared. */
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { formatDay } from '../../../src/contract/day-format.ts';
import { type Document, documentsApi } from '../../../src/contract/documents/documents.ts';
import { callApi } from '../../api/api-client.ts';
import { DateField } from '../../shell/fields/date-field.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { documentQuery, documentsKey } from '../document-queries.ts';

interface DocumentDueProps {
  readonly domain: string;
  readonly document: Document;
}

export function DocumentDue({ domain, document }: DocumentDueProps) {
  const queries = useQueryClient();
  const params = { id: String(document.id) };
  const { mutate, variables, isPending, error } = useMutation({
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
      <DateField
        className="document-due"
        label="Due date"
        value={isPending ? (variables ?? '') : (document.dueOn ?? '')}
        onChange={(day) => mutate(day === '' ? null : day)}
      />
      {error && <ProblemNotice title="The due date was not saved" error={error} />}
    </>
  );
}
