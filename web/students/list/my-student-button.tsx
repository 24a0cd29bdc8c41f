/** The button on a student's page that puts the student on the user's own list, or takes them off it. */
import { Button } from '@mantine/core';

import { useCaseload, useCaseloadChange } from './caseload.ts';

export function MyStudentButton({ studentId }: { readonly studentId: number }) {
  const caseload = useCaseload();
  const change = useCaseloadChange();
  if (caseload === undefined) return null;
  const isMine = caseload.has(studentId);
  return (
    <Button
      variant="default"
      size="xs"
      loading={change.isPending}
      onClick={() => change.mutate({ students: [studentId], isAdded: !isMine })}
    >
      {isMine ? 'Remove from My students' : 'Add to My students'}
    </Button>
  );
}
