/** Looking after a connection: what Skyward grants, how the last night went, a test, new credentials. */
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
  /** Empty: the nights are paused. */
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
          <dt>Not granted</dt>
          <dd>
            {missingPermissions.length === 0 ? (
              'Nothing: every field was read'
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
          <dt>Last night</dt>
          <dd>
            <LastImport />
          </dd>
        </div>
        <div>
          <dt>Next night</dt>
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
      <ImportStart night={next} />
      <details className="coming-nights">
        <summary>The nights after it</summary>
        <ol className="plain">
          {later.map((night) => (
            <li key={night.startsAt}>
              <ImportStart night={night} />
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

const clockChangeTexts = {
  forward: ' (the clock is put forward that night; it happens once)',
  back: ' (the clock is put back that night; it happens once)',
};

function ImportStart({ night: { startsAt, clockChange } }: { readonly night: ScheduledImport }) {
  const { timeZone } = useDistrict();
  return (
    <>
      <time dateTime={startsAt}>{formatInstant(startsAt, timeZone)}</time>
      {clockChange !== null && clockChangeTexts[clockChange]}
    </>
  );
}

/** From so many days before the access ends on, it is said louder. */
const expiresSoonDays = 30;

function Expiry({ access }: Pick<SkywardConnection, 'access'>) {
  const { today } = useDistrict();
  if (access === null) return 'Not verified yet; Skyward shows it in the Integration Access record';
  const { expiresOn } = access;
  if (expiresOn === null) return 'Never';
  const days = daysUntil(today, expiresOn);
  const words =
    days < 0
      ? `Expired on ${formatDay(expiresOn)}: extend it in Skyward`
      : `${formatDay(expiresOn)}${days <= expiresSoonDays ? `, in ${days} ${days === 1 ? 'day' : 'days'}: extend it in Skyward` : ''}`;
  return <span data-tone={days <= expiresSoonDays ? 'warning' : undefined}>{words}</span>;
}

function LastImport() {
  const domain = useDomain();
  const { data, error } = useQuery(latestImportQuery(domain));
  if (error) return 'Could not be loaded';
  if (data === undefined) return '…';
  const run = data.run;
  if (run === null) return 'None yet; the first students come the night after the connection';
  return (
    <>
      {formatDay(run.importDate)}: {formatRun(run)}{' '}
      <Link to="/a/$domain/imports/$runId" params={{ domain, runId: `${run.id}` }}>
        What happened that night
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
      {test.error && <ProblemNotice title="Nothing was tested" error={test.error} />}
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
