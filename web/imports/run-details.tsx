/** What only matters when something is slow or missing: import time, records read, requests, fields without values. */
import type { ReactNode } from 'react';

import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';
import { Bars } from './run-bars.tsx';
import { formatCount, formatSeconds, phaseLabels } from './run-labels.ts';
import { SupportDetails } from '../shell/support-details.tsx';

type Report = NonNullable<ImportRunDetail['report']>;

interface RunDetailsProps {
  readonly run: ImportRunDetail;
  readonly report: Report;
}

export function RunDetails({ run, report }: RunDetailsProps) {
  const { requests } = run;
  const phases = Object.entries(phaseLabels).flatMap(([phase, label]) => {
    const seconds = report.seconds[phase];
    return seconds === undefined ? [] : [{ label, amount: seconds }];
  });
  const lists = report.rowsRead
    .map(({ label, count }) => ({ label, amount: count }))
    .toSorted((a, b) => b.amount - a.amount);
  const neverSent = [
    ...report.missingFields.filter(({ isUsed, isSafety }) => !isUsed && !isSafety),
    ...report.neverFilled,
  ];
  return (
    <section aria-label="More about this import" className="run-details">
      {phases.length > 0 && (
        <Part title="Import time">
          <Bars rows={phases} format={formatSeconds} />
        </Part>
      )}
      {lists.length > 0 && (
        <Part title="Records read">
          <Bars rows={lists} format={formatCount} />
        </Part>
      )}
      {requests !== null && (
        <Part title="Requests to Skyward">
          <p>
            {formatCount(requests.count)} requests, {formatCount(requests.failed)} failed and were
            repeated. Together they took {formatSeconds(requests.seconds)}.
          </p>
        </Part>
      )}
      {neverSent.length > 0 && (
        <Part title="Fields without any value">
          <p>
            {[...new Set(neverSent.map(({ label }) => label))].join(', ')}. If these fields have
            values in Skyward, have them approved for the integration.
          </p>
        </Part>
      )}
      {report.emptyLists.length > 0 && (
        <Part title="Empty lists">
          <p>{report.emptyLists.map(({ label }) => label).join(', ')}</p>
        </Part>
      )}
      <TechnicalNames report={report} />
    </section>
  );
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <details className="run-detail">
    <summary>
      <h2>{title}</h2>
    </summary>
    <div className="run-detail-text">{children}</div>
  </details>
);

/** Missing permissions by the names that support asks Skyward for. */
function TechnicalNames({ report }: { readonly report: Report }) {
  const { missingPermissions, neverFilled } = report;
  if (missingPermissions.length === 0 && neverFilled.length === 0) return null;
  return (
    <SupportDetails>
      {missingPermissions.length > 0 && (
        <>
          <p>Not readable for the integration:</p>
          <ul>
            {missingPermissions.map(({ object, fields }) => (
              <li key={object}>
                {object}: {fields.length === 0 ? 'the whole object' : fields.join(', ')}
              </li>
            ))}
          </ul>
        </>
      )}
      {neverFilled.length > 0 && (
        <>
          <p>Without any value:</p>
          <ul>
            {neverFilled.map(({ object, field }) => (
              <li key={`${object} ${field}`}>
                {object}, field {field}
              </li>
            ))}
          </ul>
        </>
      )}
    </SupportDetails>
  );
}
