/**
 * The connection to Skyward: access, permissions, a test, and new credentials.
 *
 * This folder has the screens of a district's settings: connection, mail, webhooks, setup.
 */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { formatDay } from '../../src/contract/day-format.ts';
import {
  type SkywardConnection,
  districtInformationApi,
} from '../../src/contract/districts/district-information.ts';
import { callApi } from '../api/api-client.ts';
import { useDistrict, useDomain } from '../districts/district-query.ts';
import { daysUntil, formatInstant } from '../shell/dates.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { SupportDetails } from '../shell/support-details.tsx';
import { ReplaceDialog } from './replace-dialog.tsx';
import { invalidateInformation } from './settings-queries.ts';
import { TestOutcome } from './test-outcome.tsx';

interface ConnectionCareProps {
  readonly connection: SkywardConnection;
}

export function ConnectionCare({ connection }: ConnectionCareProps) {
  const { timeZone } = useDistrict();
  const { access, storedAt } = connection;
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
            <MissingPermissions connection={connection} />
          </dd>
        </div>
      </dl>
      <Actions connection={connection} />
    </div>
  );
}

/** Only fields that matter: those whose values are no longer updated, and the mark of restricted guardians. */
function MissingPermissions({ connection }: ConnectionCareProps) {
  const { missingFields, missingPermissions } = connection;
  const shown = missingFields.filter(({ isUsed, isSafety }) => isUsed || isSafety);
  return (
    <>
      {shown.length === 0 ? 'None' : shown.map(({ label }) => label).join(', ')}
      {missingPermissions.length > 0 && (
        <SupportDetails>
          <ul className="plain">
            {missingPermissions.map(({ object, fields }) => (
              <li key={object}>
                {object}
                {fields.length > 0 && `: ${fields.join(', ')}`}
              </li>
            ))}
          </ul>
        </SupportDetails>
      )}
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

function Actions({ connection }: { readonly connection: SkywardConnection }) {
  const domain = useDomain();
  const queries = useQueryClient();
  const [isReplacing, setReplacing] = useState(false);
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
