/**
 * Student information that changed since a document was filled, to update or keep field by field.
 *
 * This folder has the page of one document.
 */
import { Button, Checkbox, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';

import {
  type DetailsChange,
  type Document,
  documentsApi,
} from '../../../src/contract/documents/documents.ts';
import { fieldsOf, type FormField } from '../../../src/contract/documents/form-template.ts';
import { callApi } from '../../api/api-client.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { documentQuery, documentsKey } from '../document-queries.ts';
import { findDifferences } from './field-differences.ts';
import { compareWords, type TextPiece } from './word-differences.ts';

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
  const isManual = changes.some(({ source }) => source?.kind === 'manual');
  const now = isManual ? 'Current in Details' : 'Current in Skyward';
  const select = (key: string, isSelected: boolean) => {
    const next = new Set(excluded);
    if (isSelected) next.delete(key);
    else next.add(key);
    setExcluded(next);
  };
  if (changes.length === 0) return null;
  return (
    <section className="details-changes" aria-labelledby={titleId}>
      <h2 id={titleId}>Student information has changed</h2>
      <table className="change-table">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">On this document</th>
            <th scope="col">{now}</th>
          </tr>
        </thead>
        {changes.map((change) => (
          <ChangeRows
            key={change.key}
            change={change}
            field={fields.get(change.key)}
            nowHeading={now}
            isSelected={!excluded.has(change.key)}
            onSelect={mayChange ? (isSelected) => select(change.key, isSelected) : undefined}
          />
        ))}
      </table>
      {updating.error && <ProblemNotice title="Couldn’t update" error={updating.error} />}
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

interface ChangeRowsProps {
  readonly change: DetailsChange;
  readonly field: FormField | undefined;
  readonly nowHeading: string;
  readonly isSelected: boolean;
  /** Absent if the user may not change the document. */
  readonly onSelect: ((isSelected: boolean) => void) | undefined;
}

/** A field with a row for each difference, the changed words marked. */
function ChangeRows({ change, field, nowHeading, isSelected, onSelect }: ChangeRowsProps) {
  const { label, documentValue, current } = change;
  const differences = field === undefined ? [] : findDifferences(field, documentValue, current);
  return (
    <tbody>
      {differences.map(({ part, before, after }, index) => {
        const compared = compareWords(before, after);
        return (
          <tr key={part}>
            <th scope="row">
              {index === 0 &&
                (onSelect === undefined ? (
                  label
                ) : (
                  <Checkbox
                    label={label}
                    checked={isSelected}
                    onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
                  />
                ))}
              {part !== null && <span className="change-part">{part}</span>}
            </th>
            <td data-heading="On this document">
              <MarkedText pieces={compared.before} as="del" />
            </td>
            <td data-heading={nowHeading}>
              <MarkedText pieces={compared.after} as="ins" />
            </td>
          </tr>
        );
      })}
    </tbody>
  );
}

function MarkedText({
  pieces,
  as: Mark,
}: {
  readonly pieces: readonly TextPiece[];
  readonly as: 'del' | 'ins';
}) {
  if (pieces.length === 0) return <span className="nothing">Empty</span>;
  return (
    <span className="document-text">
      {pieces.map(({ text, isChanged }, index) =>
        // Pieces have no key other than their position.
        // oxlint-disable-next-line react/no-array-index-key
        isChanged ? <Mark key={index}>{text}</Mark> : text,
      )}
    </span>
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
