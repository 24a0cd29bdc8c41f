/** Short messages about what was just done, with an optional undo. They disappear after a while. */
import { CloseButton } from '@mantine/core';
import { useFocusWithin, useHotkeys, useHover, useMergedRef } from '@mantine/hooks';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

import { usePausableTimer } from './pausable-timer.ts';

/** A message to show. */
export interface Notice {
  /** A sentence: `Saved the pronouns of María Castillo Vega.` */
  readonly message: string;
  /** Undoes it. Offered as a button and as Ctrl+Z (⌘Z) while the notice is shown. */
  readonly undo?: (() => void | Promise<void>) | undefined;
  /** `problem` is announced at once. For errors that need an action, use ProblemNotice in the screen. */
  readonly tone?: 'done' | 'problem' | undefined;
}

type ShownNotice = Notice & { readonly id: number };

/** Long enough to read two sentences; the timer pauses while the notice has the pointer or the focus. */
const shownMs = 8_000;

const NoticeContext = createContext<(notice: Notice) => void>(() => undefined);

/** Returns the function that shows a notice: `notify({ message, undo })`. */
export const useNotice = (): ((notice: Notice) => void) => useContext(NoticeContext);

/**
 * Shows the latest notice of the app; a new one replaces it. The live region is always rendered; otherwise nothing
 * would be announced.
 */
export function NoticeProvider({ children }: { readonly children: ReactNode }) {
  const [shown, setShown] = useState<ShownNotice>();
  const notify = useCallback(
    (notice: Notice) => setShown((before) => ({ ...notice, id: (before?.id ?? 0) + 1 })),
    [],
  );
  const close = () => setShown(undefined);
  const undo = () => {
    if (shown?.undo === undefined) return;
    close();
    void shown.undo();
  };
  useHotkeys([
    // Not prevented: Escape closes an open dialog, too.
    ['Escape', close, { preventDefault: false }],
    ['mod+Z', undo],
  ]);
  return (
    <NoticeContext value={notify}>
      {children}
      <section
        className="notices"
        aria-label="Notices"
        aria-live="polite"
        aria-relevant="additions"
      >
        {shown && <NoticeCard key={shown.id} notice={shown} onClose={close} onUndo={undo} />}
      </section>
    </NoticeContext>
  );
}

interface NoticeCardProps {
  readonly notice: Notice;
  readonly onClose: () => void;
  readonly onUndo: () => void;
}

function NoticeCard({ notice, onClose, onUndo }: NoticeCardProps) {
  const { hovered, ref: hoverRef } = useHover<HTMLDivElement>();
  const { focused, ref: focusRef } = useFocusWithin<HTMLDivElement>();
  const card = useMergedRef(hoverRef, focusRef);
  usePausableTimer(onClose, shownMs, hovered || focused);
  return (
    <div className="notice" data-tone={notice.tone ?? 'done'} ref={card}>
      <span className="notice-message" role={notice.tone === 'problem' ? 'alert' : undefined}>
        {notice.message}
      </span>
      {notice.undo && (
        <button
          type="button"
          className="notice-undo"
          onClick={onUndo}
          aria-keyshortcuts="Control+Z"
        >
          Undo
        </button>
      )}
      <CloseButton size="sm" aria-label="Close the notice" onClick={onClose} c="inherit" />
    </div>
  );
}
