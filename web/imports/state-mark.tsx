/** The state of a run as a colored label. */
import type { ImportRun } from '../../src/contract/imports/import-runs.ts';
import { getStateLabel } from './run-labels.ts';

export function StateMark({ run }: { readonly run: ImportRun }) {
  const { label, tone } = getStateLabel(run);
  return (
    <span className="state-mark" data-tone={tone}>
      {label}
    </span>
  );
}
