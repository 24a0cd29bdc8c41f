/** Short messages about what was just done, with an optional undo. They disappear after a while. */
import { CloseButton } from '@mantine/core';
import { useFocusWithin, useHotkeys, useHover, useMergedRef } from '@mantine/hooks';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

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
/** More would cover too much of the screen. */
const maxNotices = 3;

const NoticeContext = createContext<(notice: Notice) => void>(() => undefined);

/** Returns the function that shows a notice: `notify({ message, undo })`. */
export const useNotice = (): ((notice: Notice) => void) => useContext(NoticeContext);

/** Shows the notices of the app. The live region is always rendered; otherwise nothing would be announced. */
export function NoticeProvider({ children }: { readonly children: ReactNode }) {
  const [notices, setNotices] = useState<readonly ShownNotice[]>([]);
  const notify = useCallback(
    (notice: Notice) =>
      setNotices((shown) => [
        ...shown.slice(1 - maxNotices),
        { ...notice, id: (shown.at(-1)?.id ?? 0) + 1 },
      ]),
    [],
  );
  const close = useCallback(
    (id: number) => setNotices((shown) => shown.filter((notice) => notice.id !== id)),
    [],
  );
  const undo = (notice: ShownNotice | undefined) => {
    if (notice?.undo === undefined) return;
    close(notice.id);
    void notice.undo();
  };
  useHotkeys([
    ['Escape', () => close(notices.at(-1)?.id ?? 0)],
    ['mod+Z', () => undo(notices.findLast((notice) => notice.undo !== undefined))],
  ]);
  const shown = useMemo(() => notices.toReversed(), [notices]);
  return (
    <NoticeContext value={notify}>
      {children}
      <section
        className="notices"
        aria-label="Notices"
        aria-live="polite"
        aria-relevant="additions"
      >
        {shown.map((notice) => (
          <NoticeCard
            key={notice.id}
            notice={notice}
            onClose={() => close(notice.id)}
            onUndo={() => undo(notice)}
          />
        ))}
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
