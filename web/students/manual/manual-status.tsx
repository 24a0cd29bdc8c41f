/** On the Basics tab: the status that an administrator sets, or why nobody can. */
import { Button, Group } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';

import {
  sinceProblem,
  type ManualStatus,
  manualStudentsApi,
} from '../../../src/contract/students/manual-students.ts';
import type { Status } from '../../../src/contract/values.ts';
import { statusLabels } from '../../../src/enrollment/enrollment-status.ts';
import { ApiError, callApi } from '../../api/api-client.ts';
import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { formatDay, formatInstant } from '../../shell/dates.ts';
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
        title="What was set by hand could not be loaded"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (data === undefined) return null;
  return (
    <section className="manual-status" aria-labelledby={titleId}>
      <h3 id={titleId}>Status by hand</h3>
      {data.matchedBy !== null && (
        <p>
          Entered by hand; adopted by the import of{' '}
          <time dateTime={data.matchedBy.importDate}>{formatDay(data.matchedBy.importDate)}</time>.
          The status has followed from Skyward since then.
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
      notify({ message: `The status is ${statusLabels[draft.value]} now.` });
      await refresh();
    },
  });
  const clear = useMutation({
    mutationFn: () => callApi(manualStudentsApi.clearManualStatus, { domain, params }),
    onSuccess: async () => {
      notify({ message: 'The next import derives the status again.' });
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
            Set the status
          </Button>
          {current !== null && !manualStatus.isManualStudent && (
            <Button
              variant="default"
              size="xs"
              loading={clear.isPending}
              onClick={() => clear.mutate()}
            >
              Let Skyward decide again
            </Button>
          )}
        </Group>
      )}
      {clear.error && <ProblemNotice title="Not given back" error={clear.error} />}
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
              Stays until Skyward delivers this student again; then the status is derived as for
              everybody else.
            </p>
          )}
          {save.error && (
            <ProblemNotice
              title={isConflict(save.error) ? 'Changed by somebody else meanwhile' : 'Not saved'}
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
