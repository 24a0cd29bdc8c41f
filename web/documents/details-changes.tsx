/**
 * Student information that changed since a document was filled, to update or keep field by field.
 *
 * This folder has the screens of documents.
 */
import { Button, Checkbox, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';

import { type Document, documentsApi } from '../../src/contract/documents/documents.ts';
import { fieldsOf } from '../../src/contract/documents/form-template.ts';
import { callApi } from '../api/api-client.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { documentQuery, documentsKey } from './document-queries.ts';
import { ValueText } from './value-text.tsx';

interface DetailsChangesProps {
  readonly domain: string;
  readonly document: Document;
  /** Saves unsaved text before anything is updated. */
  readonly onFlush: () => Promise<Document | undefined>;
}

export function DetailsChanges({ domain, document, onFlush }: DetailsChangesProps) {
  const titleId = useId();
  const { changes, form, mayChange } = document;
  const [excluded, setExcluded] = useState<ReadonlySet<string>>(new Set());
  const fields = new Map(fieldsOf(form).map((field) => [field.key, field]));
  const updating = useUpdate(domain, document, onFlush);
  const keys = changes.map(({ key }) => key);
  const selected = keys.filter((key) => !excluded.has(key));
  if (changes.length === 0) return null;
  return (
    <section className="details-changes" aria-labelledby={titleId}>
      <h2 id={titleId}>Student information has changed</h2>
      <ul>
        {changes.map(({ key, label, documentValue: held, current }) => (
          <li key={key}>
            {mayChange ? (
              <Checkbox
                label={label}
                checked={!excluded.has(key)}
                onChange={({ currentTarget }) => {
                  const next = new Set(excluded);
                  if (currentTarget.checked) next.delete(key);
                  else next.add(key);
                  setExcluded(next);
                }}
              />
            ) : (
              <strong>{label}</strong>
            )}
            <dl>
              <div>
                <dt>On this document</dt>
                <dd>
                  <ValueText field={fields.get(key)} value={held} />
                </dd>
              </div>
              <div>
                <dt>Current in Skyward</dt>
                <dd>
                  <ValueText field={fields.get(key)} value={current} />
                </dd>
              </div>
            </dl>
          </li>
        ))}
      </ul>
      {updating.error && <ProblemNotice title="Couldn't update" error={updating.error} />}
      {mayChange && (
        <Group gap="sm">
          <Button
            disabled={selected.length === 0}
            loading={updating.isPending}
            onClick={() => updating.mutate({ update: selected, keep: [] })}
          >
            {selected.length === keys.length
              ? 'Update all'
              : `Update ${selected.length} ${selected.length === 1 ? 'field' : 'fields'}`}
          </Button>
          <Button
            variant="default"
            disabled={updating.isPending}
            onClick={() => updating.mutate({ update: [], keep: keys })}
          >
            Keep as is
          </Button>
        </Group>
      )}
    </section>
  );
}

function useUpdate(domain: string, document: Document, onFlush: DetailsChangesProps['onFlush']) {
  const queries = useQueryClient();
  const id = String(document.id);
  return useMutation({
    mutationFn: async (choice: { update: string[]; keep: string[] }) => {
      const saved = (await onFlush()) ?? document;
      return callApi(documentsApi.updateFromDetails, {
        domain,
        params: { id },
        body: { version: saved.version, ...choice },
      });
    },
    onSuccess: async (changed) => {
      await queries.invalidateQueries({ queryKey: documentsKey(domain) });
      queries.setQueryData(documentQuery(domain, id).queryKey, changed);
    },
  });
}
