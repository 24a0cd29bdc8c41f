/**
 * Saves typed text shortly after the last key, and keeps it through errors and conflicts. Independent of React.
 *
 * This folder has the tabs of one student.
 */
import type { StaffValue } from '../../../src/contract/students/staff-values.ts';
import { ApiError } from '../../api/api-client.ts';

/**
 * | state | what the user sees | next |
 * |---|---|---|
 * | clean | who saved it last | waiting |
 * | waiting | not saved yet; saved shortly after the last key, or on leaving the field or page | saving |
 * | saving | being saved | saved, failed, conflict, or waiting if typing continued |
 * | saved | saved just now | waiting |
 * | failed | the error; retried automatically if the server can't be reached | saving |
 * | conflict | both versions | saving, clean |
 */
export type AutosaveState = 'clean' | 'waiting' | 'saving' | 'saved' | 'failed' | 'conflict';

export interface AutosaveSnapshot {
  readonly text: string;
  readonly state: AutosaveState;
  /** The server's last known value. */
  readonly saved: StaffValue;
  /** Another user's newer version, in a conflict. */
  readonly otherVersion: StaffValue | undefined;
  readonly problem: Error | undefined;
}

export interface AutosaveOptions {
  readonly initial: StaffValue;
  /** Text typed earlier and not saved. */
  readonly draft?: string | undefined;
  /** Rejects with `ApiError`; code `conflict` means that another user saved first. */
  readonly save: (
    value: string | null,
    version: number,
    more: { readonly isLeaving: boolean },
  ) => Promise<StaffValue>;
  readonly reload: () => Promise<StaffValue>;
  /** Calls after a delay; returns a function that cancels it. */
  readonly schedule: (milliseconds: number, call: () => void) => () => void;
  readonly onChange: (snapshot: AutosaveSnapshot) => void;
}

export interface Autosave {
  readonly snapshot: () => AutosaveSnapshot;
  readonly edit: (text: string) => void;
  /** Saves pending text now; when leaving the page, with a request that outlives it. */
  readonly flush: (more?: { readonly isLeaving: boolean }) => Promise<void>;
  /** Accepts a newer value from the server, unless there is unsaved text. */
  readonly accept: (value: StaffValue) => void;
  /** Resolves a conflict: with one of the versions, or with theirs followed by one's own. */
  readonly resolve: (choice: 'mine' | 'theirs' | 'both') => void;
}

/** Delay after the last key. */
const saveDelayMs = 800;
/** Delay before a retry while the server can't be reached. */
const retryDelayMs = 5_000;

/** Creates the autosave of one value of one student. */
export function createAutosave(options: AutosaveOptions): Autosave {
  const { save, reload, schedule, onChange } = options;
  let current: AutosaveSnapshot = {
    text: options.draft ?? options.initial.value ?? '',
    state: options.draft === undefined ? 'clean' : 'waiting',
    saved: options.initial,
    otherVersion: undefined,
    problem: undefined,
  };
  let cancelTimer: (() => void) | undefined;
  let isSaving = false;
  /** The server asked to wait (Retry-After): typing must not restart the timer. */
  let isPaused = false;

  function change(part: Partial<AutosaveSnapshot>): void {
    current = { ...current, ...part };
    onChange(current);
  }

  function flushAfter(milliseconds: number): void {
    cancelTimer?.();
    cancelTimer = schedule(milliseconds, () => void flush());
  }

  function pause(seconds: number): void {
    flushAfter(seconds * 1000);
    isPaused = true;
  }

  async function flush({ isLeaving } = { isLeaving: false }): Promise<void> {
    cancelTimer?.();
    isPaused = false;
    if (current.state === 'conflict' || (isSaving && !isLeaving)) return;
    if (isSame(current.text, current.saved)) {
      if (current.state !== 'clean' && current.state !== 'saved') change({ state: 'clean' });
      return;
    }
    const { text, saved } = current;
    isSaving = true;
    change({ state: 'saving', problem: undefined });
    try {
      const now = await save(text === '' ? null : text, saved.version, { isLeaving });
      isSaving = false;
      const isAll = current.text === text;
      change({ saved: now, state: isAll ? 'saved' : 'waiting' });
      if (!isAll) flushAfter(saveDelayMs);
    } catch (error) {
      isSaving = false;
      await handleError(error instanceof Error ? error : new Error('unknown', { cause: error }));
    }
  }

  async function handleError(error: Error): Promise<void> {
    const code = error instanceof ApiError ? error.code : undefined;
    if (code !== 'conflict') {
      change({ state: 'failed', problem: error });
      if (error instanceof ApiError && error.retryAfterSeconds !== undefined) {
        pause(error.retryAfterSeconds);
      } else if (code === 'unreachable' || code === 'database-unavailable')
        flushAfter(retryDelayMs);
      return;
    }
    try {
      const otherVersion = await reload();
      if (isSame(current.text, otherVersion)) change({ saved: otherVersion, state: 'saved' });
      else change({ state: 'conflict', otherVersion });
    } catch (problem) {
      change({ state: 'failed', problem: problem instanceof Error ? problem : error });
    }
  }

  return {
    snapshot: () => current,
    edit(text) {
      if (text === current.text) return;
      if (current.state === 'conflict') {
        change({ text });
        return;
      }
      if (isPaused) {
        change({ text });
        return;
      }
      change({ text, state: isSaving ? 'saving' : 'waiting' });
      flushAfter(saveDelayMs);
    },
    flush,
    accept(value) {
      const isOpen = current.state === 'clean' || current.state === 'saved';
      if (!isOpen || value.version <= current.saved.version) return;
      change({ saved: value, text: value.value ?? '', state: 'clean' });
    },
    resolve(choice) {
      const { otherVersion, text } = current;
      if (otherVersion === undefined) return;
      const ended = { saved: otherVersion, otherVersion: undefined };
      if (choice === 'theirs') {
        change({ ...ended, text: otherVersion.value ?? '', state: 'clean' });
        return;
      }
      const both = [otherVersion.value, text].filter(Boolean).join('\n\n');
      change({ ...ended, text: choice === 'both' ? both : text, state: 'waiting' });
      void flush();
    },
  };
}

/** Ignores trailing white space, which the server trims. */
const isSame = (text: string, value: StaffValue): boolean =>
  text.trimEnd() === (value.value ?? '').trimEnd();

/** Whether leaving now could lose text. */
export const isUnsaved = (state: AutosaveState): boolean => state !== 'clean' && state !== 'saved';
