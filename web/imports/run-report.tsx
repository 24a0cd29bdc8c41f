/** The report of a run: students, statuses, updated fields, records read and import time. */
import type { ReactNode } from 'react';

import type { ImportRunDetail } from '../../src/contract/imports.ts';
import { statusLabels } from '../../src/enrollment/enrollment-status.ts';
import { formatCount, formatSeconds, formatNotImportedReason, phaseLabels } from './run-labels.ts';

type Report = NonNullable<ImportRunDetail['report']>;

interface RunReportProps {
  readonly run: ImportRunDetail;
  readonly report: Report;
}

/** The numbers of students, then `children` (the problems), then the rest. */
export function RunReport({
  run,
  report,
  children,
}: RunReportProps & { readonly children: ReactNode }) {
  const isPlan = run.state === 'planned' || run.state === 'held';
  return (
    <>
      <Tiles run={run} report={report} isPlan={isPlan} />
      {children}
      <div className="run-parts">
        <Part title={isPlan ? 'Statuses now and after the import' : 'Statuses before and after'}>
          <Statuses report={report} />
        </Part>
        <Part title={isPlan ? 'Fields that would be updated' : 'Fields updated'}>
          <Bars
            rows={report.changesByField.map(({ label, count }) => [label, count])}
            empty="No existing student records were updated."
          />
        </Part>
        <Part title="Records read">
          <Bars rows={Object.entries(report.rowsRead)} empty="No records were read." />
        </Part>
        <Part title="Import time">
          <Phases seconds={report.seconds} />
        </Part>
        {report.missingPermissions.length > 0 && (
          <Part title="Missing Skyward permissions">
            <MissingPermissions report={report} />
          </Part>
        )}
        {report.neverFilled.length > 0 && (
          <Part title="Fields without any value">
            <p className="quiet">
              If these fields have values in Skyward, ask to have them approved for the integration.
            </p>
            <FieldList fields={report.neverFilled} />
          </Part>
        )}
        {report.emptyLists.length > 0 && (
          <Part title="Empty lists">
            <FieldList fields={report.emptyLists.map((object) => ({ object, fields: [] }))} />
          </Part>
        )}
      </div>
    </>
  );
}

function Tiles({ run, report, isPlan }: RunReportProps & { readonly isPlan: boolean }) {
  const { received, added, changed, unchanged } = run.counts;
  const tiles: readonly (readonly [string, number | null, (string | undefined)?])[] = [
    ['students in Skyward', received],
    [isPlan ? 'would be added' : 'added', added],
    [isPlan ? 'would be updated' : 'updated', changed],
    ['unchanged', unchanged],
    [
      'no longer in Skyward',
      report.missing,
      report.newlyMissing ? `${formatCount(report.newlyMissing)} new` : undefined,
    ],
    [
      'not updated (data problem)',
      report.skipped,
      report.skipped ? 'see import issues' : undefined,
    ],
  ];
  const notImported = Object.entries(report.notImported).filter(([, count]) => count > 0);
  return (
    <section aria-label="Students">
      <ul className="run-tiles">
        {tiles.map(([label, count, more]) => (
          <li key={label} data-empty={!count}>
            <strong>{count === null ? '–' : formatCount(count)}</strong> {label}
            {more !== undefined && <span className="quiet block">{more}</span>}
          </li>
        ))}
      </ul>
      {notImported.length > 0 && (
        <p className="quiet run-note">
          Not imported:{' '}
          {notImported
            .map(([reason, count]) => `${formatCount(count)} ${formatNotImportedReason(reason)}`)
            .join('; ')}
          .
        </p>
      )}
    </section>
  );
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="run-part">
    <h2>{title}</h2>
    {children}
  </section>
);

function Statuses({ report }: { readonly report: Report }) {
  const { statusesBefore: before, statusesAfter: after } = report;
  const occurring = Object.entries(statusLabels).filter(
    ([status]) => (before[status] ?? 0) > 0 || (after[status] ?? 0) > 0,
  );
  const moves = report.statusMoves.filter(({ from }) => from !== null);
  if (occurring.length === 0) return <p className="nothing">No students.</p>;
  return (
    <>
      <table className="status-table">
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">
              <span className="visually-hidden">Difference</span>±
            </th>
          </tr>
        </thead>
        <tbody>
          {occurring.map(([status, label]) => (
            <tr key={status}>
              <th scope="row">
                <span className="status-text">
                  <span className="status-dot" data-status={status} />
                  {label}
                </span>
              </th>
              <td>{formatCount(before[status] ?? 0)}</td>
              <td>{formatCount(after[status] ?? 0)}</td>
              <td>{difference((after[status] ?? 0) - (before[status] ?? 0))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {moves.length > 0 && (
        <ul className="status-moves">
          {moves.map(({ from, to, count }) => (
            <li key={`${from} ${to}`}>
              <strong>{formatCount(count)}</strong> from {getStatusLabel(from ?? '')} to{' '}
              {getStatusLabel(to)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const getStatusLabel = (status: string): string =>
  status in statusLabels ? statusLabels[status as keyof typeof statusLabels] : status;

const difference = (count: number): string => {
  if (count === 0) return '';
  return count > 0 ? `+${formatCount(count)}` : `−${formatCount(-count)}`;
};

interface BarsProps {
  readonly rows: readonly (readonly [name: string, count: number])[];
  readonly empty: string;
}

/** Names with counts and bars. */
function Bars({ rows, empty }: BarsProps) {
  const largest = Math.max(1, ...rows.map(([, count]) => count));
  if (rows.length === 0) return <p className="nothing">{empty}</p>;
  return (
    <dl className="bars">
      {rows
        .toSorted(([, a], [, b]) => b - a)
        .map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatCount(count)}</dd>
            <Bar share={count / largest} />
          </div>
        ))}
    </dl>
  );
}

const Bar = ({ share }: { readonly share: number }) => (
  <dd aria-hidden className="bar">
    <svg viewBox="0 0 100 4" preserveAspectRatio="none">
      <rect width={Math.max(0.5, share * 100)} height="4" />
    </svg>
  </dd>
);

function Phases({ seconds }: { readonly seconds: Report['seconds'] }) {
  const known = Object.entries(phaseLabels).filter(([phase]) => seconds[phase] !== undefined);
  const longest = Math.max(0.001, ...known.map(([phase]) => seconds[phase] ?? 0));
  if (known.length === 0) return <p className="nothing">Not recorded.</p>;
  return (
    <dl className="bars">
      {known.map(([phase, label]) => (
        <div key={phase}>
          <dt>{label}</dt>
          <dd>{formatSeconds(seconds[phase] ?? 0)}</dd>
          <Bar share={(seconds[phase] ?? 0) / longest} />
        </div>
      ))}
    </dl>
  );
}

function FieldList({ fields }: { readonly fields: Report['missingPermissions'] }) {
  return (
    <ul className="permission-list">
      {fields.map(({ object, fields: names }) => (
        <li key={object}>
          <strong>{object}</strong>
          {names.length > 0 && `: ${names.join(', ')}`}
        </li>
      ))}
    </ul>
  );
}

function MissingPermissions({ report }: { readonly report: Report }) {
  return (
    <>
      <p className="quiet">
        These fields aren’t being updated. To import them, add them to the integration’s API
        permissions in Skyward.
      </p>
      <ul className="permission-list">
        {report.missingPermissions.map(({ object, fields }) => (
          <li key={object}>
            <strong>{object}</strong>:{' '}
            {fields.length === 0 ? 'the whole object' : fields.join(', ')}
          </li>
        ))}
      </ul>
    </>
  );
}
