/** Asks for confirmation before the user leaves unsaved changes. */
import { useBlocker } from '@tanstack/react-router';

import { ConfirmDialog } from './dialog.tsx';

interface UnsavedChangesDialogProps {
  /** Called when the user leaves. */
  readonly isUnsaved: () => boolean;
  /** What would be lost, as a sentence. */
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
