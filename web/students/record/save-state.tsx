/** The line below an autosaved field: when and by whom it was saved, or why it is not saved. */
import type { StaffValue } from '../../../src/contract/students/staff-values.ts';
import { ApiError } from '../../api/api-client.ts';
import { formatMoment } from '../../shell/dates.ts';
import type { AutosaveSnapshot } from './autosave.ts';

interface SaveStateProps {
  readonly id: string;
  readonly snapshot: AutosaveSnapshot;
  readonly timeZone: string;
  readonly onRetry: () => void;
}

/** Screen readers announce it when it changes. */
export function SaveState({ id, snapshot, timeZone, onRetry }: SaveStateProps) {
  const { state, saved, problem } = snapshot;
  return (
    <div className="save-state" data-state={state}>
      <output id={id}>{formatState(snapshot, timeZone)}</output>
      {(state === 'clean' || state === 'saved') && saved.lastChange?.from && (
        <span className="before"> Before: {shortened(saved.lastChange.from)}</span>
      )}
      {state === 'failed' && (
        <button type="button" className="text-button" onClick={onRetry}>
          {problem instanceof ApiError && problem.code === 'unreachable' ? 'Try now' : 'Try again'}
        </button>
      )}
    </div>
  );
}

function formatState({ state, saved, problem }: AutosaveSnapshot, timeZone: string): string {
  if (state === 'waiting' || state === 'saving') return 'Saving …';
  if (state === 'conflict') return 'Not saved.';
  if (state === 'failed') return `Not saved yet: ${formatProblem(problem)}`;
  return saved.lastChange === null
    ? ''
    : `Saved ${formatLastChange(saved.lastChange, timeZone, false)}`;
}

function formatProblem(problem: Error | undefined): string {
  if (!(problem instanceof ApiError)) return 'something went wrong on this page.';
  return problem.code === 'unreachable'
    ? 'the server can’t be reached. Your text stays here and will be saved when it can.'
    : `${problem.message} ${problem.advice ?? ''}`.trim();
}

/** `2:05 PM by you. Before: she/her` */
export function formatLastChange(
  change: NonNullable<StaffValue['lastChange']>,
  timeZone: string,
  withBefore = true,
): string {
  const who = change.isOwn ? 'you' : change.by;
  const before = withBefore ? ` Before: ${change.from ?? 'nothing'}.` : '';
  return `${formatMoment(change.at, timeZone, new Date())} by ${who}.${before}`;
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)} …` : text);
