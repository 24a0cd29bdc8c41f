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

/** Updates them one after the other and returns how many; those that the user may not change are left out. */
async function updateDocuments(domain: string): Promise<number> {
  const { rows } = await callApi(documentsApi.listDocuments, {
    domain,
    query: { owner: 'me', changed: 'yes' },
  });
  let updated = 0;
  for (const { id } of rows) {
    const params = { id: String(id) };
    const document = await callApi(documentsApi.getDocument, { domain, params });
    if (!document.mayChange) continue;
    const body = {
      version: document.version,
      update: document.changes.map(({ key }) => key),
      keep: [],
    };
    await callApi(documentsApi.updateFromDetails, { domain, params, body });
    updated += 1;
  }
  return updated;
}
