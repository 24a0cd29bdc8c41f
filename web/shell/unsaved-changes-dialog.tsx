/** Asks before something that is not saved is left: another screen of the app, or the page as a whole. */
import { useBlocker } from '@tanstack/react-router';

import { ConfirmDialog } from './dialog.tsx';

interface UnsavedChangesDialogProps {
  /** Read at the moment of leaving. */
  readonly isUnsaved: () => boolean;
  /** What is lost, as a sentence. */
  readonly children: string;
}

export function UnsavedChangesDialog({ isUnsaved, children }: UnsavedChangesDialogProps) {
  const leaving = useBlocker({
    shouldBlockFn: isUnsaved,
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      isOpen={leaving.status === 'blocked'}
      title="Leave without saving?"
      confirmLabel="Leave"
      isDestructive
      onConfirm={() => leaving.proceed?.()}
      onClose={() => leaving.reset?.()}
    >
      {children}
    </ConfirmDialog>
  );
}
