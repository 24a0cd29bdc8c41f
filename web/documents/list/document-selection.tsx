/** What can be done with the selected documents of the list: print, download, complete, set a due date. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

import {
  type CompletionResult,
  type DocumentRow,
  documentsApi,
  maxSelectedDocuments,
} from '../../../src/contract/documents/documents.ts';
import { apiAddress, callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { ConfirmDialog, Dialog, DialogFooter } from '../../shell/dialog.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { SelectionBar, type TableSelection } from '../../shell/table-selection.tsx';
import { DateField } from '../../shell/fields/date-field.tsx';
import { completionSentence, dueSentence, leftReason } from './selection-summary.ts';
import { documentListQuery, type DocumentListSearch, documentsKey } from '../document-queries.ts';
import { countOf, documentName } from '../value-format.ts';

interface DocumentSelectionBarProps {
  readonly selection: TableSelection;
  readonly query: DocumentListSearch;
  readonly total: number;
  readonly pageSize: number;
  readonly mayWrite: boolean;
  /** Returns a row that was loaded, for its name. */
  readonly findRow: (id: number) => DocumentRow | undefined;
}

export function DocumentSelectionBar(props: DocumentSelectionBarProps) {
  const { selection, total, mayWrite, findRow } = props;
  const domain = useDomain();
  const [dialog, setDialog] = useState<'complete' | 'due'>();
  const all = useSelectAll(props);
  const completion = useCompletion(domain, selection);
  const ids = [...selection.selected].join(',');
  const isTooLarge = selection.selected.size > maxSelectedDocuments;
  const left = completion.data?.filter((result) => leftReason(result) !== undefined) ?? [];
  return (
    <>
      <SelectionBar
        label="Selected documents"
        selection={selection}
        all={
          total <= maxSelectedDocuments
            ? { total, isSelecting: all.isPending, onSelectAll: () => all.mutate() }
            : undefined
        }
      >
        {isTooLarge ? (
          <span>Select at most {countOf(maxSelectedDocuments, 'document')}.</span>
        ) : (
          <>
            <Button
              component="a"
              variant="default"
              size="sm"
              href={apiAddress(documentsApi.printDocuments.path, { domain }, { ids, print: 'yes' })}
              target="_blank"
              rel="noreferrer"
            >
              Print
            </Button>
            <Button
              component="a"
              variant="default"
              size="sm"
              href={apiAddress(documentsApi.packDocuments.path, { domain }, { ids })}
              download
            >
              Download
            </Button>
            {mayWrite && (
              <>
                <Button variant="default" size="sm" onClick={() => setDialog('due')}>
                  Set due date …
                </Button>
                <Button size="sm" onClick={() => setDialog('complete')}>
                  Complete …
                </Button>
              </>
            )}
          </>
        )}
        {all.error && <ProblemNotice title="Couldn’t select all documents" error={all.error} />}
      </SelectionBar>
      <ConfirmDialog
        isOpen={dialog === 'complete'}
        title={`Complete ${countOf(selection.selected.size, 'document')}?`}
        confirmLabel="Complete"
        isPending={completion.isPending}
        error={completion.error}
        onConfirm={() => completion.mutate(undefined, { onSuccess: () => setDialog(undefined) })}
        onClose={() => setDialog(undefined)}
      >
        <p>
          Complete documents can’t be edited until they are reopened. Those with empty required
          fields stay incomplete.
        </p>
      </ConfirmDialog>
      <Dialog isOpen={dialog === 'due'} title="Set due date" onClose={() => setDialog(undefined)}>
        <DueForm domain={domain} selection={selection} onClose={() => setDialog(undefined)} />
      </Dialog>
      <LeftDialog domain={domain} left={left} findRow={findRow} onClose={completion.reset} />
    </>
  );
}

function useSelectAll({ selection, query, total, pageSize }: DocumentSelectionBarProps) {
  const queries = useQueryClient();
  const domain = useDomain();
  return useMutation({
    mutationFn: async () => {
      for (let page = 1; page <= Math.ceil(total / pageSize); page++) {
        const search = { ...query, page: page === 1 ? undefined : String(page) };
        const { rows } = await queries.fetchQuery(documentListQuery(domain, search));
        selection.select(
          rows.map(({ id }) => id),
          true,
        );
      }
    },
  });
}

function useCompletion(domain: string, { selected, select }: TableSelection) {
  const queries = useQueryClient();
  const notify = useNotice();
  return useMutation({
    mutationFn: async () => {
      const body = { ids: [...selected] };
      return (await callApi(documentsApi.completeDocuments, { domain, body })).results;
    },
    onSuccess: async (results) => {
      notify({ message: completionSentence(results) });
      // Those that were left stay selected.
      const done = results.filter((result) => leftReason(result) === undefined);
      select(
        done.map(({ documentId }) => documentId),
        false,
      );
      await queries.invalidateQueries({ queryKey: documentsKey(domain) });
    },
  });
}

interface LeftDialogProps {
  readonly domain: string;
  readonly left: readonly CompletionResult[];
  readonly findRow: DocumentSelectionBarProps['findRow'];
  readonly onClose: () => void;
}

/** Lists the documents that were not completed, with the reason. */
function LeftDialog({ domain, left, findRow, onClose }: LeftDialogProps) {
  return (
    <Dialog
      isOpen={left.length > 0}
      title={`${countOf(left.length, 'document')} not completed`}
      onClose={onClose}
    >
      <ul className="documents-left">
        {left.map((result) => {
          const row = findRow(result.documentId);
          return (
            <li key={result.documentId}>
              <Link
                to="/a/$domain/documents/$documentId"
                params={{ domain, documentId: String(result.documentId) }}
              >
                {row ? documentName(row) : 'Document'}
              </Link>
              : {leftReason(result)}
            </li>
          );
        })}
      </ul>
      <DialogFooter>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

interface DueFormProps {
  readonly domain: string;
  readonly selection: TableSelection;
  readonly onClose: () => void;
}

function DueForm({ domain, selection, onClose }: DueFormProps) {
  const queries = useQueryClient();
  const notify = useNotice();
  const [dueOn, setDueOn] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: async (day: string | null) =>
      callApi(documentsApi.setDocumentsDue, {
        domain,
        body: { ids: [...selection.selected], dueOn: day },
      }),
    onSuccess: async ({ changed }, day) => {
      notify({ message: dueSentence(changed.length, selection.selected.size, day === null) });
      onClose();
      await queries.invalidateQueries({ queryKey: documentsKey(domain) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (dueOn !== '') mutate(dueOn);
  };
  return (
    <form className="dialog-form" onSubmit={submit}>
      <DateField
        label="Due date"
        description={`For ${countOf(selection.selected.size, 'document')}. Complete documents are left unchanged.`}
        value={dueOn}
        onChange={setDueOn}
      />
      {error && <ProblemNotice title="Couldn’t set the due date" error={error} />}
      <DialogFooter>
        <Button variant="subtle" loading={isPending} onClick={() => mutate(null)}>
          Remove due dates
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={dueOn === ''} loading={isPending}>
          Set due date
        </Button>
      </DialogFooter>
    </form>
  );
}
