/** Pairs of records that may be one student, for administrators to settle. */
import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

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
import { formatDay, formatInstant } from '../../shell/dates.ts';
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
      name: 'To settle',
      count: data.pairs.length - notDuplicateCount,
      isNotDuplicateFilter: false,
    },
    { name: 'Kept apart', count: notDuplicateCount, isNotDuplicateFilter: true },
  ];
  return (
    <div className="screen">
      <ScreenTitle name="Duplicates">Duplicates</ScreenTitle>
      <p className="quiet">
        Records that may be one student and that the import could not settle by itself.
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
        <p className="quiet">There are more pairs; they are listed once these are settled.</p>
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
    <strong>{isNotDuplicateFilter ? 'No pair is kept apart' : 'Nothing to settle'}</strong>
    <span className="quiet">
      {isNotDuplicateFilter
        ? 'Pairs that you judge to be two students are kept here.'
        : 'Every night looks for students of one number, or of one name and birth date.'}
    </span>
  </div>
);

const reasonLabels = {
  'same-number': 'The same student number',
  'same-state-id': 'The same state ID',
  'same-name-and-birth-date': 'The same name and birth date',
  'identity-changed': 'One StudentID, but another student',
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
          Kept apart by {notDuplicate.by} on {formatInstant(notDuplicate.at, timeZone)}.
        </p>
      )}
      {pair.confirmed !== null && (
        <p className="pair-note">
          {pair.confirmed.by} said that it is the same student. The next import updates the record.
        </p>
      )}
      {mark.error && <ProblemNotice title="Not remembered" error={mark.error} />}
      {confirm.error && <ProblemNotice title="Not remembered" error={confirm.error} />}
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
          {notDuplicate === null ? 'Keep apart' : 'List again'}
        </Button>
      </div>
    </li>
  );
}

/** Remembers the judgment, with a way back in the notice. */
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
        message: isNotDuplicate ? 'Kept apart: the pair is not listed again.' : 'Listed again.',
        undo: () => mark({ key, isNotDuplicate: !isNotDuplicate }),
      }),
  });
}

/** Says that a changed identity is the same student, or takes it back. */
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
    side.birthDate !== null && `born ${formatDay(side.birthDate)}`,
    side.studentNumber !== null && `no. ${side.studentNumber}`,
    side.stateId !== null && `state ID ${side.stateId}`,
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
      notify({ message: 'The merge is undone; both records are there.' });
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
                'a record that is gone since'
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
          The removed record comes back with what it had brought. What has been changed since stays
          changed.
        </p>
      </ConfirmDialog>
    </section>
  );
}

const evidenceLabels = {
  'state-id': 'the same number and state ID',
  'birth-date-and-first-name': 'the same number, birth date and first name',
} as const satisfies Record<NumberMatch['evidence'], string>;

const formerLabels = {
  missing: 'no longer delivered under its StudentID before',
  manual: 'kept by hand before',
} as const satisfies Record<NumberMatch['formerly'], string>;

/** Records that imports took over, each with what spoke for it and a way back. */
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
      notify({ message: 'Undone. The next import makes a record for the student in Skyward.' });
      await queries.invalidateQueries({ queryKey: [domain] });
    },
  });
  return (
    <section aria-labelledby="takeovers" className="merges">
      <h2 id="takeovers">Taken over by an import</h2>
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
              aria-label={`Undo taking over ${fullName(match.name)}`}
              onClick={() => setSelected(match)}
            >
              Undo
            </Button>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        isOpen={selected !== null}
        title="Give this record back?"
        confirmLabel="Give it back"
        isPending={undo.isPending}
        error={undo.error}
        onConfirm={() => selected && undo.mutate(selected)}
        onClose={() => {
          undo.reset();
          setSelected(null);
        }}
      >
        <p>
          The record becomes what it was before, and the next import makes another one for the
          student in Skyward. Documents, notes and what else people keep stay with this record: look
          at those made since.
        </p>
      </ConfirmDialog>
    </section>
  );
}
