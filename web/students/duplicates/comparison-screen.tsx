/**
 * Compares two records side by side, and merges them: which one is kept, and with whose values.
 *
 * This folder has the screens of likely duplicates.
 */
import '@mantine/core/styles/Radio.css';

import { Button, Radio, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';

import {
  type ComparedField,
  type Comparison,
  type DuplicateSide,
  duplicatesApi,
} from '../../../src/contract/students/duplicates.ts';
import { manualStudentsApi } from '../../../src/contract/students/manual-students.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { ConfirmDialog } from '../../shell/dialog.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { fullName } from '../person-name.ts';
import { comparisonQuery } from './duplicate-queries.ts';
import { useMarkNotDuplicate } from './duplicates-screen.tsx';
import { originLabels } from './origin-labels.ts';
import './duplicates.css';

type Which = 'first' | 'second';
const getOther = (which: Which): Which => (which === 'first' ? 'second' : 'first');

export function ComparisonScreen() {
  const { domain, first, second } = useParams({
    from: '/signed-in/a/$domain/duplicates/$first/$second',
  });
  const { data, error, refetch } = useQuery(comparisonQuery(domain, first, second));
  return (
    <div className="screen">
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link to="/a/$domain/duplicates" params={{ domain }}>
          Duplicates
        </Link>
      </nav>
      <ScreenTitle name="Compare two records">Compare two records</ScreenTitle>
      {data === undefined && error !== null && (
        <ProblemNotice
          title="The records could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data === undefined && error === null && <Skeleton height={420} radius="md" mt="md" />}
      {data !== undefined && (
        <MergeForm
          key={`${data.versions.first} ${data.versions.second}`}
          domain={domain}
          comparison={data}
          onReload={() => void refetch()}
        />
      )}
    </div>
  );
}

interface MergeFormProps {
  readonly domain: string;
  readonly comparison: Comparison;
  readonly onReload: () => void;
}

function MergeForm({ domain, comparison, onReload }: MergeFormProps) {
  const { canKeep, first, second } = comparison;
  const [kept, setKept] = useState<Which>(canKeep[0] ?? 'first');
  /** Fields whose value is taken from the record that will be removed. */
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const [isConfirming, setIsConfirming] = useState(false);
  const { merge, notDuplicate } = useReview(domain, comparison, () => setIsConfirming(false));
  const take = (key: string, isTaken: boolean) => {
    const next = new Set(taken);
    if (isTaken) next.add(key);
    else next.delete(key);
    setTaken(next);
  };
  return (
    <>
      <p className="pair-note">{comparison.reason}</p>
      <div className="table-scroll">
        <table className="comparison">
          <thead>
            <tr>
              <th scope="col">Field</th>
              {(['first', 'second'] as const).map((which) => (
                <th key={which} scope="col">
                  <SideHead domain={domain} side={comparison[which]} />
                  {canKeep.length > 1 && (
                    <Radio
                      name="kept"
                      label="Keep this record"
                      checked={kept === which}
                      onChange={() => {
                        setKept(which);
                        setTaken(new Set());
                      }}
                    />
                  )}
                  {canKeep.length === 1 && (
                    <span className="quiet">
                      {canKeep[0] === which ? 'Kept' : 'Will be merged'}
                    </span>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {comparison.fields.map((field) => (
              <FieldRow
                key={field.key}
                field={field}
                kept={canKeep.length === 0 ? null : kept}
                isTaken={taken.has(field.key)}
                onTake={(isTaken) => take(field.key, isTaken)}
              />
            ))}
            <tr>
              <th scope="row">Linked records</th>
              <td>{formatLinkedRecords(comparison.linkedRecords.first)}</td>
              <td>{formatLinkedRecords(comparison.linkedRecords.second)}</td>
            </tr>
          </tbody>
        </table>
      </div>
      {notDuplicate.error && (
        <ProblemNotice title="Couldn’t save your decision" error={notDuplicate.error} />
      )}
      <div className="pair-actions">
        {canKeep.length > 0 && <Button onClick={() => setIsConfirming(true)}>Merge …</Button>}
        <Button
          variant="default"
          loading={notDuplicate.isPending}
          onClick={() => notDuplicate.mutate()}
        >
          Not a duplicate
        </Button>
      </div>
      <ConfirmDialog
        isOpen={isConfirming}
        title="Merge these two records?"
        confirmLabel="Merge"
        isPending={merge.isPending}
        error={merge.error}
        onConfirm={() => merge.mutate({ kept, take: [...taken] })}
        onClose={() => {
          setIsConfirming(false);
          if (merge.error instanceof ApiError && merge.error.code === 'conflict') onReload();
          merge.reset();
        }}
      >
        <p>
          The record of {fullName(comparison[kept].name)} ({originLabels[comparison[kept].origin]})
          is kept. Everything linked to the other record moves to it, and the other record is
          removed. You can undo this for 30 days.
        </p>
        {first.origin === second.origin || <p>Its values from Skyward do not change.</p>}
      </ConfirmDialog>
    </>
  );
}

/**
 * Merges the records and opens the remaining one, or marks them as not a duplicate and returns to the list; both with a
 * notice that offers Undo.
 */
function useReview(domain: string, comparison: Comparison, onMerged: () => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotice();
  const mark = useMarkNotDuplicate(domain);
  const toList = () => navigate({ to: '/a/$domain/duplicates', params: { domain } });
  const merge = useMutation({
    mutationFn: ({ kept, take }: { kept: Which; take: string[] }) => {
      const other = getOther(kept);
      return callApi(duplicatesApi.mergeStudents, {
        domain,
        body: {
          kept: comparison[kept].studentId ?? 0,
          removed: comparison[other].studentId ?? 0,
          keptVersion: comparison.versions[kept],
          removedVersion: comparison.versions[other],
          take,
        },
      });
    },
    onSuccess: async ({ keptId, removalId }, { kept }) => {
      onMerged();
      await navigate({
        to: '/a/$domain/students/$studentId',
        params: { domain, studentId: String(keptId) },
      });
      await queries.invalidateQueries({ queryKey: [domain] });
      notify({
        message: `${fullName(comparison[getOther(kept)].name)} was merged into this record.`,
        undo: async () => {
          try {
            await callApi(manualStudentsApi.restoreStudent, {
              domain,
              params: { id: String(removalId) },
            });
            notify({ message: 'The merge was undone. Both records are back.' });
          } catch (error) {
            const why = error instanceof Error ? error.message : '';
            notify({ message: `Couldn’t undo the merge. ${why}`, tone: 'problem' });
          }
          await queries.invalidateQueries({ queryKey: [domain] });
        },
      });
    },
  });
  const ids = [comparison.first.studentId ?? 0, comparison.second.studentId ?? 0];
  const notDuplicate = useMutation({
    mutationFn: () =>
      mark.mutateAsync({
        key: `students:${Math.min(...ids)}-${Math.max(...ids)}`,
        isNotDuplicate: true,
      }),
    onSuccess: toList,
  });
  return { merge, notDuplicate };
}

const SideHead = ({ domain, side }: { readonly domain: string; readonly side: DuplicateSide }) => (
  <span className="comparison-head">
    <span className="mark">{originLabels[side.origin]}</span>
    <Link
      to="/a/$domain/students/$studentId"
      params={{ domain, studentId: String(side.studentId) }}
    >
      {fullName(side.name)}
    </Link>
  </span>
);

interface FieldRowProps {
  readonly field: ComparedField;
  /** null: neither record can be merged into the other. */
  readonly kept: Which | null;
  readonly isTaken: boolean;
  readonly onTake: (isTaken: boolean) => void;
}

/** Offers a choice only for values that staff enter and both records have; a value that only one has is always kept. */
function FieldRow({ field, kept, isTaken, onTake }: FieldRowProps) {
  const isChoice =
    kept !== null &&
    field.owner === 'people' &&
    !field.isSame &&
    field.first !== null &&
    field.second !== null;
  const value = (which: Which) => {
    const text = formatValue(field, which);
    if (!isChoice) return <span data-gets={isMergedValue(field, kept, which)}>{text}</span>;
    return (
      <Radio
        name={`field-${field.key}`}
        label={text}
        checked={isTaken === (which !== kept)}
        onChange={() => onTake(which !== kept)}
      />
    );
  };
  return (
    <tr data-differs={!field.isSame}>
      <th scope="row">
        {field.name}
        {!field.isSame && <span className="visually-hidden"> differs</span>}
      </th>
      <td>{value('first')}</td>
      <td>{value('second')}</td>
    </tr>
  );
}

/** Whether the merged record gets this side's value without a choice. */
function isMergedValue(field: ComparedField, kept: Which | null, which: Which): boolean {
  if (kept === null || field.isSame) return true;
  if (field.owner === 'skyward') return which === kept;
  return field[which] !== null;
}

function formatValue(field: ComparedField, which: Which): string {
  return field[which] ?? '–';
}

const formatLinkedRecords = (moving: Comparison['linkedRecords'][Which]): string =>
  moving.map(({ kind, count }) => `${count} ${kind}`).join(', ') || '–';
