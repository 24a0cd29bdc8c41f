/** Modal dialogs, built on the browser's own, which keeps the focus inside. */
import { Button, Title } from '@mantine/core';
import { type ReactNode, useEffect, useId, useRef } from 'react';

import { ProblemNotice } from './problem-notice.tsx';

interface DialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** Called by Escape and by a click outside. If absent, only the dialog's own buttons close it. */
  readonly onClose?: (() => void) | undefined;
  /** In addition to `dialog`. */
  readonly className?: string;
  /** Hides the screen below. */
  readonly coversScreen?: boolean;
  readonly children: ReactNode;
}

/** Renders its content only while open; afterward the focus returns to where it was. */
export function Dialog({ isOpen, children, ...dialog }: DialogProps) {
  return isOpen ? <OpenDialog {...dialog}>{children}</OpenDialog> : null;
}

function OpenDialog({
  title,
  onClose,
  className = '',
  coversScreen = false,
  children,
}: Omit<DialogProps, 'isOpen'>) {
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const { current } = box;
    const before = document.activeElement;
    current?.showModal();
    return () => {
      current?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEffect(() => {
    const { current } = box;
    // On the element itself, since Escape and clicks outside concern the whole dialog.
    const cancel = (event: Event) => {
      event.preventDefault();
      onClose?.();
    };
    const clickBeside = (event: MouseEvent) => event.target === current && onClose?.();
    current?.addEventListener('cancel', cancel);
    current?.addEventListener('click', clickBeside);
    return () => {
      current?.removeEventListener('cancel', cancel);
      current?.removeEventListener('click', clickBeside);
    };
  }, [onClose]);
  return (
    <dialog
      ref={box}
      className={`dialog ${className}`.trim()}
      data-covers={coversScreen || undefined}
      aria-labelledby={titleId}
    >
      <div className="dialog-content">
        <Title order={2} size="h3" id={titleId}>
          {title}
        </Title>
        {children}
      </div>
    </dialog>
  );
}

/** The buttons of a dialog: dismissing first, the action last. They stay in sight while the content scrolls. */
export const DialogFooter = ({ children }: { readonly children: ReactNode }) => (
  <div className="dialog-footer">{children}</div>
);

interface ConfirmDialogProps {
  readonly isOpen: boolean;
  /** A question: `Merge these two students?` */
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly children: ReactNode;
  /** The button's label, a verb: `Merge`. */
  readonly confirmLabel: string;
  readonly dismissLabel?: string;
  /** Shows a red button, for what cannot be undone. */
  readonly isDestructive?: boolean;
  readonly isPending?: boolean;
  readonly error?: Error | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks for confirmation. Cancel has the focus, so that Enter by mistake does nothing. */
export function ConfirmDialog({
  isOpen,
  title,
  children,
  confirmLabel,
  dismissLabel = 'Cancel',
  isDestructive = false,
  isPending = false,
  error,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  return (
    <Dialog isOpen={isOpen} title={title} onClose={onClose}>
      <div className="dialog-text">{children}</div>
      {error && <ProblemNotice title="Something went wrong." error={error} />}
      <DialogFooter>
        <Button variant="default" onClick={onClose}>
          {dismissLabel}
        </Button>
        <Button color={isDestructive ? 'red' : 'dawn'} loading={isPending} onClick={onConfirm}>
          {confirmLabel}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
