/** Status changes by the date alone, on hold: how many, why, and the two decisions. */
import './upcoming.css';

import { Button, Group, Paper } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';

import { type DateHold, upcomingChangesApi } from '../../src/contract/imports/upcoming-changes.ts';
import { keptSentence } from '../../src/contract/imports/upcoming-text.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { dateHoldQuery, invalidateUpcoming } from './upcoming-queries.ts';

type Choice = 'applied' | 'next-year-counted';

const choices = {
  applied: {
    title: 'Apply the status changes?',
    text: 'The students get the status that follows from the date. Statuses can change again when Skyward has new enrollments.',
    button: 'Apply',
  },
  'next-year-counted': {
    title: 'Count next year’s enrollments?',
    text: 'Enrollments of the next school year count before they start, and students who have one stay Enrolled. The others change, unless they still are more than your limits allow. You can change the setting back under Upcoming changes.',
    button: 'Count them',
  },
} as const;

/** For administrators and technicians; nothing while nothing is on hold. */
export function DateHoldCard({ isOnItsPage = false }: { readonly isOnItsPage?: boolean }) {
  const domain = useDomain();
  const titleId = useId();
  const { data } = useQuery(dateHoldQuery(domain));
  const [choice, setChoice] = useState<Choice>();
  if (data?.hold == null) return null;
  const { hold, proposal } = data;
  return (
    <Paper
      component="section"
      withBorder
      radius="md"
      className="date-hold"
      aria-labelledby={titleId}
    >
      <h2 id={titleId}>Status changes on hold: needs review</h2>
      <p>{hold.sentence} Everything else is up to date.</p>
      {isOnItsPage && <Schools hold={hold} />}
      {hold.decision === null ? (
        <>
          <Group gap="sm" mt="sm">
            <Button disabled={proposal === null} onClick={() => setChoice('next-year-counted')}>
              Count next year’s enrollments …
            </Button>
            <Button variant="default" onClick={() => setChoice('applied')}>
              Apply …
            </Button>
            {!isOnItsPage && (
              <Link to="/a/$domain/upcoming-changes" params={{ domain }}>
                Upcoming changes
              </Link>
            )}
          </Group>
          {data.keptByProposal !== null && (
            <p className="quiet">{keptSentence(data.keptByProposal, hold.students)}</p>
          )}
          {proposal === null && (
            <p className="quiet">
              Skyward has no enrollments of the next school year yet. As soon as it has, students
              with one stay Enrolled if you count them.
            </p>
          )}
        </>
      ) : (
        <output className="quiet">
          {hold.decision.by ?? 'A user'} decided. The statuses are updated within a minute …
        </output>
      )}
      {choice !== undefined && (
        <DecisionDialog hold={hold} choice={choice} onClose={() => setChoice(undefined)} />
      )}
    </Paper>
  );
}

function Schools({ hold }: { readonly hold: DateHold }) {
  const schools = hold.changes.flatMap((change) => change.schools);
  const counts = Map.groupBy(schools, ({ school }) => school ?? 'No school');
  const rows = [...counts]
    .map(([school, list]) => ({
      school,
      students: list.reduce((sum, { students }) => sum + students, 0),
    }))
    .toSorted((a, b) => b.students - a.students);
  return (
    <details className="upcoming-schools">
      <summary>By school</summary>
      <SchoolList schools={rows} />
    </details>
  );
}

export const SchoolList = ({
  schools,
}: {
  readonly schools: readonly { readonly school: string | null; readonly students: number }[];
}) => (
  <ul>
    {schools.map(({ school, students }) => (
      <li key={school ?? ''}>
        {school ?? 'No school'}: {students.toLocaleString('en-US')}
      </li>
    ))}
  </ul>
);

interface DecisionDialogProps {
  readonly hold: DateHold;
  readonly choice: Choice;
  readonly onClose: () => void;
}

function DecisionDialog({ hold, choice, onClose }: DecisionDialogProps) {
  const domain = useDomain();
  const queries = useQueryClient();
  const notify = useNotice();
  const decision = useMutation({
    mutationFn: (reason: string) =>
      callApi(upcomingChangesApi.decideDateHold, {
        domain,
        params: { id: `${hold.id}` },
        body: { choice, reason },
      }),
    onSuccess: async () => {
      onClose();
      await invalidateUpcoming(queries, domain);
      notify({ message: 'Decision saved. The statuses are updated within a minute.' });
    },
  });
  const { title, text, button } = choices[choice];
  return (
    <ReasonDialog
      title={title}
      button={button}
      storedWith="the decision"
      problemTitle="Couldn’t save your decision"
      error={decision.error}
      isPending={decision.isPending}
      onConfirm={(reason) => decision.mutate(reason)}
      onClose={onClose}
    >
      <p>{text}</p>
    </ReasonDialog>
  );
}
