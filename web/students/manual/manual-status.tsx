/** The manual status on the Basics tab: set by an administrator, or the reason it can't be set. */
import { Button, Group } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';

import { formatDay } from '../../../src/contract/day-format.ts';
import {
  sinceProblem,
  type ManualStatus,
  manualStudentsApi,
} from '../../../src/contract/students/manual-students.ts';
import type { Status } from '../../../src/contract/values.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { formatInstant } from '../../shell/dates.ts';
import { useNotice } from '../../shell/notices.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { StatusFields } from './status-fields.tsx';
import { asSentence, type StatusDraft } from './student-draft.ts';
import './manual.css';

const manualStatusQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: [domain, 'student', id, 'manual-status'],
    queryFn: ({ signal }) =>
      callApi(manualStudentsApi.getManualStatus, { domain, params: { id } }, signal),
  });

interface StatusSectionProps {
  readonly studentId: string;
  readonly status: Status;
}

export function ManualStatusSection({ studentId, status }: StatusSectionProps) {
  const domain = useDomain();
  const { data, error, refetch } = useQuery(manualStatusQuery(domain, studentId));
  const titleId = useId();
  if (error !== null && data === undefined) {
    return (
      <ProblemNotice
        title="The manual status could not be loaded"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (data === undefined) return null;
  return (
    <section className="manual-status" aria-labelledby={titleId}>
      <h3 id={titleId}>Manual status</h3>
      {data.matchedBy !== null && (
        <p>
          Added manually; matched to Skyward by the import of{' '}
          <time dateTime={data.matchedBy.importDate}>{formatDay(data.matchedBy.importDate)}</time>.
          Skyward has determined the status since then.
        </p>
      )}
      {data.canBeSet ? (
        <Editing key={data.version} studentId={studentId} status={status} manualStatus={data} />
      ) : (
        <p>{data.blockedReason}</p>
      )}
    </section>
  );
}

interface EditingProps extends StatusSectionProps {
  readonly manualStatus: ManualStatus;
}

function Editing({ studentId, status, manualStatus }: EditingProps) {
  const domain = useDomain();
  const { today, timeZone } = useDistrict();
  const queries = useQueryClient();
  const notify = useNotice();
  const [isOpen, setIsOpen] = useState(false);
  const [draft, setDraft] = useState<StatusDraft>({
    value: manualStatus.current?.value ?? status,
    reason: manualStatus.current?.reason ?? '',
    since: manualStatus.current?.since ?? today,
  });
  const refresh = () => queries.invalidateQueries({ queryKey: [domain] });
  const params = { id: studentId };
  const save = useMutation({
    mutationFn: () =>
      callApi(manualStudentsApi.setManualStatus, {
        domain,
        params,
        body: { version: manualStatus.version, status: draft },
      }),
    onSuccess: async () => {
      notify({ message: `Status set to ${statusLabels[draft.value]}.` });
      await refresh();
    },
  });
  const clear = useMutation({
    mutationFn: () => callApi(manualStudentsApi.clearManualStatus, { domain, params }),
    onSuccess: async () => {
      notify({ message: 'The next import determines the status from Skyward.' });
      await refresh();
    },
  });
  const since = draft.since === '' ? 'choose a day' : sinceProblem(draft.since, today);
  const problems = new Map(since === undefined ? [] : [['status.since', asSentence(since)]]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problems.size === 0) save.mutate();
  };
  const { current } = manualStatus;
  return (
    <>
      {current !== null && (
        <p>
          {statusLabels[current.value]} since {formatDay(current.since)}
          {current.reason !== null && `: ${current.reason}`}. Set by {current.setBy} on{' '}
          {formatInstant(current.setAt, timeZone)}.
        </p>
      )}
      {!isOpen && (
        <Group gap="sm" mt="xs">
          <Button variant="default" size="xs" onClick={() => setIsOpen(true)}>
            Set status
          </Button>
          {current !== null && !manualStatus.isManualStudent && (
            <Button
              variant="default"
              size="xs"
              loading={clear.isPending}
              onClick={() => clear.mutate()}
            >
              Use Skyward status
            </Button>
          )}
        </Group>
      )}
      {clear.error && (
        <ProblemNotice title="Couldn’t remove the manual status" error={clear.error} />
      )}
      {isOpen && (
        <form onSubmit={submit} noValidate>
          <StatusFields
            value={draft}
            today={today}
            problems={problems}
            onChange={(part) => setDraft({ ...draft, ...part })}
          />
          {!manualStatus.isManualStudent && (
            <p className="quiet">
              This status applies until the student is in Skyward again. Then it is recalculated
              every night.
            </p>
          )}
          {save.error && (
            <ProblemNotice
              title={isConflict(save.error) ? 'Another user has changed this' : 'Not saved'}
              error={save.error}
              onRetry={isConflict(save.error) ? () => void refresh() : undefined}
            />
          )}
          <Group gap="sm">
            <Button type="submit" size="xs" loading={save.isPending}>
              Save status
            </Button>
            <Button variant="default" size="xs" onClick={() => setIsOpen(false)}>
              Cancel
            </Button>
          </Group>
        </form>
      )}
    </>
  );
}

const isConflict = (error: Error): boolean =>
  error instanceof ApiError && error.code === 'conflict';
