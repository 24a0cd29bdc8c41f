/** The steps of a request: each taken by one button, tried again or taken back by another. */
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { z } from 'zod';

import { type SetupRequest, setupApi } from '../../src/contract/districts/setup.ts';
import { callApi } from '../api/api-client.ts';
import { ConfirmDialog, Dialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { stepConfirmations } from './request-labels.ts';
import { customersQuery, requestQuery } from './support-queries.ts';

type StepBody = z.input<typeof setupApi.takeSetupStep.body>;
type Step = StepBody['step'];
/** The body of a step without the version, which is that of the request on the screen. */
type StepGiven = StepBody extends infer Body
  ? Body extends { step: Step }
    ? Omit<Body, 'version'>
    : never
  : never;

/** Takes a step of the request as it is shown; another technician's step in between is a conflict. */
function useStep(request: SetupRequest, onTaken?: () => void) {
  const queries = useQueryClient();
  const notify = useNotice();
  const params = { districtId: `${request.districtId}`, id: `${request.id}` };
  return useMutation({
    mutationFn: (given: StepGiven) =>
      callApi(setupApi.takeSetupStep, { params, body: { ...given, version: request.version } }),
    onSuccess: ({ mailProblem }, { step }) => {
      notify(
        mailProblem === null
          ? { message: stepConfirmations[step] }
          : {
              message: `${stepConfirmations[step]} The confirmation could not be sent: ${mailProblem}`,
              tone: 'problem',
            },
      );
      onTaken?.();
    },
    onSettled: async () => {
      await queries.invalidateQueries({
        queryKey: requestQuery(params.districtId, params.id).queryKey,
      });
      await queries.invalidateQueries({ queryKey: ['support', 'requests'] });
    },
  });
}

export function RequestSteps({ request }: { readonly request: SetupRequest }) {
  const may = (step: Step) => request.steps.includes(step);
  return (
    <section aria-labelledby="steps-title" className="steps">
      <h2 className="section-title" id="steps-title">
        Next steps
      </h2>
      {may('verify') && <VerifyStep request={request} />}
      {may('generate-secret') && (
        <PlainStep request={request} step="generate-secret" label="Generate secret">
          {request.state === 'secret-generated'
            ? 'A new secret takes the place of the one that waits.'
            : 'Skyward pairs a secret with the key; it is sealed at once and shown to nobody here.'}
        </PlainStep>
      )}
      {may('complete') && (
        <PlainStep request={request} step="complete" label="Complete" isMain>
          The credentials appear on District Information, the first import begins, and the
          confirmation goes out as an answer to the request.
        </PlainStep>
      )}
      {may('resend-confirmation') && (
        <PlainStep request={request} step="resend-confirmation" label="Send the confirmation again">
          As an answer to the request, to who asked.
        </PlainStep>
      )}
      {may('reopen') && (
        <PlainStep request={request} step="reopen" label="Open again">
          What the district has stays until the next Complete.
        </PlainStep>
      )}
      <div className="step-more">
        {may('confirm-manually') && (
          <NoteStep
            request={request}
            step="confirm-manually"
            label="Confirm by hand …"
            title="Confirm the record by hand?"
            hint="What you checked in Skyward, and how."
          />
        )}
        {may('enter-credentials') && <CredentialsStep request={request} />}
        {may('discard-secret') && <DropStep request={request} />}
        {may('decline') && (
          <NoteStep
            request={request}
            step="decline"
            label="Refuse …"
            title="Refuse this request?"
            hint="Why; the district reads it on District Information."
          />
        )}
      </div>
    </section>
  );
}

interface StepProps {
  readonly request: SetupRequest;
}

function VerifyStep({ request }: StepProps) {
  const { data, error } = useQuery(customersQuery);
  const [customerId, setCustomer] = useState(request.customerId ?? '');
  const [key, setKey] = useState(request.expectedKey ?? '');
  const step = useStep(request);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    step.mutate({ step: 'verify', customerId, expectedKey: key.trim() === '' ? null : key.trim() });
  };
  if (error) return <ProblemNotice title="Verify is not possible" error={error} />;
  return (
    <form className="step" onSubmit={submit} aria-label="Verify">
      <NativeSelect
        label="Customer at Skyward"
        required
        withAsterisk={false}
        value={customerId}
        onChange={(event) => setCustomer(event.currentTarget.value)}
        data={[
          { value: '', label: data === undefined ? 'Loading …' : 'Choose the district' },
          ...(data?.skywardDistricts ?? []).map((one) => ({
            value: one.customerId,
            label: one.name,
          })),
        ]}
      />
      <TextInput
        label="Key that the district told us"
        description="Leave it empty when it told none."
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <Button
        type="submit"
        variant={request.state === 'verified' ? 'default' : 'filled'}
        loading={step.isPending}
      >
        {request.verification === null ? 'Verify' : 'Verify again'}
      </Button>
      {step.error && <ProblemNotice title="Nothing was verified" error={step.error} />}
    </form>
  );
}

interface PlainStepProps extends StepProps {
  readonly step: 'generate-secret' | 'complete' | 'reopen' | 'resend-confirmation';
  readonly label: string;
  readonly isMain?: boolean;
  /** What happens. */
  readonly children: ReactNode;
}

function PlainStep({ request, step, label, isMain = false, children }: PlainStepProps) {
  const take = useStep(request);
  return (
    <div className="step">
      <Button
        variant={isMain || step === 'generate-secret' ? 'filled' : 'default'}
        loading={take.isPending}
        onClick={() => take.mutate({ step })}
      >
        {label}
      </Button>
      <span className="quiet">{children}</span>
      {take.error && <ProblemNotice title={`${label} did not work`} error={take.error} />}
    </div>
  );
}

function DropStep({ request }: StepProps) {
  const [isAsking, setAsking] = useState(false);
  const take = useStep(request, () => setAsking(false));
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        Throw the secret away …
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title="Throw the secret away?"
        confirmLabel="Throw it away"
        isDestructive
        isPending={take.isPending}
        error={take.error}
        onConfirm={() => take.mutate({ step: 'discard-secret' })}
        onClose={() => setAsking(false)}
      >
        <p>Another one can be generated; this one cannot be brought back.</p>
      </ConfirmDialog>
    </>
  );
}

interface NoteStepProps extends StepProps {
  readonly step: 'decline' | 'confirm-manually';
  readonly label: string;
  readonly title: string;
  readonly hint: string;
}

function NoteStep({ request, step, label, title, hint }: NoteStepProps) {
  const [isOpen, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const take = useStep(request, () => setOpen(false));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    take.mutate({ step, note });
  };
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog isOpen={isOpen} title={title} onClose={() => setOpen(false)}>
        <form onSubmit={submit} className="dialog-form">
          <Textarea
            label="Note"
            description={hint}
            required
            withAsterisk={false}
            maxLength={1000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {take.error && <ProblemNotice title="That did not work" error={take.error} />}
          <div className="step-more">
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button type="submit" loading={take.isPending}>
              {step === 'decline' ? 'Refuse' : 'Confirm by hand'}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

/** Credentials that came another way. */
function CredentialsStep({ request }: StepProps) {
  const [isOpen, setOpen] = useState(false);
  const [baseUrl, setBaseUrl] = useState(request.baseUrl ?? '');
  const [clientKey, setClientKey] = useState(request.clientKey ?? '');
  const [clientSecret, setClientSecret] = useState('');
  const take = useStep(request, () => setOpen(false));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    take.mutate({ step: 'enter-credentials', baseUrl, clientKey, clientSecret, entityId: null });
  };
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Enter credentials …
      </Button>
      <Dialog
        isOpen={isOpen}
        title="Credentials that came another way"
        onClose={() => setOpen(false)}
      >
        <form onSubmit={submit} className="dialog-form" autoComplete="off">
          <CredentialField label="API Base URL" value={baseUrl} onChange={setBaseUrl} />
          <CredentialField label="Client Key" value={clientKey} onChange={setClientKey} />
          <CredentialField
            label="Client Secret"
            value={clientSecret}
            onChange={setClientSecret}
            isSecret
          />
          {take.error && <ProblemNotice title="Nothing was kept" error={take.error} />}
          <div className="step-more">
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button type="submit" loading={take.isPending}>
              Keep them
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

interface CredentialFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isSecret?: boolean;
}

const CredentialField = ({ label, value, onChange, isSecret = false }: CredentialFieldProps) => (
  <TextInput
    label={label}
    type={isSecret ? 'password' : 'text'}
    autoComplete="off"
    required
    withAsterisk={false}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
);
