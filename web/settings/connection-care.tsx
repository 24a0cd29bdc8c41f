/**
 * The connection to Skyward: access, permissions, last and next import, a test, and new credentials.
 *
 * This folder has the screens of a district's settings: connection, mail, webhooks, setup.
 */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { formatDay } from '../../src/contract/day-format.ts';
import {
  type ScheduledImport,
  type SkywardConnection,
  districtInformationApi,
} from '../../src/contract/districts/district-information.ts';
import { callApi } from '../api/api-client.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { StartButtons } from '../imports/import-buttons.tsx';
import { importsQuery } from '../imports/import-queries.ts';
import { latestImportQuery } from '../imports/latest-import-query.ts';
import { formatRun } from '../imports/run-labels.ts';
import { daysUntil, formatInstant } from '../shell/dates.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ReplaceDialog } from './replace-dialog.tsx';
import { invalidateInformation } from './settings-queries.ts';
import { TestOutcome } from './test-outcome.tsx';

interface ConnectionCareProps {
  readonly connection: SkywardConnection;
  /** Empty: nightly imports are paused. */
  readonly scheduledImports: readonly ScheduledImport[];
}

export function ConnectionCare({ connection, scheduledImports }: ConnectionCareProps) {
  const { timeZone } = useDistrict();
  const { access, storedAt, missingPermissions } = connection;
  return (
    <div className="connection-care">
      <dl className="facts">
        <div>
          <dt>In use since</dt>
          <dd>
            <time dateTime={storedAt}>{formatInstant(storedAt, timeZone)}</time>
          </dd>
        </div>
        <div>
          <dt>Access expires</dt>
          <dd>
            <Expiry access={access} />
          </dd>
        </div>
        <div>
          <dt>Entities</dt>
          <dd>{access === null ? 'Not verified yet' : access.entities.join(', ')}</dd>
        </div>
        <div>
          <dt>Missing Skyward permissions</dt>
          <dd>
            {missingPermissions.length === 0 ? (
              'None'
            ) : (
              <ul className="plain">
                {missingPermissions.map(({ object, fields }) => (
                  <li key={object}>
                    {object}
                    {fields.length > 0 && `: ${fields.join(', ')}`}
                  </li>
                ))}
              </ul>
            )}
          </dd>
        </div>
        <div>
          <dt>Last import</dt>
          <dd>
            <LastImport />
          </dd>
        </div>
        <div>
          <dt>Next import</dt>
          <dd>
            <ScheduledImports scheduledImports={scheduledImports} />
          </dd>
        </div>
      </dl>
      <Actions connection={connection} />
    </div>
  );
}

function ScheduledImports({
  scheduledImports: [next, ...later],
}: {
  readonly scheduledImports: readonly ScheduledImport[];
}) {
  if (next === undefined) return 'Paused';
  return (
    <>
      <ImportStart scheduled={next} />
      <details className="scheduled-imports">
        <summary>Later imports</summary>
        <ol className="plain">
          {later.map((scheduled) => (
            <li key={scheduled.startsAt}>
              <ImportStart scheduled={scheduled} />
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

const clockChangeTexts = {
  forward: ' (daylight saving time starts; the import runs once)',
  back: ' (daylight saving time ends; the import runs once)',
};

function ImportStart({
  scheduled: { startsAt, clockChange },
}: {
  readonly scheduled: ScheduledImport;
}) {
  const { timeZone } = useDistrict();
  return (
    <>
      <time dateTime={startsAt}>{formatInstant(startsAt, timeZone)}</time>
      {clockChange !== null && clockChangeTexts[clockChange]}
    </>
  );
}

/** From this many days before the access expires, it is shown as a warning. */
const expiresSoonDays = 30;

function Expiry({ access }: Pick<SkywardConnection, 'access'>) {
  const { today } = useDistrict();
  if (access === null) return 'Not verified yet. See the Integration Access record in Skyward.';
  const { expiresOn } = access;
  if (expiresOn === null) return 'Never';
  const days = daysUntil(today, expiresOn);
  const text =
    days < 0
      ? `Expired on ${formatDay(expiresOn)}. Extend it in Skyward.`
      : `${formatDay(expiresOn)}${days <= expiresSoonDays ? `, in ${days} ${days === 1 ? 'day' : 'days'}. Extend it in Skyward.` : ''}`;
  return <span data-tone={days <= expiresSoonDays ? 'warning' : undefined}>{text}</span>;
}

function LastImport() {
  const domain = useDomain();
  const { data, error } = useQuery(latestImportQuery(domain));
  if (error) return 'Couldn’t be loaded';
  if (data === undefined) return '…';
  const run = data.run;
  if (run === null) return 'None yet. The first students appear after the first nightly import.';
  return (
    <>
      {formatDay(run.importDate)}: {formatRun(run)}{' '}
      <Link to="/a/$domain/imports/$runId" params={{ domain, runId: `${run.id}` }}>
        View import report
      </Link>
    </>
  );
}

function Actions({ connection }: { readonly connection: SkywardConnection }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const [isReplacing, setReplacing] = useState(false);
  const { data: imports } = useQuery(importsQuery(domain, 1));
  const test = useMutation({
    mutationFn: () => callApi(districtInformationApi.testConnection, { domain }),
  });
  return (
    <>
      <div className="connection-actions">
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          Test connection
        </Button>
        <Button variant="default" onClick={() => setReplacing(true)}>
          Replace key and secret …
        </Button>
        <StartButtons isBusy={(imports?.running ?? imports?.waiting ?? null) !== null} />
      </div>
      <output className="block">{test.data && <TestOutcome outcome={test.data} />}</output>
      {test.error && <ProblemNotice title="Couldn’t test the connection" error={test.error} />}
      <ReplaceDialog
        isOpen={isReplacing}
        connection={connection}
        onClose={() => setReplacing(false)}
        onStored={() => {
          test.reset();
          void invalidateInformation(queries, domain);
        }}
      />
    </>
  );
}
