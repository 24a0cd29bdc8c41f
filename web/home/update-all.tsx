/** Updates all open documents of the user whose student's information has changed, after a confirmation. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { documentsApi } from '../../src/contract/documents/documents.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { documentsKey } from '../documents/document-queries.ts';
import { ConfirmDialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { staffHomeQuery } from './home-queries.ts';

export function UpdateAll() {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const [isAsking, setAsking] = useState(false);
  const update = useMutation({
    mutationFn: async () => updateDocuments(domain),
    onSuccess: (updated) => {
      setAsking(false);
      notify({ message: updated === 1 ? '1 document updated.' : `${updated} documents updated.` });
    },
    onSettled: async () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: staffHomeQuery(domain).queryKey }),
        queries.invalidateQueries({ queryKey: documentsKey(domain) }),
      ]),
  });
  return (
    <>
      <Button
        variant="default"
        size="xs"
        onClick={() => {
          update.reset();
          setAsking(true);
        }}
      >
        Update all
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title="Update all documents?"
        confirmLabel="Update all"
        isPending={update.isPending}
        error={update.error}
        onConfirm={() => update.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>
          In each document, what has changed is replaced by what is current in Skyward. The version
          history of a document keeps its earlier values.
        </p>
      </ConfirmDialog>
    </>
  );
}

/** Updates page by page, since an updated document leaves the list; returns how many. */
async function updateDocuments(domain: string): Promise<number> {
  let count = 0;
  for (;;) {
    const { rows } = await callApi(documentsApi.listDocuments, {
      domain,
      query: { owner: 'me', changed: 'yes' },
    });
    if (rows.length === 0) return count;
    const { updated } = await callApi(documentsApi.updateDocumentsFromDetails, {
      domain,
      body: { ids: rows.map(({ id }) => id) },
    });
    count += updated.length;
    // All others may not be changed.
    if (updated.length === 0) return count;
  }
}
