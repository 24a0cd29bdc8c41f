/** The steps of a setup request, each with a button; steps can be repeated or undone. */
import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { z } from 'zod';

import { type SetupRequest, setupApi } from '../../src/contract/districts/setup.ts';
import { callApi } from '../api/api-client.ts';
import { ConfirmDialog, Dialog } from '../shell/dialog.tsx';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { Select } from '../shell/fields/select.tsx';
import { stepConfirmations } from './request-labels.ts';
import { skywardDistrictsQuery, requestQuery } from './support-queries.ts';

type StepBody = z.input<typeof setupApi.takeSetupStep.body>;
type Step = StepBody['step'];
/** The body of a step without the version, which is the one of the request on the screen. */
type StepGiven = StepBody extends infer Body
  ? Body extends { step: Step }
    ? Omit<Body, 'version'>
    : never
  : never;

/** Takes a step on the version that is shown; a step of another technician in between is a conflict. */
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
  const canTake = (step: Step) => request.steps.includes(step);
  return (
    <section aria-labelledby="steps-title" className="steps">
      <h2 className="section-title" id="steps-title">
        Next steps
      </h2>
      {canTake('verify') && <VerifyStep request={request} />}
      {canTake('generate-secret') && (
        <PlainStep request={request} step="generate-secret" label="Generate secret">
          {request.state === 'secret-generated'
            ? 'A new secret replaces the stored one.'
            : 'Skyward generates a secret for the key. It is sealed immediately and not shown here.'}
        </PlainStep>
      )}
      {canTake('complete') && (
        <PlainStep request={request} step="complete" label="Complete" isMain>
          The credentials appear on District Information, the first import starts, and the
          confirmation is sent as a reply to the request.
        </PlainStep>
      )}
      {canTake('resend-confirmation') && (
        <PlainStep request={request} step="resend-confirmation" label="Send the confirmation again">
          Sent as a reply to the request.
        </PlainStep>
      )}
      {canTake('reopen') && (
        <PlainStep request={request} step="reopen" label="Reopen">
          The district’s connection is unchanged until the next Complete.
        </PlainStep>
      )}
      <div className="step-more">
        {canTake('confirm-manually') && (
          <NoteStep
            request={request}
            step="confirm-manually"
            label="Confirm manually …"
            title="Confirm the record manually?"
            hint="What you checked in Skyward, and how."
          />
        )}
        {canTake('enter-credentials') && <CredentialsStep request={request} />}
        {canTake('discard-secret') && <DiscardStep request={request} />}
        {canTake('decline') && (
          <NoteStep
            request={request}
            step="decline"
            label="Decline …"
            title="Decline this request?"
            hint="The reason. The district sees it on District Information."
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
  const { data, error } = useQuery(skywardDistrictsQuery);
  const [customerId, setCustomer] = useState(request.customerId ?? '');
  const [key, setKey] = useState(request.expectedKey ?? '');
  const step = useStep(request);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    step.mutate({ step: 'verify', customerId, expectedKey: key.trim() === '' ? null : key.trim() });
  };
  if (error) return <ProblemNotice title="Couldn’t verify" error={error} />;
  return (
    <form className="step" onSubmit={submit} aria-label="Verify">
      <Select
        label="Skyward district"
        required
        withAsterisk={false}
        value={customerId}
        onChange={setCustomer}
        none={data === undefined ? 'Loading …' : 'Select the district'}
        options={(data?.skywardDistricts ?? []).map((one) => ({
          value: one.customerId,
          label: one.name,
        }))}
      />
      <TextInput
        label="Client key (optional)"
        description="The key that the district gave us, if any."
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
      {step.error && <ProblemNotice title="Couldn’t verify" error={step.error} />}
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
      {take.error && <ProblemNotice title="Something went wrong." error={take.error} />}
    </div>
  );
}

function DiscardStep({ request }: StepProps) {
  const [isAsking, setAsking] = useState(false);
  const take = useStep(request, () => setAsking(false));
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        Discard secret …
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title="Discard the secret?"
        confirmLabel="Discard secret"
        isDestructive
        isPending={take.isPending}
        error={take.error}
        onConfirm={() => take.mutate({ step: 'discard-secret' })}
        onClose={() => setAsking(false)}
      >
        <p>This can’t be undone, but you can generate another secret.</p>
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
          {take.error && <ProblemNotice title="Something went wrong." error={take.error} />}
          <div className="step-more">
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button type="submit" loading={take.isPending}>
              {step === 'decline' ? 'Decline' : 'Confirm manually'}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

/** Credentials that are entered manually. */
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
      <Dialog isOpen={isOpen} title="Enter credentials" onClose={() => setOpen(false)}>
        <form onSubmit={submit} className="dialog-form" autoComplete="off">
          <CredentialField label="API Base URL" value={baseUrl} onChange={setBaseUrl} />
          <CredentialField label="Client Key" value={clientKey} onChange={setClientKey} />
          <CredentialField
            label="Client Secret"
            value={clientSecret}
            onChange={setClientSecret}
            isSecret
          />
          {take.error && <ProblemNotice title="Couldn’t save" error={take.error} />}
          <div className="step-more">
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button type="submit" loading={take.isPending}>
              Save
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
