/** Short notices of what has just been done, with a way back: at the foot of the window, gone after a while. */
import { CloseButton } from '@mantine/core';
import { useFocusWithin, useHotkeys, useHover, useMergedRef } from '@mantine/hooks';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

import { usePausableTimer } from './pausable-timer.ts';

/** What is to be told. */
export interface Notice {
  /** A sentence: `Saved the pronouns of María Castillo Vega.` */
  readonly message: string;
  /** Takes it back. Offered as a button and as Ctrl+Z (⌘Z) while the notice stands. */
  readonly undo?: (() => void | Promise<void>) | undefined;
  /** `problem` is read out at once; for faults that need an answer use ProblemNotice in the screen. */
  readonly tone?: 'done' | 'problem' | undefined;
}

type ShownNotice = Notice & { readonly id: number };

/** Enough to read two sentences and decide; pointing or focusing stops the clock. */
const shownMs = 8_000;
/** More would cover the work. */
const maxNotices = 3;

const NoticeContext = createContext<(notice: Notice) => void>(() => undefined);

/** Gives the function that shows a notice: `notify({ message, undo })`. */
export const useNotice = (): ((notice: Notice) => void) => useContext(NoticeContext);

/** Holds the notices of the app. The live region is always there, or nothing would be read out. */
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
  const takeBack = (notice: ShownNotice | undefined) => {
    if (notice?.undo === undefined) return;
    close(notice.id);
    void notice.undo();
  };
  useHotkeys([
    ['Escape', () => close(notices.at(-1)?.id ?? 0)],
    ['mod+Z', () => takeBack(notices.findLast(({ undo }) => undo !== undefined))],
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
            onUndo={() => takeBack(notice)}
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
