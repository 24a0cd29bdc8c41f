/** The section "add Nightly Demographics": setup steps before the district is connected, its credentials afterward. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import {
  type DistrictInformation,
  type SkywardConnection,
  districtInformationApi,
} from '../../src/contract/districts/district-information.ts';
import { callApi } from '../api/api-client.ts';
import { useDomain } from '../districts/district-query.ts';
import { useNotice } from '../shell/notices.tsx';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { SetupChecklist } from './setup-checklist.tsx';

/** Open from the start: with the setup steps, then with the credentials (R26). */
export function NightlyDemographics({
  information,
}: {
  readonly information: DistrictInformation;
}) {
  const { connection, supportAddress } = information;
  return (
    <details className="nightly" id="add-nightly-demographics" open>
      <summary>add Nightly Demographics</summary>
      {connection === null ? (
        <SetupChecklist supportAddress={supportAddress} />
      ) : (
        <Credentials connection={connection} />
      )}
    </details>
  );
}

/** Exactly three items (R27). */
function Credentials({ connection }: { readonly connection: SkywardConnection }) {
  return (
    <dl className="credentials">
      <div>
        <dt>API Base URL</dt>
        <dd>
          <code>{connection.baseUrl}</code>
          <CopyButton what="the API base URL" text={connection.baseUrl} />
        </dd>
      </div>
      <div>
        <dt>Client Key</dt>
        <dd>
          <code>{connection.clientKey}</code>
          <CopyButton what="the client key" text={connection.clientKey} />
        </dd>
      </div>
      <div>
        <dt>Client Secret</dt>
        <dd>
          <ClientSecret />
        </dd>
      </div>
    </dl>
  );
}

/** The secret is hidden again after this time, in case the user has left the screen. */
const shownMs = 60_000;

function ClientSecret() {
  const domain = useDomain();
  const [secret, setSecret] = useState<string>();
  const show = useMutation({
    mutationFn: () => callApi(districtInformationApi.showClientSecret, { domain }),
    onSuccess: ({ clientSecret }) => setSecret(clientSecret),
  });
  useEffect(() => {
    if (secret === undefined) return undefined;
    const timer = setTimeout(() => setSecret(undefined), shownMs);
    return () => clearTimeout(timer);
  }, [secret]);
  if (secret !== undefined) {
    return (
      <>
        <code>{secret}</code>
        <CopyButton what="the client secret" text={secret} />
        <Button size="compact-sm" variant="default" onClick={() => setSecret(undefined)}>
          Hide
        </Button>
      </>
    );
  }
  return (
    <>
      <span aria-hidden="true" className="masked">
        ••••••••••••
      </span>
      <span className="visually-hidden">hidden</span>
      <Button
        size="compact-sm"
        variant="default"
        loading={show.isPending}
        onClick={() => show.mutate()}
      >
        Show
      </Button>
      {show.error && <ProblemNotice title="Couldn’t show the secret" error={show.error} />}
    </>
  );
}

function CopyButton({ what, text }: { readonly what: string; readonly text: string }) {
  const notify = useNotice();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      notify({ message: `Copied ${what}.` });
    } catch {
      notify({
        message: `The browser didn’t allow copying ${what}. Select it and copy it manually.`,
        tone: 'problem',
      });
    }
  };
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={`Copy ${what}`}
      onClick={() => void copy()}
    >
      Copy
    </Button>
  );
}
