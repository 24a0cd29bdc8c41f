/** The checklist of a district without imports: four steps, with what is next and who does it. */
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import type { ImportStatus } from '../../src/contract/imports/import-status.ts';
import type { SetupRequest } from '../../src/contract/districts/setup.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { StartButtons } from '../imports/import-buttons.tsx';
import { formatUpcoming } from '../imports/import-state.ts';
import { useImportStatus } from '../imports/import-status-query.ts';
import { informationQuery, setupQuery } from '../settings/settings-queries.ts';
import { subject, useActivationRequest } from '../settings/setup-checklist.tsx';
import { formatInstant } from '../shell/dates.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { HomeCard } from './home-card.tsx';
import { listSetupSteps, type SetupStep, type Turn } from './setup-steps.ts';

export function SetupCard({ status }: { readonly status: ImportStatus }) {
  const domain = useDomain();
  const { name, timeZone } = useDistrict();
  const { now } = useImportStatus(domain);
  const { data, error, refetch } = useQuery(setupQuery(domain));
  if (data === undefined) {
    return error ? (
      <ProblemNotice title="Couldn’t load the setup" error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton height={360} radius="md" />
    );
  }
  const steps = listSetupSteps({
    request: data.request,
    isConnected: status.isConnected,
    firstImport: status.nextAt === null ? null : formatUpcoming(status.nextAt, timeZone, now),
  });
  return (
    <HomeCard title="Set up the nightly import">
      <p>
        After these steps, students and parents of {name} are imported from Skyward every night.
      </p>
      <ol className="setup-steps">
        {steps.map((step, index) => (
          <Step key={step.key} step={step} number={index + 1}>
            {step.key === 'record' && step.state !== 'done' && (
              <RecordHelp request={data.request} />
            )}
            {step.key === 'request' && <Activation step={step} request={data.request} />}
            {step.key === 'import' && step.state === 'current' && (
              <StartButtons isBusy={status.running !== null} isWaiting={false} />
            )}
          </Step>
        ))}
      </ol>
    </HomeCard>
  );
}

interface StepProps {
  readonly step: SetupStep;
  readonly number: number;
  readonly children: React.ReactNode;
}

function Step({ step, number, children }: StepProps) {
  const { data: session } = useQuery(sessionQuery);
  const turns: Readonly<Record<Turn, string>> = {
    you: 'Next: you',
    support: `Next: ${session?.product ?? ''} support`,
    automatic: 'Runs automatically',
  };
  const label = step.state === 'done' ? 'Done' : step.turn === null ? 'Later' : turns[step.turn];
  return (
    <li data-state={step.state} data-turn={step.turn}>
      <span className="setup-number" aria-hidden>
        {step.state === 'done' ? '✓' : number}
      </span>
      <div className="setup-step">
        <h3>
          {step.title} <span className="setup-turn">{label}</span>
        </h3>
        {step.state !== 'done' && <p>{step.text}</p>}
        {children}
      </div>
    </li>
  );
}

function RecordHelp({ request }: { readonly request: SetupRequest | null }) {
  const isOpen = request !== null && request.closedAt === null;
  const findings = isOpen ? (request.verification?.findings ?? []) : [];
  return (
    <>
      {findings.length > 0 && (
        <ul className="setup-findings">
          {findings.map(({ code, message, advice }) => (
            <li key={`${code} ${message}`}>
              {message} <span className="quiet">{advice}</span>
            </li>
          ))}
        </ul>
      )}
      <p>
        <Link to="/help/$page" params={{ page: 'setup' }}>
          See the guide with pictures
        </Link>
      </p>
    </>
  );
}

interface ActivationProps {
  readonly step: SetupStep;
  readonly request: SetupRequest | null;
}

function Activation({ step, request }: ActivationProps) {
  const { timeZone } = useDistrict();
  const { data: information } = useQuery(informationQuery(useDomain()));
  const ask = useActivationRequest();
  if (step.state === 'done') {
    return (
      request && (
        <p className="quiet">
          Requested by {request.requestedBy}, {formatInstant(request.requestedAt, timeZone)}
        </p>
      )
    );
  }
  const address = information?.supportAddress ?? null;
  return (
    <>
      <Button
        variant={step.state === 'current' ? 'filled' : 'default'}
        loading={ask.isPending}
        onClick={() => ask.mutate()}
      >
        {request === null ? 'Request activation' : 'Request again'}
      </Button>
      {address !== null && (
        <p className="quiet">
          Or send an e-mail from your district address to{' '}
          <a href={`mailto:${address}?subject=${encodeURIComponent(subject)}`}>{address}</a> with
          the subject <strong>{subject}</strong>.
        </p>
      )}
      {ask.error && <ProblemNotice title="Couldn’t send the request" error={ask.error} />}
    </>
  );
}
