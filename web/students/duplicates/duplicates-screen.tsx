/** Likely duplicates for administrators to review: pairs, recent merges, and records matched by an import. */
import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { formatDay } from '../../../src/contract/day-format.ts';
import {
  type DuplicatePair,
  type DuplicateSide,
  type Merge,
  type NumberMatch,
  duplicatesApi,
} from '../../../src/contract/students/duplicates.ts';
import { manualStudentsApi } from '../../../src/contract/students/manual-students.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { callApi } from '../../api/api-client.ts';
import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { ConfirmDialog } from '../../shell/dialog.tsx';
import { formatInstant } from '../../shell/dates.ts';
import { useNotice } from '../../shell/notices.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { fullName, gradeName } from '../person-name.ts';
import { duplicatesQuery } from './duplicate-queries.ts';
import { originLabels } from './origin-labels.ts';
import './duplicates.css';

export function DuplicatesScreen() {
  const domain = useDomain();
  const { data, error, refetch } = useQuery(duplicatesQuery(domain));
  const [showsNotDuplicates, setShowsNotDuplicates] = useState(false);
  const pairs =
    data?.pairs.filter(({ notDuplicate }) => (notDuplicate !== null) === showsNotDuplicates) ?? [];
  const notDuplicateCount =
    data?.pairs.filter(({ notDuplicate }) => notDuplicate !== null).length ?? 0;
  const filters = data && [
    {
      name: 'To review',
      count: data.pairs.length - notDuplicateCount,
      isNotDuplicateFilter: false,
    },
    { name: 'Not duplicates', count: notDuplicateCount, isNotDuplicateFilter: true },
  ];
  return (
    <div className="screen">
      <ScreenTitle name="Duplicates">Duplicates</ScreenTitle>
      <p className="quiet">
        Pairs of records that may be the same student. Review each pair and merge it, or mark it as
        not a duplicate.
      </p>
      {filters && (
        <fieldset className="status-filter pair-filter">
          <legend className="visually-hidden">Which pairs</legend>
          {filters.map(({ name, count, isNotDuplicateFilter }) => (
            <button
              key={name}
              type="button"
              className="filter"
              aria-pressed={showsNotDuplicates === isNotDuplicateFilter}
              onClick={() => setShowsNotDuplicates(isNotDuplicateFilter)}
            >
              {name} <span className="filter-count">{count}</span>
            </button>
          ))}
        </fieldset>
      )}
      {data === undefined && error !== null && (
        <ProblemNotice
          title="The duplicates could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data === undefined && error === null && (
        <div aria-busy="true">
          <output className="visually-hidden">Loading …</output>
          <Skeleton height={180} radius="md" mb="md" />
          <Skeleton height={180} radius="md" />
        </div>
      )}
      {data !== undefined && pairs.length === 0 && (
        <NoPairs isNotDuplicateFilter={showsNotDuplicates} />
      )}
      <ul className="pairs">
        {pairs.map((pair) => (
          <Pair key={pair.key} pair={pair} />
        ))}
      </ul>
      {data?.isCut === true && (
        <p className="quiet">There are more pairs. They are listed after you review these.</p>
      )}
      {data !== undefined && data.merges.length > 0 && <Merges merges={data.merges} />}
      {data !== undefined && data.numberMatches.length > 0 && (
        <NumberMatches matches={data.numberMatches} />
      )}
    </div>
  );
}

const NoPairs = ({ isNotDuplicateFilter }: { readonly isNotDuplicateFilter: boolean }) => (
  <div className="empty">
    <strong>{isNotDuplicateFilter ? 'No pairs marked' : 'No possible duplicates'}</strong>
    <span className="quiet">
      {isNotDuplicateFilter
        ? 'Pairs that you mark as not a duplicate are listed here.'
        : 'Every import looks for students with the same number, or the same name and birth date.'}
    </span>
  </div>
);

const reasonLabels = {
  'same-number': 'Same student number',
  'same-state-id': 'Same state ID',
  'same-name-and-birth-date': 'Same name and birth date',
  'identity-changed': 'Same Skyward ID, different student',
} as const satisfies Record<DuplicatePair['reasons'][number], string>;

function Pair({ pair }: { readonly pair: DuplicatePair }) {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  const { first, second, notDuplicate } = pair;
  const mark = useMarkNotDuplicate(domain);
  const confirm = useConfirmation(domain);
  const ids = [first.studentId, second.studentId];
  return (
    <li className="pair">
      <p className="pair-reason">
        {pair.reasons.map((reason) => reasonLabels[reason]).join(' · ')}
      </p>
      <div className="pair-sides">
        <Side side={first} />
        <Side side={second} />
      </div>
      {pair.note !== null && <p className="pair-note">{pair.note}</p>}
      {pair.mergeBlockedReason !== null && <p className="pair-note">{pair.mergeBlockedReason}</p>}
      {notDuplicate !== null && (
        <p className="pair-note">
          Marked as not a duplicate by {notDuplicate.by} on{' '}
          {formatInstant(notDuplicate.at, timeZone)}.
        </p>
      )}
      {pair.confirmed !== null && (
        <p className="pair-note">
          {pair.confirmed.by} confirmed that this is the same student. The next import updates the
          record.
        </p>
      )}
      {mark.error && <ProblemNotice title="Couldn’t save your decision" error={mark.error} />}
      {confirm.error && <ProblemNotice title="Couldn’t save your decision" error={confirm.error} />}
      <div className="pair-actions">
        {ids[0] !== null && ids[1] !== null && notDuplicate === null && (
          <Button
            size="xs"
            aria-label={`Compare ${fullName(first.name)} with ${fullName(second.name)}`}
            renderRoot={(root) => (
              <Link
                to="/a/$domain/duplicates/$first/$second"
                params={{ domain, first: String(ids[0]), second: String(ids[1]) }}
                {...root}
              />
            )}
          >
            Compare
          </Button>
        )}
        {pair.reasons.includes('identity-changed') && second.sisStudentId !== null && (
          <Button
            size="xs"
            loading={confirm.isPending}
            onClick={() =>
              confirm.mutate({
                sisStudentId: second.sisStudentId ?? 0,
                isSame: pair.confirmed === null,
              })
            }
          >
            {pair.confirmed === null ? 'Same student' : 'Not the same student'}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          loading={mark.isPending}
          onClick={() => mark.mutate({ key: pair.key, isNotDuplicate: notDuplicate === null })}
        >
          {notDuplicate === null ? 'Not a duplicate' : 'Review again'}
        </Button>
      </div>
    </li>
  );
}

/** Saves the decision and shows a notice that offers Undo. */
export function useMarkNotDuplicate(domain: string) {
  const queries = useQueryClient();
  const notify = useNotice();
  const mark = async (change: { key: string; isNotDuplicate: boolean }) => {
    await callApi(duplicatesApi.markNotDuplicate, { domain, body: change });
    await queries.invalidateQueries({ queryKey: [domain, 'duplicates'], exact: true });
  };
  return useMutation({
    mutationFn: mark,
    onSuccess: (_, { key, isNotDuplicate }) =>
      notify({
        message: isNotDuplicate
          ? 'Marked as not a duplicate.'
          : 'The pair is listed for review again.',
        undo: () => mark({ key, isNotDuplicate: !isNotDuplicate }),
      }),
  });
}

/** Confirms that a changed identity is the same student, or withdraws the confirmation. */
function useConfirmation(domain: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: { sisStudentId: number; isSame: boolean }) =>
      callApi(duplicatesApi.confirmIdentity, { domain, body }),
    onSuccess: async () =>
      queries.invalidateQueries({ queryKey: [domain, 'duplicates'], exact: true }),
  });
}

function Side({ side }: { readonly side: DuplicateSide }) {
  const domain = useDomain();
  const facts = [
    side.birthDate !== null && `Date of birth ${formatDay(side.birthDate)}`,
    side.studentNumber !== null && `Student ID ${side.studentNumber}`,
    side.stateId !== null && `State ID ${side.stateId}`,
    side.grade !== null && gradeName(side.grade),
    side.schoolName,
    side.status !== null && statusLabels[side.status],
  ];
  return (
    <div className="pair-side" data-origin={side.origin}>
      <span className="mark">{originLabels[side.origin]}</span>
      <strong>
        {side.studentId === null ? (
          fullName(side.name)
        ) : (
          <Link
            to="/a/$domain/students/$studentId"
            params={{ domain, studentId: String(side.studentId) }}
          >
            {fullName(side.name)}
          </Link>
        )}
      </strong>
      <span className="quiet">{facts.filter(Boolean).join(' · ')}</span>
    </div>
  );
}

function Merges({ merges }: { readonly merges: readonly Merge[] }) {
  const domain = useDomain();
  const { timeZone } = useDistrict();
  const queries = useQueryClient();
  const notify = useNotice();
  const [selected, setSelected] = useState<Merge | null>(null);
  const undo = useMutation({
    mutationFn: (merge: Merge) =>
      callApi(manualStudentsApi.restoreStudent, { domain, params: { id: String(merge.id) } }),
    onSuccess: async () => {
      setSelected(null);
      notify({ message: 'The merge was undone. Both records are back.' });
      await queries.invalidateQueries({ queryKey: [domain] });
    },
  });
  return (
    <section aria-labelledby="merges" className="merges">
      <h2 id="merges">Merged in the last 30 days</h2>
      <ul>
        {merges.map((merge) => (
          <li key={merge.id}>
            <span>
              {fullName(merge.removedName)} into{' '}
              {merge.keptName === null ? (
                '(deleted record)'
              ) : (
                <Link
                  to="/a/$domain/students/$studentId"
                  params={{ domain, studentId: String(merge.keptId) }}
                >
                  {fullName(merge.keptName)}
                </Link>
              )}
              <span className="quiet">
                , {merge.by}, {formatInstant(merge.at, timeZone)}
              </span>
            </span>
            {merge.keptName !== null && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Undo the merge of ${fullName(merge.removedName)}`}
                onClick={() => setSelected(merge)}
              >
                Undo
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        isOpen={selected !== null}
        title="Undo this merge?"
        confirmLabel="Undo the merge"
        isPending={undo.isPending}
        error={undo.error}
        onConfirm={() => selected && undo.mutate(selected)}
        onClose={() => {
          undo.reset();
          setSelected(null);
        }}
      >
        <p>
          The removed record is restored with its own values and linked records. Changes made since
          the merge are kept.
        </p>
      </ConfirmDialog>
    </section>
  );
}

const evidenceLabels = {
  'state-id': 'same number and state ID',
  'birth-date-and-first-name': 'same number, birth date and first name',
} as const satisfies Record<NumberMatch['evidence'], string>;

const formerLabels = {
  missing: 'was no longer in Skyward under its former Skyward ID',
  manual: 'was added manually',
} as const satisfies Record<NumberMatch['formerly'], string>;

/** Records that imports matched by student number, each with the evidence and an Undo. */
function NumberMatches({ matches }: { readonly matches: readonly NumberMatch[] }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const [selected, setSelected] = useState<NumberMatch | null>(null);
  const undo = useMutation({
    mutationFn: ({ runId, recordId }: NumberMatch) =>
      callApi(duplicatesApi.undoNumberMatch, {
        domain,
        params: { runId: String(runId), recordId: String(recordId) },
      }),
    onSuccess: async () => {
      setSelected(null);
      notify({
        message:
          'The match was undone. The next import creates a new record for the student in Skyward.',
      });
      await queries.invalidateQueries({ queryKey: [domain] });
    },
  });
  return (
    <section aria-labelledby="number-matches" className="merges">
      <h2 id="number-matches">Matched by an import</h2>
      <ul>
        {matches.map((match) => (
          <li key={`${match.runId} ${match.recordId}`}>
            <span>
              <Link
                to="/a/$domain/students/$studentId"
                params={{ domain, studentId: String(match.recordId) }}
              >
                {fullName(match.name)}
              </Link>
              <span className="quiet">
                , {formerLabels[match.formerly]}; {evidenceLabels[match.evidence]},{' '}
                {formatDay(match.importDate)}
              </span>
            </span>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Undo the match of ${fullName(match.name)}`}
              onClick={() => setSelected(match)}
            >
              Undo
            </Button>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        isOpen={selected !== null}
        title="Undo this match?"
        confirmLabel="Undo the match"
        isPending={undo.isPending}
        error={undo.error}
        onConfirm={() => selected && undo.mutate(selected)}
        onClose={() => {
          undo.reset();
          setSelected(null);
        }}
      >
        <p>
          The record returns to what it was before, and the next import creates a new record for the
          student in Skyward. Documents, staff notes and other staff entries stay with this record.
          Review those added since the import.
        </p>
      </ConfirmDialog>
    </section>
  );
}
