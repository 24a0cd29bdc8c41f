/** The Edit and Delete buttons of a manual student; nothing for students from Skyward. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { writingRoles, type Role } from '../../../src/contract/endpoint.ts';
import { manualStudentsApi } from '../../../src/contract/students/manual-students.ts';
import type { Student } from '../../../src/contract/students/students.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { callApi } from '../../api/api-client.ts';
import { useDomain } from '../../districts/district-query.ts';
import { ConfirmDialog } from '../../shell/dialog.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { fullName } from '../person-name.ts';
import './manual.css';

export function ManualStudentActions({
  student,
}: {
  readonly student: Pick<Student, 'id' | 'name' | 'sisStudentId'>;
}) {
  const { data: session } = useQuery(sessionQuery);
  const roles: readonly Role[] = writingRoles;
  if (student.sisStudentId !== null || !session || !roles.includes(session.account.role))
    return null;
  return <Actions student={student} />;
}

function Actions({ student }: { readonly student: Pick<Student, 'id' | 'name'> }) {
  const domain = useDomain();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const notify = useNotice();
  const [isConfirming, setIsConfirming] = useState(false);
  const params = { domain, studentId: String(student.id) };
  const refresh = () => queries.invalidateQueries({ queryKey: [domain] });
  const restore = async (removalId: number) => {
    try {
      await callApi(manualStudentsApi.restoreStudent, {
        domain,
        params: { id: String(removalId) },
      });
      await refresh();
      notify({ message: `Restored ${fullName(student.name)}.` });
      await navigate({ to: '/a/$domain/students/$studentId', params });
    } catch (error) {
      const why = error instanceof Error ? error.message : '';
      notify({ message: `Couldn’t restore the student. ${why}`, tone: 'problem' });
    }
  };
  const remove = useMutation({
    mutationFn: () =>
      callApi(manualStudentsApi.deleteManualStudent, { domain, params: { id: params.studentId } }),
    onSuccess: async ({ removalId }) => {
      setIsConfirming(false);
      await navigate({ to: '/a/$domain/students', params: { domain } });
      queries.removeQueries({ queryKey: [domain, 'student', params.studentId] });
      await refresh();
      notify({
        message: `Deleted ${fullName(student.name)}.`,
        undo: () => restore(removalId),
      });
    },
  });
  return (
    <div className="manual-student-actions">
      <Button
        variant="default"
        size="xs"
        renderRoot={(root) => (
          <Link to="/a/$domain/students/$studentId/change" params={params} {...root} />
        )}
      >
        {' '}
        Edit{' '}
      </Button>
      <Button variant="default" size="xs" onClick={() => setIsConfirming(true)}>
        Delete
      </Button>
      <ConfirmDialog
        isOpen={isConfirming}
        title={`Delete ${fullName(student.name)}?`}
        confirmLabel="Delete"
        isDestructive
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => {
          remove.reset();
          setIsConfirming(false);
        }}
      >
        <p>
          This deletes the whole record: the student, the guardians and the staff notes. You can
          restore it for 30 days. If the student has only left, set the status instead.
        </p>
      </ConfirmDialog>
    </div>
  );
}
