/** Statuses before and after a run, and the fields it updated most. */
import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';
import { statusLabels } from '../../src/enrollment/enrollment-status.ts';
import { Bars } from './run-bars.tsx';
import { formatCount } from './run-labels.ts';

type Report = NonNullable<ImportRunDetail['report']>;

interface RunStatusesProps {
  readonly report: Report;
  /** A dry run or held import: nothing was changed. */
  readonly isPlan: boolean;
}

/** Parts without changes are left out. */
export function RunStatuses({ report, isPlan }: RunStatusesProps) {
  const fields = report.changesByField
    .map(({ label, count }) => ({ label, amount: count }))
    .toSorted((a, b) => b.amount - a.amount);
  return (
    <>
      {hasMoved(report) && (
        <section aria-labelledby="statuses-title">
          <h2 className="section-title" id="statuses-title">
            {isPlan ? 'Statuses now and after the import' : 'Statuses before and after'}
          </h2>
          <div className="run-part">
            <Statuses report={report} />
          </div>
        </section>
      )}
      {fields.length > 0 && (
        <section aria-labelledby="fields-title">
          <h2 className="section-title" id="fields-title">
            {isPlan ? 'Fields that would be updated' : 'Fields updated'}
          </h2>
          <div className="run-part">
            <Bars rows={fields} format={formatCount} />
          </div>
        </section>
      )}
    </>
  );
}

const hasMoved = ({ statusesBefore, statusesAfter, statusMoves }: Report): boolean =>
  statusMoves.length > 0 ||
  Object.keys(statusLabels).some(
    (status) => (statusesBefore[status] ?? 0) !== (statusesAfter[status] ?? 0),
  );

function Statuses({ report }: { readonly report: Report }) {
  const { statusesBefore: before, statusesAfter: after } = report;
  const occurring = Object.entries(statusLabels).filter(
    ([status]) => (before[status] ?? 0) > 0 || (after[status] ?? 0) > 0,
  );
  const moves = report.statusMoves.filter(({ from }) => from !== null);
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
